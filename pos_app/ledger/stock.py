"""Stock that moves without a sale: counts, transfers, adjustments, returnables, and its valuation.

A place is a location: a depot, a vehicle, what is in transit, the scrap, a party.  Quantities are in
thousandths of the product's unit.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from pos_app.ledger.head import Head
from pos_app.ledger.line import PartyRole

#: Locations of parties begin here; those that founding and the office number are far below.
PARTY_LOCATIONS: Final = 1 << 40

#: What a shelf or an area is called is no longer than that, and a count has no more of them.
MOST_AREA_LETTERS: Final = 40
MOST_AREAS: Final = 200

#: Who walks in without a name: what they hold of returnables is one heap.
WALK_IN: Final = 0


def location_of(party_id: int | None) -> int:
    """Where the stock of a party lies; None is everybody who has no name, who share one location."""
    return PARTY_LOCATIONS | (WALK_IN if party_id is None else party_id)


class CountedLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One product of a stock count, in thousandths: what the books expected and what was there.

    With a `unit_cost` (minor units of the base currency for one unit) the difference is valued at
    once, into `inventory_account` from `contra_account`, in `business_id`: opening stock.  Without, the
    centre values it later (see `StockValuation`).
    """

    product_id: int
    expected: int = 0
    counted: int
    unit_cost: int | None = None
    business_id: int | None = None
    inventory_account: str = ""
    contra_account: str = ""


class CountedArea(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted of a product on one shelf or in one area, in thousandths; `area` is what people there
    call it, empty for the rest of the place.
    """

    area: str = ""
    product_id: int
    counted: int


class StockCount(Head, frozen=True, kw_only=True, omit_defaults=True, tag="stock_count"):
    """What was counted at a location; the difference moves the stock.

    Where it was counted by areas, `areas` say what lay where; of each product they come to its line.
    """

    location_id: int
    lines: tuple[CountedLine, ...]
    areas: tuple[CountedArea, ...] = ()


class SentLine(Struct, frozen=True, kw_only=True):
    """One product of a transfer that goes out; each product stands once."""

    product_id: int
    quantity: int


class TransferSent(Head, frozen=True, kw_only=True, omit_defaults=True, tag="transfer_sent"):
    """Goods left a place for another one; until they are received they lie at `transit_location`."""

    from_location: int
    transit_location: int
    to_location: int
    lines: tuple[SentLine, ...]


class ReceivedLine(Struct, frozen=True, kw_only=True):
    """One product of a transfer that came: `sent` is what was still on its way, `received` what came."""

    product_id: int
    sent: int
    received: int


class TransferReceived(Head, frozen=True, kw_only=True, omit_defaults=True, tag="transfer_received"):
    """Goods of the transfer `sent_id` came; what did not come stays in transit, to be looked for."""

    sent_id: int
    transit_location: int
    to_location: int
    lines: tuple[ReceivedLine, ...]


class AdjustmentReason(StrEnum):
    """Why stock is corrected without a count."""

    DAMAGE = "damage"
    LOSS = "loss"
    FOUND = "found"
    USE = "use"
    OTHER = "other"


#: Which way each reason corrects stock; other does either.
SIGN_OF: Final = {
    AdjustmentReason.DAMAGE: -1,
    AdjustmentReason.LOSS: -1,
    AdjustmentReason.USE: -1,
    AdjustmentReason.FOUND: 1,
}


class AdjustedLine(Struct, frozen=True, kw_only=True):
    """By how much one product is corrected; positive is more."""

    product_id: int
    quantity: int


class StockAdjustment(Head, frozen=True, kw_only=True, omit_defaults=True, tag="stock_adjustment"):
    """Stock of a location is corrected: damage, loss and use take, found goods add, other does either."""

    location_id: int
    reason: AdjustmentReason
    lines: tuple[AdjustedLine, ...]


class ReturnableQuantity(Struct, frozen=True, kw_only=True):
    """How many cylinders or bottles changed hands: positive given to the party, negative taken back."""

    product_id: int
    quantity: int


class ReturnableMove(Head, frozen=True, kw_only=True, omit_defaults=True, tag="returnable"):
    """Empties or fulls given to or taken back from a party, without a trade.

    `party_location_id` is `location_of(party_id)`.
    """

    party_id: int | None = None
    party_role: PartyRole = PartyRole.CUSTOMER
    location_id: int
    party_location_id: int
    lines: tuple[ReturnableQuantity, ...]


class ValuationCause(StrEnum):
    """Why stock lost value (or, negative, gained it)."""

    SALE = "sale"
    LOSS = "loss"
    FOUND = "found"
    REVALUATION = "revaluation"


class ValuedLine(Struct, frozen=True, kw_only=True):
    """What left the valued stock: `quantity` thousandths worth `value` minor units of base currency.

    Both are negative where stock came back.  A revaluation has no quantity.
    """

    business_id: int
    product_id: int
    quantity: int
    value: int
    cause: ValuationCause
    inventory_account: str
    contra_account: str


class StockValuation(Head, frozen=True, kw_only=True, omit_defaults=True, tag="stock_valuation"):
    """What the moves of a time cost, by the moving average; made by the centre, in base currency.

    Debits `contra_account` (cost of goods, losses), credits `inventory_account`.  `after_mark` and
    `upto_mark` say, where the centre fills them in, which of its marks the run covers.
    """

    lines: tuple[ValuedLine, ...]
    after_mark: int = 0
    upto_mark: int = 0
