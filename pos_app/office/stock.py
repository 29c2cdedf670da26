"""Stock that moves in the office's books: transfers in two steps, adjustments, counts, returnables."""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.ledger.document import Document, TransferSent
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import stock as making_stock
from pos_app.ledger.making.stock import Counted, Moved
from pos_app.ledger.permission import Permission
from pos_app.ledger.stock import AdjustmentReason
from pos_app.office.books import Books, PostingDetails
from pos_app.office.masters.coded import checked_code, checked_name
from pos_app.office.office import Extra, Office
from pos_app.store.balances import balances
from pos_app.store.master import locations
from pos_app.store.master.locations import Location
from pos_app.store.orders import open_orders
from pos_app.store.organisation import founding
from pos_app.store.stock.recorded import Recorded
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
) -> Recorded:
    """Goods leave a place for another one (codes); until they are received they are on their way."""
    occasion = occasion or PostingDetails()
    _make_transit(office)

    def build(books: Books) -> Document:
        start, end = books.location(from_), books.location(to)
        return making_stock.transfer_sent(
            books.head_fields(occasion, depot_id=start.depot_id),
            _goods(books, quantities, start.location_id),
            from_location=start.location_id,
            transit_location=books.transit(),
            to_location=end.location_id,
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
) -> Recorded:
    """Goods of a transfer came: these, or (none named) all that was still on its way.

    What did not come stays in transit.  Raises `Refused` for more than was sent.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        sent = books.document(sent_id, TransferSent, "transfer")
        came = open_orders.came_of(books.connection, books.org_id, sent_id, "product_id")
        goods = _goods(books, quantities, sent.to_location)
        end = next(
            one
            for one in locations.all_of(books.connection, books.org_id)
            if one.location_id == sent.to_location
        )
        return making_stock.transfer_received(
            books.head_fields(occasion, depot_id=end.depot_id),
            sent,
            making_stock.left_of_transfer(sent, came),
            {one.product.product_id: one.quantity for one in goods} or None,
        )

    return office.record(occasion, build)


def adjust(
    office: Office,
    location: str,
    reason: AdjustmentReason,
    quantities: Sequence[Quantity],
    occasion: PostingDetails | None = None,
) -> Recorded:
    """Correct the stock of a place by signed quantities; damage, loss and use take, found goods add."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        place = books.location(location, occasion.depot)
        return making_stock.stock_adjustment(
            books.head_fields(occasion, depot_id=place.depot_id),
            _goods(books, quantities, place.location_id),
            location_id=place.location_id,
            reason=reason,
        )

    return office.record(occasion, build)


def count(
    office: Office,
    location: str,
    counted: Sequence[Quantity],
    occasion: PostingDetails | None = None,
    *,
    extra: Extra | None = None,
) -> Recorded:
    """What was counted at a place; the difference to what the books expect moves the stock.

    `extra` is done in the same transaction (see `Office.record`).
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        place = books.location(location, occasion.depot)
        found = []
        for product, quantity in _goods(books, counted, place.location_id):
            key = {
                "org_id": books.org_id,
                "location_id": place.location_id,
                "product_id": product.product_id,
            }
            expected = balances.current(books.connection, STOCK_LEVEL, key)["quantity"]
            found.append(Counted(product, expected, quantity))
        head = books.head_fields(occasion, depot_id=place.depot_id)
        return making_stock.stock_count(
            head, books.accounts(head["business_id"]), found, location_id=place.location_id
        )

    return office.record(occasion, build, extra=extra)


def returnables(
    office: Office,
    location: str,
    party: str,
    quantities: Sequence[Quantity],
    occasion: PostingDetails | None = None,
    *,
    role: PartyRole = PartyRole.CUSTOMER,
) -> Recorded:
    """Cylinders or bottles given to a party (positive) or taken back (negative), without a trade."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        found, place = books.party(party, role), books.location(location, occasion.depot)
        return making_stock.returnable_move(
            books.head_fields(occasion, depot_id=place.depot_id),
            _goods(books, quantities, place.location_id),
            location_id=place.location_id,
            party_id=found.party_id,
            role=role,
        )

    return office.record(occasion, build)


def add_location(office: Office, code: str, name: str, kind: str, *, depot: str = "") -> int:
    """Add a place where stock lies (a vehicle, a scrap heap).  Raises `Refused`."""
    if not code.strip() or not name.strip():
        raise Refused("place-needs-code-and-name")
    checked_code(code)
    checked_name(name)
    with office.change(Permission.EDIT_MASTER) as books:
        if any(one.code == code.strip() for one in locations.all_of(books.connection, books.org_id)):
            raise Refused("place-code-taken", code=code.strip()[:40])
        depot_id = books.depot(depot).depot_id if depot else None
        return founding.add_location(
            books.connection, books.org_id, code.strip(), name.strip(), kind, depot_id=depot_id
        )


def places(office: Office) -> list[Location]:
    """Every place where stock lies."""
    with office.read() as books:
        return locations.all_of(books.connection, books.org_id)


def _goods(books: Books, quantities: Sequence[Quantity], location_id: int) -> list[Moved]:
    """Products by their codes, with how much of each."""
    return [Moved(books.product(one.sku, location_id, books.today), one.quantity) for one in quantities]
