"""Rows of the audit log as what they say, opened, whatever side they lie on."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger import audit_chain
from pos_app.ledger.errors import Damaged
from pos_app.ledger.travel import AuditEntry
from pos_app.store.engine import privacy
from pos_app.store.tables.columns import micros, moment_of

_COLUMNS: Final = (
    "entry_id, at, terminal_no, person_id, address, action, subject, before, after, origin_no,"
    " row_key, row_hash FROM audit_log"
)

#: What else of parties and their contacts lies closed, beside telephones.
_CLOSED: Final = {
    column: field for of in privacy.OF_TABLE.values() for column, field in of.items() if column != "phone"
}


class Row:
    """One row: its number here, what it says, and the number that a till gave it."""

    __slots__ = ("entry", "entry_id", "origin_no", "row")

    def __init__(self, private: privacy.Privacy, org_id: int, row: Any) -> None:
        self.entry_id = int(row[0])
        self.origin_no: int | None = row[9]
        #: Which row of the centre it tells of, and the hash of that.
        self.row = _row(row[10], row[11])
        self.entry = AuditEntry(
            micros(moment_of(row[1])),
            int(row[2]),
            row[3],
            row[4],
            row[5],
            row[6],
            _opened(private, org_id, row[7]),
            _opened(private, org_id, row[8]),
        )

    def digest(self, org_id: int) -> bytes:
        """What stands for it in the chain of the side where it lies."""
        return audit_chain.digest(org_id, self.entry_id, self.entry, self.origin_no, self.row)

    def digest_of_origin(self, org_id: int) -> bytes:
        """What stands for it in the chain of the till that wrote it."""
        return audit_chain.digest(org_id, self.origin_no or 0, self.entry)


def between(connection: Connection, org_id: int, first: int, last: int, most: int) -> Iterator[Row]:
    """The entries with these numbers, in order, at most so many."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} WHERE org_id = :org AND entry_id BETWEEN :first AND :last"
            " ORDER BY entry_id LIMIT :most"
        ),
        {"org": org_id, "first": first, "last": last, "most": most},
    ).all()
    private = privacy.of(connection)
    return (Row(private, org_id, row) for row in rows)


def of_terminal(connection: Connection, org_id: int, terminal_no: int, first: int, last: int) -> list[Row]:
    """At the centre: the entries that came from a till under these numbers of its own, in order."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} WHERE org_id = :org AND terminal_no = :terminal"
            " AND origin_no BETWEEN :first AND :last ORDER BY origin_no"
        ),
        {"org": org_id, "terminal": terminal_no, "first": first, "last": last},
    ).all()
    private = privacy.of(connection)
    return [Row(private, org_id, row) for row in rows]


def digest_of_record(org_id: int, record: Mapping[str, Any]) -> bytes:
    """What stands for an entry of the centre as an archive has it: by the names of its columns, opened."""
    entry = AuditEntry(
        micros(datetime.fromisoformat(record["at"])),
        int(record["terminal_no"]),
        record["person_id"],
        record["address"],
        record["action"],
        record["subject"],
        record["before"],
        record["after"],
    )
    row = _row(record.get("row_key"), record.get("row_hash"))
    return audit_chain.digest(org_id, int(record["entry_id"]), entry, record.get("origin_no"), row)


def _row(key: str | None, hash_: str | None) -> Sequence[str]:
    """Both, where one is there: an entry to which somebody gave one is not the one that was signed."""
    return () if key is None and hash_ is None else (key or "", hash_ or "")


def _opened(private: privacy.Privacy, org_id: int, value: str) -> str:
    """What cannot be opened stands as it lies there: it is then not what was signed."""
    try:
        return decrypted(private, org_id, value)
    except (Damaged, ValueError):
        return value


def decrypted(private: privacy.Privacy, org_id: int, value: str) -> str:
    """A `before` or `after` as it was written.  What a trigger wrote is JSON and was never closed, but
    for the telephone number of a party, which it found closed.
    """
    if not value.startswith("{"):
        return private.decrypt_text(org_id, privacy.AUDIT, value)
    if '"phone"' not in value:
        return value
    told = json.loads(value)
    with contextlib.suppress(Damaged):
        # A depot's number is not personal and lies open: it stays as it is.
        told["phone"] = private.decrypt_text(org_id, privacy.PHONE, told["phone"])
    return json.dumps(told, ensure_ascii=False)


def readable(private: privacy.Privacy, org_id: int, value: str) -> str:
    """A `before` or `after` for who reads it: also the address and the tax number of a party in the clear.

    What is signed has them closed, as `decrypted` gives it.
    """
    told = decrypted(private, org_id, value)
    if not told.startswith("{") or not any(f'"{column}"' in told for column in _CLOSED):
        return told
    values = json.loads(told)
    for column in _CLOSED.keys() & values.keys():
        with contextlib.suppress(Damaged):
            # Of a depot or a business they are not personal and lie open: they stay as they are.
            values[column] = private.decrypt_text(org_id, _CLOSED[column], values[column])
    return json.dumps(values, ensure_ascii=False)
