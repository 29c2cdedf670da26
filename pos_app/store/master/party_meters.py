"""Meters at customers' places: which goods run through them, and where they stood when they came to us."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.store.master import master_edit
from pos_app.store.tables import master


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter of a party; `first_reading` in thousandths of the unit of its product."""

    party_id: int
    code: str
    product_id: int
    sku: str
    unit: str
    serial: str
    first_reading: int


def of_party(
    connection: Connection, org_id: int, party_id: int, product_id: int | None = None
) -> list[Meter]:
    """The meters of a party by their codes, of all goods or of one."""
    rows = connection.execute(
        text(
            "SELECT m.party_id, m.code, m.product_id, coalesce(p.sku, ''), coalesce(p.unit, ''), m.serial,"
            " m.first_reading FROM party_meter AS m"
            " LEFT JOIN product AS p ON p.org_id = m.org_id AND p.product_id = m.product_id"
            " WHERE m.org_id = :org AND m.party_id = :party AND m.active = 1"
            + ("" if product_id is None else " AND m.product_id = :product")
            + " ORDER BY m.code"
        ),
        {"org": org_id, "party": party_id} | ({} if product_id is None else {"product": product_id}),
    )
    return [Meter(int(row[0]), row[1], int(row[2]), row[3], row[4], row[5], int(row[6])) for row in rows]


def put(connection: Connection, org_id: int, meter: Meter, *, active: bool = True) -> None:
    """Say a meter, or (not active) take it away."""
    master_edit.put(
        connection,
        master.party_meter,
        org_id,
        party_id=meter.party_id,
        code=meter.code,
        product_id=meter.product_id,
        serial=meter.serial,
        first_reading=meter.first_reading,
        active=int(active),
    )
