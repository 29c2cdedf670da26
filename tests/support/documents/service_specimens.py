"""Services on things that customers leave, to test with: orders, their steps, and what collects them."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

import msgspec

from pos_app.ledger.document import Invoice, Sale, ServiceOrder, ServiceStep, document_key
from pos_app.ledger.service_orders import ServiceLine, ServiceStepLine, Step
from pos_app.ledger.totals import totals_of, with_tax
from tests.support.documents import specimens
from tests.support.documents.specimens import LOCATION, TAX_CODES, TILL, Item, head

PROMISED: Final = 20261124
LAUNDRY: Final = 3
#: The key of the order in `book_examples.books_of_each`.
ORDER_ID: Final = document_key(TILL, 28)

Traded = TypeVar("Traded", Sale, Invoice)


def service_line(item: Item, **changes: Any) -> ServiceLine:
    """One service, without its tax."""
    rate_bp, inclusive = TAX_CODES[item.code]
    fields: dict[str, Any] = {
        "product_id": item.product_id,
        "sku": f"P{item.product_id}",
        "description": f"Product {item.product_id}",
        "quantity": item.quantity,
        "unit_price": item.price,
        "tax_code": item.code,
        "tax_rate_bp": rate_bp,
        "tax_inclusive": inclusive,
        "net": 0,
        "tax": 0,
        "business_id": item.business_id,
    }
    return ServiceLine(**(fields | changes))


def service_order(*items: Item | ServiceLine, **changes: Any) -> ServiceOrder:
    """Things are taken in, of somebody who leaves a name."""
    lines = with_tax([one if isinstance(one, ServiceLine) else service_line(one) for one in items])
    fields = {
        **head(ServiceOrder),
        "customer_name": "Kamau",
        "location_id": LOCATION,
        "promised_on": PROMISED,
        "lines": lines,
        **totals_of(lines)._asdict(),
    }
    return ServiceOrder(**(fields | changes))


def service_step(
    step: Step, *back: tuple[int, int, int], order_id: int = ORDER_ID, **changes: Any
) -> ServiceStep:
    """A step; what goes back: line of the order, product, thousandths."""
    fields = {
        **head(ServiceStep),
        "order_id": order_id,
        "step": step,
        "reason": "" if step is Step.READY else "the colour would run",
        "lines": tuple(
            ServiceStepLine(order_line=place, product_id=product, quantity=quantity)
            for place, product, quantity in back
        ),
    }
    return ServiceStep(**(fields | changes))


def collecting_items(order: ServiceOrder, chosen: Sequence[tuple[int, int]] = ()) -> list[Item]:
    """An order (or of it: place, thousandths) as it is sold, at the agreed prices."""
    wanted = chosen or [(place, line.quantity) for place, line in enumerate(order.lines)]
    return [
        Item(line.unit_price, quantity, line.tax_code, line.product_id, line.business_id, 0, stocked=False)
        for line, quantity in ((order.lines[place], quantity) for place, quantity in wanted)
    ]


def collecting(made: Traded, order: ServiceOrder, chosen: Sequence[tuple[int, int]] = ()) -> Traded:
    """The sale or invoice of `collecting_items`, which names the order and its lines."""
    places = [place for place, _ in chosen] or list(range(len(order.lines)))
    lines = tuple(
        msgspec.structs.replace(line, origin_line=place)
        for line, place in zip(made.lines, places, strict=True)
    )
    party = order.party_id if order.party_id is not None else made.party_id
    return msgspec.structs.replace(made, order_id=order.document_id, lines=lines, party_id=party)


def collecting_sale(order: ServiceOrder, *chosen: tuple[int, int], **changes: Any) -> Sale:
    """The sale that collects an order (or these lines of it), paid in cash."""
    return collecting(specimens.sale(*collecting_items(order, chosen), **changes), order, chosen)
