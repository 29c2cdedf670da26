"""Reading the stock of a place: what lies there, what went below nothing, what a unit cost on average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.ledger.money import divide_half_up
from pos_app.ledger.stock import PARTY_LOCATIONS
from pos_app.store.balances import balances
from pos_app.store.engine.engine import quick
from pos_app.store.engine.letters import order_sql
from pos_app.store.tables.projections import STOCK_VALUE


@dataclass(frozen=True, slots=True)
class Level:
    """What lies of a product at a place, in thousandths of its unit; below nothing where books and shelf
    differ.
    """

    location_id: int
    product_id: int
    sku: str
    name: str
    unit: str
    business_id: int
    quantity: int


def at(connection: Connection, org_id: int, location_id: int) -> list[Level]:
    """What lies at a place, by product name; what there is nothing of is left out."""
    rows = connection.execute(
        text(
            "SELECT s.location_id, s.product_id, coalesce(p.sku, ''), coalesce(p.name, ''),"
            " coalesce(p.unit, ''), coalesce(p.business_id, 0), s.quantity FROM stock_level AS s"
            " LEFT JOIN product AS p ON p.org_id = s.org_id AND p.product_id = s.product_id"
            " WHERE s.org_id = :org AND s.location_id = :location AND s.quantity <> 0"
            f" ORDER BY {order_sql(connection, 'p.name')}, s.product_id"
        ),
        {"org": org_id, "location": location_id},
    )
    return [Level(int(row[0]), int(row[1]), row[2], row[3], row[4], int(row[5]), int(row[6])) for row in rows]


def below_zero(
    connection: Connection, org_id: int, location_id: int, product_ids: Sequence[int]
) -> list[Level]:
    """Which of these products the books have less than nothing of at a place, in the order of their keys."""
    if not product_ids:
        return []
    # Asked with every sale: straight on the driver, and what the products are called only of those found.
    marks = ", ".join("?" for _ in product_ids)
    found = quick(
        connection,
        "SELECT product_id, quantity FROM stock_level WHERE org_id = ? AND location_id = ?"
        f" AND product_id IN ({marks}) AND quantity < 0 ORDER BY product_id",
        org_id,
        location_id,
        *product_ids,
    ).fetchall()
    return [_level(connection, org_id, location_id, int(row[0]), int(row[1])) for row in found]


def _level(connection: Connection, org_id: int, location_id: int, product_id: int, quantity: int) -> Level:
    row = quick(
        connection,
        "SELECT sku, name, unit, business_id FROM product WHERE org_id = ? AND product_id = ?",
        org_id,
        product_id,
    ).fetchone() or ("", "", "", 0)
    return Level(location_id, product_id, row[0], row[1], row[2], int(row[3]), quantity)


def short_of(connection: Connection, org_id: int, location_id: int, wanted: Mapping[int, int]) -> list[Level]:
    """Of which products a place has less than these quantities (product to thousandths): `quantity` is what
    would be left, below nothing.
    """
    found = []
    for product_id, quantity in sorted(wanted.items()):
        row = connection.execute(
            text(
                "SELECT p.sku, p.name, p.unit, p.business_id, coalesce(s.quantity, 0) FROM product AS p"
                " LEFT JOIN stock_level AS s ON s.org_id = p.org_id AND s.product_id = p.product_id"
                " AND s.location_id = :location WHERE p.org_id = :org AND p.product_id = :product"
            ),
            {"org": org_id, "location": location_id, "product": product_id},
        ).one_or_none()
        if row is not None and quantity > 0 and int(row[4]) < quantity:
            left = int(row[4]) - quantity
            found.append(Level(location_id, product_id, row[0], row[1], row[2], int(row[3]), left))
    return found


def held_by_parties(connection: Connection, org_id: int, most: int) -> list[tuple[str, Level]]:
    """What customers hold, with their names (empty for those without one), by name and product."""
    rows = connection.execute(
        text(
            "SELECT s.location_id, s.product_id, coalesce(p.sku, ''), coalesce(p.name, ''),"
            " coalesce(p.unit, ''), coalesce(p.business_id, 0), s.quantity, coalesce(c.name, '')"
            " FROM stock_level AS s"
            " LEFT JOIN product AS p ON p.org_id = s.org_id AND p.product_id = s.product_id"
            " LEFT JOIN party AS c ON c.org_id = s.org_id AND c.party_id = s.location_id - :first"
            " WHERE s.org_id = :org AND s.location_id >= :first AND s.quantity <> 0"
            " ORDER BY c.name, s.location_id, p.name, s.product_id LIMIT :most"
        ),
        {"org": org_id, "first": PARTY_LOCATIONS, "most": most},
    )
    return [
        (row[7], Level(int(row[0]), int(row[1]), row[2], row[3], row[4], int(row[5]), int(row[6])))
        for row in rows
    ]


def average_cost(connection: Connection, org_id: int, business_id: int, product_id: int) -> int | None:
    """What a unit of the valued stock cost on average, in minor units of the base currency.

    None while there is none: nothing came with a price yet, or all of it is sold.
    """
    key = {"org_id": org_id, "business_id": business_id, "product_id": product_id}
    found = balances.current(connection, STOCK_VALUE, key)
    if found["quantity"] <= 0 or found["value"] < 0:
        return None
    return divide_half_up(found["value"] * 1000, found["quantity"])


@dataclass(frozen=True, slots=True)
class Lies:
    """How much of a product lies where, in thousandths; without a place's name it is with a party."""

    location_id: int
    place: str
    quantity: int


def lying_at(connection: Connection, org_id: int, location_id: int) -> int:
    """Of how many products anything lies at a place, or is missing there."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM stock_level WHERE org_id = :org AND location_id = :place"
                " AND quantity <> 0"
            ),
            {"org": org_id, "place": location_id},
        ).scalar_one()
    )


def everywhere(connection: Connection, org_id: int, product_id: int) -> list[Lies]:
    """Where anything lies of a product, parties included, by place."""
    rows = connection.execute(
        text(
            "SELECT s.location_id, coalesce(l.code, ''), s.quantity FROM stock_level AS s"
            " LEFT JOIN location AS l ON l.org_id = s.org_id AND l.location_id = s.location_id"
            " WHERE s.org_id = :org AND s.product_id = :product AND s.quantity <> 0 ORDER BY s.location_id"
        ),
        {"org": org_id, "product": product_id},
    )
    return [Lies(int(row[0]), row[1], int(row[2])) for row in rows]
