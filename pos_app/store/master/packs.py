"""How products are packed, as rows: by a barcode of a pack, by its unit, and all of a product."""

from typing import Any, Final

from sqlalchemy import Connection

from pos_app.ledger.pack import Pack, Packed
from pos_app.ledger.price import exact
from pos_app.store.engine.engine import quick

_SELECT: Final = (
    "SELECT p.product_id, p.unit_code, coalesce(u.word, p.unit_code), p.quantity, p.price, p.each_price,"
    " p.each_fine FROM product_pack AS p LEFT JOIN unit AS u ON u.org_id = p.org_id AND u.code = p.unit_code"
)
_OF: Final = " WHERE p.org_id = ? AND p.active = 1"
_SCANNED: Final = (
    " JOIN pack_barcode AS b ON b.org_id = p.org_id AND b.product_id = p.product_id"
    " AND b.unit_code = p.unit_code AND b.active = 1"
)
_SOLD: Final = (
    " AND EXISTS (SELECT 1 FROM product AS o WHERE o.org_id = p.org_id AND o.product_id = p.product_id"
    " AND o.active = 1)"
)


#: What stands between the barcodes of a pack in one text; no barcode has it.
_APART: Final = "\x1f"


def barcodes_sql(pack: str) -> str:
    """SQL of the centre: the barcodes of a row `pack` of `product_pack` in one text (see `barcodes_in`)."""
    return (
        f"(SELECT coalesce(string_agg(i.barcode, chr({ord(_APART)}) ORDER BY i.barcode COLLATE \"C\"), '')"
        f" FROM pack_barcode AS i WHERE i.org_id = {pack}.org_id AND i.product_id = {pack}.product_id"
        f" AND i.unit_code = {pack}.unit_code AND i.active = 1)"
    )


def barcodes_in(text: str) -> tuple[str, ...]:
    """The barcodes of such a text, in their order."""
    return tuple(text.split(_APART)) if text else ()


def by_barcode(connection: Connection, org_id: int, barcode: str) -> tuple[int, Pack] | None:
    """The pack with this barcode of a product that is sold, and the product's key."""
    row = quick(
        connection, f"{_SELECT}{_SCANNED}{_OF} AND b.barcode = ?{_SOLD} LIMIT 1", org_id, barcode
    ).fetchone()
    return None if row is None else (int(row[0]), _pack(row))


def of_unit(connection: Connection, org_id: int, product_id: int, unit: str) -> Pack | None:
    """How a product is packed in the unit of this code."""
    row = quick(
        connection, f"{_SELECT}{_OF} AND p.product_id = ? AND p.unit_code = ?", org_id, product_id, unit
    ).fetchone()
    return None if row is None else _pack(row)


def of_product(connection: Connection, org_id: int, product_id: int) -> list[Pack]:
    """The packs of a product, the smallest first."""
    rows = quick(
        connection,
        f"{_SELECT}{_OF} AND p.product_id = ? ORDER BY p.quantity, p.unit_code",
        org_id,
        product_id,
    )
    return [_pack(row) for row in rows.fetchall()]


def barcodes_ever(connection: Connection, org_id: int, product_id: int) -> list[str]:
    """The barcodes that are on packs of a product, or were taken off one of them."""
    rows = quick(
        connection, "SELECT barcode FROM pack_barcode WHERE org_id = ? AND product_id = ?", org_id, product_id
    )
    return [str(row[0]) for row in rows.fetchall()]


def _pack(row: Any) -> Pack:
    packed = Packed(unit=row[1], word=row[2], size=int(row[3]))
    return Pack(packed, int(row[4]), exact(int(row[5]), int(row[6])))
