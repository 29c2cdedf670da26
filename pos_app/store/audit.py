"""The audit log: who changed what, when and where, with before and after.  Append-only."""

from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.store.tables import audit_log


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
) -> None:
    """Add one entry inside the caller's transaction."""
    if connection.dialect.name != "sqlite":
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
            action=action,
            subject=subject,
            before=before,
            after=after,
        )
    )
