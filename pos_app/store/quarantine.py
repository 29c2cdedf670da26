"""Quarantine at the centre: documents that could not go into the books, whole, with the reason.

What lies here waits for a person; it is never dropped and never overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.ledger.document import document_key
from pos_app.store.columns import from_micros


@dataclass(frozen=True)
class Quarantined:
    """One document set aside: who sent it, under which key, what it holds and why it lies here."""

    terminal_no: int
    seq: int
    hash: bytes
    body: bytes
    reason: str
    received_at: datetime


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
) -> None:
    """Keep a document; the same one again changes nothing (the first reason stands)."""
    connection.execute(
        text(
            "INSERT INTO quarantine"
            " (org_id, terminal_no, seq, hash, prev_hash, body, reason, received_at)"
            " VALUES (:org, :terminal, :seq, :hash, :prev_hash, :body, :reason, :received_at)"
            " ON CONFLICT (org_id, terminal_no, seq, hash) DO NOTHING"
        ),
        {
            "org": org_id,
            "terminal": terminal_no,
            "seq": seq,
            "hash": hash_,
            "prev_hash": prev_hash,
            "body": body,
            # A NUL is the one character that Postgres cannot keep in a text.
            "reason": reason.replace("\x00", "\ufffd")[:2000],
            "received_at": received_at,
        },
    )


def known_hashes(
    connection: Connection, org_id: int, terminal_no: int, first_seq: int, last_seq: int
) -> dict[int, dict[bytes, str]]:
    """For each sequence in the range: the hashes known under it, each with its quarantine reason.

    The reason is empty for a document in the books.
    """
    known: dict[int, dict[bytes, str]] = {}
    rows = connection.execute(
        text(
            "SELECT seq, hash, '' AS reason FROM document WHERE org_id = :org"
            " AND document_id BETWEEN :first_key AND :last_key"
            " UNION ALL SELECT seq, hash, reason FROM quarantine WHERE org_id = :org"
            " AND terminal_no = :terminal AND seq BETWEEN :first AND :last"
        ),
        {
            "org": org_id,
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


def sealed_bodies(
    connection: Connection, org_id: int, document_ids: Sequence[int]
) -> dict[int, tuple[bytes, bytes]]:
    """Hash and bytes of documents in the books, by key; absent keys are not there."""
    rows = connection.execute(
        text("SELECT document_id, hash, body FROM document WHERE org_id = :org AND document_id = ANY (:ids)"),
        {"org": org_id, "ids": list(document_ids)},
    )
    return {int(row.document_id): (bytes(row.hash), bytes(row.body)) for row in rows}


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
    rows = connection.execute(
        text(
            "SELECT terminal_no, seq, hash, body, reason, received_at FROM quarantine"
            " WHERE org_id = :org AND decided_at IS NULL ORDER BY received_at, terminal_no, seq"
        ),
        {"org": org_id},
    )
    return [
        Quarantined(
            int(row.terminal_no),
            int(row.seq),
            bytes(row.hash),
            bytes(row.body),
            str(row.reason),
            from_micros(row.received_at) if isinstance(row.received_at, int) else row.received_at,
        )
        for row in rows
    ]
