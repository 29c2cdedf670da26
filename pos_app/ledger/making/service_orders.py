"""How things left for a service become documents: taken in, ready, given back as they came."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pos_app.ledger.document import SERIES, ServiceOrder, ServiceStep
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.service_orders import ServiceLine, ServiceStepLine, Step
from pos_app.ledger.totals import totals_of, with_tax


class Left(NamedTuple):
    """Whose things they are (a party, or a name), where they are kept and what hangs on them."""

    party_id: int | None
    customer_name: str
    location_id: int
    tag: str


def service_order(
    head: HeadFields, lines: Sequence[ServiceLine], left: Left, *, promised_on: int
) -> ServiceOrder:
    """Things are taken in; `lines` before their tax (see `totals.with_tax`)."""
    taxed = with_tax(lines)
    return ServiceOrder(
        **head,
        **totals_of(taxed).as_fields(),
        series=SERIES[ServiceOrder],
        party_id=left.party_id,
        customer_name=left.customer_name,
        location_id=left.location_id,
        tag=left.tag,
        promised_on=promised_on,
        lines=taxed,
    )


def service_step(
    head: HeadFields,
    order: ServiceOrder,
    number: str,
    step: Step,
    *,
    reason: str = "",
    back: Mapping[int, int] | None = None,
) -> ServiceStep:
    """An order (with its printed number) is ready, or so much of its lines goes back as it came."""
    return ServiceStep(
        **head,
        series=SERIES[ServiceStep],
        order_id=order.document_id,
        order_number=number,
        step=step,
        reason=note_of(reason),
        lines=tuple(
            ServiceStepLine(
                order_line=place,
                product_id=order.lines[place].product_id,
                quantity=quantity,
                description=order.lines[place].description,
            )
            for place, quantity in (back or {}).items()
        ),
    )
