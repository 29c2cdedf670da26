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

#: One row: the key under which a connection proves its organisation (see `engine.tenant_proof`).  No role
#: but the owner has a right on it.
tenant_key: Final = Table(
    "tenant_key",
    central_metadata,
    Column("only", Int, primary_key=True, autoincrement=False),
    must("inner_block", Bytes),
    must("outer_block", Bytes),
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
#: `protocol` is the highest version that it was heard to speak: it is not heard in an earlier one again.
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
    # 0 from the moment it was revoked: what it still sends waits for a person, and it gets nothing more.
    must("active", default="1"),
    must("name", String, default=""),
    may("revoked_at", Moment),
    may("revoked_by"),
    must("revoked_because", String, default=""),
    # How often its daemon was started and which start spoke last, and when two homes last spoke as one.
    must("starts", default="0"),
    must("start", String, default=""),
    may("twice_at", Moment),
    must("protocol", default="1"),
    # How far its audit log is taken: the last entry's number and the hash of its run; empty before the first.
    must("audit_no", default="0"),
    must("audit_hash", Bytes, default=""),
    # What it said itself when it last greeted: its last sequence, and the version that it runs.
    must("told_seq", default="0"),
    must("program", String, default=""),
    PrimaryKeyConstraint("org_id", "terminal_no"),
)

#: The numbers of each terminal's last requests, highest first (see `heard_requests`).
heard_request: Final = Table(
    "heard_request",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("numbers", ARRAY(BigInteger)),
    PrimaryKeyConstraint("org_id", "terminal_no"),
)

#: Where somebody who is of no one depot signs in: their PIN is brought to these and to no other.  Who has no
#: row here signs in everywhere.  Nothing is deleted: what ended is not active.
person_depot: Final = Table(
    "person_depot",
    central_metadata,
    must("org_id"),
    must("person_id"),
    must("depot_id"),
    must("active", default="1"),
    PrimaryKeyConstraint("org_id", "person_id", "depot_id"),
)

#: The keys with which each terminal signs its documents, each from a sequence on; what lies before the first
#: is older than signatures.  `vouched` is the centre's own signature under the row.
terminal_key: Final = Table(
    "terminal_key",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("from_seq"),
    must("public_key", Bytes),
    must("added_at", Moment),
    must("vouched", Bytes),
    PrimaryKeyConstraint("org_id", "terminal_no", "from_seq"),
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
    may("signature", Bytes),
    may("decided_at", Moment),
    # "accepted", "rejected" or "rebooked", why, and the two people who say so.
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

#: An M-Pesa code that came with a second document, because two tills took it while they were offline.  The
#: document is in the books, `other_id` is the one that came first; two people say what became of the money.
#: `code` is closed (see `privacy`); `place` and `amount` are its tender's, in minor units of `currency`.
double_code: Final = Table(
    "double_code",
    central_metadata,
    must("org_id"),
    must("document_id"),
    must("place"),
    must("code", String),
    must("other_id"),
    must("business_id"),
    must("account_code", String),
    must("amount"),
    must("currency", String),
    must("found_at", Moment),
    may("decided_at", Moment),
    # "came" or "missing", why, the two people who say so, and the document that booked what is missing.
    must("decision", String, default=""),
    must("decision_reason", String, default=""),
    may("decided_by"),
    may("decided_with"),
    may("booked_id"),
    PrimaryKeyConstraint("org_id", "document_id", "place"),
)
Index(
    "ix_double_code_open",
    double_code.c.org_id,
    double_code.c.found_at,
    postgresql_where=text("decided_at IS NULL"),
)
# "Which second document waits for this one to be voided?"
Index("ix_double_code_other", double_code.c.org_id, double_code.c.other_id)

#: What tills asked for, as it came: `body` is closed (see `privacy`).  What became of it travels back
#: (`request_answer`); where that says that it waits, a person looks.
request_in: Final = Table(
    "request_in",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("request_no"),
    must("kind", String),
    must("person_id"),
    must("at_us"),
    must("body", String),
    must("signature", Bytes),
    must("received_at", Moment),
    PrimaryKeyConstraint("org_id", "terminal_no", "request_no"),
)
