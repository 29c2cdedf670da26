"""The table of M-Pesa codes: which document holds each, at the centre and at the tills.

A code is money once, so it is held by one document: the key says so.  `code` is the form in which codes are
compared (see `ledger.mpesa_code`), closed at the centre with a value that is the same for the same code (see
`privacy`).  `state` is free once that document was voided.  `series` and `number` are the document's, `day`
is its day in UTC, YYYYMMDD.
"""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from pos_app.store.tables.columns import String, must
from pos_app.store.tables.tables import ledger_metadata

#: A document stands by the code; the one that did was voided.
USED, FREE = "used", "free"

used_code: Final = Table(
    "used_code",
    ledger_metadata,
    must("org_id"),
    must("code", String),
    must("document_id"),
    must("place"),
    must("depot_id"),
    must("series", String),
    must("number"),
    must("day"),
    must("state", String, default=USED),
    must("stamp", default="0"),
    PrimaryKeyConstraint("org_id", "code"),
    sqlite_strict=True,
)
# "Which codes did this document hold?", when it is voided.
Index("ix_used_code_document", used_code.c.org_id, used_code.c.document_id)
# The feed: "which codes were used since this transaction?"
Index(
    "ix_used_code_stamp",
    used_code.c.org_id,
    used_code.c.stamp,
    used_code.c.document_id,
    used_code.c.place,
).ddl_if(dialect="postgresql")
