"""What binds entries of the audit log: runs of them, with the digest of each, signed."""

from typing import Final

from sqlalchemy import PrimaryKeyConstraint, Table

from pos_app.store.tables.columns import Bytes, must
from pos_app.store.tables.tables import ledger_metadata

#: `terminal_no` is whose key signed; its entries `first_no` to `last_no` are bound, by its own numbers: at
#: the centre they are `origin_no` of the audit log for a till's run.  `digests` are 32 bytes for each.
audit_run: Final = Table(
    "audit_run",
    ledger_metadata,
    must("org_id"),
    must("terminal_no"),
    must("last_no"),
    must("first_no"),
    must("key_no"),
    must("prev_hash", Bytes),
    must("hash", Bytes),
    must("signature", Bytes),
    must("digests", Bytes),
    PrimaryKeyConstraint("org_id", "terminal_no", "last_no"),
    sqlite_strict=True,
)
