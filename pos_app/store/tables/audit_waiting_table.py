"""Entries of the audit log that have no number yet: what a push told of, until somebody numbers it.

A document is not held up by whoever numbers entries just now (an import of many thousand rows does, to its
commit), so what is told of flags, quarantine and terminals lies here for some seconds (see `trail`).
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Identity, PrimaryKeyConstraint, Table

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Moment, String, may, must

#: As `audit_log`, under the order in which they came.
audit_waiting: Final = Table(
    "audit_waiting",
    central_metadata,
    must("org_id"),
    Column("waiting_no", BigInteger, Identity(always=True), nullable=False),
    must("at", Moment),
    must("terminal_no"),
    may("person_id"),
    must("address", String, default=""),
    must("action", String),
    must("subject", String),
    must("before", String, default=""),
    must("after", String, default=""),
    must("row_key", String),
    must("row_hash", String),
    PrimaryKeyConstraint("org_id", "waiting_no"),
)
