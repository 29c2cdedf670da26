"""What belongs to a product that comes back: its empty container and its deposit."""

from typing import NamedTuple

from sqlalchemy import Connection, text


class PairKeys(NamedTuple):
    """The keys of both; 0 where there is none."""

    empty_id: int = 0
    deposit_id: int = 0


def pair_of(connection: Connection, org_id: int, product_id: int) -> PairKeys:
    """What belongs to a product; nothing where it is none that comes back."""
    found = connection.execute(
        text(
            "SELECT empty_id, deposit_id FROM returnable_pair WHERE org_id = :org AND product_id = :product"
        ),
        {"org": org_id, "product": product_id},
    ).one_or_none()
    return PairKeys() if found is None else PairKeys(int(found[0]), int(found[1]))


def is_cylinder(connection: Connection, org_id: int, product_id: int | None) -> bool:
    """Whether a product (None: any) is what full ones are in that are still sold."""
    which = "r.empty_id <> 0" if product_id is None else "r.empty_id = :product"
    found = connection.execute(
        text(
            "SELECT 1 FROM returnable_pair AS r JOIN product AS p ON p.org_id = r.org_id"
            " AND p.product_id = r.product_id AND p.active = 1"
            f" WHERE r.org_id = :org AND {which} LIMIT 1"
        ),
        {"org": org_id} | ({} if product_id is None else {"product": product_id}),
    )
    return found.first() is not None


def cylinders(connection: Connection, org_id: int) -> list[int]:
    """The keys of what full ones are in that are still sold, by name."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT e.product_id, e.name FROM returnable_pair AS r"
            " JOIN product AS p ON p.org_id = r.org_id AND p.product_id = r.product_id AND p.active = 1"
            " JOIN product AS e ON e.org_id = r.org_id AND e.product_id = r.empty_id"
            " WHERE r.org_id = :org ORDER BY e.name, e.product_id"
        ),
        {"org": org_id},
    )
    return [int(row[0]) for row in rows]


def other_cylinders(connection: Connection, org_id: int, cylinder_id: int) -> list[int]:
    """The keys of what may come back in the place of a cylinder, by name: those of other full ones, and all
    that is kept beside it without a price, as empties of other brands are.
    """
    rows = connection.execute(
        text(
            "SELECT DISTINCT o.product_id, o.name FROM product AS o JOIN product AS c ON c.org_id = o.org_id"
            " AND c.product_id = :cylinder LEFT JOIN returnable_pair AS r ON r.org_id = o.org_id"
            " AND r.empty_id = o.product_id WHERE o.org_id = :org AND o.product_id <> :cylinder"
            " AND o.active = 1 AND o.stocked = 1 AND (r.empty_id IS NOT NULL"
            " OR (o.category = c.category AND o.price = 0 AND o.price_fine = 0))"
            " ORDER BY o.name, o.product_id"
        ),
        {"org": org_id, "cylinder": cylinder_id},
    )
    return [int(row[0]) for row in rows]
