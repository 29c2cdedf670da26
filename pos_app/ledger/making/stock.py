"""How stock that moves without a sale becomes a document: transfers, adjustments, counts, returnables.

Which product a code or a key means, where things lie and what the books expect the till and the office find
out; what may be moved at all, and what the document says of it, follows here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.document import SERIES
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import HeadFields
from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import quantity_text
from pos_app.ledger.stock import (
    AdjustedLine,
    AdjustmentReason,
    CountedArea,
    CountedLine,
    ReceivedLine,
    ReturnableMove,
    ReturnableQuantity,
    SentLine,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
    ValuedLine,
    location_of,
)


class Product(Protocol):
    """What a document asks of a product; `stocked` is False for a service."""

    @property
    def product_id(self) -> int: ...
    @property
    def sku(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def business_id(self) -> int: ...
    @property
    def stocked(self) -> bool: ...


class Moved(NamedTuple):
    """So much of a product, in thousandths; the document says which way."""

    product: Product
    quantity: int


class Counted(NamedTuple):
    """What was counted of a product and what the books expected, in thousandths.

    With a `unit_cost` (minor units of the base currency) the difference is opening stock, valued at once.
    """

    product: Product
    expected: int
    counted: int
    unit_cost: int | None = None


def need_stocked(product: Product) -> None:
    """Raise `Refused` for a service."""
    if not product.stocked:
        raise Refused("service-has-no-stock", name=product.name[:60])


def _checked(goods: Iterable[Moved]) -> list[Moved]:
    goods = list(goods)
    for product, quantity in goods:
        need_stocked(product)
        if quantity == 0:
            raise Refused("line-quantity-zero", name=product.name[:60])
    return goods


# --- transfers ------------------------------------------------------------------------------------------


def transfer_sent(
    head: HeadFields, goods: Iterable[Moved], *, from_location: int, transit_location: int, to_location: int
) -> TransferSent:
    """Goods leave a place for another one.  Raises `Refused` for what cannot be moved, or goes nowhere."""
    if from_location == to_location:
        raise Refused("transfer-to-same-place")
    return TransferSent(
        **head,
        series=SERIES[TransferSent],
        from_location=from_location,
        transit_location=transit_location,
        to_location=to_location,
        lines=tuple(
            SentLine(product_id=product.product_id, quantity=quantity)
            for product, quantity in _checked(goods)
        ),
    )


def left_of_transfer(sent: TransferSent, came: Mapping[int, int]) -> dict[int, int]:
    """What is still on its way of each product, in thousandths, where so much came already."""
    left = {line.product_id: line.quantity - came.get(line.product_id, 0) for line in sent.lines}
    return {product: quantity for product, quantity in left.items() if quantity > 0}


def transfer_received(
    head: HeadFields, sent: TransferSent, left: Mapping[int, int], received: Mapping[int, int] | None = None
) -> TransferReceived:
    """What came of a transfer (product to thousandths), or (None) all that is `left` of it.

    Raises `Refused` for more than is left, and for what was not sent.
    """
    if not left:
        raise Refused("transfer-came-already")
    products = {line.product_id for line in sent.lines}
    for product_id, quantity in (received or {}).items():
        if product_id not in products:
            raise Refused("product-not-in-transfer")
        still = left.get(product_id, 0)
        if quantity > still:
            raise Refused("more-than-on-its-way", left=quantity_text(still))
    came = left if received is None else {key: received[key] for key in received if key in left}
    return TransferReceived(
        **head,
        series=SERIES[TransferReceived],
        sent_id=sent.document_id,
        transit_location=sent.transit_location,
        to_location=sent.to_location,
        lines=tuple(
            ReceivedLine(product_id=key, sent=left[key], received=quantity) for key, quantity in came.items()
        ),
    )


# --- adjustments and counts -----------------------------------------------------------------------------


def stock_adjustment(
    head: HeadFields, goods: Iterable[Moved], *, location_id: int, reason: AdjustmentReason
) -> StockAdjustment:
    """Stock is corrected by signed quantities; positive is more.  Raises `Refused`.

    For no reason of its own the note of the head says why.
    """
    if reason is AdjustmentReason.OTHER and not head["note"]:
        raise Refused("adjustment-without-reason")
    return StockAdjustment(
        **head,
        series=SERIES[StockAdjustment],
        location_id=location_id,
        reason=reason,
        lines=tuple(
            AdjustedLine(product_id=product.product_id, quantity=quantity)
            for product, quantity in _checked(goods)
        ),
    )


def stock_count(
    head: HeadFields,
    accounts: Accounts,
    counted: Sequence[Counted],
    *,
    location_id: int,
    areas: Sequence[CountedArea] = (),
) -> StockCount:
    """What was counted at a place; `areas` say what lay on which shelf, where it was counted so.

    Raises `Refused` for a service, and for less than nothing.
    """
    lines = tuple(_counted_line(accounts, one) for one in counted)
    return StockCount(
        **head,
        series=SERIES[StockCount],
        clearing_account=accounts.clearing(line.business_id or 0 for line in lines),
        location_id=location_id,
        lines=lines,
        areas=tuple(areas),
    )


def _counted_line(accounts: Accounts, counted: Counted) -> CountedLine:
    product = counted.product
    if not product.stocked:
        raise Refused("service-not-counted", name=product.name[:60])
    if counted.counted < 0:
        raise Refused("counted-below-zero", name=product.name[:60])
    if counted.unit_cost is None:
        return CountedLine(product_id=product.product_id, expected=counted.expected, counted=counted.counted)
    business = product.business_id
    return CountedLine(
        product_id=product.product_id,
        expected=counted.expected,
        counted=counted.counted,
        unit_cost=counted.unit_cost,
        business_id=business,
        inventory_account=accounts.of(AccountRole.INVENTORY, business),
        contra_account=accounts.of(AccountRole.OPENING_EQUITY, business),
    )


def stock_valuation(head: HeadFields, lines: Sequence[ValuedLine]) -> StockValuation:
    """What the moves of a time cost, in base currency."""
    return StockValuation(**head, series=SERIES[StockValuation], lines=tuple(lines))


# --- returnables ----------------------------------------------------------------------------------------


def returnable_move(
    head: HeadFields, goods: Iterable[Moved], *, location_id: int, party_id: int | None, role: PartyRole
) -> ReturnableMove:
    """Cylinders or bottles given to a party (positive) or taken back (negative).  Raises `Refused`."""
    return ReturnableMove(
        **head,
        series=SERIES[ReturnableMove],
        party_id=party_id,
        party_role=role,
        location_id=location_id,
        party_location_id=location_of(party_id),
        lines=tuple(
            ReturnableQuantity(product_id=product.product_id, quantity=quantity)
            for product, quantity in _checked(goods)
        ),
    )
