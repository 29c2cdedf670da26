"""Random goods: orders, receipts, landed cost, counts, transfers, adjustments, returnables, valuation."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from pos_app.ledger.document import Document, GoodsReceipt, PurchaseOrder, TransferReceived, TransferSent
from pos_app.ledger.purchasing import LandedLine, OrderLine, ReceiptLine
from pos_app.ledger.quantity import extend
from pos_app.ledger.stock import AdjustmentReason, CountedLine, ReceivedLine, ValuationCause, location_of
from tests.support.documents import book_specimens as books
from tests.support.documents import specimens
from tests.support.documents.book_specimens import R
from tests.support.documents.specimens import BUSINESSES, account
from tests.support.histories.clerk import (
    BASE,
    CUSTOMERS,
    PLACES,
    PRODUCTS,
    RETURNABLES,
    TRANSIT,
    VENDORS,
    Clerk,
)


def _order(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    lines = []
    for product in choose.some(PRODUCTS, 3):
        quantity, cost = clerk.quantity(), choose.number(0, 100_000)
        lines.append(
            OrderLine(
                product_id=product,
                quantity=quantity,
                unit_cost=cost,
                net=extend(cost, quantity),
                business_id=choose.pick(BUSINESSES),
            )
        )
    return books.purchase_order(
        **clerk.head(),
        lines=tuple(lines),
        total=sum(line.net for line in lines),
        party_id=choose.pick(VENDORS),
        location_id=choose.pick(PLACES),
    )


def _came(clerk: Clerk, order: PurchaseOrder) -> Counter[int | None]:
    came: Counter[int | None] = Counter()
    for receipt in clerk.standing(GoodsReceipt):
        if receipt.order_id == order.document_id:
            for line in receipt.lines:
                came[line.order_line] += line.quantity
    return came


def _receipt_line(product: int, quantity: int, cost: int, business: int, place: int | None) -> ReceiptLine:
    return ReceiptLine(
        product_id=product,
        order_line=place,
        quantity=quantity,
        unit_cost=cost,
        net=extend(cost, quantity),
        business_id=business,
        inventory_account=account(R.INVENTORY, business),
        grni_account=account(R.GRNI, business),
    )


def _receipt(clerk: Clerk) -> Document | None:
    """A part of an order, or all that is left of it; at times something that nobody ordered."""
    choose = clerk.choices
    orders = clerk.standing(PurchaseOrder)
    order = choose.pick(orders) if orders and not choose.now_and_then(5) else None
    lines: list[ReceiptLine] = []
    head = clerk.head(None if order is None else order.currency)
    party = choose.pick(VENDORS)
    if order is not None:
        party, came = order.party_id, _came(clerk, order)
        for place, line in enumerate(order.lines):
            left = line.quantity - came[place]
            quantity = left if choose.now_and_then(2) else choose.number(0, left)
            if quantity:
                made = (line.product_id, quantity, line.unit_cost, line.business_id, place)
                lines.append(_receipt_line(*made))
    if order is None or not lines:
        business = choose.pick(BUSINESSES)
        unordered = (choose.pick(PRODUCTS), clerk.quantity(), choose.number(0, 90_000))
        lines.append(_receipt_line(*unordered, business, None))
    return books.goods_receipt(
        **(head | {"business_id": head["business_id"]}),
        order_id=None if order is None else order.document_id,
        party_id=party,
        location_id=choose.pick(PLACES),
        lines=tuple(lines),
        total=sum(line.net for line in lines),
    )


def _landed(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    receipt = choose.pick(clerk.standing(GoodsReceipt))
    lines = tuple(
        LandedLine(
            product_id=line.product_id,
            business_id=line.business_id,
            value=clerk.amount(50_000),
            inventory_account=line.inventory_account,
        )
        for line in receipt.lines
    )
    return books.landed_cost(
        **clerk.head(),
        receipt_id=receipt.document_id,
        lines=lines,
        total=sum(line.value for line in lines),
    )


def _count(clerk: Clerk) -> Document | None:
    choose, head = clerk.choices, clerk.head(BASE)
    lines = []
    for product in choose.some(PRODUCTS, 3):
        valued: dict[str, Any] = {}
        if choose.now_and_then(2):
            business = choose.pick((None, *BUSINESSES))
            of = head["business_id"] if business is None else business
            valued = {
                "unit_cost": choose.number(0, 99_999),
                "business_id": business,
                "inventory_account": account(R.INVENTORY, of),
                "contra_account": account(R.OPENING_EQUITY, of),
            }
        expected, counted = choose.number(-5_000, 90_000), choose.number(0, 90_000)
        lines.append(CountedLine(product_id=product, expected=expected, counted=counted, **valued))
    return specimens.stock_count(**head, location_id=choose.pick(PLACES), lines=tuple(lines))


def _sent(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    start = choose.pick(PLACES)
    return books.transfer_sent(
        *((product, clerk.quantity()) for product in choose.some(PRODUCTS, 3)),
        **clerk.head(),
        from_location=start,
        transit_location=TRANSIT,
        to_location=choose.pick([place for place in PLACES if place != start]),
    )


def _on_its_way(clerk: Clerk) -> list[tuple[TransferSent, dict[int, int]]]:
    """The transfers of which something did not come yet, and how much of each product."""
    found = []
    for sent in clerk.standing(TransferSent):
        left = {line.product_id: line.quantity for line in sent.lines}
        for came in clerk.standing(TransferReceived):
            if came.sent_id == sent.document_id:
                for line in came.lines:
                    left[line.product_id] -= line.received
        left = {product: quantity for product, quantity in left.items() if quantity}
        if left:
            found.append((sent, left))
    return found


def _received(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    sent, left = choose.pick(_on_its_way(clerk))
    return books.transfer_received(
        **clerk.head(),
        sent_id=sent.document_id,
        transit_location=sent.transit_location,
        to_location=sent.to_location,
        lines=tuple(
            ReceivedLine(
                product_id=product,
                sent=quantity,
                received=quantity if choose.now_and_then(2) else choose.number(0, quantity),
            )
            for product, quantity in left.items()
        ),
    )


def _adjustment(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    reason = choose.pick(list(AdjustmentReason))
    ways = {AdjustmentReason.FOUND: (1,), AdjustmentReason.OTHER: (1, -1)}.get(reason, (-1,))
    return books.stock_adjustment(
        reason,
        *((product, choose.pick(ways) * clerk.quantity()) for product in choose.some(PRODUCTS, 3)),
        **clerk.head(),
        location_id=choose.pick(PLACES),
    )


def _returnable(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    party = choose.pick((None, *CUSTOMERS, *VENDORS))
    return books.returnable(
        *((product, choose.pick((1, -1)) * clerk.quantity()) for product in choose.some(RETURNABLES, 2)),
        party_id=party,
        **clerk.head(),
        location_id=choose.pick(PLACES),
        party_location_id=location_of(party),
    )


def _valuation(clerk: Clerk) -> Document | None:
    """As the centre would make one; the model asks only what it means, not whether it is the average."""
    choose = clerk.choices
    lines = []
    for product in choose.some(PRODUCTS, 3):
        cause = choose.pick(list(ValuationCause))
        way = choose.pick((1, -1))
        quantity = 0 if cause is ValuationCause.REVALUATION else way * clerk.quantity()
        value = way * clerk.amount(800_000)
        lines.append(books.valued(product, quantity, value, cause, choose.pick(BUSINESSES)))
    return books.stock_valuation(*lines, **clerk.head(BASE))


KINDS: Final[dict[str, Callable[[Clerk], Document | None]]] = {
    "purchase_order": _order,
    "goods_receipt": _receipt,
    "landed_cost": _landed,
    "stock_count": _count,
    "transfer_sent": _sent,
    "transfer_received": _received,
    "stock_adjustment": _adjustment,
    "returnable": _returnable,
    "stock_valuation": _valuation,
}
NEEDS: Final[dict[str, Callable[[Clerk], object]]] = {
    "landed_cost": lambda clerk: clerk.standing(GoodsReceipt),
    "transfer_received": _on_its_way,
}
