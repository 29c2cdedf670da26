"""What tills sent as their audit log and did not sign, or out of its order: evidence, with its bytes."""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Bytes, Moment, String, may, must

#: `body` is closed (see `privacy`); `reason` is the code of the sentence that says why.
audit_strange: Final = Table(
    "audit_strange",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("first_no"),
    must("last_no"),
    must("hash", Bytes),
    must("body", Bytes),
    must("reason", String),
    must("received_at", Moment),
    # Who looked at it, and what they say of it.
    may("settled_at", Moment),
    may("settled_by"),
    must("settled_because", String, default=""),
    PrimaryKeyConstraint("org_id", "terminal_no", "first_no", "hash"),
)
Index(
    "ix_audit_strange_open",
    audit_strange.c.org_id,
    audit_strange.c.received_at,
    postgresql_where=text("settled_at IS NULL"),
)
