"""Enrolling a till: a key of its own, a one-time code, and the identity that comes back."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.errors import Refused
from pos_app.log import events
from pos_app.store.documents import identity, settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import own_keys
from pos_app.store.engine.engine import Database
from pos_app.store.engine.terminal_key import load_or_make
from sync.client.errors import ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.client.transport import HttpTransport, Transport
from sync.protocol import fingerprint, signature
from sync.protocol.messages import ENROL_PATH, EnrolAnswer, EnrolRequest

Connect = Callable[[str, Ed25519PrivateKey, str, KnownCentre], Transport]


class Replaced(NamedTuple):
    """The lost till in whose place a new one comes; organisation 0 is the code's, where none is known."""

    org_id: int
    terminal_no: int


def enrol(
    database: Database,
    key_path: Path,
    server_url: str,
    code: str,
    *,
    name: str = "",
    connect: Connect = HttpTransport,
    replaces: Replaced | None = None,
) -> Terminal:
    """Make this till a terminal of the centre and keep who it is; an answer lost on the way is asked
    for again with the same code.  The fingerprint in the code says which centre's answer is believed; a
    code without one believes the first that answers, and the status says so.  `replaces` is the till that it
    comes for: the centre refuses one of another organisation, and one that is at work.

    Raises `Refused` when the till is enrolled already, its home is one whose key was changed, or the code
    does not hold, `Unavailable` when no server answers.
    """
    with database.read() as connection:
        if settings.get(connection, "terminal_no"):
            raise Refused("enrolled-already")
    # Its keys followed one another under another number: with that list nothing of a new one would be signed.
    if (key_path.parent / own_keys.LIST).exists():
        raise Refused("enrolled-already")
    # The key is on disk before the server hears of it: a till that loses the answer still has it.
    key = load_or_make(key_path)
    plain_code, expected = fingerprint.parted(code)
    centre = KnownCentre(expected=expected)
    transport = connect(server_url, key, signature.NOBODY, centre)
    lost = replaces or Replaced(0, 0)
    request = EnrolRequest(
        code=plain_code,
        public_key=key.public_key().public_bytes_raw(),
        name=name,
        replaces_org=lost.org_id,
        replaces=lost.terminal_no,
    )
    try:
        answer = transport.call(ENROL_PATH, request, EnrolAnswer)
    except ServerUnreachable as error:
        raise _untold(error, server_url) from error
    finally:
        transport.close()
    if lost.org_id and answer.org_id != lost.org_id:
        # A server of before does not look at it.
        raise Refused("restore-other-organisation", terminal=lost.terminal_no)
    enrolled = Terminal(answer.org_id, answer.terminal_no, answer.depot_id, answer.drawer_id)
    with database.write() as connection:
        terminal.save(connection, enrolled)
        centre.save(connection)
        identity.put(connection, server_url=server_url.rstrip("/"), epoch=answer.epoch)
    events.ENROLLED.log(org_id=enrolled.org_id, terminal_no=enrolled.terminal_no, depot_id=enrolled.depot_id)
    return enrolled


#: What a till that is at work says of a line that is down: here nothing was recorded yet that could wait.
_NOBODY_THERE: Final = frozenset(
    {
        "no-server-answers", "server-too-slow", "server-connection-broke", "not-the-bohari-server",
        "server-elsewhere", "server-answer-endless", "server-answer-too-slow", "server-answer-unreadable",
    }
)  # fmt: skip


def _untold(error: ServerUnreachable, url: str) -> ServerUnreachable:
    """The same of a home that is no till yet."""
    code, facts = error.said.code, error.said.facts
    if code == "certificate-not-trusted":
        return ServerUnreachable("enrol-certificate-not-trusted", url=url, why=facts["why"])
    return ServerUnreachable("enrol-no-server", url=url) if code in _NOBODY_THERE else error
