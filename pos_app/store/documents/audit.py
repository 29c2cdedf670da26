"""The audit log: who changed what, when and where, with before and after.  Append-only.

A change of master data at the centre writes its entries by itself (see `trail`); everything else calls
`write` in the transaction of what it did.
"""

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Damaged
from pos_app.store.engine import privacy
from pos_app.store.side import on_till
from pos_app.store.tables.columns import from_micros, kept
from pos_app.store.tables.tables import audit_log


@dataclass(frozen=True)
class AuditRecord:
    """One entry as it is read; `person` is a name, empty where a command or the server itself acted.

    `before` and `after` are JSON where more than one value changed.
    """

    entry_id: int
    at: datetime
    terminal_no: int
    person_id: int | None
    person: str
    address: str
    action: str
    subject: str
    before: str
    after: str


def write(
    connection: Connection,
    *,
    org_id: int,
    at: datetime,
    terminal_no: int,
    action: str,
    subject: str,
    before: str = "",
    after: str = "",
    person_id: int | None = None,
    address: str = "",
) -> None:
    """Add one entry inside the caller's transaction."""
    private = privacy.of(connection)
    if not on_till(connection):
        # One writer at a time numbers the entries of an organisation; the lock ends with the commit.
        connection.execute(text("SELECT pg_advisory_xact_lock(7, :org)"), {"org": org_id % 2**31})
    last = connection.execute(
        text("SELECT coalesce(max(entry_id), 0) FROM audit_log WHERE org_id = :org"), {"org": org_id}
    ).scalar_one()
    connection.execute(
        audit_log.insert().values(
            org_id=org_id,
            entry_id=int(last) + 1,
            at=at,
            terminal_no=terminal_no,
            person_id=person_id,
            address=address,
            action=action,
            subject=subject,
            before=private.encrypt_text(org_id, privacy.AUDIT, before),
            after=private.encrypt_text(org_id, privacy.AUDIT, after),
            year=at.year,
        )
    )


def actor(
    connection: Connection,
    *,
    person_id: int | None = None,
    address: str = "",
    terminal_no: int = SERVER_TERMINAL_NO,
) -> None:
    """At the centre: say who changes master data in the rest of this transaction, and from where."""
    connection.execute(
        text(
            "SELECT set_config('app.person_id', :person, true), set_config('app.address', :address, true),"
            " set_config('app.terminal_no', :terminal, true)"
        ),
        {
            "person": "" if person_id is None else str(person_id),
            "address": address,
            "terminal": str(terminal_no),
        },
    )


_READ: Final = (
    "SELECT a.entry_id, a.at, a.terminal_no, a.person_id, coalesce(p.name, ''), a.address, a.action,"
    " a.subject, a.before, a.after FROM audit_log AS a"
    " LEFT JOIN person AS p ON p.org_id = a.org_id AND p.person_id = a.person_id WHERE a.org_id = :org"
)


def read(
    connection: Connection, org_id: int, *, since: datetime | None = None, action: str = "", most: int
) -> list[AuditRecord]:
    """The newest `most` entries, oldest first: since a moment, and of an action or a group ("product")."""
    sql = _READ
    values: dict[str, Any] = {"org": org_id, "most": most}
    if since is not None:
        sql += " AND a.at >= :since"
        values["since"] = kept(connection, since)
    if action:
        sql += " AND (a.action = :action OR substr(a.action, 1, :length) = :group)"
        values |= {"action": action, "group": f"{action}.", "length": len(action) + 1}
    rows = connection.execute(text(f"{sql} ORDER BY a.entry_id DESC LIMIT :most"), values).all()
    private = privacy.of(connection)
    return [_entry(private, org_id, row) for row in reversed(rows)]


def _entry(private: privacy.Privacy, org_id: int, row: Any) -> AuditRecord:
    return AuditRecord(
        entry_id=int(row[0]),
        at=from_micros(row[1]) if isinstance(row[1], int) else row[1],
        terminal_no=int(row[2]),
        person_id=row[3],
        person=row[4],
        address=row[5],
        action=row[6],
        subject=row[7],
        before=decrypted(private, org_id, row[8]),
        after=decrypted(private, org_id, row[9]),
    )


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
