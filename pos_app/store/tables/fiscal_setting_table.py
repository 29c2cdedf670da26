"""The table that says by whom the sales of a business are signed."""

from typing import Final

from pos_app.store.tables.columns import Int, String, must
from pos_app.store.tables.master_table import master_table

#: By which regime (`fiscal.regimes`) a business's sales are signed since when; a sale may stay unsigned for
#: so many `hours` (0: as long as the regime lets it).  `is_trial` is 1 at an authority's sandbox.
fiscal_setting: Final = master_table(
    "fiscal_setting",
    ("business_id", Int),
    must("regime", String, default="none"),
    must("branch", String, default=""),
    must("hours", default="0"),
    must("is_trial", default="0"),
    must("from_us", default="0"),
)
