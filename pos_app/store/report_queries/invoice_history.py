"""One invoice or bill: whose it is, and what was paid, credited or written off of it since."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_app.store.engine import privacy
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, moment, run
from pos_app.store.tables.projections import NO_CHIT


@dataclass(frozen=True, slots=True)
class Change:
    """What one document changed of what is open: minor units of its currency, negative lowers it."""

    occurred_at: datetime
    kind: str
    is_void: bool
    number_prefix: str
    terminal_no: int
    series: str
    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class Sender:
    """Who stands at the head of a document."""

    organisation: str
    business: str
    depot: str
    number_prefix: str
    address: str
    phone: str
    footer: str
    base_currency: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a document is for, with what is closed at the centre opened; the address has lines."""

    code: str
    name: str
    phone: str
    address: str = ""
    tax_number: str = ""


def changes(connection: Connection, org_id: int, invoice_id: int) -> list[Change]:
    """What other documents changed of this invoice, oldest first; as far as this side knows them."""
    rows = run(
        connection,
        f"SELECT d.occurred_at, {KIND}, o.kind IS NOT NULL, coalesce(p.letter, ''), d.terminal_no,"
        " d.series, d.number, SUM(l.amount)"
        f" FROM open_item AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
        " WHERE l.org_id = :org AND l.invoice_id = :invoice AND l.document_id <> :invoice"
        f" AND l.{NO_CHIT}"
        " GROUP BY d.occurred_at, o.kind, d.kind, p.letter, d.terminal_no, d.series, d.number, d.document_id"
        " ORDER BY d.occurred_at, d.document_id",
        {"org": org_id, "invoice": invoice_id},
    )
    return [
        Change(moment(row[0]), row[1], bool(row[2]), row[3], int(row[4]), row[5], int(row[6]), int(row[7]))
        for row in rows
    ]


def open_amount(connection: Connection, org_id: int, invoice_id: int) -> int:
    """What is still to be paid of it, as the balances have it; on a till, with what the centre said."""
    rows = run(
        connection,
        f"SELECT SUM(amount) FROM open_invoice WHERE org_id = :org AND invoice_id = :invoice AND {NO_CHIT}",
        {"org": org_id, "invoice": invoice_id},
    )
    return int(rows[0][0] or 0)


def sender(connection: Connection, org_id: int, business_id: int, depot_id: int) -> Sender | None:
    """The business and the depot of a document."""
    rows = run(
        connection,
        "SELECT o.name, b.name, d.name, d.letter, d.address, d.phone, d.receipt_footer, o.base_currency,"
        " o.time_zone FROM organisation AS o"
        " JOIN business AS b ON b.org_id = o.org_id AND b.business_id = :business"
        " JOIN depot AS d ON d.org_id = o.org_id AND d.depot_id = :depot WHERE o.org_id = :org",
        {"org": org_id, "business": business_id, "depot": depot_id},
    )
    return Sender(*rows[0]) if rows else None


def addressee(connection: Connection, org_id: int, party_id: int) -> Addressee | None:
    """The party of a document."""
    rows = run(
        connection,
        "SELECT code, name, phone, address, tax_number FROM party WHERE org_id = :org AND party_id = :party",
        {"org": org_id, "party": party_id},
    )
    if not rows:
        return None
    code, name, *closed = rows[0]
    private = privacy.of(connection)
    opened = [
        private.decrypt_text(org_id, field, value) if value else ""
        for field, value in zip(privacy.OF_PARTY.values(), closed, strict=True)
    ]
    return Addressee(code, name, *opened)
