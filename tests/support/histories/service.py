"""Random services: things taken in, steps of an order, and what collects it."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from pos_app.ledger.document import Document, Invoice, Sale, ServiceOrder, ServiceStep
from pos_app.ledger.service_orders import Step
from tests.support.documents import service_specimens as services
from tests.support.documents.specimens import BUSINESSES, TAX_CODES, Item
from tests.support.histories.clerk import BASE, CUSTOMERS, PRODUCTS, Clerk


def _order(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    items = [
        Item(
            choose.number(0, 100_000),
            clerk.quantity(),
            choose.pick(sorted(TAX_CODES)),
            choose.pick(PRODUCTS),
            choose.pick(BUSINESSES),
        )
        for _ in range(choose.number(1, 3))
    ]
    party = choose.pick((None, *CUSTOMERS))
    return services.service_order(
        *items, **clerk.head(), party_id=party, customer_name="" if party else "Kamau"
    )


def _left(clerk: Clerk, order: ServiceOrder) -> list[tuple[int, int]]:
    """Line and thousandths of what is still here."""
    gone: Counter[int | None] = Counter()
    trades: list[Sale | Invoice] = [*clerk.standing(Sale), *clerk.standing(Invoice)]
    for sold in trades:
        if sold.order_id == order.document_id:
            gone.update({line.origin_line: line.quantity for line in sold.lines})
    for step in clerk.standing(ServiceStep):
        if step.order_id == order.document_id:
            gone.update({line.order_line: line.quantity for line in step.lines})
    left = [(place, line.quantity - gone[place]) for place, line in enumerate(order.lines)]
    return [(place, quantity) for place, quantity in left if quantity > 0]


def open_orders(clerk: Clerk) -> list[ServiceOrder]:
    """Those of which something is here."""
    return [one for one in clerk.standing(ServiceOrder) if _left(clerk, one)]


def some_of(clerk: Clerk, order: ServiceOrder) -> list[tuple[int, int]]:
    """All that is left of an order, or a part of it: line and thousandths."""
    choose, left = clerk.choices, _left(clerk, order)
    if choose.now_and_then(2):
        return left
    return [(place, choose.number(1, quantity)) for place, quantity in choose.some(left, len(left))]


def _step(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    order = choose.pick(open_orders(clerk))
    step = choose.pick(list(Step))
    back = [] if step is Step.READY else some_of(clerk, order)
    named = [(place, order.lines[place].product_id, quantity) for place, quantity in back]
    return services.service_step(step, *named, order_id=order.document_id, **clerk.head(BASE))


KINDS: Final[dict[str, Callable[[Clerk], Document | None]]] = {
    "service_order": _order,
    "service_step": _step,
}
NEEDS: Final[dict[str, Callable[[Clerk], object]]] = {"service_step": open_orders}
