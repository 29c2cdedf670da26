"""Stock that moves in the office's books: transfers in two steps, adjustments, counts, returnables."""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.ledger.document import (
    CountedLine,
    Document,
    ReturnableMove,
    StockAdjustment,
    StockCount,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.stock import (
    AdjustedLine,
    AdjustmentReason,
    ReceivedLine,
    ReturnableQuantity,
    SentLine,
    location_of,
)
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Made, Office
from pos_app.store.balances import balances
from pos_app.store.master import locations
from pos_app.store.orders import open_orders
from pos_app.store.organisation import founding
from pos_app.store.tables.projections import STOCK_LEVEL


class Quantity(NamedTuple):
    """A product's code and thousandths of it."""

    sku: str
    quantity: int


def send(
    office: Office,
    from_: str,
    to: str,
    quantities: Sequence[Quantity],
    occasion: PostingDetails | None = None,
) -> Made:
    """Goods leave a place for another one (codes); until they are received they are on their way."""
    occasion = occasion or PostingDetails()
    _make_transit(office)

    def build(books: Books) -> Document:
        start, end = books.location(from_), books.location(to)
        return TransferSent(
            **books.head(TransferSent, occasion, depot_id=start.depot_id),
            from_location=start.location_id,
            transit_location=books.transit(),
            to_location=end.location_id,
            lines=tuple(
                SentLine(product_id=_stocked(books, one.sku, start.location_id), quantity=one.quantity)
                for one in quantities
            ),
        )

    return office.record(occasion, build)


def _make_transit(office: Office) -> None:
    """The first transfer makes the place where goods in transit lie; every till hears of it."""
    with office.read() as books:
        if locations.all_of(books.connection, books.org_id, "transit"):
            return
    with office.change(Permission.TRANSFER_STOCK) as books:
        if not locations.all_of(books.connection, books.org_id, "transit"):
            founding.add_location(books.connection, books.org_id, "TRANSIT", "In transit", "transit")


def receive(
    office: Office,
    sent_id: int,
    quantities: Sequence[Quantity] = (),
    occasion: PostingDetails | None = None,
) -> Made:
    """Goods of a transfer came: these, or (none named) all that was still on its way.

    What did not come stays in transit.  Raises `Refused` for more than was sent.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        sent = books.document(sent_id, TransferSent, "transfer")
        came = open_orders.came_of(books.connection, books.org_id, sent_id, "product_id")
        rest = {line.product_id: line.quantity - came.get(line.product_id, 0) for line in sent.lines}
        rest = {product: quantity for product, quantity in rest.items() if quantity > 0}
        if not rest:
            raise Refused("All of this transfer came already.")
        wanted = {_stocked(books, one.sku, sent.to_location): one.quantity for one in quantities}
        unknown = [product for product in wanted if product not in rest]
        if unknown:
            raise Refused("A product of it was not in the transfer, or came already.")
        end = next(
            one
            for one in locations.all_of(books.connection, books.org_id)
            if one.location_id == sent.to_location
        )
        return TransferReceived(
            **books.head(TransferReceived, occasion, depot_id=end.depot_id),
            sent_id=sent_id,
            transit_location=sent.transit_location,
            to_location=sent.to_location,
            lines=tuple(
                ReceivedLine(product_id=product, sent=rest[product], received=quantity)
                for product, quantity in (wanted or rest).items()
            ),
        )

    return office.record(occasion, build)


def adjust(
    office: Office,
    location: str,
    reason: AdjustmentReason,
    quantities: Sequence[Quantity],
    occasion: PostingDetails | None = None,
) -> Made:
    """Correct the stock of a place by signed quantities; damage, loss and use take, found goods add."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        place = books.location(location, occasion.depot)
        return StockAdjustment(
            **books.head(StockAdjustment, occasion, depot_id=place.depot_id),
            location_id=place.location_id,
            reason=reason,
            lines=tuple(
                AdjustedLine(product_id=_stocked(books, one.sku, place.location_id), quantity=one.quantity)
                for one in quantities
            ),
        )

    return office.record(occasion, build)


def count(
    office: Office,
    location: str,
    counted: Sequence[Quantity],
    occasion: PostingDetails | None = None,
) -> Made:
    """What was counted at a place; the difference to what the books expect moves the stock."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        place = books.location(location, occasion.depot)
        lines = []
        for one in counted:
            product_id = _stocked(books, one.sku, place.location_id)
            key = {"org_id": books.org_id, "location_id": place.location_id, "product_id": product_id}
            expected = balances.current(books.connection, STOCK_LEVEL, key)["quantity"]
            lines.append(CountedLine(product_id=product_id, expected=expected, counted=one.quantity))
        return StockCount(
            **books.head(StockCount, occasion, depot_id=place.depot_id),
            location_id=place.location_id,
            lines=tuple(lines),
        )

    return office.record(occasion, build)


def returnables(
    office: Office,
    location: str,
    party: str,
    quantities: Sequence[Quantity],
    occasion: PostingDetails | None = None,
    *,
    role: PartyRole = PartyRole.CUSTOMER,
) -> Made:
    """Cylinders or bottles given to a party (positive) or taken back (negative), without a trade."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        found, place = books.party(party, role), books.location(location, occasion.depot)
        return ReturnableMove(
            **books.head(ReturnableMove, occasion, depot_id=place.depot_id),
            party_id=found.party_id,
            party_role=role,
            location_id=place.location_id,
            party_location_id=location_of(found.party_id),
            lines=tuple(
                ReturnableQuantity(
                    product_id=_stocked(books, one.sku, place.location_id), quantity=one.quantity
                )
                for one in quantities
            ),
        )

    return office.record(occasion, build)


def add_location(office: Office, code: str, name: str, kind: str, *, depot: str = "") -> int:
    """Add a place where stock lies (a vehicle, a scrap heap).  Raises `Refused`."""
    if not code.strip() or not name.strip():
        raise Refused("A place needs a code and a name.")
    with office.change(Permission.EDIT_MASTER) as books:
        if any(one.code == code.strip() for one in locations.all_of(books.connection, books.org_id)):
            raise Refused(f"There is a place “{code.strip()[:40]}” already; choose another code.")
        depot_id = books.depot(depot).depot_id if depot else None
        return founding.add_location(
            books.connection, books.org_id, code.strip(), name.strip(), kind, depot_id=depot_id
        )


def _stocked(books: Books, sku: str, location_id: int) -> int:
    product = books.product(sku, location_id, books.today)
    if not product.stocked:
        raise Refused(f"“{product.sku}” is not kept in stock.")
    return product.product_id
