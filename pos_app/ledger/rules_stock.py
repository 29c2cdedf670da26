"""Rules for stock that moves without a sale, and for its valuation."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.quantity import extend
from pos_app.ledger.rules_amounts import (
    MOST_AT_A_PLACE,
    check_amount,
    check_once,
    check_quantity,
    need,
    need_clearing,
)
from pos_app.ledger.rules_lines import check_party_location
from pos_app.ledger.stock import (
    SIGN_OF,
    AdjustmentReason,
    CountedLine,
    ReturnableMove,
    StockAdjustment,
    StockCount,
    StockValuation,
    TransferReceived,
    TransferSent,
)


def check_stock_count(document: StockCount) -> None:
    """A count has lines, and values them where it does in the base currency."""
    if not document.lines:
        raise Refused("The count has no lines; count at least one product.")
    for line in document.lines:
        if abs(line.counted) > MOST_AT_A_PLACE or abs(line.expected) > MOST_AT_A_PLACE:
            raise Refused("A counted quantity cannot be right; check the digits.")
        if line.unit_cost is not None:
            _check_valued(document, line, line.unit_cost)
    own = document.business_id
    need_clearing(
        document, [line.business_id for line in document.lines if line.business_id not in (None, own)]
    )


def _check_valued(document: StockCount, line: CountedLine, unit_cost: int) -> None:
    check_amount(unit_cost, "The cost of a unit")
    if abs(extend(unit_cost, line.counted - line.expected)) > MOST_MINOR:
        raise Refused("The value of a counted product is larger than any amount; check the digits.")
    if document.rate_micro != RATE_ONE:
        raise Refused("Stock is valued in the base currency; write the cost of a unit in it.")
    need(line.inventory_account, "inventory")
    need(line.contra_account, "opening stock")


def check_transfer_sent(document: TransferSent) -> None:
    """A transfer goes somewhere else, over a place on the way."""
    _check_places(document.from_location, document.transit_location, document.to_location)
    if not document.lines:
        raise Refused("There is nothing in this transfer; add at least one product.")
    check_once([line.product_id for line in document.lines], "transfer")
    for line in document.lines:
        check_quantity(line.quantity, "a product of the transfer")
        if line.quantity < 0:
            raise Refused("A transferred quantity is negative; make a transfer the other way.")


def check_transfer_received(document: TransferReceived) -> None:
    """No more comes than was on its way."""
    if document.sent_id <= 0:
        raise Refused("Say which transfer was received.")
    _check_places(None, document.transit_location, document.to_location)
    if not document.lines:
        raise Refused("There is nothing in this receipt of a transfer; add at least one product.")
    check_once([line.product_id for line in document.lines], "transfer")
    for line in document.lines:
        check_quantity(line.sent, "a product of the transfer")
        if line.sent < 0 or line.received < 0:
            raise Refused("A transferred quantity is negative; make a transfer the other way.")
        if line.received > line.sent:
            raise Refused("More of a product was received than was sent; count it again.")


def _check_places(start: int | None, transit: int, end: int) -> None:
    if start == end:
        raise Refused("The transfer goes to the place that it comes from; choose another one.")
    if transit in (start, end):
        raise Refused("What is on its way cannot lie where it starts or ends; choose the place in transit.")


def check_stock_adjustment(document: StockAdjustment) -> None:
    """An adjustment goes the way that its reason says."""
    if not document.lines:
        raise Refused("There is nothing in this adjustment; add at least one product.")
    check_once([line.product_id for line in document.lines], "adjustment")
    sign = SIGN_OF.get(document.reason)
    for line in document.lines:
        check_quantity(line.quantity, "an adjusted product")
        if sign is not None and line.quantity * sign < 0:
            way = "adds to" if sign > 0 else "takes from"
            raise Refused(f"“{document.reason.value.capitalize()}” {way} the stock; change the sign.")
    if document.reason is AdjustmentReason.OTHER and not document.note.strip():
        raise Refused("Say why the stock is adjusted.")


def check_returnable(document: ReturnableMove) -> None:
    """Returnables move between a place of ours and the party."""
    if not document.lines:
        raise Refused("No returnable is named; add at least one.")
    check_once([line.product_id for line in document.lines], "move of returnables")
    for line in document.lines:
        check_quantity(line.quantity, "a returnable")
    check_party_location(document.location_id, document.party_location_id, document.party_id)


def check_stock_valuation(document: StockValuation) -> None:
    """A valuation is in base currency and says something on each line."""
    if not document.lines:
        raise Refused("There is nothing in this valuation.")
    if document.rate_micro != RATE_ONE:
        raise Refused("Stock is valued in the base currency.")
    for line in document.lines:
        if not line.quantity and not line.value:
            raise Refused("A line of the valuation says nothing.")
        if abs(line.quantity) > MOST_AT_A_PLACE:
            raise Refused("A valued quantity cannot be right.")
        need(line.inventory_account, "inventory")
        need(line.contra_account, "cost of goods")
        if line.inventory_account == line.contra_account:
            raise Refused("A valuation moves value between two accounts; it names one twice.")
    check_amount(sum(abs(line.value) for line in document.lines), "The value of this valuation")
    need_clearing(document, [line.business_id for line in document.lines])
