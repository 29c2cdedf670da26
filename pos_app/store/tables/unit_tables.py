"""The tables of units of measure, of how products are packed, and of the barcodes on packs.

Decisions
---------
2026-12-01  A pack has as many barcodes as makers and importers print on it, so they are rows of their own
(`pack_barcode`).  `product_pack.barcode` stays the first of them: a till of the release before finds the pack
by it.  One that was taken off stays as a row that holds no more, as the feed brings rows and no gaps.
"""

from typing import Final

from sqlalchemy import Index

from pos_app.store.tables.columns import Int, String, must
from pos_app.store.tables.master_table import master_table

#: A unit by its code (`ledger.units.Unit`); a product names its own by the `word`.
unit: Final = master_table(
    "unit",
    ("code", String),
    must("word", String),
    must("name", String),
    must("local_name", String, default=""),
    must("decimals", default="0"),
    must("of_code", String, default=""),
    must("factor_nano", default="0"),
    must("active", default="1"),
)

#: How a product is packed: so many thousandths of its unit (`quantity`) are one of the unit `unit_code`.
#: `barcode` is the first of its barcodes, for tills that know no `pack_barcode`.  `price` is what the whole
#: pack costs, in minor units (0: as many times the product's price), and `each_price` with `each_fine`
#: (ten-thousandths beside it) what one of the product's unit costs in it.
product_pack: Final = master_table(
    "product_pack",
    (("product_id", Int), ("unit_code", String)),
    must("quantity"),
    must("barcode", String, default=""),
    must("price", default="0"),
    must("each_price", default="0"),
    must("each_fine", default="0"),
    must("active", default="1"),
)

#: A barcode of a pack: what is scanned for all of it.  No product has it too (see `schema.barcode_seals`).
pack_barcode: Final = master_table(
    "pack_barcode",
    ("barcode", String),
    must("product_id"),
    must("unit_code", String),
    must("active", default="1"),
)
Index("ix_pack_barcode_product", pack_barcode.c.org_id, pack_barcode.c.product_id, pack_barcode.c.unit_code)
