"""Cylinders and bottles: where they lie, and what kinds of documents brought them there."""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import Reversal, StockAdjustment
from pos_app.ledger.stock import PARTY_LOCATIONS, AdjustmentReason
from pos_app.store.engine import privacy
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, run

#: What never comes back.
_LOST: Final = (AdjustmentReason.LOSS, AdjustmentReason.DAMAGE)


class Returnable(NamedTuple):
    """A kind of container by the product under which it is full (0: none is) and the one when it is empty."""

    full_id: int
    empty_id: int
    sku: str
    name: str


def returnables(connection: Connection, scope: Scope) -> list[Returnable]:
    """Every pair, and what else of ours lies at a party's place or is lent by its type."""
    own = " AND g.business_id = :business" if scope.business_id is not None else ""
    rows = run(
        connection,
        "SELECT r.product_id, r.empty_id, g.sku, g.name FROM returnable_pair AS r JOIN product AS g"
        f" ON g.org_id = r.org_id AND g.product_id = r.product_id{own}"
        " WHERE r.org_id = :org AND r.empty_id <> 0"
        " UNION ALL SELECT 0, g.product_id, g.sku, g.name FROM product AS g WHERE g.org_id = :org"
        f"{own} AND g.product_id IN (SELECT s.product_id FROM stock_level AS s WHERE s.org_id = :org"
        f" AND s.location_id >= {PARTY_LOCATIONS}) AND NOT EXISTS (SELECT 1 FROM returnable_pair AS r"
        " WHERE r.org_id = :org AND r.empty_id <> 0"
        " AND (r.product_id = g.product_id OR r.empty_id = g.product_id)) ORDER BY 3, 1",
        scope.bound(connection),
    )
    return [Returnable(int(row[0]), int(row[1]), row[2], row[3]) for row in rows]


class Lies(NamedTuple):
    """Thousandths of a product at places of one kind: a kind of `location`, or `customer` and `supplier`
    where it is a party's own.
    """

    product_id: int
    kind: str
    quantity: int


#: A party that is a vendor and no customer is one whom we send ours to be filled.
_WHERE: Final = (
    f"CASE WHEN t.location_id < {PARTY_LOCATIONS} THEN coalesce(p.kind, 'depot')"
    " WHEN EXISTS (SELECT 1 FROM party_role AS v WHERE v.org_id = :org AND v.role = 'vendor'"
    f" AND v.party_id = t.location_id - {PARTY_LOCATIONS})"
    " AND NOT EXISTS (SELECT 1 FROM party_role AS c WHERE c.org_id = :org AND c.role = 'customer'"
    f" AND c.party_id = t.location_id - {PARTY_LOCATIONS}) THEN 'supplier' ELSE 'customer' END"
)


def lying(connection: Connection, scope: Scope, products: tuple[int, ...]) -> list[Lies]:
    """Where these were at the scope's end: cached, less what moved later."""
    rows = run(
        connection,
        f"SELECT t.product_id, {_WHERE}, SUM(t.quantity) FROM ("
        " SELECT location_id, product_id, quantity FROM stock_level"
        " WHERE org_id = :org AND product_id IN :products"
        " UNION ALL SELECT l.location_id, l.product_id, -l.quantity"
        f" FROM stock_move AS l{JOIN_DOCUMENT} WHERE {scope.after(business=False)}"
        " AND l.product_id IN :products"
        ") AS t LEFT JOIN location AS p ON p.org_id = :org AND p.location_id = t.location_id"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        scope.bound(connection, products=products),
    )
    return [Lies(int(row[0]), str(row[1]), int(row[2])) for row in rows]


class Came(NamedTuple):
    """What documents of a kind brought of a product, and took: what is only lent sums to nothing."""

    product_id: int
    kind: str
    quantity: int


def came(connection: Connection, scope: Scope, products: tuple[int, ...]) -> list[Came]:
    """Up to the scope's end, a void under the kind that it takes back."""
    rows = run(
        connection,
        f"SELECT l.product_id, {KIND}, SUM(l.quantity) FROM stock_move AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.upto().lines(business=False)} AND l.product_id IN :products"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        scope.bound(connection, products=products),
    )
    return [Came(int(row[0]), str(row[1]), int(row[2])) for row in rows]


def lost(connection: Connection, scope: Scope, products: tuple[int, ...]) -> dict[int, int]:
    """How many were written off as lost or damaged, of each product, above nothing."""
    rows = run(
        connection,
        "SELECT d.body FROM document AS d WHERE d.org_id = :org AND d.document_id IN ("
        f"SELECT l.document_id FROM stock_move AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.upto().lines(business=False)} AND l.product_id IN :products"
        f" AND {KIND} = 'stock_adjustment')",
        scope.bound(connection, products=products),
    )
    private, found = privacy.of(connection), dict.fromkeys(products, 0)
    for (body,) in rows:
        document = canonical.decode(private.decrypt_bytes(scope.org_id, bytes(body)))
        sign = -1
        if isinstance(document, Reversal):
            document, sign = canonical.decode(bytes(document.original)), 1
        if isinstance(document, StockAdjustment) and document.reason in _LOST:
            for line in document.lines:
                if line.product_id in found:
                    found[line.product_id] += sign * line.quantity
    return found
