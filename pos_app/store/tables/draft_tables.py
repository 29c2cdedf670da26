"""The table of invoices and bills on their way, at the centre and on a till: no documents, they change."""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.columns import Moment, String, may, must
from pos_app.store.tables.tables import ledger_metadata

#: One invoice (`kind` "invoice") or bill ("bill") that is not posted yet, or (`document_id`) what became of
#: it.  `lines` is the JSON of `invoice_drafts`; the totals are stored, and empty on imported rows that came
#: without.
#: A row is never deleted: one that is given up is not active.
invoice_draft: Final = Table(
    "invoice_draft",
    ledger_metadata,
    must("org_id"),
    must("request_id", String),
    must("kind", String),
    # The number under which another program had it.
    must("number", String, default=""),
    must("party_id"),
    must("business_id"),
    must("currency", String),
    must("rate_micro"),
    must("dated_on"),
    may("due_on"),
    must("terms_days", default="0"),
    must("reference", String, default=""),
    must("lines", String),
    may("subtotal"),
    may("tax_total"),
    may("total"),
    must("person_id"),
    must("updated_at", Moment),
    must("active", default="1"),
    may("document_id"),
    PrimaryKeyConstraint("org_id", "request_id"),
    sqlite_strict=True,
)
# "The drafts that wait, newest first."
Index(
    "ix_invoice_draft_waiting",
    invoice_draft.c.org_id,
    invoice_draft.c.updated_at,
    sqlite_where=text("document_id IS NULL AND active = 1"),
    postgresql_where=text("document_id IS NULL AND active = 1"),
)
