"""Rules for services on things that customers leave: orders, their steps, and the sale that collects one."""

from typing import Final

from pos_app.language import kept_code
from pos_app.ledger import tax
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.quantity import extend
from pos_app.ledger.rules.amounts import check_amount, check_day, check_fine, check_quantity, need_reason
from pos_app.ledger.rules.lines import check_totals, is_named
from pos_app.ledger.service_orders import CLOSING, ServiceLine, ServiceOrder, ServiceStep

#: What is printed on a tag or spoken over a counter; longer texts are pasted by mistake.
MOST_TAG: Final = 40
MOST_NAME: Final = 60
MOST_NOTE: Final = 200
_MOST_LINES: Final = 500


def check_service_order(document: ServiceOrder) -> None:
    """An order says whose things they are, what is to be done and what it costs."""
    if document.party_id is None and not document.customer_name.strip():
        raise Refused("order-of-nobody")
    if len(document.customer_name) > MOST_NAME or len(document.tag) > MOST_TAG:
        raise Refused("name-or-tag-too-long")
    if not document.lines:
        raise Refused("service-order-empty")
    if len(document.lines) > _MOST_LINES:
        raise Refused("service-order-too-long", most=_MOST_LINES)
    for line in document.lines:
        _check_line(line)
    check_amount(sum(line.gross for line in document.lines), "The total of this order")
    shares = tax.share_out([line.taxable() for line in document.lines])
    for line, share in zip(document.lines, shares, strict=True):
        if (line.net, line.tax) != (share.net, share.tax):
            raise Refused("net-and-tax-wrong", line=line.description)
    net, taxed = sum(line.net for line in document.lines), sum(line.tax for line in document.lines)
    check_totals(document, net, taxed, "order")
    check_day(document.promised_on, "The day on which it is promised")


def _check_line(line: ServiceLine) -> None:
    what = f"“{line.description or line.product_id}”"
    check_quantity(line.quantity, what)
    if line.quantity < 0:
        raise Refused("service-quantity-negative", what=what)
    check_amount(line.unit_price, kept_code("price-of", "of"), of=what)
    check_fine(line.price_fine, what)
    check_fine(line.list_price_fine, what)
    if line.discount or line.promotion_id is not None or line.promotion:
        is_by_itself = line.list_price is None and line.price_approver_id is None
        is_lowered = 0 < line.discount <= extend(line.price, line.quantity)
        if not is_by_itself or not is_lowered or not is_named(line.promotion_id, line.promotion):
            raise Refused("promotion-implausible", line=line.description)
    if not 0 <= line.tax_rate_bp <= tax.WHOLE_BP * 10:
        raise Refused("tax-rate-implausible-of", what=what)
    if len(line.note) > MOST_NOTE:
        raise Refused("line-note-too-long", what=what)


def check_service_step(document: ServiceStep) -> None:
    """A step names its order; what is given back without the service says what and why."""
    if document.order_id <= 0:
        raise Refused("step-of-nothing")
    if document.step not in CLOSING:
        if document.lines:
            raise Refused("ready-gives-lines-back")
        return
    need_reason(document.reason, "the things go back as they came")
    if not document.lines:
        raise Refused("returned-lines-missing")
    for line in document.lines:
        check_quantity(line.quantity, "what goes back")
        if line.quantity < 0:
            raise Refused("returned-quantity-negative")
    _check_places([line.order_line for line in document.lines])


def check_collection(order_id: int | None, lines: tuple[GoodsLine, ...]) -> None:
    """A sale or an invoice that collects an order names its lines, each once; any other names none."""
    places = [line.origin_line for line in lines if line.origin_line is not None]
    if order_id is None:
        if places:
            raise Refused("order-lines-without-order")
        return
    if order_id <= 0 or not places:
        raise Refused("collects-no-line")
    _check_places(places)
    if any(line.quantity < 0 for line in lines if line.origin_line is not None):
        raise Refused("collected-quantity-negative")


def _check_places(places: list[int]) -> None:
    if any(place < 0 for place in places):
        raise Refused("order-line-impossible")
    if len(set(places)) < len(places):
        raise Refused("order-line-twice")
