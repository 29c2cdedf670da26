"""Full and empty cylinders and bottles at one place, each as a person counts them there."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.store.engine.letters import order_sql


class Lying(NamedTuple):
    """A full kind, or what comes back empty, as the books have it at a place, in thousandths.

    Empty ones are those without a fill: the books keep the full ones among them (see `stock.cylinders`).
    """

    product_id: int
    sku: str
    name: str
    is_empty: bool
    quantity: int


_AT_PLACE: Final = (
    "SELECT p.product_id, p.sku, p.name, 0, coalesce(s.quantity, 0), p.name AS sorted"
    " FROM returnable_pair AS r JOIN product AS p ON p.org_id = r.org_id AND p.product_id = r.product_id"
    " LEFT JOIN stock_level AS s ON s.org_id = r.org_id AND s.product_id = r.product_id"
    "  AND s.location_id = :place"
    " WHERE r.org_id = :org AND r.empty_id <> 0 AND (p.active = 1 OR coalesce(s.quantity, 0) <> 0)"
    " UNION ALL SELECT e.product_id, e.sku, e.name, 1, coalesce(s.quantity, 0)"
    "  - coalesce((SELECT sum(f.quantity) FROM stock_level AS f JOIN returnable_pair AS r"
    "   ON r.org_id = f.org_id AND r.product_id = f.product_id AND r.empty_id = e.product_id"
    "   WHERE f.org_id = e.org_id AND f.location_id = :place), 0), e.name"
    " FROM product AS e LEFT JOIN stock_level AS s ON s.org_id = e.org_id AND s.product_id = e.product_id"
    "  AND s.location_id = :place"
    " WHERE e.org_id = :org AND EXISTS (SELECT 1 FROM returnable_pair AS r WHERE r.org_id = e.org_id"
    "  AND r.empty_id = e.product_id)"
)


def at_place(connection: Connection, org_id: int, location_id: int) -> list[Lying]:
    """Every kind, full ones first, by name."""
    sorted_by = order_sql(connection, "k.sorted")
    rows = connection.execute(
        text(f"SELECT * FROM ({_AT_PLACE}) AS k ORDER BY 4, {sorted_by}, 1"),
        {"org": org_id, "place": location_id},
    )
    return [Lying(int(row[0]), row[1], row[2], bool(row[3]), int(row[4])) for row in rows]
