"""Rules for services on things that customers leave: orders, their steps, and the sale that collects one."""

from typing import Final

from pos_app.ledger import tax
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.rules_amounts import check_amount, check_day, check_quantity, need_reason
from pos_app.ledger.rules_lines import check_totals
from pos_app.ledger.service_orders import CLOSING, ServiceLine, ServiceOrder, ServiceStep

#: What is printed on a tag or spoken over a counter; longer texts are pasted by mistake.
MOST_TAG: Final = 40
MOST_NAME: Final = 60
MOST_NOTE: Final = 200
_MOST_LINES: Final = 500


def check_service_order(document: ServiceOrder) -> None:
    """An order says whose things they are, what is to be done and what it costs."""
    if document.party_id is None and not document.customer_name.strip():
        raise Refused("Say whose things they are: choose a customer, or write a name.")
    if len(document.customer_name) > MOST_NAME or len(document.tag) > MOST_TAG:
        raise Refused("The name or the tag is too long; write less.")
    if not document.lines:
        raise Refused("There is nothing in this order; add at least one service.")
    if len(document.lines) > _MOST_LINES:
        raise Refused(f"An order has at most {_MOST_LINES} lines; begin another one.")
    for line in document.lines:
        _check_line(line)
    check_amount(sum(line.gross for line in document.lines), "The total of this order")
    shares = tax.share_out([line.taxable() for line in document.lines])
    for line, share in zip(document.lines, shares, strict=True):
        if (line.net, line.tax) != (share.net, share.tax):
            raise Refused(f"Net and tax of “{line.description}” do not follow from its price.")
    net, taxed = sum(line.net for line in document.lines), sum(line.tax for line in document.lines)
    check_totals(document, net, taxed, "order")
    check_day(document.promised_on, "The day on which it is promised")


def _check_line(line: ServiceLine) -> None:
    what = f"“{line.description or line.product_id}”"
    check_quantity(line.quantity, what)
    if line.quantity < 0:
        raise Refused(f"The quantity of {what} is negative; take in one or more.")
    check_amount(line.unit_price, f"The price of {what}")
    if not 0 <= line.tax_rate_bp <= tax.WHOLE_BP * 10:
        raise Refused(f"The tax rate of {what} cannot be right.")
    if len(line.note) > MOST_NOTE:
        raise Refused(f"The note on {what} is too long; write less.")


def check_service_step(document: ServiceStep) -> None:
    """A step names its order; what is given back without the service says what and why."""
    if document.order_id <= 0:
        raise Refused("Say which order it is about.")
    if document.step not in CLOSING:
        if document.lines:
            raise Refused("An order that is ready gives nothing back; leave its lines out.")
        return
    need_reason(document.reason, "the things go back as they came")
    if not document.lines:
        raise Refused("Say which lines of the order go back as they came.")
    for line in document.lines:
        check_quantity(line.quantity, "what goes back")
        if line.quantity < 0:
            raise Refused("The quantity of what goes back is negative; void the step instead.")
    _check_places([line.order_line for line in document.lines])


def check_collection(order_id: int | None, lines: tuple[GoodsLine, ...]) -> None:
    """A sale or an invoice that collects an order names its lines, each once; any other names none."""
    places = [line.origin_line for line in lines if line.origin_line is not None]
    if order_id is None:
        if places:
            raise Refused("It names lines of an order, and no order.")
        return
    if order_id <= 0 or not places:
        raise Refused("It collects an order and names no line of it.")
    _check_places(places)
    if any(line.quantity < 0 for line in lines if line.origin_line is not None):
        raise Refused("What is collected has a negative quantity; void the sale that collected it instead.")


def _check_places(places: list[int]) -> None:
    if any(place < 0 for place in places):
        raise Refused("It names a line that no order has.")
    if len(set(places)) < len(places):
        raise Refused("A line of the order stands twice; put both together.")
