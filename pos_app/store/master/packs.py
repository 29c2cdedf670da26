"""How products are packed, as rows: by the barcode of a pack, by its unit, and all of a product."""

from typing import Any, Final

from sqlalchemy import Connection

from pos_app.ledger.pack import Pack, Packed
from pos_app.ledger.price import exact
from pos_app.store.engine.engine import quick

_SELECT: Final = (
    "SELECT p.product_id, p.unit_code, coalesce(u.word, p.unit_code), p.quantity, p.price, p.each_price,"
    " p.each_fine FROM product_pack AS p LEFT JOIN unit AS u ON u.org_id = p.org_id AND u.code = p.unit_code"
    " WHERE p.org_id = ? AND p.active = 1"
)
_SOLD: Final = (
    " AND EXISTS (SELECT 1 FROM product AS o WHERE o.org_id = p.org_id AND o.product_id = p.product_id"
    " AND o.active = 1)"
)


def by_barcode(connection: Connection, org_id: int, barcode: str) -> tuple[int, Pack] | None:
    """The pack with this barcode of a product that is sold, and the product's key."""
    row = quick(connection, f"{_SELECT} AND p.barcode = ?{_SOLD} LIMIT 1", org_id, barcode).fetchone()
    return None if row is None else (int(row[0]), _pack(row))


def of_unit(connection: Connection, org_id: int, product_id: int, unit: str) -> Pack | None:
    """How a product is packed in the unit of this code."""
    row = quick(
        connection, f"{_SELECT} AND p.product_id = ? AND p.unit_code = ?", org_id, product_id, unit
    ).fetchone()
    return None if row is None else _pack(row)


def of_product(connection: Connection, org_id: int, product_id: int) -> list[Pack]:
    """The packs of a product, the smallest first."""
    rows = quick(
        connection, f"{_SELECT} AND p.product_id = ? ORDER BY p.quantity, p.unit_code", org_id, product_id
    )
    return [_pack(row) for row in rows.fetchall()]


def _pack(row: Any) -> Pack:
    packed = Packed(unit=row[1], word=row[2], size=int(row[3]))
    return Pack(packed, int(row[4]), exact(int(row[5]), int(row[6])))
