"""The barcodes on packs: which pack has one, taken off and put on, many at a time.

A row is known by its barcode, so that none is on two packs; that none is on a pack and on a product too, the
database holds (`schema.barcode_seals`).  So all that is let go of is let go of before anything is put on.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from pos_app.store.organisation import in_bulk
from pos_app.store.tables.unit_tables import pack_barcode


class Carried(NamedTuple):
    """A barcode, and the pack that it is on: of the product with this key, by the unit of this code."""

    barcode: str
    product_id: int
    unit: str


class OnPack(NamedTuple):
    """A barcode, and the pack that it is on already."""

    barcode: str
    product_id: int
    sku: str
    unit: str


def on_packs(connection: Connection, org_id: int, codes: list[str]) -> list[OnPack]:
    """On which packs these barcodes are; what is on none is left out."""
    rows = connection.execute(
        text(
            "SELECT b.barcode, b.product_id, p.sku, b.unit_code FROM pack_barcode AS b JOIN product AS p"
            " ON p.org_id = b.org_id AND p.product_id = b.product_id"
            " WHERE b.org_id = :org AND b.barcode = ANY (:codes) AND b.active = 1"
        ),
        {"org": org_id, "codes": codes},
    )
    return [OnPack(str(row[0]), int(row[1]), str(row[2]), str(row[3])) for row in rows]


def free(connection: Connection, org_id: int, products: list[int], kept: Sequence[Carried]) -> set[int]:
    """Take off the packs of these products every barcode but those that they keep, as they keep them.

    Gives the keys of the products that lost one.
    """
    return set(
        connection.scalars(
            text(
                "UPDATE pack_barcode AS b SET active = 0 WHERE b.org_id = :org AND b.active = 1"
                " AND b.product_id = ANY (:products) AND NOT EXISTS (SELECT 1 FROM"
                " unnest(CAST(:codes AS text[]), CAST(:keys AS bigint[]), CAST(:units AS text[]))"
                " AS k (barcode, product_id, unit_code) WHERE k.barcode = b.barcode"
                " AND k.product_id = b.product_id AND k.unit_code = b.unit_code) RETURNING b.product_id"
            ),
            {"org": org_id, "products": products, **_arrays(kept)},
        )
    )


def take(connection: Connection, org_id: int, carried: Sequence[Carried]) -> set[int]:
    """Put barcodes on packs; they are on nothing else.  Gives the keys of the products that got one."""
    if not carried:
        return set()
    arrays = _arrays(carried)
    # By the product, whatever the key of the table is: who asks counts the products that changed.
    before = _standing(connection, org_id, [one.barcode for one in carried])
    in_bulk.upsert(
        connection,
        pack_barcode,
        org_id,
        {
            "barcode": ("text", arrays["codes"]),
            "product_id": ("bigint", arrays["keys"]),
            "unit_code": ("text", arrays["units"]),
            "active": ("bigint", [1] * len(carried)),
        },
    )
    return {one.product_id for one in carried if one not in before}


def _standing(connection: Connection, org_id: int, codes: list[str]) -> set[Carried]:
    rows = connection.execute(
        text(
            "SELECT barcode, product_id, unit_code FROM pack_barcode"
            " WHERE org_id = :org AND barcode = ANY (:codes) AND active = 1"
        ),
        {"org": org_id, "codes": codes},
    )
    return {Carried(str(row[0]), int(row[1]), str(row[2])) for row in rows}


def _arrays(carried: Sequence[Carried]) -> dict[str, list[str] | list[int]]:
    return {
        "codes": [one.barcode for one in carried],
        "keys": [one.product_id for one in carried],
        "units": [one.unit for one in carried],
    }
