"""The tables of promotions: what is off in a period, and of which goods."""

from typing import Final

from sqlalchemy import Index

from pos_app.store.tables.columns import Int, String, may, must
from pos_app.store.tables.master_table import master_table

#: What is off in a period (`ledger.pricing.rules.Promotion`).  A row is written over by nobody: what is
#: edited gets an end (`ended_us`) and another row with the same code, what is put away an end alone.
#: `days` are the weekdays on which it holds, a bit each from Monday (1) on, `from_minute` and `to_minute` of
#: the local day (0 and 0: the whole of it); `items` says how many rows of `promotion_item` it has.
promotion: Final = master_table(
    "promotion",
    ("promotion_id", Int),
    must("code", String),
    must("name", String),
    must("kind", String),
    must("percent_bp", default="0"),
    must("amount", default="0"),
    must("amount_fine", default="0"),
    must("take", default="0"),
    must("pay", default="0"),
    must("depot_id", default="0"),
    must("group_id", default="0"),
    must("on_contracts", default="0"),
    must("days", default="0"),
    must("from_minute", default="0"),
    must("to_minute", default="0"),
    must("items", default="0"),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
    may("ended_us"),
)

#: Of what a promotion takes something off: a product, or (`product_id` 0) all of a category; `quantity`
#: (thousandths) is how much of it a bundle holds.
promotion_item: Final = master_table(
    "promotion_item",
    (("promotion_id", Int), ("place", Int)),
    must("product_id", default="0"),
    must("category", String, default=""),
    must("quantity", default="1000"),
)
Index("ix_promotion_item_product", promotion_item.c.org_id, promotion_item.c.product_id)
Index("ix_promotion_item_category", promotion_item.c.org_id, promotion_item.c.category)
