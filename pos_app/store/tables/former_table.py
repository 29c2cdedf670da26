"""What a price, an agreement, a limit or a rate said before: at the centre, which judges old documents by it.

Decisions
---------
2026-11-29  A table of its own, filled by triggers: master data has one row a thing, and the audit log knows
its changes only as text beside a name. A row says until when a value held; from when is the end of the one
before. Rows come from the old side of a change, so whoever changes a price by whatever path leaves one
behind.
"""

from typing import Final, NamedTuple

from sqlalchemy import PrimaryKeyConstraint, Table

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import String, must

#: `subject` is one of `FORMERS`, `code`, `of_id` and `with_id` say of what (empty or 0 where there is no such
#: part of its key), `until_us` when it ended, in microseconds since 1970.
former_term: Final = Table(
    "former_term",
    central_metadata,
    must("org_id"),
    must("subject", String),
    must("code", String),
    must("of_id"),
    must("with_id"),
    must("until_us"),
    must("amount"),
    must("fine"),
    must("tax_code", String),
    must("active"),
    PrimaryKeyConstraint("org_id", "subject", "of_id", "with_id", "code", "until_us"),
)


class Former(NamedTuple):
    """A master table of which is kept what it said: how its columns become those of `former_term`, as SQL of
    an old row `o`.  What is no column of the table is a constant.
    """

    table: str
    code: str = "''"
    of_id: str = "0"
    with_id: str = "0"
    amount: str = "0"
    fine: str = "0"
    tax_code: str = "''"
    active: str = "1"
    #: What else may change: of a pack how many are in it.
    also: str = ""
    #: What held before there was a row, where the first one ends that.
    before_first: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """What may change: when none of these did, there is nothing to keep."""
        told = (self.amount, self.fine, self.tax_code, self.active, self.also)
        return tuple(one for one in told if one.startswith("o."))


PRICE: Final = "price"
AGREED: Final = "agreed"
LIMIT: Final = "limit"
TAX: Final = "tax"
RATE: Final = "rate"
RULE: Final = "rule"
BUSINESS: Final = "business"
PACK: Final = "pack"

FORMERS: Final = {
    PRICE: Former(
        "product", of_id="o.product_id", amount="o.price", fine="o.price_fine", tax_code="o.tax_code"
    ),
    AGREED: Former(
        "contract_rate",
        of_id="o.party_id",
        with_id="o.product_id",
        amount="o.price",
        fine="o.price_fine",
        active="o.active",
    ),
    LIMIT: Former(
        "party_role", code="o.role", of_id="o.party_id", amount="o.credit_limit", active="o.active"
    ),
    TAX: Former("tax_rate", code="o.code", of_id="o.valid_from", amount="o.rate_bp"),
    RATE: Former("exchange_rate", code="o.currency", of_id="o.valid_from", amount="o.rate_micro"),
    BUSINESS: Former("product", of_id="o.product_id", amount="o.business_id"),
    PACK: Former(
        "product_pack",
        code="o.unit_code",
        of_id="o.product_id",
        with_id="o.quantity",
        amount="o.each_price",
        fine="o.each_fine",
        active="o.active",
        also="o.quantity",
    ),
    RULE: Former("house_rule", code="o.name", of_id="o.depot_id", amount="o.value", before_first="0"),
}
