"""What is ruled about prices: lists and whom they are for, promotions and what they take off.

Moments are microseconds since 1970, quantities thousandths, prices minor units of the base currency.

Decisions
---------
2026-11-30  A price that is entered holds from a moment on and is never written over: another price is another
row, a price that ends gets an end, what is corrected before it began ends when it begins.  So tomorrow's
prices are entered today, and what held at any moment of the past is what the rows say of that moment.  No
moment of the past can be entered: a price of yesterday would make old receipts wrong.

2026-11-30  A moment that a person writes without a zone is of the shop's zone, and is kept in UTC: a
promotion that ends at midnight ends at the shop's midnight, and two tills whose zones are set apart agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

from pos_app.ledger.price import Price

#: The end of what has none.
ENDLESS_US: Final = 2**62


class Level(IntEnum):
    """Whose price it is, from what comes first to what comes last."""

    CONTRACT = 0
    CUSTOMER = 1
    GROUP = 2
    DEPOT = 3
    EVERYBODY = 4
    BASE = 5


class ScopeKind(StrEnum):
    """Whom a list is for; the values are what stands in the tables and travels."""

    CUSTOMER = "party"
    GROUP = "group"
    DEPOT = "depot"
    EVERYBODY = "all"


LEVEL_OF: Final[Mapping[ScopeKind, Level]] = {
    ScopeKind.CUSTOMER: Level.CUSTOMER,
    ScopeKind.GROUP: Level.GROUP,
    ScopeKind.DEPOT: Level.DEPOT,
    ScopeKind.EVERYBODY: Level.EVERYBODY,
}


class PriceList(NamedTuple):
    """A list by what people call it; of a contract it comes before all others."""

    list_id: int
    code: str
    name: str
    is_contract: bool = False


class Scope(NamedTuple):
    """That a list is for somebody, from a moment until another."""

    list_id: int
    from_us: int = 0
    to_us: int = ENDLESS_US


class Item(NamedTuple):
    """What a list says of a product, from so many of it in one basket (thousandths; 0: any)."""

    from_quantity: int
    price: Price
    from_us: int = 0
    to_us: int = ENDLESS_US
    item_id: int = 0


class OfferKind(StrEnum):
    """How a promotion takes something off; the values are what stands in the tables and travels."""

    #: So many basis points of what a line comes to.
    PERCENT = "percent"
    #: So much of the price of each unit.
    AMOUNT = "amount"
    #: Of so many whole pieces of its products, whichever they are, only so many are paid: the dearest.
    N_FOR_M = "n_for_m"
    #: So much of each of its products, together, at one price.
    BUNDLE = "bundle"


#: These look at one line, the others at all lines of a basket together.
OF_A_LINE: Final = frozenset({OfferKind.PERCENT, OfferKind.AMOUNT})


@dataclass(frozen=True, slots=True)
class Promotion:
    """Something off, in a period: on whose prices, where, of which products.

    `percent_bp` is of `PERCENT`, `amount` what is off each unit, or what a bundle costs; `take` for `pay` of
    `N_FOR_M`.  `products` says how much of each a bundle holds, in thousandths.  `depot_id` and `group_id` 0
    is everywhere, and everybody.  `days` and the two minutes are as in `hours`.
    """

    promotion_id: int
    code: str
    name: str
    kind: OfferKind
    products: Mapping[int, int]
    percent_bp: int = 0
    amount: Price = 0
    take: int = 0
    pay: int = 0
    depot_id: int = 0
    group_id: int = 0
    on_contracts: bool = False
    days: int = 0
    from_minute: int = 0
    to_minute: int = 0
    from_us: int = 0
    to_us: int = ENDLESS_US


class Asker(NamedTuple):
    """Who asks for a price, where and when; `time_zone` tells weekday and hour there."""

    at_us: int
    depot_id: int = 0
    party_id: int | None = None
    groups: tuple[int, ...] = ()
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Rules:
    """All that is ruled about the products that are asked for.

    `items` are by product and list, each list's with the largest quantity first, of one quantity the latest
    first (`in_order`).
    """

    lists: Mapping[int, PriceList] = field(default_factory=dict)
    scopes: Mapping[tuple[ScopeKind, int], tuple[Scope, ...]] = field(default_factory=dict)
    items: Mapping[int, Mapping[int, tuple[Item, ...]]] = field(default_factory=dict)
    promotions: Mapping[int, tuple[Promotion, ...]] = field(default_factory=dict)

    @property
    def are_none(self) -> bool:
        """Whether nothing is ruled: everybody pays what the product says, or a contract's rate."""
        return not self.lists and not self.promotions


def in_order(items: list[Item]) -> tuple[Item, ...]:
    """The items of one list and product as `Rules.items` has them."""
    return tuple(sorted(items, key=lambda one: (-one.from_quantity, -one.from_us, -one.item_id)))


def by_product(promotions: list[Promotion]) -> dict[int, tuple[Promotion, ...]]:
    """Promotions as `Rules.promotions` has them."""
    found: dict[int, tuple[Promotion, ...]] = {}
    for one in sorted(promotions, key=lambda one: one.promotion_id):
        for product_id in one.products:
            found[product_id] = (*found.get(product_id, ()), one)
    return found
