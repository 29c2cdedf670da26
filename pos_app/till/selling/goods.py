"""From a basket to the goods lines of its document: accounts, tax, who allowed which price."""

from collections.abc import Sequence

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.line import GoodsLine, ReturnableLine
from pos_app.ledger.price import split
from pos_app.ledger.stock import location_of
from pos_app.ledger.tax import Taxed
from pos_app.store.master.people import Person
from pos_app.till.selling import refills
from pos_app.till.selling.basket import Basket
from pos_app.till.session.context import Context


def goods_lines(
    context: Context, basket: Basket, taxed: Sequence[Taxed], direction: int, *, is_history: bool = False
) -> tuple[GoodsLine, ...]:
    """The lines in the direction of their document: 1 goods go out, -1 they come back.

    `taxed` is net and tax of each, as `Basket.taxed` has them.  With `is_history` they are another
    system's: what it charged is no price of ours that anybody changed.
    """
    changed = [not is_history and line.changed for line in basket.lines]
    accounts = context.accounts
    kinds = {(line.business_id, line.tax_code) for line in basket.lines}
    sold = {(business, code): accounts.sold(code, business) for business, code in kinds}
    tax_payable = {business: context.account(AccountRole.TAX_PAYABLE, business) for business, _ in kinds}
    location_id = context.location_id
    lines = []
    for line, share, of_its_own in zip(basket.lines, taxed, changed, strict=True):
        unit_price, price_fine = split(line.price)
        is_listed = not of_its_own or line.unit_price == line.list_price
        list_price, list_price_fine = (None, 0) if is_listed else split(line.list_price)
        promotion_id, promotion = line.lowered_by
        lines.append(
            GoodsLine(
                product_id=line.product_id,
                sku=line.sku,
                description=line.description,
                quantity=direction * line.quantity,
                unit=line.unit,
                unit_price=unit_price,
                price_fine=price_fine,
                discount=direction * line.reduction,
                promotion_id=promotion_id,
                promotion=promotion,
                tax_code=line.tax_code,
                tax_rate_bp=line.tax_rate_bp,
                tax_inclusive=line.tax_inclusive,
                net=direction * share.net,
                tax=direction * share.tax,
                business_id=line.business_id,
                revenue_account=sold[line.business_id, line.tax_code],
                tax_account=tax_payable[line.business_id],
                location_id=location_id if line.stocked else None,
                origin_line=line.order_line,
                list_price=list_price,
                list_price_fine=list_price_fine,
                price_approver_id=line.price_approver if of_its_own else None,
                meter_before=line.meter_before,
                meter_after=line.meter_after,
                meter_turn=line.meter_turn,
                meter_replaced=line.meter_replaced,
                batch=line.batch,
                expires_on=line.expires_on,
                meter=line.meter,
                pack=line.packed,
                note=line.note,
                note_inside=line.note_inside,
            )
        )
    return tuple(lines)


def returnable_lines(context: Context, basket: Basket) -> tuple[ReturnableLine, ...]:
    """The cylinders and bottles that change hands: signed as they are, whichever way the document goes."""
    return tuple(
        ReturnableLine(
            product_id=one.product_id,
            quantity=one.quantity,
            location_id=context.location_id,
            party_location_id=location_of(basket.state.party_id),
        )
        for one in refills.moved(basket.state)
    )


def approver_of(context: Context, basket: Basket, approver: Person | None) -> int | None:
    """Who stands behind a document beside its maker: who approved it, or else what is in it."""
    if approver is not None:
        return approver.person_id
    maker = context.signed_in().person_id
    prices = [line.price_approver for line in basket.lines if line.changed]
    allowed = [*(line.expiry_approver for line in basket.lines), *prices]
    return next((one for one in allowed if one not in (None, maker)), None)
