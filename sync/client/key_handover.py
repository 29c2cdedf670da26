"""A till's new key: drawn here, handed over by the old one, vouched for by the centre.

Decisions
---------
2026-11-30  The till changes first, in one transaction that nobody else writes in, and the centre hears of it
afterwards; until it has, nothing that the new key signed is sent, and selling goes on.  The other way round a
till would stand between two keys for as long as the line is down.  A centre that cannot vouch is asked
before.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.travel import Packet
from pos_app.store.documents import audit, outbox, settings, signed_end, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import own_keys, signing
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import Handed, KeyFrom, Signing
from sync.client.errors import ServerRefused
from sync.client.transport import Transport
from sync.protocol import fingerprint
from sync.protocol.messages import KEY_PATH, Code, KeyAnswer, KeyRequest, KeyStep

_HANDED: Final = "keys_handed_over"


class Followed(NamedTuple):
    """The key that signs now: from which sequence on, and its fingerprint."""

    seq: int
    fingerprint: str


def rotate(
    database: Database,
    who: Terminal,
    home: Path,
    transport: Transport,
    *,
    person_id: int | None,
    now: datetime,
) -> Followed:
    """A new key for this terminal.  Raises `Refused` where that may not be now, and what the line raises.

    A line that breaks after the till has its new key is no trouble: the daemon tells the centre.
    """
    hand_over(database, transport)
    _ask(transport, _signer(database))
    followed = _change(database, who, home, person_id=person_id, now=now)
    hand_over(database, transport)
    return followed


def hand_over(database: Database, transport: Transport) -> None:
    """Tell the centre of a key that it does not know yet; nothing when there is none."""
    signer = signing.of(database.engine)
    keys = [] if signer is None else signer.own_keys()
    if len(keys) < 2:
        return
    with database.read() as connection:
        if _handed(connection) >= len(keys):
            return
    tell_all(database, transport)


def tell_all(database: Database, transport: Transport) -> None:
    """Tell the centre of every key; one that was restored from a backup may have forgotten some."""
    known = _ask(transport, _signer(database))
    with database.write() as connection:
        settings.put(connection, **{_HANDED: str(known)})


def has_several(database: Database) -> bool:
    """Whether one key followed another here."""
    signer = signing.of(database.engine)
    return signer is not None and len(signer.own_keys()) > 1


def sendable(connection: Connection, packets: Sequence[Packet]) -> list[Packet]:
    """Those of the packets that keys signed which the centre knows."""
    first = unsent_from(connection)
    return [one for one in packets if first is None or one.seq < first.seq]


def unsent_from(connection: Connection) -> KeyFrom | None:
    """The first key that the centre does not know yet."""
    signer = signing.of(connection)
    keys = [] if signer is None else signer.own_keys()
    if len(keys) < 2:
        return None
    handed = _handed(connection)
    return keys[handed] if handed < len(keys) else None


def known_keys(connection: Connection) -> int:
    """How many keys of this terminal the centre knows."""
    return _handed(connection)


def _change(
    database: Database, who: Terminal, home: Path, *, person_id: int | None, now: datetime
) -> Followed:
    signer = _signer(database)
    key = own_keys.draw(home)
    public = key.public_key().public_bytes_raw()
    with database.write() as connection:
        before = signed_end.last(connection, who.org_id, who.terminal_no)
        keys, seq = signer.handed(), before.seq + 1
        mark = terminal.acknowledged(connection)
        taken = outbox.read_after(connection, who, mark - 1, most=1, most_bytes=1) if mark else []
        # The centre knows a key by the first document that it signed.
        if not taken or not taken[0].signature or before.signature is None or keys[-1].seq >= seq:
            raise Refused("terminal-key-signed-nothing")
        handover = signer.sign(own_keys.handover_text(who.org_id, who.terminal_no, seq, public))
        own_keys.follow(home, [*keys, Handed(seq, public, handover)], key)
        # Signed by the new key already: its chain goes on from here.
        audit.write(
            connection,
            org_id=who.org_id,
            at=now,
            terminal_no=who.terminal_no,
            person_id=person_id,
            action="terminal.key_rotated",
            subject=f"terminal {who.terminal_no}",
            after=fingerprint.of(public),
        )
    own_keys.load(home)
    return Followed(seq, fingerprint.of(public))


def _ask(transport: Transport, signer: Signing) -> int:
    request = KeyRequest(keys=tuple(KeyStep(*one) for one in signer.handed()))
    try:
        return transport.call(KEY_PATH, request, KeyAnswer).known
    except ServerRefused as refusal:
        if refusal.verdict == Code.NOT_FOUND:
            raise Refused("centre-knows-no-rotation") from refusal
        raise


def _handed(connection: Connection) -> int:
    return int(settings.get(connection, _HANDED, "1"))


def _signer(database: Database) -> Signing:
    signer = signing.of(database.engine)
    if signer is None:
        raise Refused("signing-key-missing")
    return signer
