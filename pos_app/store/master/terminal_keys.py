"""The keys with which terminals sign their documents, as the centre knows them.

A terminal's first key is noted with its first signed document: what lies before is older than signatures, and
from there on everything of it is signed.  A later key begins at a later sequence.  The centre's own
signature stands under each row, so that a hand in the database cannot put another key in its place.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.store.engine import signatures, signing
from pos_app.store.engine.engine import quick
from pos_app.store.engine.signing import KeyFrom


def of_terminal(connection: Connection, org_id: int, terminal_no: int) -> list[KeyFrom]:
    """The keys of a terminal, in the order of their documents; none before it signed the first."""
    rows = quick(
        connection,
        "SELECT from_seq, public_key FROM terminal_key WHERE org_id = ? AND terminal_no = ?"
        " ORDER BY from_seq",
        org_id,
        terminal_no,
    )
    return [KeyFrom(int(row[0]), bytes(row[1])) for row in rows.fetchall()]


def all_of(connection: Connection, org_id: int) -> dict[int, list[KeyFrom]]:
    """The keys of every terminal of an organisation that the centre vouched for, by terminal."""
    signer = signing.of(connection)
    own = b"" if signer is None else signer.public_key()
    rows = connection.execute(
        text(
            "SELECT terminal_no, from_seq, public_key, vouched FROM terminal_key"
            " WHERE org_id = :org ORDER BY terminal_no, from_seq"
        ),
        {"org": org_id},
    )
    found: dict[int, list[KeyFrom]] = {}
    for terminal_no, seq, public_key, vouched in rows:
        one = KeyFrom(int(seq), bytes(public_key))
        if signatures.holds(own, bytes(vouched), _vouched_text(org_id, int(terminal_no), one)):
            found.setdefault(int(terminal_no), []).append(one)
    return found


def add(connection: Connection, org_id: int, terminal_no: int, key: KeyFrom, now: datetime) -> None:
    """Note a key; the same one again changes nothing."""
    signer = signing.of(connection)
    vouched = b"" if signer is None else signer.sign(_vouched_text(org_id, terminal_no, key))
    connection.execute(
        text(
            "INSERT INTO terminal_key (org_id, terminal_no, from_seq, public_key, added_at, vouched)"
            " VALUES (:org, :terminal, :seq, :key, :now, :vouched) ON CONFLICT DO NOTHING"
        ),
        {
            "org": org_id,
            "terminal": terminal_no,
            "seq": key.seq,
            "key": key.public_key,
            "now": now,
            "vouched": vouched,
        },
    )


def public_key(connection: Connection, org_id: int, terminal_no: int) -> bytes:
    """The key with which a terminal signs its requests; empty when it has none."""
    found = connection.execute(
        text("SELECT public_key FROM terminal WHERE org_id = :org AND terminal_no = :terminal"),
        {"org": org_id, "terminal": terminal_no},
    ).scalar_one_or_none()
    return bytes(found or b"")


def use(connection: Connection, org_id: int, terminal_no: int, key: bytes) -> None:
    """From now on this terminal signs its requests with this key, and with no other."""
    connection.execute(
        text("UPDATE terminal SET public_key = :key WHERE org_id = :org AND terminal_no = :terminal"),
        {"org": org_id, "terminal": terminal_no, "key": key},
    )


def begins(keys: Sequence[KeyFrom]) -> int:
    """The first sequence that is signed; 0 when none is yet."""
    return keys[0].seq if keys else 0


def _vouched_text(org_id: int, terminal_no: int, key: KeyFrom) -> bytes:
    head = f"bohari terminal key 1\n{org_id}\n{terminal_no}\n{key.seq}\n"
    return head.encode() + key.public_key
