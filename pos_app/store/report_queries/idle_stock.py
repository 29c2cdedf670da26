"""Stock on our own shelves and vehicles, and when each product last came and last was sold."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.store.documents.documents import not_voided
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, Scope, moment, run

#: So many products are asked for at once.
_BATCH: Final = 1_000
#: Where our own stock lies.
_OWN: Final = "p.kind IN ('depot', 'vehicle')"


class OnHand(NamedTuple):
    """Thousandths of a product on hand."""

    product_id: int
    sku: str
    name: str
    unit: str
    business_id: int
    quantity: int


class Moved(NamedTuple):
    """When a product first moved here, and when it was last sold; None where it never was."""

    first: datetime
    sold: datetime | None


def on_hand(connection: Connection, scope: Scope) -> list[OnHand]:
    """What there was at the scope's end: cached, less what moved later; with a depot, at its places."""
    depot = " AND p.depot_id = :depot" if scope.depot_id is not None else ""
    own = " AND g.business_id = :business" if scope.business_id is not None else ""
    later = Scope(scope.org_id, None, None, scope.end).after(business=False)
    rows = run(
        connection,
        "SELECT t.product_id, g.sku, g.name, g.unit, g.business_id, SUM(t.quantity) FROM ("
        " SELECT location_id, product_id, quantity FROM stock_level WHERE org_id = :org AND quantity <> 0"
        " UNION ALL SELECT l.location_id, l.product_id, -l.quantity"
        f" FROM stock_move AS l{JOIN_DOCUMENT} WHERE {later}"
        f") AS t JOIN location AS p ON p.org_id = :org AND p.location_id = t.location_id AND {_OWN}{depot}"
        f" JOIN product AS g ON g.org_id = :org AND g.product_id = t.product_id{own}"
        " GROUP BY t.product_id, g.sku, g.name, g.unit, g.business_id HAVING SUM(t.quantity) > 0"
        " ORDER BY g.sku",
        scope.bound(connection),
    )
    return [OnHand(int(row[0]), row[1], row[2], row[3], int(row[4]), int(row[5])) for row in rows]


def sold_since(connection: Connection, scope: Scope) -> set[int]:
    """The products that were sold within the scope."""
    rows = run(
        connection,
        f"SELECT DISTINCT l.product_id FROM document_line AS l{JOIN_DOCUMENT} WHERE {scope.lines()}"
        f" AND d.kind IN ('sale', 'invoice') AND l.product_id IS NOT NULL AND {not_voided()}",
        scope.bound(connection),
    )
    return {int(row[0]) for row in rows}


def moved(connection: Connection, scope: Scope, products: list[int]) -> dict[int, Moved]:
    """Of these products, up to the scope's end; with a depot, by its documents."""
    found: dict[int, Moved] = {}
    for start in range(0, len(products), _BATCH):
        rows = run(
            connection,
            "SELECT l.product_id, MIN(d.occurred_at),"
            f" MAX(CASE WHEN d.kind IN ('sale', 'invoice') AND {not_voided()} THEN d.occurred_at END)"
            f" FROM stock_move AS l{JOIN_DOCUMENT} WHERE {scope.upto().lines(business=False)}"
            " AND l.product_id IN :products GROUP BY l.product_id",
            scope.bound(connection, products=tuple(products[start : start + _BATCH])),
        )
        found |= {
            int(row[0]): Moved(moment(row[1]), None if row[2] is None else moment(row[2])) for row in rows
        }
    return found
