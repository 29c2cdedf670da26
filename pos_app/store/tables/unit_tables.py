"""The tables of units of measure, and of how products are packed."""

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
#: `price` is what the whole pack costs, in minor units (0: as many times the product's price), and
#: `each_price` with `each_fine` (ten-thousandths beside it) what one of the product's unit costs in it.
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
Index("ix_product_pack_barcode", product_pack.c.org_id, product_pack.c.barcode)
