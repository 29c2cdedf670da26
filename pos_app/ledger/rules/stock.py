"""Rules for stock that moves without a sale, and for its valuation."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.quantity import extend
from pos_app.ledger.rules.amounts import (
    MOST_AT_A_PLACE,
    check_amount,
    check_once,
    check_quantity,
    need,
    need_clearing,
)
from pos_app.ledger.rules.lines import check_party_location
from pos_app.ledger.stock import (
    MOST_AREA_LETTERS,
    MOST_AREAS,
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
        raise Refused("count-empty")
    for line in document.lines:
        if abs(line.counted) > MOST_AT_A_PLACE or abs(line.expected) > MOST_AT_A_PLACE:
            raise Refused("counted-quantity-implausible")
        if line.unit_cost is not None:
            _check_valued(document, line, line.unit_cost)
    _check_areas(document)
    own = document.business_id
    need_clearing(
        document, [line.business_id for line in document.lines if line.business_id not in (None, own)]
    )


def _check_areas(document: StockCount) -> None:
    """What lay on the shelves comes to what was counted, product by product."""
    if not document.areas:
        return
    if len({one.area for one in document.areas}) > MOST_AREAS:
        raise Refused("count-areas-too-many", most=MOST_AREAS)
    if len({(one.area, one.product_id) for one in document.areas}) < len(document.areas):
        raise Refused("count-area-twice")
    sums: dict[int, int] = {}
    for one in document.areas:
        if len(one.area) > MOST_AREA_LETTERS or not one.area.isprintable():
            raise Refused("count-area-name", most=MOST_AREA_LETTERS)
        if not 0 <= one.counted <= MOST_AT_A_PLACE:
            raise Refused("counted-quantity-implausible")
        sums[one.product_id] = sums.get(one.product_id, 0) + one.counted
    lines = {line.product_id: line.counted for line in document.lines}
    if sums != lines or len(lines) < len(document.lines):
        raise Refused("count-areas-differ")


def _check_valued(document: StockCount, line: CountedLine, unit_cost: int) -> None:
    check_amount(unit_cost, "The cost of a unit")
    if abs(extend(unit_cost, line.counted - line.expected)) > MOST_MINOR:
        raise Refused("counted-value-too-large")
    if document.rate_micro != RATE_ONE:
        raise Refused("count-cost-not-base")
    need(line.inventory_account, "inventory")
    need(line.contra_account, "opening stock")


def check_transfer_sent(document: TransferSent) -> None:
    """A transfer goes somewhere else, over a place on the way."""
    _check_places(document.from_location, document.transit_location, document.to_location)
    if not document.lines:
        raise Refused("transfer-empty")
    check_once([line.product_id for line in document.lines], "transfer")
    for line in document.lines:
        check_quantity(line.quantity, "a product of the transfer")
        if line.quantity < 0:
            raise Refused("transfer-quantity-negative")


def check_transfer_received(document: TransferReceived) -> None:
    """No more comes than was on its way."""
    if document.sent_id <= 0:
        raise Refused("received-transfer-not-named")
    _check_places(None, document.transit_location, document.to_location)
    if not document.lines:
        raise Refused("transfer-receipt-empty")
    check_once([line.product_id for line in document.lines], "transfer")
    for line in document.lines:
        check_quantity(line.sent, "a product of the transfer")
        if line.sent < 0 or line.received < 0:
            raise Refused("transfer-quantity-negative")
        if line.received > line.sent:
            raise Refused("received-more-than-sent")


def _check_places(start: int | None, transit: int, end: int) -> None:
    if start == end:
        raise Refused("transfer-to-same-place")
    if transit in (start, end):
        raise Refused("transit-place-wrong")


def check_stock_adjustment(document: StockAdjustment) -> None:
    """An adjustment goes the way that its reason says."""
    if not document.lines:
        raise Refused("adjustment-empty")
    check_once([line.product_id for line in document.lines], "adjustment")
    sign = SIGN_OF.get(document.reason)
    for line in document.lines:
        check_quantity(line.quantity, "an adjusted product")
        if sign is not None and line.quantity * sign < 0:
            way = "adds to" if sign > 0 else "takes from"
            raise Refused("adjustment-sign-wrong", reason=document.reason.value.capitalize(), way=way)
    if document.reason is AdjustmentReason.OTHER and not document.note.strip():
        raise Refused("adjustment-without-reason")


def check_returnable(document: ReturnableMove) -> None:
    """Returnables move between a place of ours and the party."""
    if not document.lines:
        raise Refused("no-returnable-named")
    check_once([line.product_id for line in document.lines], "move of returnables")
    for line in document.lines:
        check_quantity(line.quantity, "a returnable")
    check_party_location(document.location_id, document.party_location_id, document.party_id)


def check_stock_valuation(document: StockValuation) -> None:
    """A valuation is in base currency and says something on each line."""
    if not document.lines:
        raise Refused("valuation-empty")
    if document.rate_micro != RATE_ONE:
        raise Refused("valuation-not-base")
    for line in document.lines:
        if not line.quantity and not line.value:
            raise Refused("valuation-line-empty")
        if abs(line.quantity) > MOST_AT_A_PLACE:
            raise Refused("valued-quantity-implausible")
        need(line.inventory_account, "inventory")
        need(line.contra_account, "cost of goods")
        if line.inventory_account == line.contra_account:
            raise Refused("valuation-accounts-same")
    check_amount(sum(abs(line.value) for line in document.lines), "The value of this valuation")
    need_clearing(document, [line.business_id for line in document.lines])
