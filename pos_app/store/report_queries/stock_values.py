"""The valued stock of every business at a moment."""

from dataclasses import dataclass

from sqlalchemy import Connection

from pos_app.store.report_queries.scope import JOIN_DOCUMENT, Scope, run


@dataclass(frozen=True, slots=True)
class StockValue:
    """Thousandths of a product and what they cost, in minor units of the base currency."""

    business_id: int
    product_id: int
    sku: str
    name: str
    unit: str
    quantity: int
    value: int


def stock_values(connection: Connection, scope: Scope) -> list[StockValue]:
    """What was valued at the scope's end, by business and product: cached, less what came later."""
    own = " AND business_id = :business" if scope.business_id is not None else ""
    rows = run(
        connection,
        "SELECT t.business_id, t.product_id, coalesce(p.sku, ''), coalesce(p.name, ''),"
        " coalesce(p.unit, ''), SUM(t.quantity), SUM(t.value) FROM ("
        f" SELECT business_id, product_id, quantity, value FROM stock_value WHERE org_id = :org{own}"
        " UNION ALL SELECT l.business_id, l.product_id, -l.quantity, -l.value"
        f" FROM cost_line AS l{JOIN_DOCUMENT} WHERE {scope.after()}"
        ") AS t LEFT JOIN product AS p ON p.org_id = :org AND p.product_id = t.product_id"
        " GROUP BY t.business_id, t.product_id, p.sku, p.name, p.unit"
        " HAVING SUM(t.quantity) <> 0 OR SUM(t.value) <> 0 ORDER BY t.business_id, p.sku, t.product_id",
        scope.bound(connection),
    )
    return [
        StockValue(int(row[0]), int(row[1]), row[2], row[3], row[4], int(row[5]), int(row[6])) for row in rows
    ]
