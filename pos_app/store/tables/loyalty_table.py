"""The table of loyalty programmes: what gives points, to whom, and what a point is worth."""

from typing import Final

from pos_app.store.tables.columns import Int, String, may, must
from pos_app.store.tables.master_table import master_table

#: `points` for every `per_amount` minor units (`ledger.loyalty.Programme`); `tiers` as `loyalty.tiers_of`
#: reads them.  A row is written over by nobody: what is edited gets an end (`ended_us`) and another row with
#: the same code, what is put away an end alone.
loyalty_programme: Final = master_table(
    "loyalty_programme",
    ("programme_id", Int),
    must("code", String),
    must("name", String),
    must("points", default="0"),
    must("per_amount", default="0"),
    must("worth", default="0"),
    must("group_id", default="0"),
    must("tiers", String, default=""),
    must("valid_from_us", default="0"),
    may("valid_to_us"),
    may("ended_us"),
)
