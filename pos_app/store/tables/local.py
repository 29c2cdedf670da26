"""Tables that only a till has: who it is, drafts, the print spool, the state of the sync, sign-in."""

from typing import Final

from sqlalchemy import Column, Index, MetaData, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.columns import Bytes, Int, Moment, String, may, must
from pos_app.store.tables.tables import NAMING

till_metadata: Final = MetaData(naming_convention=NAMING)

#: Facts of this terminal by name: organisation, terminal number, depot, server, epoch, marks.
setting: Final = Table(
    "setting",
    till_metadata,
    Column("name", String, primary_key=True, nullable=False),
    must("value", String),
    sqlite_strict=True,
)

#: Baskets: open or parked. Not documents; they may change, and go when the sale is recorded.
draft: Final = Table(
    "draft",
    till_metadata,
    must("org_id"),
    must("request_id", String),
    must("person_id"),
    must("parked"),
    must("label", String),
    must("updated_at", Moment),
    must("body", Bytes),
    PrimaryKeyConstraint("org_id", "request_id"),
    sqlite_strict=True,
)

#: What must be printed. Made in the transaction of the sale, worked off by the spool.
print_job: Final = Table(
    "print_job",
    till_metadata,
    Column("job_id", Int, primary_key=True, autoincrement=True),
    must("org_id"),
    may("document_id"),
    must("what", String),
    must("copy_no"),
    must("kick"),
    must("state", String),
    must("attempts"),
    must("error", String),
    must("created_at", Moment),
    may("done_at", Moment),
    # What is printed where no document says it: a label.
    must("content", String, default=""),
    sqlite_strict=True,
)
Index(
    "ix_print_job_waiting",
    print_job.c.job_id,
    sqlite_where=text("state IN ('waiting', 'printing')"),
)

#: Failed sign-ins of a person at this till; survives a restart.
sign_in_state: Final = Table(
    "sign_in_state",
    till_metadata,
    must("org_id"),
    must("person_id"),
    must("failures"),
    may("locked_until", Moment),
    # How long is left, in milliseconds, when the machine has run for so long since its start of this name:
    # the clock on the wall may be set, this one not.
    must("left_ms", default="0"),
    must("at_ms", default="0"),
    must("boot", String, default=""),
    PrimaryKeyConstraint("org_id", "person_id"),
    sqlite_strict=True,
)

#: What this till asked the centre for (`ledger.asking`).  `settled` is 1 once its answer was obeyed here.
request_out: Final = Table(
    "request_out",
    till_metadata,
    must("org_id"),
    must("request_no"),
    must("kind", String),
    must("person_id"),
    must("at_us"),
    must("body", String),
    must("signature", Bytes),
    must("settled", default="0"),
    PrimaryKeyConstraint("org_id", "request_no"),
    sqlite_strict=True,
)

#: Where the feed of each kind stands: the stamp and key of the last row read.
feed_cursor: Final = Table(
    "feed_cursor",
    till_metadata,
    Column("kind", String, primary_key=True, nullable=False),
    must("stamp"),
    must("last_key", String),
    sqlite_strict=True,
)
