"""Tables that only the central server has: terminals, enrolment, quarantine, and unsealed parts."""

from typing import Final

from sqlalchemy import BigInteger, Column, Identity, Index, MetaData, PrimaryKeyConstraint, Table, text
from sqlalchemy.dialects.postgresql import ARRAY

from pos_app.store.tables.columns import Bytes, Int, Moment, String, may, must
from pos_app.store.tables.tables import NAMING

central_metadata: Final = MetaData(naming_convention=NAMING)

#: One row: which life of this database it is. A restore from a backup begins a new epoch.
server_epoch: Final = Table(
    "server_epoch",
    central_metadata,
    Column("only", Int, primary_key=True, autoincrement=False),
    must("epoch", String),
)

#: One row: a value that only the right key of the personal fields gives (see `privacy`).
privacy_check: Final = Table(
    "privacy_check",
    central_metadata,
    Column("only", Int, primary_key=True, autoincrement=False),
    must("value", Bytes),
)

#: Which organisation a subdomain names.  No tenant's rows: it is asked before the organisation is known,
#: and labels are unique over all of them.  The application has no right on it (see `tenancy`).
directory: Final = Table(
    "directory",
    central_metadata,
    Column("label", String, primary_key=True),
    must("organisation_id"),
)

#: Each till and the server itself (`SERVER_TERMINAL_NO`): the mark is the last sequence that was taken.
terminal: Final = Table(
    "terminal",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("depot_id"),
    must("drawer_id"),
    must("public_key", Bytes),
    must("last_seq"),
    must("last_hash", Bytes),
    must("enrolled_at", Moment),
    may("last_seen_at", Moment),
    must("active", default="1"),
    PrimaryKeyConstraint("org_id", "terminal_no"),
)

#: One-time codes; only their hash is kept.
enrolment_code: Final = Table(
    "enrolment_code",
    central_metadata,
    must("org_id"),
    must("code_hash", Bytes),
    must("depot_id"),
    must("created_at", Moment),
    must("expires_at", Moment),
    may("used_at", Moment),
    may("terminal_no"),
    PrimaryKeyConstraint("org_id", "code_hash"),
)

#: What the server could not take into the books: kept with its bytes and the reason, never dropped.
quarantine: Final = Table(
    "quarantine",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("seq"),
    must("hash", Bytes),
    must("prev_hash", Bytes),
    must("body", Bytes),
    must("reason", String),
    must("received_at", Moment),
    may("decided_at", Moment),
    # "accepted" or "rejected", why, and the two people who say so.
    must("decision", String, default=""),
    must("decision_reason", String, default=""),
    may("decided_by"),
    may("decided_with"),
    PrimaryKeyConstraint("org_id", "terminal_no", "seq", "hash"),
)
Index(
    "ix_quarantine_open",
    quarantine.c.org_id,
    quarantine.c.received_at,
    postgresql_where=text("decided_at IS NULL"),
)

#: Documents whose parts were written in this transaction and that must be sealed before it commits.
unsealed: Final = Table(
    "unsealed",
    central_metadata,
    must("org_id"),
    Column("entry_id", BigInteger, Identity(always=True), nullable=False),
    must("year"),
    must("document_ids", ARRAY(BigInteger)),
    PrimaryKeyConstraint("org_id", "entry_id"),
)
