"""What was sold: sums over the goods lines of sales, refunds, invoices and credit notes.

What is no sale (deposits and vouchers, see `ledger.tax`) does not count.  A void takes its document's lines
back, on the day of the void.  Quantities and amounts are signed as
sales count them, so that every total is a plain sum.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.tax import NO_SALE
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, run
from pos_app.store.side import on_till

#: Kinds of documents whose lines are sales.
SOLD: Final = ("sale", "refund", "invoice", "credit_note")
#: Every time zone is a whole number of quarters of an hour away from UTC.
QUARTER_S: Final = 900


class Sold(NamedTuple):
    """A group of lines of documents in one currency at one rate.

    `quantity` in thousandths; the amounts in minor units of `currency`; `rate_micro` as on a document.
    """

    key: Any
    currency: str
    rate_micro: int
    documents: int
    quantity: int
    discount: int
    net: int
    tax: int


def by_product(connection: Connection, scope: Scope) -> list[Sold]:
    """Keys: the product's key, or None for a line that is none."""
    return _grouped(connection, scope, "l.product_id")


class SoldOf(NamedTuple):
    """Lines of a product (None: of none) of a business in documents of one currency at one rate."""

    business_id: int
    product_id: int | None
    currency: str
    rate_micro: int
    quantity: int
    net: int


def by_product_of_business(connection: Connection, scope: Scope) -> list[SoldOf]:
    """What each business sold, product by product."""
    rows = run(
        connection,
        "SELECT l.business_id, l.product_id, d.currency, d.rate_micro, SUM(l.quantity), SUM(l.net)"
        f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :sold AND l.tax_code NOT IN :no_sale"
        " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        scope.bound(connection, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    return [
        SoldOf(
            int(row[0]),
            None if row[1] is None else int(row[1]),
            row[2],
            int(row[3]),
            int(row[4]),
            int(row[5]),
        )
        for row in rows
    ]


def by_business(connection: Connection, scope: Scope) -> list[Sold]:
    """Keys: the business's key."""
    return _grouped(connection, scope, "l.business_id")


def by_person(connection: Connection, scope: Scope) -> list[Sold]:
    """Keys: the person's key."""
    return _grouped(connection, scope, "d.person_id")


def by_quarter(connection: Connection, scope: Scope) -> list[Sold]:
    """Keys: quarters of an hour since 1970 in UTC, of which the caller makes hours and days of a zone."""
    if on_till(connection):
        return _grouped(connection, scope, f"d.occurred_at / {QUARTER_S * 1_000_000}")
    return _grouped(
        connection, scope, f"CAST(floor(extract(epoch FROM d.occurred_at)) AS bigint) / {QUARTER_S}"
    )


class SoldWhere(NamedTuple):
    """Lines of one quarter of an hour (since 1970, in UTC), business, depot and terminal, in one currency at
    one rate; the amounts in its minor units.
    """

    quarter: int
    business_id: int
    depot_id: int
    terminal_no: int
    currency: str
    rate_micro: int
    net: int
    tax: int


def by_place(connection: Connection, scope: Scope) -> list[SoldWhere]:
    """At the centre: when and where it was sold."""
    rows = run(
        connection,
        f"SELECT CAST(floor(extract(epoch FROM d.occurred_at)) AS bigint) / {QUARTER_S}, l.business_id,"
        " d.depot_id, d.terminal_no, d.currency, d.rate_micro, SUM(l.net), SUM(l.tax)"
        f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :sold AND l.tax_code NOT IN :no_sale"
        " GROUP BY 1, 2, 3, 4, 5, 6",
        scope.bound(connection, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    found = []
    for row in rows:
        quarter, business, depot, terminal, rate, net, tax = (int(row[at]) for at in (0, 1, 2, 3, 5, 6, 7))
        found.append(SoldWhere(quarter, business, depot, terminal, str(row[4]), rate, net, tax))
    return found


def count(connection: Connection, scope: Scope) -> int:
    """How many sales there were, less those that were voided."""
    rows = run(
        connection,
        "SELECT COUNT(*) FILTER (WHERE d.kind = 'sale') - COUNT(*) FILTER (WHERE o.kind = 'sale')"
        f" FROM document AS d{JOIN_REVERSED} WHERE d.org_id = :org AND d.occurred_at >= :start"
        " AND d.occurred_at < :end",
        scope.bound(connection),
    )
    return int(rows[0][0])


def _grouped(connection: Connection, scope: Scope, key: str) -> list[Sold]:
    rows = run(
        connection,
        f"SELECT {key}, d.currency, d.rate_micro, COUNT(DISTINCT d.document_id), SUM(l.quantity),"
        " SUM(l.discount), SUM(l.net), SUM(l.tax)"
        f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :sold AND l.tax_code NOT IN :no_sale"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        scope.bound(connection, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    return [Sold(row[0], row[1], *(int(value) for value in row[2:])) for row in rows]


class NoSale(NamedTuple):
    """Deposits or vouchers in documents of sales, in one currency and in minor units: what was taken for
    them, and what came back with their receipts (negative).
    """

    code: str
    currency: str
    taken: int
    back: int


def no_sale(connection: Connection, scope: Scope) -> list[NoSale]:
    """What stands on receipts and is no sale, by tax code."""
    rows = run(
        connection,
        "SELECT l.tax_code, d.currency, SUM(CASE WHEN l.net > 0 THEN l.net ELSE 0 END),"
        " SUM(CASE WHEN l.net < 0 THEN l.net ELSE 0 END)"
        f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :sold AND l.tax_code IN :no_sale"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        scope.bound(connection, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    return [NoSale(row[0], row[1], int(row[2]), int(row[3])) for row in rows]


class Product(NamedTuple):
    """A product as a report names it."""

    sku: str
    name: str
    unit: str
    business_id: int


def products(connection: Connection, org_id: int) -> dict[int, Product]:
    """Every product, in the order of the codes."""
    rows = run(
        connection,
        "SELECT product_id, sku, name, unit, business_id FROM product WHERE org_id = :org ORDER BY sku",
        {"org": org_id},
    )
    return {int(row[0]): Product(row[1], row[2], row[3], int(row[4])) for row in rows}


class Tendered(NamedTuple):
    """Money of one kind: what was taken, and what went back as refunds and change (negative)."""

    kind: str
    currency: str
    taken: int
    change: int
    back: int


def tenders(connection: Connection, scope: Scope) -> list[Tendered]:
    """The tenders of sales and refunds by kind, in the currency of the documents."""
    rows = run(
        connection,
        "SELECT l.kind, d.currency,"
        " SUM(CASE WHEN l.is_change = 0 AND l.amount > 0 THEN l.amount ELSE 0 END),"
        " SUM(CASE WHEN l.is_change <> 0 THEN l.amount ELSE 0 END),"
        " SUM(CASE WHEN l.is_change = 0 AND l.amount < 0 THEN l.amount ELSE 0 END)"
        f" FROM tender AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines(business=False)} AND {KIND} IN :sold GROUP BY 1, 2 ORDER BY 1, 2",
        scope.bound(connection, sold=SOLD),
    )
    return [Tendered(row[0], row[1], *(int(value) for value in row[2:])) for row in rows]


def document_totals(connection: Connection, scope: Scope) -> dict[str, tuple[int, int]]:
    """By currency: the stored totals of all documents of sales, and with cash rounding those of sales and
    refunds, which are what was tendered.
    """
    rows = run(
        connection,
        f"SELECT d.currency, SUM(d.total),"
        f" SUM(CASE WHEN {KIND} IN ('sale', 'refund') THEN d.total + d.rounding ELSE 0 END)"
        f" FROM document AS d{JOIN_REVERSED}"
        f" WHERE {scope.documents()} AND {KIND} IN :sold GROUP BY 1 ORDER BY 1",
        scope.bound(connection, sold=SOLD),
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}
