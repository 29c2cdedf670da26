"""The parts of one document as the tables have them: lines, money, entries in the books, moves of stock."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.stock import PARTY_LOCATIONS
from pos_app.store.engine import privacy


class Line(NamedTuple):
    """A line as it is counted; quantity in thousandths, money in minor units of the document's currency."""

    sku: str
    description: str
    quantity: int
    unit_price: int
    price_fine: int
    discount: int
    net: int
    tax: int
    tax_code: str


class Money(NamedTuple):
    """What changed hands, in minor units of the document's currency."""

    kind: str
    amount: int
    account: str
    reference: str
    is_change: bool
    drawer_id: int | None


class Entry(NamedTuple):
    """An entry in the books: debit positive, in minor units of its currency and of the base currency."""

    business: str
    account: str
    name: str
    party_code: str
    party: str
    currency: str
    amount: int
    base_amount: int


class Move(NamedTuple):
    """Goods that came to a place (positive) or left it, in thousandths; `place` may be a party's name."""

    sku: str
    name: str
    place: str
    quantity: int


_LINES: Final = (
    "SELECT coalesce(p.sku, ''), l.description, l.quantity, l.unit_price, l.price_fine, l.discount, l.net,"
    " l.tax, l.tax_code FROM document_line AS l"
    " LEFT JOIN product AS p ON p.org_id = l.org_id AND p.product_id = l.product_id"
    " WHERE l.org_id = :org AND l.document_id = :document ORDER BY l.line_no"
)
_TENDERS: Final = (
    "SELECT kind, amount, account_code, reference, is_change, drawer_id FROM tender"
    " WHERE org_id = :org AND document_id = :document ORDER BY tender_no"
)
_ENTRIES: Final = (
    "SELECT coalesce(b.code, ''), l.account_code, coalesce(a.name, ''), coalesce(c.code, ''),"
    " coalesce(c.name, ''), l.currency, l.amount, l.base_amount FROM journal_line AS l"
    " LEFT JOIN business AS b ON b.org_id = l.org_id AND b.business_id = l.business_id"
    " LEFT JOIN account AS a ON a.org_id = l.org_id AND a.code = l.account_code"
    " LEFT JOIN party AS c ON c.org_id = l.org_id AND c.party_id = l.party_id"
    " WHERE l.org_id = :org AND l.document_id = :document ORDER BY l.line_no"
)
_MOVES: Final = (
    "SELECT coalesce(p.sku, ''), coalesce(p.name, ''), coalesce(o.name, c.name, ''), m.quantity"
    " FROM stock_move AS m"
    " LEFT JOIN product AS p ON p.org_id = m.org_id AND p.product_id = m.product_id"
    " LEFT JOIN location AS o ON o.org_id = m.org_id AND o.location_id = m.location_id"
    " LEFT JOIN party AS c ON c.org_id = m.org_id AND c.party_id = m.location_id - :parties"
    " WHERE m.org_id = :org AND m.document_id = :document ORDER BY m.move_no"
)


def lines(connection: Connection, org_id: int, document_id: int) -> list[Line]:
    """Its lines, in their order."""
    rows = connection.execute(text(_LINES), {"org": org_id, "document": document_id})
    return [
        Line(
            row[0],
            row[1],
            quantity=int(row[2]),
            unit_price=int(row[3]),
            price_fine=int(row[4]),
            discount=int(row[5]),
            net=int(row[6]),
            tax=int(row[7]),
            tax_code=row[8],
        )
        for row in rows
    ]


def money(connection: Connection, org_id: int, document_id: int) -> list[Money]:
    """What was paid and handed back; what is closed at the centre is opened."""
    private = privacy.of(connection)
    rows = connection.execute(text(_TENDERS), {"org": org_id, "document": document_id})
    return [
        Money(
            row[0],
            int(row[1]),
            row[2],
            private.decrypt_text(org_id, privacy.REFERENCE, row[3]) if row[3] else "",
            bool(row[4]),
            row[5],
        )
        for row in rows
    ]


def entries(connection: Connection, org_id: int, document_id: int) -> list[Entry]:
    """Its entries in the books, in their order."""
    rows = connection.execute(text(_ENTRIES), {"org": org_id, "document": document_id})
    return [Entry(row[0], row[1], row[2], row[3], row[4], row[5], int(row[6]), int(row[7])) for row in rows]


def moves(connection: Connection, org_id: int, document_id: int) -> list[Move]:
    """Its moves of stock, in their order."""
    values = {"org": org_id, "document": document_id, "parties": PARTY_LOCATIONS}
    rows = connection.execute(text(_MOVES), values)
    return [Move(row[0], row[1], row[2], int(row[3])) for row in rows]
