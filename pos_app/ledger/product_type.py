"""What kind of thing a product is, and what follows from it at the counter, in stock and on paper.

The type is data on the product; what a type does stands in one table here, and everything that asks (may it
lie on a shelf, is it a sale at all, is it read off a meter) asks this table.

Decisions
---------
2026-11-30  A type decides what was told before by marks of its own: no stock by the flag `stocked`, no sale
by the tax codes DEPOSIT and VOUCHER.  These marks stay on the product and on every line, for documents and
tills of before know nothing else; the centre writes them by the type, so that they never contradict it, and a
mark that is said without a type chooses one.

2026-11-30  What goes through a meter may come out of a tank of ours or out of a pipe: alone of all types it
says by itself whether it is counted as stock.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pos_app.ledger.tax import DEPOSIT_CODE, NO_SALE, VOUCHER_CODE


class ProductType(StrEnum):
    """The types; their values are stored and travel."""

    GOODS = "goods"
    SERVICE = "service"
    RETURNABLE = "returnable"
    METERED = "metered"
    WEIGHED = "weighed"
    LAUNDRY = "laundry"
    DEPOSIT = "deposit"
    VOUCHER = "voucher"


@dataclass(frozen=True)
class Behaviour:
    """What a type does.

    `stocked`: whether it lies on a shelf (None: the product says).  `no_sale`: the tax code that says that it
    is no sale.  `by_meter`: its quantity is two readings.  `taken_in`: customers bring their things for it.
    `comes_back`: its container is ours and comes back empty.
    """

    stocked: bool | None = True
    no_sale: str = ""
    by_meter: bool = False
    taken_in: bool = False
    comes_back: bool = False


BEHAVIOUR: Final = {
    ProductType.GOODS: Behaviour(),
    ProductType.SERVICE: Behaviour(stocked=False, taken_in=True),
    ProductType.RETURNABLE: Behaviour(comes_back=True),
    ProductType.METERED: Behaviour(stocked=None, by_meter=True),
    ProductType.WEIGHED: Behaviour(),
    ProductType.LAUNDRY: Behaviour(stocked=False, taken_in=True),
    ProductType.DEPOSIT: Behaviour(stocked=False, no_sale=DEPOSIT_CODE),
    ProductType.VOUCHER: Behaviour(stocked=False, no_sale=VOUCHER_CODE),
}


def known_type(name: str) -> ProductType:
    """The type of a name; one that a newer centre knows and we do not is goods."""
    return _BY_NAME.get(name, ProductType.GOODS)


def behaviour(name: str) -> Behaviour:
    """What the type of a name does."""
    return BEHAVIOUR[known_type(name)]


#: What people call the shelf of their laundry, and what weighed goods are counted in.
_LAUNDRY: Final = frozenset({"laundry", "dobi", "udobi"})
_BY_WEIGHT: Final = frozenset({"kg", "kilo", "g"})
_BY_NAME: Final = {one.value: one for one in ProductType}


def by_marks(tax_code: str, category: str, unit: str, *, stocked: bool) -> ProductType:
    """The type of a product of which only the marks of before are said (as `ledger_0019` has it)."""
    if tax_code in NO_SALE:
        return ProductType.DEPOSIT if tax_code == DEPOSIT_CODE else ProductType.VOUCHER
    if not stocked:
        return ProductType.LAUNDRY if category.lower() in _LAUNDRY else ProductType.SERVICE
    return ProductType.WEIGHED if unit.lower() in _BY_WEIGHT else ProductType.GOODS


def kept_type(name: str, tax_code: str, category: str, unit: str, *, stocked: bool) -> ProductType:
    """The type of a product as a table keeps it; of rows from a centre without types, by their marks."""
    type_ = known_type(name)
    if type_ is ProductType.GOODS and (not stocked or tax_code in NO_SALE):
        return by_marks(tax_code, category, unit, stocked=stocked)
    return type_


def fits(type_: ProductType, tax_code: str) -> bool:
    """Whether a product of a type may have a tax code: what is no sale has its own, and nothing else has
    it.
    """
    own = BEHAVIOUR[type_].no_sale
    return tax_code == own if own else tax_code not in NO_SALE
