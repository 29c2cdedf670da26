"""The places where stock lies, by what they are, and how much a product should not fall below there."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.store.master import master_edit
from pos_app.store.tables import master

#: A depot's shelf, a vehicle, a place at a customer or a supplier, goods on their way between two places, and
#: what cannot be sold any more.
KINDS: Final = ("depot", "vehicle", "customer", "supplier", "transit", "scrap")


@dataclass(frozen=True, slots=True)
class Location:
    """A place; `depot_id` is empty when it belongs to no depot."""

    location_id: int
    code: str
    name: str
    kind: str
    depot_id: int | None


@dataclass(frozen=True, slots=True)
class Short:
    """A product below its reorder level at a location; all in thousandths of its unit.

    `order` is what brings it up to its target.
    """

    location_id: int
    product_id: int
    quantity: int
    minimum: int
    order: int


def check_kind(kind: str) -> None:
    """Raise `Refused` for a kind of place that is none."""
    if kind not in KINDS:
        raise Refused("place-kind-unknown", kind=kind[:20], kinds=", ".join(KINDS))


def all_of(connection: Connection, org_id: int, kind: str = "") -> list[Location]:
    """Every place, or those of a kind, by code."""
    where = " AND kind = :kind" if kind else ""
    rows = connection.execute(
        text(
            "SELECT location_id, code, name, kind, depot_id FROM location"
            f" WHERE org_id = :org{where} ORDER BY code, location_id"
        ),
        {"org": org_id, **({"kind": kind} if kind else {})},
    )
    return [Location(int(row[0]), row[1], row[2], row[3], row[4]) for row in rows]


def name_of(connection: Connection, org_id: int, location_id: int) -> str:
    """What a place is called; empty where it is not known here."""
    name = connection.execute(
        text("SELECT name FROM location WHERE org_id = :org AND location_id = :location"),
        {"org": org_id, "location": location_id},
    ).scalar_one_or_none()
    return str(name or "")


def put_reorder_level(
    connection: Connection, org_id: int, location_id: int, product_id: int, *, minimum: int, target: int
) -> None:
    """Say when to order a product again at a place, and up to how much, in thousandths.

    Raises `Refused` when the target is below the minimum.
    """
    if not 0 <= minimum <= target:
        raise Refused("reorder-levels-wrong")
    master_edit.put(
        connection,
        master.reorder_level,
        org_id,
        location_id=location_id,
        product_id=product_id,
        minimum=minimum,
        target=target,
        active=1,
    )


def reorder_levels(connection: Connection, org_id: int, location_id: int) -> dict[int, int]:
    """At which quantity each product is ordered again at a place, in thousandths; only those with a level."""
    rows = connection.execute(
        text(
            "SELECT product_id, minimum FROM reorder_level"
            " WHERE org_id = :org AND location_id = :location AND active = 1"
        ),
        {"org": org_id, "location": location_id},
    )
    return {int(row[0]): int(row[1]) for row in rows}


def short(connection: Connection, org_id: int, location_id: int | None = None) -> list[Short]:
    """What is at or below its reorder level, everywhere or at one place; what nothing touched counts as 0."""
    where = "" if location_id is None else " AND r.location_id = :location"
    rows = connection.execute(
        text(
            "SELECT r.location_id, r.product_id, coalesce(s.quantity, 0), r.minimum, r.target"
            " FROM reorder_level AS r LEFT JOIN stock_level AS s ON s.org_id = r.org_id"
            " AND s.location_id = r.location_id AND s.product_id = r.product_id"
            f" WHERE r.org_id = :org AND r.active = 1{where} AND coalesce(s.quantity, 0) <= r.minimum"
            " ORDER BY r.location_id, r.product_id"
        ),
        {"org": org_id, **({} if location_id is None else {"location": location_id})},
    )
    return [
        Short(int(row[0]), int(row[1]), int(row[2]), int(row[3]), int(row[4]) - int(row[2])) for row in rows
    ]
