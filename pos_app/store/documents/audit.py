"""The audit log: who changed what, when and where, with before and after.  Append-only.

A change of master data at the centre writes its entries by itself (see `trail`); everything else calls
`write` in the transaction of what it did.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.documents import audit_rows, audit_runs
from pos_app.store.documents.audit_subjects import Subjects
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


def count(connection: Connection, org_id: int, action: str, subject: str) -> int:
    """How many entries say that this was done to it."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM audit_log"
                " WHERE org_id = :org AND action = :action AND subject = :subject"
            ),
            {"org": org_id, "action": action, "subject": subject},
        ).scalar_one()
    )


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
    connection.execute(
        audit_log.insert().values(
            org_id=org_id,
            entry_id=numbered(connection, org_id, terminal_no),
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


def numbered(connection: Connection, org_id: int, terminal_no: int = SERVER_TERMINAL_NO) -> int:
    """The number of the next entry; whoever wrote it is signed for before the commit (see `audit_runs`)."""
    if not on_till(connection):
        # One writer at a time numbers the entries of an organisation; the lock ends with the commit.
        connection.execute(text("SELECT pg_advisory_xact_lock(7, :org)"), {"org": org_id % 2**31})
        _told(connection, org_id)
    return audit_runs.number(connection, org_id, terminal_no)


def is_free(connection: Connection, org_id: int) -> bool:
    """At the centre: whether nobody else numbers entries now; then this transaction alone does."""
    return bool(
        connection.execute(
            text("SELECT pg_try_advisory_xact_lock(7, :org)"), {"org": org_id % 2**31}
        ).scalar_one()
    )


def _told(connection: Connection, org_id: int) -> None:
    """Say whose entries are to be signed before the commit, as the triggers do (see `trail`)."""
    connection.execute(text("SELECT set_config('app.audited', :org, true)"), {"org": str(org_id)})


def actor(
    connection: Connection,
    *,
    person_id: int | None = None,
    address: str = "",
    terminal_no: int = SERVER_TERMINAL_NO,
) -> None:
    """At the centre: say who changes master data in the rest of this transaction, and from where."""
    audit_runs.watch(connection)
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
    connection: Connection,
    org_id: int,
    *,
    since: datetime | None = None,
    action: str = "",
    most: int,
    before: int | None = None,
) -> list[AuditRecord]:
    """The newest `most` entries, oldest first: since a moment, before an entry, and of an action or a group
    ("product").
    """
    sql = _READ
    values: dict[str, Any] = {"org": org_id, "most": most}
    if since is not None:
        sql += " AND a.at >= :since"
        values["since"] = kept(connection, since)
    if before is not None:
        sql += " AND a.entry_id < :before"
        values["before"] = before
    if action:
        sql += " AND (a.action = :action OR substr(a.action, 1, :length) = :group)"
        values |= {"action": action, "group": f"{action}.", "length": len(action) + 1}
    rows = connection.execute(text(f"{sql} ORDER BY a.entry_id DESC LIMIT :most"), values).all()
    private = privacy.of(connection)
    return [_entry(private, org_id, row) for row in reversed(rows)]


def of_subject(connection: Connection, org_id: int, action: str, subject: str) -> list[AuditRecord]:
    """Every entry that says that this was done to it, oldest first."""
    rows = connection.execute(
        text(f"{_READ} AND a.action = :action AND a.subject = :subject ORDER BY a.entry_id"),
        {"org": org_id, "action": action, "subject": subject},
    ).all()
    private = privacy.of(connection)
    return [_entry(private, org_id, row) for row in rows]


def of_subjects(connection: Connection, org_id: int, subjects: Subjects, *, most: int) -> list[AuditRecord]:
    """At the centre: the newest `most` entries that speak of any of these, oldest first."""
    where, values = _speaking(subjects)
    rows = connection.execute(
        text(f"{_READ} AND {where} ORDER BY a.entry_id DESC LIMIT :most"),
        {"org": org_id, "most": most, **values},
    ).all()
    private = privacy.of(connection)
    return [_entry(private, org_id, row) for row in reversed(rows)]


def last_of_subjects(connection: Connection, org_id: int, subjects: Subjects) -> int:
    """At the centre: the number of the newest entry that speaks of any of these; 0 for none."""
    where, values = _speaking(subjects)
    return int(
        connection.execute(
            text(
                f"SELECT coalesce(max(a.entry_id), 0) FROM audit_log AS a WHERE a.org_id = :org AND {where}"
            ),
            {"org": org_id, **values},
        ).scalar_one()
    )


def keep_others_out(connection: Connection, org_id: int) -> None:
    """At the centre: let nobody else change master data of an organisation until the commit."""
    connection.execute(text("SELECT pg_advisory_xact_lock(7, :org)"), {"org": org_id % 2**31})


def _speaking(subjects: Subjects) -> tuple[str, dict[str, Any]]:
    """SQL of whether an entry `a` speaks of any of these, and its values."""
    # By bytes, as the index has them; `starts_with` would open every entry under the policies of tenants.
    begun = "".join(
        f" OR (a.subject ~>=~ :begun_{at} AND a.subject ~<~ :beyond_{at})"
        for at in range(len(subjects.begun))
    )
    return f"(a.subject = ANY (:whole){begun})", {
        "whole": list(subjects.whole),
        **{f"begun_{at}": begin for at, begin in enumerate(subjects.begun)},
        **{f"beyond_{at}": _beyond(begin) for at, begin in enumerate(subjects.begun)},
    }


def _beyond(begin: str) -> str:
    """The least text after all those that begin so."""
    return begin[:-1] + chr(ord(begin[-1]) + 1)


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
        before=audit_rows.readable(private, org_id, row[8]),
        after=audit_rows.readable(private, org_id, row[9]),
    )
