"""Which organisation an address names: `acme.pos.example` is that of the organisation labelled acme.

Decision 2026-11-20: a first label that no organisation has says nothing (the server's own name has
one too): then the terminal's id, which is signed, picks the organisation.  A label that one has
binds: a terminal of another organisation is turned away there, before anything of it is read.
"""

import ipaddress
import threading
import time
from typing import Final, NamedTuple

from pos_app.store.engine.engine import Database
from pos_app.store.master import organisations
from sync.protocol.messages import Code
from sync.server.errors import TurnedAway

#: Labels hardly ever change; a new one is known everywhere after so long.
_REMEMBERED_S: Final = 30.0
#: Whoever asks under invented names fills no more than this.
_MOST_REMEMBERED: Final = 10_000


class _Known(NamedTuple):
    """What a label was found to mean, and when."""

    org_id: int | None
    at_s: float


class Subdomains:
    """The organisations by the first label of the Host header; used by many threads at once."""

    def __init__(self, database: Database) -> None:
        self._database = database.without_tenant()
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def check(self, host: str, org_id: int) -> None:
        """Raise `TurnedAway` when the address belongs to another organisation than this one."""
        named = self.organisation(host)
        if named is not None and named != org_id:
            raise TurnedAway(
                403,
                Code.WRONG_ORGANISATION,
                "address-of-other-organisation",
            )

    def organisation(self, host: str) -> int | None:
        """The organisation that a Host header names, or None when it names none."""
        label = label_of(host)
        if not label:
            return None
        now = time.monotonic()
        with self._lock:
            known = self._known.get(label)
        if known is not None and now - known.at_s < _REMEMBERED_S:
            return known.org_id
        with self._database.read() as connection:
            found = organisations.of_label(connection, label)
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[label] = _Known(found, now)
        return found


def label_of(host: str) -> str:
    """The first label of a name that has several; empty for an address in numbers or a bare name."""
    name = host.strip().lower().rstrip(".")
    if name.startswith("["):
        return ""
    name = name.rpartition(":")[0] if ":" in name else name
    label, point, _ = name.rstrip(".").partition(".")
    if not point or len(label) > organisations.MOST_LABEL:
        return ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return label if organisations.is_label(label) else ""
    return ""
