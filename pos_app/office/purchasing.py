"""Purchases: what was ordered of a vendor, what came, and what it cost beyond its price."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import Document, GoodsReceipt, LandedCost, PurchaseOrder
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.purchasing import LandedLine, OrderLine, ReceiptLine, share_by_value
from pos_app.ledger.quantity import extend
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Made, Office
from pos_app.store.orders import open_orders


class Bought(NamedTuple):
    """A product's code, thousandths, and the price of one in minor units of the order's currency."""

    sku: str
    quantity: int
    unit_cost: int


class Came(NamedTuple):
    """How much of a product came: thousandths; the order knows its price."""

    sku: str
    quantity: int


def order(
    office: Office,
    vendor: str,
    bought: Sequence[Bought],
    occasion: PostingDetails | None = None,
    *,
    to: str = "",
    expected_on: int | None = None,
    reference: str = "",
) -> Made:
    """Order goods to a place (a code; else the depot's).  Raises `Refused` with what to do."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR)
        place = books.location(to, occasion.depot)
        day = books.day(occasion)
        lines = []
        for one in bought:
            product = books.product(one.sku, place.location_id, day)
            lines.append(
                OrderLine(
                    product_id=product.product_id,
                    sku=product.sku,
                    description=product.name,
                    quantity=one.quantity,
                    unit=product.unit,
                    unit_cost=one.unit_cost,
                    net=extend(one.unit_cost, one.quantity),
                    business_id=product.business_id,
                )
            )
        return PurchaseOrder(
            **books.head(
                PurchaseOrder,
                occasion,
                depot_id=place.depot_id,
                business_id=lines[0].business_id if lines else 0,
            ),
            party_id=party.party_id,
            location_id=place.location_id,
            lines=tuple(lines),
            total=sum(line.net for line in lines),
            expected_on=expected_on,
            reference=reference.strip()[:100],
        )

    return office.record(occasion, build)


def outstanding(books: Books, order_id: int, of: PurchaseOrder) -> dict[int, int]:
    """What has not come yet of each line of an order (its index), in thousandths."""
    came = open_orders.came_of(books.connection, books.org_id, order_id, "origin_line")
    rest = {number: line.quantity - came.get(number, 0) for number, line in enumerate(of.lines)}
    return {number: quantity for number, quantity in rest.items() if quantity > 0}


def receive(
    office: Office,
    order_id: int,
    came: Sequence[Came] = (),
    occasion: PostingDetails | None = None,
    *,
    reference: str = "",
) -> Made:
    """Goods of an order came: these, or (none named) all that was still to come.

    Raises `Refused` for what was not ordered, and for more than was.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        of = books.document(order_id, PurchaseOrder, "order")
        rest = outstanding(books, order_id, of)
        if not rest:
            raise Refused("All of this order came already.")
        quantities = _spread(of, rest, came) if came else rest
        lines = [
            _receipt_line(books, of.lines[number], quantity, number)
            for number, quantity in quantities.items()
        ]
        chosen = replace(occasion, currency=of.currency)
        head = books.head(GoodsReceipt, chosen, depot_id=of.depot_id, business_id=of.business_id)
        return _receipt(
            books,
            head,
            party_id=of.party_id,
            location_id=of.location_id,
            lines=lines,
            order_id=order_id,
            reference=reference,
        )

    return office.record(occasion, build)


def receive_without_order(
    office: Office,
    vendor: str,
    bought: Sequence[Bought],
    occasion: PostingDetails | None = None,
    *,
    to: str = "",
    reference: str = "",
) -> Made:
    """Goods came that nobody ordered in writing.  Raises `Refused` with what to do."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR)
        place = books.location(to, occasion.depot)
        lines = []
        for one in bought:
            product = books.product(one.sku, place.location_id, books.day(occasion))
            ordered = OrderLine(
                product_id=product.product_id,
                description=product.name,
                quantity=one.quantity,
                unit_cost=one.unit_cost,
                net=0,
                business_id=product.business_id,
            )
            lines.append(_receipt_line(books, ordered, one.quantity, None))
        own = lines[0].business_id if lines else 0
        head = books.head(GoodsReceipt, occasion, depot_id=place.depot_id, business_id=own)
        return _receipt(
            books,
            head,
            party_id=party.party_id,
            location_id=place.location_id,
            lines=lines,
            order_id=None,
            reference=reference,
        )

    return office.record(occasion, build)


def _spread(of: PurchaseOrder, rest: dict[int, int], came: Sequence[Came]) -> dict[int, int]:
    """What came by line of the order, the first lines of a product first; what is too much on the last."""
    quantities: dict[int, int] = {}
    for one in came:
        numbers = [
            number for number, line in enumerate(of.lines) if line.sku.lower() == one.sku.strip().lower()
        ]
        if not numbers:
            raise Refused(f"“{one.sku[:40]}” was not ordered; receive it without the order.")
        left = one.quantity
        for number in numbers:
            take = min(left, rest.get(number, 0) - quantities.get(number, 0))
            if take > 0:
                quantities[number] = quantities.get(number, 0) + take
                left -= take
        if left:
            quantities[numbers[-1]] = quantities.get(numbers[-1], 0) + left
    return quantities


def _receipt_line(books: Books, line: OrderLine, quantity: int, number: int | None) -> ReceiptLine:
    return ReceiptLine(
        product_id=line.product_id,
        description=line.description,
        order_line=number,
        quantity=quantity,
        unit_cost=line.unit_cost,
        net=extend(line.unit_cost, quantity),
        business_id=line.business_id,
        inventory_account=books.account(AccountRole.INVENTORY, line.business_id),
        grni_account=books.account(AccountRole.GRNI, line.business_id),
    )


def _receipt(
    books: Books,
    head: dict[str, Any],
    *,
    party_id: int,
    location_id: int,
    lines: Sequence[ReceiptLine],
    order_id: int | None,
    reference: str,
) -> GoodsReceipt:
    own: int = head["business_id"]
    return GoodsReceipt(
        **head,
        clearing_account=books.clearing(own, {line.business_id for line in lines}),
        order_id=order_id,
        party_id=party_id,
        location_id=location_id,
        lines=tuple(lines),
        total=sum(line.net for line in lines),
        reference=reference.strip()[:100],
    )


def landed_cost(
    office: Office,
    receipt_id: int,
    amount: int,
    description: str,
    occasion: PostingDetails | None = None,
) -> Made:
    """Freight or duty on a receipt, shared out over its products by value; minor units.  Raises `Refused`.

    The carrier's own bill goes on the same account (landed cost accrued), which it clears.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        receipt = books.document(receipt_id, GoodsReceipt, "receipt")
        head = books.head(LandedCost, occasion, depot_id=receipt.depot_id, business_id=receipt.business_id)
        own = head["business_id"]
        shares = share_by_value(amount, tuple(line.net for line in receipt.lines))
        lines = tuple(
            LandedLine(
                product_id=line.product_id,
                business_id=line.business_id,
                value=share,
                inventory_account=line.inventory_account,
            )
            for line, share in zip(receipt.lines, shares, strict=True)
        )
        return LandedCost(
            **head,
            clearing_account=books.clearing(own, {line.business_id for line in lines}),
            receipt_id=receipt_id,
            accrued_account=books.account(AccountRole.LANDED_ACCRUED, own),
            lines=lines,
            total=amount,
            description=description.strip()[:200],
        )

    return office.record(occasion, build)
