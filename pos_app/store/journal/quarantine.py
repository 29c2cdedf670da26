"""Quarantine at the centre: documents that could not go into the books, whole, with the reason.

What lies here waits for a person; it is never dropped and never overwritten.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import document_key
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import quick


@dataclass(frozen=True)
class Quarantined:
    """One document set aside: who sent it, under which key, what it holds and why it lies here.

    `decision` is empty while it waits; two people (`decided_by`, `decided_with`) decide.
    """

    terminal_no: int
    seq: int
    hash: bytes
    body: bytes
    reason: str
    received_at: datetime
    prev_hash: bytes = b""
    signature: bytes = b""
    decision: str = ""
    decision_reason: str = ""
    decided_at: datetime | None = None
    decided_by: int | None = None
    decided_with: int | None = None


ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
#: It stands in the books as another document of the centre's, which names it.
REBOOKED: Final = "rebooked"


def plain(reason: str) -> str:
    """A reason as it is kept and told: it may quote the document, which may hold anything."""
    # A NUL is the one character that Postgres cannot keep in a text.
    return reason.replace("\x00", "\ufffd")[:500]


def put(
    connection: Connection,
    *,
    org_id: int,
    terminal_no: int,
    seq: int,
    hash_: bytes,
    prev_hash: bytes,
    body: bytes,
    reason: str,
    received_at: datetime,
    signature: bytes = b"",
) -> None:
    """Keep a document; the same one again changes nothing (the first reason stands)."""
    connection.execute(
        text(
            "INSERT INTO quarantine"
            " (org_id, terminal_no, seq, hash, prev_hash, body, reason, received_at, signature)"
            " VALUES (:org, :terminal, :seq, :hash, :prev_hash, :body, :reason, :received_at, :signature)"
            " ON CONFLICT (org_id, terminal_no, seq, hash) DO NOTHING"
        ),
        {
            "org": org_id,
            "terminal": terminal_no,
            "seq": seq,
            "hash": hash_,
            "prev_hash": prev_hash,
            "body": privacy.of(connection).encrypt_bytes(org_id, body),
            "reason": plain(reason),
            "received_at": received_at,
            "signature": signature or None,
        },
    )


def known_hashes(
    connection: Connection, org_id: int, terminal_no: int, first_seq: int, last_seq: int
) -> dict[int, dict[bytes, str]]:
    """For each sequence in the range: the hashes known under it, each with its quarantine reason.

    The reason is empty for a document in the books, however it came there.
    """
    known: dict[int, dict[bytes, str]] = {}
    rows = connection.execute(
        text(
            "SELECT seq, hash, '' AS reason FROM document WHERE org_id = :org"
            " AND document_id BETWEEN :first_key AND :last_key"
            " UNION ALL SELECT seq, hash, reason FROM quarantine WHERE org_id = :org"
            " AND terminal_no = :terminal AND seq BETWEEN :first AND :last AND decision <> :accepted"
        ),
        {
            "org": org_id,
            "accepted": ACCEPTED,
            "terminal": terminal_no,
            "first": first_seq,
            "last": last_seq,
            "first_key": document_key(terminal_no, first_seq),
            "last_key": document_key(terminal_no, last_seq),
        },
    )
    for seq, hash_, reason in rows:
        known.setdefault(int(seq), {})[bytes(hash_)] = str(reason)
    return known


def rebooked(
    connection: Connection, org_id: int, terminal_no: int, first_seq: int, last_seq: int
) -> set[bytes]:
    """The hashes in the range that stand in the books already, as other documents of the centre's."""
    rows = quick(
        connection,
        "SELECT hash FROM quarantine WHERE org_id = ? AND terminal_no = ? AND seq BETWEEN ? AND ?"
        " AND decision = ?",
        *(org_id, terminal_no, first_seq, last_seq, REBOOKED),
    )
    return {bytes(hash_) for (hash_,) in rows.fetchall()}


def count(connection: Connection, org_id: int, terminal_no: int) -> int:
    """How many documents of a terminal wait for a decision."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM quarantine WHERE org_id = :org AND terminal_no = :terminal"
                " AND decided_at IS NULL"
            ),
            {"org": org_id, "terminal": terminal_no},
        ).scalar_one()
    )


def waiting(connection: Connection, org_id: int) -> list[Quarantined]:
    """What waits for a decision, oldest first."""
    return _read(connection, org_id, " AND decided_at IS NULL", {})


def everything(connection: Connection, org_id: int) -> list[Quarantined]:
    """All that ever came here, decided or not, oldest first."""
    return _read(connection, org_id, "", {})


def find(connection: Connection, org_id: int, terminal_no: int, seq: int) -> list[Quarantined]:
    """What came under one key: usually one, several when a terminal's history forked."""
    where = " AND terminal_no = :terminal AND seq = :seq"
    return _read(connection, org_id, where, {"terminal": terminal_no, "seq": seq})


def decide(
    connection: Connection,
    org_id: int,
    quarantined: Quarantined,
    decision: str,
    *,
    reason: str,
    by: int,
    with_: int,
    at: datetime,
) -> bool:
    """Write a decision beside what lies here; false when somebody else decided meanwhile."""
    done = connection.execute(
        text(
            "UPDATE quarantine SET decided_at = :at, decision = :decision, decision_reason = :reason,"
            " decided_by = :by, decided_with = :with WHERE org_id = :org AND terminal_no = :terminal"
            " AND seq = :seq AND hash = :hash AND decided_at IS NULL"
        ),
        {
            "at": at,
            "decision": decision,
            "reason": reason,
            "by": by,
            "with": with_,
            "org": org_id,
            "terminal": quarantined.terminal_no,
            "seq": quarantined.seq,
            "hash": quarantined.hash,
        },
    )
    return done.rowcount == 1


def _read(connection: Connection, org_id: int, where: str, values: dict[str, Any]) -> list[Quarantined]:
    rows = connection.execute(
        text(
            "SELECT terminal_no, seq, hash, body, reason, received_at, prev_hash, signature, decision,"
            " decision_reason, decided_at, decided_by, decided_with"
            f" FROM quarantine WHERE org_id = :org{where}"
            " ORDER BY received_at, terminal_no, seq"
        ),
        {"org": org_id, **values},
    )
    private = privacy.of(connection)
    return [
        Quarantined(
            terminal_no=int(row.terminal_no),
            seq=int(row.seq),
            hash=bytes(row.hash),
            body=private.decrypt_bytes(org_id, bytes(row.body)),
            reason=str(row.reason),
            received_at=row.received_at,
            prev_hash=bytes(row.prev_hash),
            signature=bytes(row.signature or b""),
            decision=str(row.decision),
            decision_reason=str(row.decision_reason),
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            decided_with=row.decided_with,
        )
        for row in rows
    ]
