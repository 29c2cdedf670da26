"""Things that customers leave for a service, as at a laundry: taken in, ready, collected, or given back.

    shirts = Wanted(shirt, 3 * ONE, "blue; stain on the collar")
    done = till.service_orders.take_in(Intake([shirts], promised_on=20261124, party_id=njeri))
    found = till.service_orders.find(scanned)            # the tag, or the number on the customer's slip
    till.service_orders.mark_ready(found.order.document_id)
    basket = till.service_orders.collect(found.order.document_id)
    checkout = till.checkout(basket)                     # from here on it is a sale like any other

What is paid ahead is a deposit of the customer, recorded with the order in one transaction
(`Till.take_ahead`), so that the slip says so; it pays the sale that collects the order
(`TenderKind.DEPOSIT`), or an invoice.

Decisions
---------
2026-12-01  A depot may want a part or all of it ahead (`house_rule.PAID_AT_INTAKE`).  What lies on deposit
counts once: what other orders of the customer that are here want of it is theirs.  Who leaves only a name has
no deposit, so there they are made a customer first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.language import Sentence, said
from pos_app.ledger.day import to_date
from pos_app.ledger.document import SERIES, Document, ServiceOrder
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.letters import holds
from pos_app.ledger.line import PartyRole
from pos_app.ledger.line_parts import Agreed, part_of, up_to
from pos_app.ledger.making import service_orders as making_service_orders
from pos_app.ledger.making.service_orders import Left
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.pricing.reasons import Words
from pos_app.ledger.rules.service_orders import MOST_NAME, MOST_TAG
from pos_app.ledger.service_orders import ServiceLine, Step
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import drafts, print_jobs
from pos_app.store.master import people
from pos_app.store.orders import open_orders_till, service_orders
from pos_app.store.orders.open_orders_till import Asked
from pos_app.store.receivables import open_items
from pos_app.till.laundry.intake import Intake, Wanted, ahead_of, allowed, lines_of, why
from pos_app.till.selling import day_rates
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.basket_state import BasketLine
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.errors import UnknownBarcode
from pos_app.till.session.parties import party_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

#: The print job of the tags that hang on the things (see `paperwork`).
TAGS: Final = "tags"
#: So many open orders of a depot are listed, the newest; a laundry with more has a room full of them.
MOST: Final = 2_000
_KIND: Final = "service_order"


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
        told: int | None = None,
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record what a customer leaves; prints a slip for them and the tags (see `Intake`).

        Nothing is owed yet; what the depot wants ahead lies on deposit already (see `Till.take_ahead`).
        Raises `NeedsApproval` for another price, or `Refused`, also where it comes to another total than was
        `told`.
        """
        intake = Intake(wanted, promised_on, party_id, customer_name, tag, note, told)
        request = request_id or new_request()
        return recording.record(
            self._context, request, self.building(intake, request, approval), also=self.hang_on
        )

    def building(
        self, intake: Intake, request: str, approval: Approval | None, paid: int = 0
    ) -> Callable[[Connection], ServiceOrder]:
        """What makes the order within the recording's transaction, `paid` ahead having come in the same one.

        Raises as `take_in` does.
        """
        context = self._context
        allow = allowed(context, intake, approval)

        def build(connection: Connection) -> ServiceOrder:
            if intake.promised_on < context.today:
                raise Refused("promise-past", day=to_date(intake.promised_on).isoformat())
            if intake.party_id is not None:
                party_in(context, connection, intake.party_id, PartyRole.CUSTOMER)
            lines = lines_of(context, connection, intake, allow.by)
            total = totals_of(with_tax(lines)).total
            if intake.told not in (None, total):
                # A promotion ended, or the feed brought another price, since the customer was told.
                before, now = (grouped_text(one or 0, context.place.currency) for one in (intake.told, total))
                raise Refused("intake-total-changed", before=before, now=now)
            short = self._short(connection, intake.party_id, total) - paid
            if short > 0:
                raise Refused("intake-paid-ahead", short=grouped_text(short, context.place.currency))
            name, tag = intake.customer_name.strip()[:MOST_NAME], self._free_tag(connection, intake.tag)
            return making_service_orders.service_order(
                context.head_fields(request, approver=allow.approver, note=intake.note),
                lines,
                Left(intake.party_id, name, context.location_id, tag),
                promised_on=intake.promised_on,
            )

        return build

    def hang_on(self, connection: Connection, sealed: Sealed) -> None:
        """Queue the tags of an order that was recorded in this transaction."""
        self._queue_tags(connection, sealed.document.document_id)

    def short_of(self, intake: Intake) -> int:
        """What of an order is still to be paid when it is taken in, in minor units.  Raises `Refused`."""
        with self._context.database.read() as connection:
            lines = lines_of(self._context, connection, intake, None)
            return self._short(connection, intake.party_id, totals_of(with_tax(lines)).total)

    def _short(self, connection: Connection, party_id: int | None, total: int) -> int:
        """What the depot wants ahead of this order, less what of their deposit no other order holds."""
        context = self._context
        percent = context.place.rules[HouseRule.PAID_AT_INTAKE]
        if not percent or not total:
            return 0
        if party_id is None:
            raise Refused("intake-paid-by-customers")
        home = context.place.currency.code
        held = open_items.deposited(connection, context.org_id, party_id, home).amount
        theirs = self._orders(connection, lambda order, _: order.party_id == party_id)
        others = sum(ahead_of(self._opened(connection, one).due, percent) for one in theirs)
        ahead = ahead_of(total, percent)
        return min(max(ahead + others - held, 0), ahead)

    def quote(self, wanted: Sequence[Wanted], party_id: int | None = None) -> int:
        """What these services would cost at the agreed prices, in minor units, tax included.

        Raises `Refused` as `take_in` would.
        """
        return totals_of(self.priced(wanted, party_id)).total

    def priced(self, wanted: Sequence[Wanted], party_id: int | None = None) -> tuple[ServiceLine, ...]:
        """The lines as they would be taken in now, with what promotions take off; for the screen.

        Raises `Refused` as `take_in` would.
        """
        with self._context.database.read() as connection:
            return with_tax(lines_of(self._context, connection, Intake(wanted, 0, party_id), None))

    def why_priced(
        self, wanted: Sequence[Wanted], party_id: int | None, place: int, moment: Callable[[int], str]
    ) -> list[Sentence]:
        """Why the line at a place costs what it costs now; `moment` writes microseconds since 1970.

        Raises `Refused` as `take_in` would.
        """
        words = Words(self._context.place.currency, moment)
        with self._context.database.read() as connection:
            return why(self._context, connection, Intake(wanted, 0, party_id), place, words)

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
            line.promotion_id,
            line.promotion,
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
