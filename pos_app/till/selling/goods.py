"""From a basket to the goods lines of its document: accounts, tax, who allowed which price."""

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.line import GoodsLine, ReturnableLine
from pos_app.ledger.stock import location_of
from pos_app.store.master.people import Person
from pos_app.till.selling.basket import Basket
from pos_app.till.session.context import Context


def goods_lines(
    context: Context, basket: Basket, direction: int, *, is_history: bool = False
) -> tuple[GoodsLine, ...]:
    """The lines in the direction of their document: 1 goods go out, -1 they come back.

    With `is_history` they are another system's: what it charged is no price of ours that anybody changed.
    """
    changed = [not is_history and line.changed for line in basket.lines]
    return tuple(
        GoodsLine(
            product_id=line.product_id,
            sku=line.sku,
            description=line.description,
            quantity=direction * line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            discount=direction * line.reduction,
            tax_code=line.tax_code,
            tax_rate_bp=line.tax_rate_bp,
            tax_inclusive=line.tax_inclusive,
            net=direction * taxed.net,
            tax=direction * taxed.tax,
            business_id=line.business_id,
            revenue_account=context.account(AccountRole.REVENUE, line.business_id),
            tax_account=context.account(AccountRole.TAX_PAYABLE, line.business_id),
            location_id=context.location_id if line.stocked else None,
            origin_line=line.order_line,
            list_price=line.list_price if of_its_own and line.unit_price != line.list_price else None,
            price_approver_id=line.price_approver if of_its_own else None,
            meter_before=line.meter_before if direction > 0 else None,
            meter_after=line.meter_after if direction > 0 else None,
        )
        for line, taxed, of_its_own in zip(basket.lines, basket.taxed(), changed, strict=True)
    )


def returnable_lines(context: Context, basket: Basket) -> tuple[ReturnableLine, ...]:
    """The cylinders and bottles beside the goods: signed as they are, whichever way the document goes."""
    return tuple(
        ReturnableLine(
            product_id=one.product_id,
            quantity=one.quantity,
            location_id=context.location_id,
            party_location_id=location_of(basket.state.party_id),
        )
        for one in basket.state.returnables
    )


def approver_of(context: Context, basket: Basket, approver: Person | None) -> int | None:
    """Who stands behind a document beside its maker: who approved it, or else a price in it."""
    if approver is not None:
        return approver.person_id
    maker = context.signed_in().person_id
    allowed = (line.price_approver for line in basket.lines if line.changed)
    return next((one for one in allowed if one not in (None, maker)), None)
