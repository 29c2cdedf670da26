"""The ledger's tables, one set for both engines: documents and what they posted.

`org_id` leads every key.  On Postgres the lines, moves, items and tenders are partitioned by the
year of the document, so the year ends their keys; the document table, unpartitioned, carries every
uniqueness.  On SQLite a deferred foreign key keeps a line from being committed without its
document; on Postgres a deferred trigger does (see `seals`), because a row-wise foreign key costs
more than the whole COPY.
"""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem

from pos_app.ledger.head import TERMINAL_SPAN
from pos_app.store.tables.columns import Bytes, Int, Moment, String, may, must

NAMING: Final = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
}

#: Both sides: the ledger, its projections, the master data, the audit log.
ledger_metadata: Final = MetaData(naming_convention=NAMING)

document: Final = Table(
    "document",
    ledger_metadata,
    must("org_id"),
    must("document_id"),
    must("terminal_no"),
    must("seq"),
    must("kind", String),
    must("request_id", String),
    must("series", String),
    must("number"),
    must("year"),
    must("occurred_at", Moment),
    must("recorded_at", Moment),
    must("person_id"),
    may("approver_id"),
    must("business_id"),
    must("depot_id"),
    may("shift"),
    may("party_id"),
    must("currency", String),
    must("rate_micro"),
    must("subtotal"),
    must("tax_total"),
    must("total"),
    must("rounding"),
    # The day on which an invoice or a bill is due, YYYYMMDD; empty for every other kind.
    may("due_on"),
    may("original_id"),
    may("reverses_id"),
    must("line_count"),
    must("move_count"),
    must("item_count"),
    must("tender_count"),
    must("open_count"),
    must("cost_count"),
    must("prev_hash", Bytes),
    must("hash", Bytes),
    must("posting_digest", Bytes),
    # The terminal's, over the hash (`canonical.signed_text`); empty on what is older than signatures.
    may("signature", Bytes),
    must("body", Bytes),
    PrimaryKeyConstraint("org_id", "document_id"),
    # A basket carries its request from the moment it is opened: pressing Pay twice is one document.
    UniqueConstraint("org_id", "request_id"),
    # Printed numbers: gapless for each terminal and series, so never twice.
    UniqueConstraint("org_id", "terminal_no", "series", "number"),
    CheckConstraint(f"document_id = terminal_no * {TERMINAL_SPAN} + seq", name="key"),
    CheckConstraint(f"seq > 0 AND seq < {TERMINAL_SPAN} AND number > 0", name="seq"),
    sqlite_strict=True,
)

# A document is voided at most once.
Index(
    "uq_document_reverses",
    document.c.org_id,
    document.c.reverses_id,
    unique=True,
    sqlite_where=text("reverses_id IS NOT NULL"),
    postgresql_where=text("reverses_id IS NOT NULL"),
)
# "What was refunded of this receipt already?"
Index(
    "ix_document_original",
    document.c.org_id,
    document.c.original_id,
    sqlite_where=text("original_id IS NOT NULL"),
    postgresql_where=text("original_id IS NOT NULL"),
)
# "The documents of this customer, newest first."
Index(
    "ix_document_party",
    document.c.org_id,
    document.c.party_id,
    document.c.document_id,
    sqlite_where=text("party_id IS NOT NULL"),
    postgresql_where=text("party_id IS NOT NULL"),
)
# "Where does each terminal's last document of before that year stand?" (`archive`): time grows with
# the pages of the table, so a few bytes for each range of them say where a year begins and ends.
Index("ix_document_occurred", document.c.occurred_at, postgresql_using="brin").ddl_if(dialect="postgresql")
# "The documents of this kind, newest first" (`report_queries.document_list`): at the centre, where all of an
# organisation's are listed together.
Index(
    "ix_document_kind",
    document.c.org_id,
    document.c.kind,
    document.c.occurred_at,
    document.c.document_id,
).ddl_if(dialect="postgresql")
# "What is on its way?" (`open_orders`, `open_orders_till`): few of all documents are orders or
# transfers.
Index(
    "ix_document_on_its_way",
    document.c.org_id,
    document.c.kind,
    document.c.document_id,
    sqlite_where=text("kind IN ('purchase_order', 'transfer_sent', 'service_order')"),
    postgresql_where=text("kind IN ('purchase_order', 'transfer_sent', 'service_order')"),
)
# "Which shift is open at this drawer?"
Index(
    "ix_document_shift",
    document.c.org_id,
    document.c.terminal_no,
    document.c.document_id,
    sqlite_where=text("kind IN ('drawer_open', 'drawer_close')"),
    postgresql_where=text("kind IN ('drawer_open', 'drawer_close')"),
)


def _part(name: str, position: str, *columns: SchemaItem) -> Table:
    """A table of document parts, keyed by document and position, partitioned by year."""
    return Table(
        name,
        ledger_metadata,
        must("org_id"),
        must("document_id"),
        must(position),
        must("year"),
        *columns,
        PrimaryKeyConstraint("org_id", "document_id", position, "year"),
        ForeignKeyConstraint(
            ["org_id", "document_id"],
            ["document.org_id", "document.document_id"],
            deferrable=True,
            initially="DEFERRED",
        ).ddl_if(dialect="sqlite"),
        postgresql_partition_by="RANGE (year)",
        sqlite_strict=True,
    )


journal_line: Final = _part(
    "journal_line",
    "line_no",
    must("business_id"),
    must("account_code", String),
    must("currency", String),
    must("amount"),
    must("base_amount"),
    may("party_role", String),
    may("party_id"),
    may("drawer_id"),
    CheckConstraint("(party_id IS NULL) = (party_role IS NULL)", name="party"),
)
# "The ledger of this account", and the recompute of one account's balance.
Index(
    "ix_journal_line_account",
    journal_line.c.org_id,
    journal_line.c.account_code,
    journal_line.c.document_id,
)
# "What does this customer owe, line by line?"
Index(
    "ix_journal_line_party",
    journal_line.c.org_id,
    journal_line.c.party_id,
    journal_line.c.document_id,
    sqlite_where=text("party_id IS NOT NULL"),
    postgresql_where=text("party_id IS NOT NULL"),
)
# "What lies in this drawer, and why?"
Index(
    "ix_journal_line_drawer",
    journal_line.c.org_id,
    journal_line.c.drawer_id,
    journal_line.c.document_id,
    sqlite_where=text("drawer_id IS NOT NULL"),
    postgresql_where=text("drawer_id IS NOT NULL"),
)

stock_move: Final = _part(
    "stock_move",
    "move_no",
    must("location_id"),
    must("product_id"),
    must("quantity"),
)
# "Where did this product go?"  At the centre only: on a till its random pages made every sale of a
# long ledger a fifth slower, for a question that is asked there once a month and can scan.
Index(
    "ix_stock_move_product",
    stock_move.c.org_id,
    stock_move.c.product_id,
    stock_move.c.location_id,
    stock_move.c.document_id,
).ddl_if(dialect="postgresql")

#: The goods lines as reports read them; quantities and amounts signed as sales count them, so a
#: refund's are negative and every total is a plain sum.
document_line: Final = _part(
    "document_line",
    "line_no",
    must("business_id"),
    # Empty on a line of a bill or an expense that is no product.
    may("product_id"),
    must("description", String),
    must("quantity"),
    must("unit_price"),
    must("discount"),
    must("tax_code", String),
    must("tax_rate_bp"),
    must("net"),
    must("tax"),
    may("origin_line"),
    # What the unit price has beside its minor units, in ten-thousandths of one.
    must("price_fine", default="0"),
)

#: Money taken (positive) and handed back (negative); change is a row of its own.
tender: Final = _part(
    "tender",
    "tender_no",
    must("kind", String),
    must("amount"),
    must("account_code", String),
    must("reference", String),
    may("drawer_id"),
    must("is_change"),
    # What changed hands in another currency than the document's, where it did; `amount` is what it settled.
    may("paid"),
    may("paid_currency", String),
)
# "Was this M-Pesa code used before?" (`documents.reference_used`).  At the centre the code is closed and
# begins with its blind index (see `privacy`): a search by prefix.
Index(
    "ix_tender_reference",
    tender.c.org_id,
    tender.c.reference,
    sqlite_where=text("reference <> ''"),
    postgresql_where=text("reference <> ''"),
    postgresql_ops={"reference": "text_pattern_ops"},
)

#: What a document adds to an open invoice or bill (the invoice itself) or takes from it (a payment, a credit
#: note, a write-off): positive is still to be paid, for customers and vendors alike.  `invoice_id` is the
#: document key of the invoice; `business_id` and `due_on` (YYYYMMDD) are its own on every item of it.
open_item: Final = _part(
    "open_item",
    "item_no",
    must("business_id"),
    must("party_role", String),
    must("party_id"),
    must("invoice_id"),
    must("due_on"),
    must("currency", String),
    must("amount"),
    must("base_amount"),
)
# "What became of this invoice?", and the recompute of one invoice.
Index(
    "ix_open_item_invoice",
    open_item.c.org_id,
    open_item.c.invoice_id,
    open_item.c.document_id,
)

#: What a document adds to the valued stock of a business: thousandths and minor units of the base currency,
#: which is what it posts to the inventory account.  A receipt adds both, a landed cost only value, a
#: valuation takes off what went out.
cost_line: Final = _part(
    "cost_line",
    "cost_no",
    must("business_id"),
    must("product_id"),
    must("quantity"),
    must("value"),
)
# "How did this product come to its cost?"  At the centre only, as for `stock_move`.
Index(
    "ix_cost_line_product",
    cost_line.c.org_id,
    cost_line.c.product_id,
    cost_line.c.business_id,
    cost_line.c.document_id,
).ddl_if(dialect="postgresql")

PARTS: Final = (journal_line, stock_move, document_line, tender, open_item, cost_line)

#: Who changed what.  At the centre `before` and `after` are closed (see `privacy`), and the table is
#: partitioned by year, so that years that need not be kept any longer can be moved to an archive.
audit_log: Final = Table(
    "audit_log",
    ledger_metadata,
    must("org_id"),
    Column("entry_id", Int, nullable=False),
    must("at", Moment),
    must("terminal_no"),
    may("person_id"),
    # Where from: the client's IP address at the centre, empty on a till and on the command line.
    must("address", String, default=""),
    must("action", String),
    must("subject", String),
    must("before", String, default=""),
    must("after", String, default=""),
    must("year"),
    # At the centre: the number that a till gave to an entry of its own.
    may("origin_no"),
    # At the centre, where an entry tells of a row: which one, as JSON, and the hash of all of it (`trailed`).
    may("row_key", String),
    may("row_hash", String),
    # "The newest entry" (`audit.write`), "the entries of a year" (`archive`).
    PrimaryKeyConstraint("org_id", "entry_id", "year"),
    postgresql_partition_by="RANGE (year)",
    sqlite_strict=True,
)

# "The entries that came from this till" (`audit_check`).
Index(
    "ix_audit_log_origin",
    audit_log.c.org_id,
    audit_log.c.terminal_no,
    audit_log.c.origin_no,
    postgresql_where=text("origin_no IS NOT NULL"),
).ddl_if(dialect="postgresql")

# "What became of this thing" (`audit.of_subjects`).
Index(
    "ix_audit_log_subject",
    audit_log.c.org_id,
    audit_log.c.subject,
    postgresql_ops={"subject": "text_pattern_ops"},
).ddl_if(dialect="postgresql")

#: What Postgres keeps by year; the server makes the partitions ahead.
BY_YEAR: Final = (*PARTS, audit_log)
