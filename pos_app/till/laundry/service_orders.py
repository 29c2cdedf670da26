"""Things that customers leave for a service, as at a laundry: taken in, ready, collected, or given back.

    shirts = Wanted(shirt, 3 * ONE, "blue; stain on the collar")
    done = till.service_orders.take_in([shirts], promised_on=20261124, party_id=njeri)
    found = till.service_orders.find(scanned)            # the tag, or the number on the customer's slip
    till.service_orders.mark_ready(found.order.document_id)
    basket = till.service_orders.collect(found.order.document_id)
    checkout = till.checkout(basket)                     # from here on it is a sale like any other

What is paid ahead is a deposit of the customer (`PartyMoneys.record`, before the things are taken in, so that
the slip says so); it is drawn by an invoice that collects the order and `Settling.settle`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger.day import to_date
from pos_app.ledger.document import SERIES, Document, ServiceOrder
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import note_of
from pos_app.ledger.letters import holds
from pos_app.ledger.line import PartyRole
from pos_app.ledger.line_parts import Agreed, part_of, up_to
from pos_app.ledger.making import service_orders as making_service_orders
from pos_app.ledger.making.service_orders import Left
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price, exact, list_price_fields, price_fields
from pos_app.ledger.rules.service_orders import MOST_NAME, MOST_TAG
from pos_app.ledger.service_orders import ServiceLine, Step
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import drafts, print_jobs
from pos_app.store.master import people
from pos_app.store.master.catalogue import Product
from pos_app.store.orders import open_orders_till, service_orders
from pos_app.store.orders.open_orders_till import Asked
from pos_app.till.selling import day_rates
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.basket_state import BasketLine
from pos_app.till.selling.concession import Conceded, conceding
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.errors import NeedsApproval, UnknownBarcode
from pos_app.till.session.parties import party_in
from pos_app.till.session.prices import Priced, listed
from pos_app.till.session.products import product_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

#: The print job of the tags that hang on the things (see `paperwork`).
TAGS: Final = "tags"
#: So many open orders of a depot are listed, the newest; a laundry with more has a room full of them.
MOST: Final = 2_000
_KIND: Final = "service_order"


class Wanted(NamedTuple):
    """A service on some things: thousandths of a piece or a kilogram, and what they are.

    `unit_price` in minor units where another than the list's or the contract's is agreed; needs a manager.
    """

    product_id: int
    quantity: int
    note: str = ""
    unit_price: Price | None = None


@dataclass(frozen=True)
class OpenService:
    """An order of which something is still here.

    `left` is that in thousandths, line by line; `due` what it costs, in minor units; `customer` a name.
    """

    order: ServiceOrder
    number: str
    customer: str
    left: tuple[int, ...]
    due: int
    is_ready: bool
    is_overdue: bool

    @property
    def tag(self) -> str:
        """What hangs on the things."""
        return self.order.tag or self.number


class _Here(NamedTuple):
    """An order of which something is here, with its number and what is left and gone of each line."""

    order: ServiceOrder
    number: str
    left: dict[int, int]
    came: dict[int, int]


class ServiceOrders:
    """Takes things in, says where they are, gives them out."""

    def __init__(self, context: Context) -> None:
        self._context = context

    # --- intake ------------------------------------------------------------------------------------

    def take_in(
        self,
        wanted: Sequence[Wanted],
        *,
        promised_on: int,
        party_id: int | None = None,
        customer_name: str = "",
        tag: str = "",
        note: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record what a customer leaves; prints a slip for them and the tags.  Nothing is paid or owed yet.

        Somebody who is no party leaves a name.  `tag` is what hangs on the things already; without one it is
        the order's number.  Raises `NeedsApproval` for another price, or `Refused`.
        """
        context = self._context
        person = context.need(Permission.SELL)
        request = request_id or new_request()
        approver = None
        with context.database.read() as connection:
            known = self._lines(connection, wanted, party_id, None)
        others = [
            Conceded(
                line.description, line.quantity, exact(line.list_price, line.list_price_fine), line.price
            )
            for line in known
            if line.list_price is not None
        ]
        if others:
            try:
                approver = require(person, Action.PRICE, approval)
            except NeedsApproval:
                raise conceding(others, context.place.currency) from None
        allowed_by = (approver or person).person_id

        def build(connection: Connection) -> Document:
            if promised_on < context.today:
                raise Refused("promise-past", day=to_date(promised_on).isoformat())
            if party_id is not None:
                party_in(context, connection, party_id, PartyRole.CUSTOMER)
            marked = self._free_tag(connection, tag)
            return making_service_orders.service_order(
                context.head_fields(request, approver=approver, note=note),
                self._lines(connection, wanted, party_id, allowed_by),
                Left(party_id, customer_name.strip()[:MOST_NAME], context.location_id, marked),
                promised_on=promised_on,
            )

        def hang_on(connection: Connection, sealed: Sealed) -> None:
            self._queue_tags(connection, sealed.document.document_id)

        return recording.record(context, request, build, also=hang_on)

    def quote(self, wanted: Sequence[Wanted], party_id: int | None = None) -> int:
        """What these services would cost at the agreed prices, in minor units, tax included; for the screen.

        Raises `Refused` as `take_in` would.
        """
        with self._context.database.read() as connection:
            lines = self._lines(connection, wanted, party_id, None)
        return totals_of(with_tax(lines)).total

    def print_tags(self, order_id: int) -> None:
        """Queue the tags of an order once more.  Raises `Refused` for one that is not here any more."""
        order_id = self._named(order_id).order.document_id
        with self._context.database.write() as connection:
            self._queue_tags(connection, order_id)

    # --- where things are --------------------------------------------------------------------------

    def open(self, words: str = "") -> list[OpenService]:
        """Every order of which something is still here, what was promised first first.

        With `words`, those whose number, tag or customer has them all.
        """
        with self._context.database.read() as connection:
            found = [self._opened(connection, one) for one in self._orders(connection)]
        found = [one for one in found if holds(f"{one.number} {one.tag} {one.customer}", words)]
        return sorted(found, key=lambda one: (one.order.promised_on, one.order.document_id))

    def ready(self) -> list[OpenService]:
        """Those that wait to be collected."""
        return [one for one in self.open() if one.is_ready]

    def overdue(self, words: str = "") -> list[OpenService]:
        """Those of `open` that were promised for a day that is past."""
        return [one for one in self.open(words) if one.is_overdue]

    def find(self, code: str) -> OpenService:
        """The open order with this tag or printed number, scanned or typed.

        Raises `UnknownBarcode` when nothing that is here has it.
        """
        wanted = _tidy(code)
        with self._context.database.read() as connection:
            found = self._orders(
                connection, lambda order, number: wanted in (_tidy(order.tag), _tidy(number))
            )
            if wanted and found:
                return self._opened(connection, found[0])
        raise UnknownBarcode(_why_not(wanted))

    # --- what becomes of them ----------------------------------------------------------------------

    def mark_ready(self, order_id: int, *, request_id: str | None = None) -> Recorded:
        """Record that the service is done.  Raises `Refused` when it was before, or nothing is here."""
        context = self._context
        context.need(Permission.SELL)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            found = self._named(order_id, connection)
            if found.is_ready:
                raise Refused("order-ready-already")
            return making_service_orders.service_step(
                context.head_fields(request), found.order, found.number, Step.READY
            )

        return recording.record(context, request, build, paper=False)

    def give_back(
        self,
        order_id: int,
        reason: str,
        *,
        step: Step = Step.RETURNED,
        quantities: Mapping[int, int] | None = None,
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record that things go back as they came: unwashed, or (`Step.CANCELLED`) not wanted any more.

        `quantities` by line of the order in thousandths, None is all that is here.  Nothing is charged, so
        it needs a manager.  Raises `NeedsApproval`, or `Refused`.
        """
        context = self._context
        approver = require(context.need(Permission.SELL), Action.VOID, approval)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            found = self._named(order_id, connection)
            return making_service_orders.service_step(
                context.head_fields(request, approver=approver),
                found.order,
                found.number,
                step,
                reason=reason,
                back=_chosen(found, quantities),
            )

        return recording.record(context, request, build)

    def collect(
        self, order_id: int, quantities: Mapping[int, int] | None = None, basket: Basket | None = None
    ) -> Basket:
        """Put an order (or a part: line to thousandths) into a basket at its agreed prices; then it is paid.

        Without a `basket` a new one is begun.  The basket remembers its order, through a kill too; it may
        carry other goods beside.  An order that nobody marked ready can be collected: whoever holds the
        things knows better.  Raises `Refused`.
        """
        context = self._context
        context.need(Permission.SELL)
        with context.database.read() as connection:
            found = self._named(order_id, connection)
            lines = [
                self._collected(connection, found, place, quantity)
                for place, quantity in _chosen(found, quantities).items()
            ]
            party_id = found.order.party_id
            customer = None if party_id is None else people.party(connection, context.org_id, party_id)
            if basket is None and drafts.load(connection, context.org_id, parked=False):
                raise Refused("basket-open-at-collecting")
        if party_id is not None and customer is None:
            raise Refused("customer-unknown-here")
        filled = basket or Basket(context)
        filled.collect(order_id, customer, lines)
        return filled

    # --- parts -------------------------------------------------------------------------------------

    def _lines(
        self, connection: Connection, order: Sequence[Wanted], party_id: int | None, allowed_by: int | None
    ) -> list[ServiceLine]:
        """The lines of an order, each at what this customer pays, without their tax."""
        context = self._context
        services = [product_in(context, connection, one.product_id) for one in order]
        for product in services:
            if not product.behaviour.taken_in:
                raise Refused("goods-not-service", name=product.name[:60])
        asked = [
            Priced(product.product_id, one.quantity, product.price)
            for product, one in zip(services, order, strict=True)
        ]
        found = listed(context, connection, party_id, asked)
        return [
            self._line(one, product, price.price, allowed_by)
            for one, product, price in zip(order, services, found, strict=True)
        ]

    def _line(self, wanted: Wanted, product: Product, price: Price, allowed_by: int | None) -> ServiceLine:
        other = wanted.unit_price is not None and wanted.unit_price != price
        return ServiceLine(
            product_id=product.product_id,
            sku=product.sku,
            description=product.name,
            quantity=wanted.quantity,
            unit=product.unit,
            **price_fields(price if wanted.unit_price is None else wanted.unit_price),
            tax_code=product.tax_code,
            tax_rate_bp=product.tax_rate_bp,
            tax_inclusive=product.tax_inclusive,
            net=0,
            tax=0,
            business_id=product.business_id,
            **list_price_fields(price if other else None),
            price_approver_id=allowed_by if other else None,
            note=note_of(wanted.note),
        )

    def _free_tag(self, connection: Connection, tag: str) -> str:
        """The tag as it is kept.  Raises `Refused` when other things here have it."""
        wanted = " ".join(tag.split()).upper()[:MOST_TAG]
        if wanted and self._orders(connection, lambda order, _: _tidy(order.tag) == _tidy(wanted)):
            raise Refused("tag-in-use", tag=wanted)
        return wanted

    def _collected(
        self, connection: Connection, service: OpenService, place: int, quantity: int
    ) -> BasketLine:
        line = service.order.lines[place]
        whole = self._agreed(connection, line)
        return BasketLine(
            product_id=line.product_id,
            sku=line.sku,
            description=line.description,
            quantity=quantity,
            unit=line.unit,
            list_price=line.price,
            unit_price=line.price,
            tax_code=line.tax_code,
            tax_rate_bp=whole.tax_rate_bp,
            tax_inclusive=line.tax_inclusive,
            business_id=line.business_id,
            stocked=False,
            order_line=place,
            order_left=service.left[place],
            agreed=whole,
        )

    def _named(self, order_id: int, connection: Connection | None = None) -> OpenService:
        """An order that is here.  Raises `Refused` for any other."""
        if connection is None:
            with self._context.database.read() as reading:
                return self._named(order_id, reading)
        found = self._orders(connection, lambda document, _: document.document_id == order_id)
        if not found:
            raise Refused("order-not-here-any-more")
        return self._opened(connection, found[0])

    def _orders(
        self, connection: Connection, fits: Callable[[ServiceOrder, str], bool] | None = None
    ) -> list[_Here]:
        """The orders of this depot of which something is here: this till's and what the feed brought.

        `fits` looks at an order and its printed number.
        """
        context = self._context

        def is_wanted(document: Document, number: str) -> bool:
            return isinstance(document, ServiceOrder) and (fits is None or fits(document, number))

        asked = Asked(context.org_id, context.terminal.depot_id, _KIND, most=MOST, fits=is_wanted)
        return [
            _Here(one.document, one.number, one.left, one.came)
            for one in open_orders_till.coming(connection, asked)
            if isinstance(one.document, ServiceOrder)
        ]

    def _opened(self, connection: Connection, here: _Here) -> OpenService:
        context, order = self._context, here.order
        left = tuple(max(here.left[place], 0) for place in range(len(order.lines)))
        steps = service_orders.steps(connection, context.org_id, order.document_id)
        # What the feed told of steps at other tills stands behind the last line (see `arrivals`).
        told = here.came.get(len(order.lines), 0) > 0
        customer = order.customer_name
        if order.party_id is not None:
            party = people.party(connection, context.org_id, order.party_id)
            customer = party.name if party is not None else customer
        return OpenService(
            order,
            here.number,
            customer,
            left,
            self._due(connection, order, left),
            is_ready=told or any(one.step is Step.READY for one in steps),
            is_overdue=order.promised_on < context.today,
        )

    def _due(self, connection: Connection, order: ServiceOrder, left: Sequence[int]) -> int:
        """What the rest of an order costs at the rates of today, in minor units, tax included."""
        rest = []
        for line, quantity in zip(order.lines, left, strict=True):
            if quantity:
                whole = self._agreed(connection, line)
                rest.append(part_of(whole, up_to(whole, whole.quantity - quantity), quantity))
        return totals_of(rest).total

    def _agreed(self, connection: Connection, line: ServiceLine) -> Agreed:
        """A line of an order as agreed; the rate of its tax is the law's, on the day of the collection."""
        context = self._context
        agreed = Agreed(
            line.quantity,
            line.unit_price,
            line.tax_code,
            line.tax_rate_bp,
            line.tax_inclusive,
            line.net,
            line.tax,
        )
        return day_rates.agreed_on(connection, context.org_id, agreed, context.today)

    def _queue_tags(self, connection: Connection, order_id: int) -> None:
        context = self._context
        print_jobs.add(connection, context.org_id, what=TAGS, at=context.clock.now(), document_id=order_id)


def _chosen(service: OpenService, quantities: Mapping[int, int] | None) -> dict[int, int]:
    """Line to thousandths, within what is left.  Raises `Refused`."""
    if quantities is None:
        return {place: quantity for place, quantity in enumerate(service.left) if quantity}
    chosen = {place: quantity for place, quantity in sorted(quantities.items()) if quantity}
    if not chosen:
        raise Refused("no-order-line-chosen")
    for place, quantity in chosen.items():
        if not 0 <= place < len(service.left):
            raise Refused("order-line-unknown")
        if not 0 < quantity <= service.left[place]:
            raise Refused("less-is-here", line=service.order.lines[place].description[:60])
    return chosen


def _tidy(code: str) -> str:
    return "".join(code.split()).upper()


def _why_not(code: str) -> str:
    try:
        _, series, _ = parse_printed(code)
    except Refused:
        return said("tag-unknown", tag=code[:40])
    if series == SERIES[ServiceOrder]:
        return said("order-not-here")
    return said("not-an-order-number")
