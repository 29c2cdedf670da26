"""Purchases: what was ordered of a vendor, what came, and what it cost beyond its price."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pos_app.ledger.document import Document, GoodsReceipt, PurchaseOrder
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import purchasing as making_purchasing
from pos_app.office import typed_quantities
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.orders import open_orders
from pos_app.store.stock.recorded import Recorded


class Bought(NamedTuple):
    """A product's code, thousandths, and what one costs in minor units of the order's currency.

    A quantity that names a unit ("2cs") is a text (`typed_quantities.read`), and the cost is that of a case.
    """

    sku: str
    quantity: int | str
    unit_cost: int


class Came(NamedTuple):
    """How much of a product came: thousandths, or a text as of `Bought`; the order knows its price."""

    sku: str
    quantity: int | str


def order(
    office: Office,
    vendor: str,
    bought: Sequence[Bought],
    occasion: PostingDetails | None = None,
    *,
    to: str = "",
    expected_on: int | None = None,
    reference: str = "",
) -> Recorded:
    """Order goods to a place (a code; else the depot's).  Raises `Refused` with what to do."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR)
        place = books.location(to, occasion.depot)
        day = books.day(occasion)
        lines = [_bought(books, one, place.location_id, day).ordered for one in bought]
        own = lines[0].business_id if lines else 0
        return making_purchasing.purchase_order(
            books.head_fields(occasion, depot_id=place.depot_id, business_id=own),
            lines,
            party_id=party.party_id,
            location_id=place.location_id,
            expected_on=expected_on,
            reference=reference,
        )

    return office.record(occasion, build)


def _bought(books: Books, goods: Bought, place: int, day: int) -> making_purchasing.Came:
    product = books.product(goods.sku, place, day)
    typed = typed_quantities.bought(books.connection, books.org_id, product, goods.quantity)
    return making_purchasing.bought(product, typed.quantity, goods.unit_cost, typed.pack)


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
) -> Recorded:
    """Goods of an order came: these, or (none named) all that was still to come.

    Raises `Refused` for what was not ordered, and for more than was.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        of = books.document(order_id, PurchaseOrder, "order")
        rest = outstanding(books, order_id, of)
        if not rest:
            raise Refused("order-came-already")
        quantities = _spread(books, of, rest, came) if came else rest
        chosen = replace(occasion, currency=of.currency)
        head = books.head_fields(chosen, depot_id=of.depot_id, business_id=of.business_id)
        day = books.day(occasion)
        return making_purchasing.goods_receipt(
            head,
            books.accounts(head["business_id"]),
            [
                making_purchasing.Came(
                    of.lines[number],
                    quantity,
                    books.known_product(of.lines[number].product_id, of.location_id, day),
                    number,
                )
                for number, quantity in quantities.items()
            ],
            party_id=of.party_id,
            location_id=of.location_id,
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
) -> Recorded:
    """Goods came that nobody ordered in writing.  Raises `Refused` with what to do."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        party = books.party(vendor, PartyRole.VENDOR)
        place = books.location(to, occasion.depot)
        day = books.day(occasion)
        came = [_bought(books, one, place.location_id, day) for one in bought]
        own = came[0].ordered.business_id if came else 0
        head = books.head_fields(occasion, depot_id=place.depot_id, business_id=own)
        return making_purchasing.goods_receipt(
            head,
            books.accounts(head["business_id"]),
            came,
            party_id=party.party_id,
            location_id=place.location_id,
            reference=reference,
        )

    return office.record(occasion, build)


def _spread(books: Books, of: PurchaseOrder, rest: dict[int, int], came: Sequence[Came]) -> dict[int, int]:
    """What came by line of the order, the first lines of a product first; what is too much on the last."""
    quantities: dict[int, int] = {}
    for one in came:
        numbers = [
            number for number, line in enumerate(of.lines) if line.sku.lower() == one.sku.strip().lower()
        ]
        if not numbers:
            raise Refused("not-ordered", sku=one.sku[:40])
        left = _came(books, of, numbers, one)
        for number in numbers:
            take = min(left, rest.get(number, 0) - quantities.get(number, 0))
            if take > 0:
                quantities[number] = quantities.get(number, 0) + take
                left -= take
        if left:
            quantities[numbers[-1]] = quantities.get(numbers[-1], 0) + left
    return quantities


def _came(books: Books, of: PurchaseOrder, numbers: Sequence[int], goods: Came) -> int:
    """How much came, in thousandths: a case is what it was as it was ordered."""
    for number in numbers:
        line = of.lines[number]
        if line.pack is not None and isinstance(goods.quantity, str):
            packs = typed_quantities.of_pack(line.pack, goods.quantity)
            if packs is not None:
                return packs
    product = books.product(goods.sku, of.location_id, books.today)
    return typed_quantities.bought(books.connection, books.org_id, product, goods.quantity).quantity


def landed_cost(
    office: Office,
    receipt_id: int,
    amount: int,
    description: str,
    occasion: PostingDetails | None = None,
) -> Recorded:
    """Freight or duty on a receipt, shared out over its products by value; minor units.  Raises `Refused`.

    The carrier's own bill goes on the same account (landed cost accrued), which it clears.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        receipt = books.document(receipt_id, GoodsReceipt, "receipt")
        head = books.head_fields(occasion, depot_id=receipt.depot_id, business_id=receipt.business_id)
        return making_purchasing.landed_cost(
            head, books.accounts(head["business_id"]), receipt, amount, description
        )

    return office.record(occasion, build)
