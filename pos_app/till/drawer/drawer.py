"""The cash drawer: opened with a float, cash in and out with a reason, closed against a blind count.

Any count is accepted; the difference is posted to over/short.  The close takes what the books
expect from inside its own transaction, so that no sale is missed or counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import day_of
from pos_app.ledger.document import (
    CashReason,
    Document,
    DrawerClose,
    DrawerOpen,
)
from pos_app.ledger.drawer import TAKING_OUT, WITH_OTHERS, Stretch
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import CashCount
from pos_app.ledger.making import drawer as making_drawer
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.store.documents import stretches
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import drafts, print_jobs
from pos_app.store.master.people import Person
from pos_app.store.stock import drawers
from pos_app.till.drawer import count_seal, drawer_flows, x_report
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.till.drawer.x_report import Shown, X
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


@dataclass(frozen=True)
class Readiness:
    """What a manager should know before closing: an open basket, parked ones, documents not sent."""

    open_lines: int
    parked: tuple[str, ...]


@dataclass(frozen=True)
class Closed:
    """How a close came out, in minor units; shown after the count is fixed, never before.

    `currency` is empty for ours; `others` are the other currencies that lay in the drawer.
    """

    done: Recorded
    counted: int
    expected: int
    currency: str = ""
    others: "tuple[Closed, ...]" = ()

    @property
    def variance(self) -> int:
        """Over (positive) or short (negative)."""
        return self.counted - self.expected


class Drawer:
    """The drawer of this terminal."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def is_open(self) -> bool:
        """Whether a shift runs."""
        return self._context.shift is not None

    def shift_number(self) -> int | None:
        """The number of the shift that runs, as printed on the strip."""
        return None if self._context.shift is None else self._context.shift.number

    def wanted_float(self) -> int | None:
        """With how much the depot opens its drawers, in minor units; None where it does not say."""
        return self._context.place.rules[HouseRule.DRAWER_FLOAT] or None

    def is_of_earlier_day(self) -> bool:
        """Whether the shift that runs began on an earlier day of the shop, and should have been closed."""
        context = self._context
        if context.shift is None:
            return False
        place = context.place
        starts = timedelta(minutes=place.rules[HouseRule.DAY_STARTS])
        began, now = context.shift.occurred_at, context.clock.now()
        return day_of(began - starts, place.time_zone) < day_of(now - starts, place.time_zone)

    def open(self, float_amount: int, *, request_id: str | None = None) -> Recorded:
        """Begin a shift with a float out of the safe, in minor units; a request again gives the same one."""
        context = self._context
        context.need(Permission.DRAWER)
        if float_amount < 0:
            raise Refused("float-negative")

        def build(connection: Connection) -> Document:
            if context.shift is not None:
                raise Refused("drawer-open-already")
            return making_drawer.drawer_open(
                context.head_fields(),
                context.accounts,
                drawer_id=context.terminal.drawer_id,
                float_amount=float_amount,
            )

        done = recording.record(context, request_id or new_request(), build, paper=False, kick=True)
        context.refresh_shift()
        return done

    def move(
        self,
        reason: CashReason,
        amount: int,
        note: str,
        approval: Approval | None = None,
        *,
        business_id: int = 0,
        request_id: str | None = None,
    ) -> Recorded:
        """Put cash in or take it out.  Taking out needs a manager; what is with others needs a note.

        `business_id` is for whom it is paid in or out, or whose owner draws it (0: the depot's).  A request
        again gives the same movement.  Raises `Refused` (more than the drawer holds) or `NeedsApproval`.
        """
        context = self._context
        person = context.need(Permission.DRAWER)
        taking_out = reason in TAKING_OUT
        approver = require(person, Action.CASH_OUT, approval) if taking_out else None
        if amount <= 0:
            raise Refused("amount-not-positive")
        if not note.strip() and reason in WITH_OTHERS:
            raise Refused("cash-move-without-reason")

        def build(connection: Connection) -> Document:
            cash = context.cash(connection)
            if taking_out and amount > cash and not context.may_know_cash():
                raise Refused("drawer-holds-less")
            if taking_out and amount > cash:
                raise Refused("drawer-holds-only", held=grouped_text(cash, context.place.currency))
            return making_drawer.cash_movement(
                context.head_fields(approver=approver, note=note, in_shift=True),
                context.accounts,
                drawer_id=context.terminal.drawer_id,
                reason=reason,
                amount=amount,
                business_id=context.known_business(business_id),
            )

        # What leaves us is signed for on paper; what stays ours only opens the drawer.
        paper = taking_out and reason in WITH_OTHERS
        return recording.record(context, request_id or new_request(), build, paper=paper, kick=True)

    def kick(self, reason: str) -> None:
        """Open the drawer without a sale: for change, or to look.  Audited.

        Raises `Refused` without a reason, or for who may not.
        """
        context = self._context
        context.need(Permission.NO_SALE)
        if not reason.strip():
            raise Refused("opening-without-reason")
        with context.database.write() as connection:
            print_jobs.add(connection, context.org_id, what="kick", at=context.clock.now(), kick=True)
            drawer = f"drawer {context.terminal.drawer_id}"
            context.note(connection, "drawer_kick", drawer, after=reason.strip()[:200])

    def readiness(self) -> Readiness:
        """What lies open before a close."""
        context = self._context
        with context.database.read() as connection:
            lines = len(drafts.load(connection, context.org_id, parked=False))
            parked = tuple(
                draft.label or draft.updated_at.strftime("%H:%M")
                for draft in drafts.load(connection, context.org_id, parked=True)
            )
        return Readiness(lines, parked)

    def foreign_currencies(self) -> list[str]:
        """The other currencies that must be counted at the close; how much of them is not told."""
        context = self._context
        with context.database.read() as connection:
            return self._foreign(connection)

    def _foreign(self, connection: Connection) -> list[str]:
        context = self._context
        held = drawers.holdings(connection, context.org_id, context.terminal.drawer_id)
        return [code for code in held if code != context.place.currency.code]

    def fix_count(self, counts: Mapping[str, tuple[CashCount, ...]]) -> None:
        """Seal what was counted, by currency, before anybody is told what was expected.

        Another count after it is a second record that names the first.  Raises `Refused` without a shift.
        """
        context = self._context
        context.need(Permission.DRAWER)
        shift = context.open_shift()
        with context.database.write() as connection:
            count_seal.seal(connection, context, shift, counts)

    def expected(self, approval: Approval | None = None, currency: str = "") -> int:
        """What the books expect in the drawer, for the review once a count is fixed, never before.

        Raises `NeedsApproval` for a cashier alone.
        """
        require(self._context.signed_in(), Action.CLOSE_DRAWER, approval)
        self._context.open_shift()
        with self._context.database.read() as connection:
            return self._context.cash(connection, currency)

    def told_while_counting(self, currency: str = "") -> int | None:
        """What is expected, for who still counts, where the depot closes openly; None where it closes blind.

        Raises `Refused` without a shift.
        """
        context = self._context
        if context.place.rules[HouseRule.BLIND_CLOSE]:
            return None
        context.need(Permission.DRAWER)
        context.open_shift()
        with context.database.read() as connection:
            return context.cash(connection, currency)

    def flows(self, approval: Approval | None = None, currency: str = "") -> tuple[Flow, ...]:
        """Why that much is expected: the cash of this shift, in and out, by reason.

        Told to whom `expected` is told.  Raises `NeedsApproval` for a cashier alone.
        """
        context = self._context
        require(context.signed_in(), Action.CLOSE_DRAWER, approval)
        shift, code = context.open_shift(), currency or context.place.currency.code
        with context.database.read() as connection:
            expected = context.cash(connection, code)
            return drawer_flows.of_shift(connection, context, shift, code, expected=expected)

    def x_report(self, approval: Approval | None = None) -> list[Shown]:
        """What a Z would say of the shift that runs, without the cash that is expected.

        Told to whom `expected` is told.
        Raises `NeedsApproval` for a cashier alone, `Refused` without a shift.
        """
        context = self._context
        require(context.signed_in(), Action.CLOSE_DRAWER, approval)
        with context.database.read() as connection:
            return x_report.shown(x_report.paper(context, connection, self._opened(connection), 42))

    def print_x(self, approval: Approval | None = None) -> None:
        """Print the same; audited.  Raises as `x_report`."""
        context = self._context
        require(context.signed_in(), Action.CLOSE_DRAWER, approval)
        with context.database.write() as connection:
            opened = self._opened(connection)
            print_jobs.add(
                connection,
                context.org_id,
                what=X,
                at=context.clock.now(),
                document_id=opened.document_id,
            )
            context.note(connection, "x_report", f"document {opened.document_id}")

    def _opened(self, connection: Connection) -> DrawerOpen:
        """The document that began the shift.  Raises `Refused` without one."""
        return recording.named(
            connection, self._context, DrawerOpen, self._context.open_shift(), "the opening of the drawer"
        )

    def close(
        self,
        counts: tuple[CashCount, ...],
        reason: str = "",
        approval: Approval | None = None,
        *,
        foreign: Mapping[str, tuple[CashCount, ...]] | None = None,
        business_id: int = 0,
        request_id: str | None = None,
    ) -> Closed:
        """End the shift with what was counted; all of it goes to the safe.

        What is over or short is of `business_id` (0: the depot's).
        Other currencies are counted each by itself (`foreign`, by code) and each has a document of its own,
        all in one transaction; one that lies in the drawer and was not counted is refused.  A request again
        gives the same close.
        Raises `NeedsApproval` for a cashier alone, `Refused` when no shift runs, a basket is open, or no
        reason is given for a difference that needs one.
        """
        context = self._context
        person = context.need(Permission.DRAWER)
        approver = require(person, Action.CLOSE_DRAWER, approval)
        if self.readiness().open_lines:
            raise Refused("basket-open-at-close")
        others = foreign or {}
        home = context.place.currency.code
        if home in others:
            raise Refused("own-currency-counted-twice", currency=home)

        def build(connection: Connection) -> list[Document]:
            for code in self._foreign(connection):
                if code not in others:
                    raise Refused("foreign-cash-not-counted", currency=code)
            # Ours last: it is the one that ends the shift on the strip and on paper.
            every = [*sorted(others.items()), (home, counts)]
            whose = context.known_business(business_id)
            closes = [
                self._closing(connection, code, one, reason, approver, business_id=whose)
                for code, one in every
            ]
            if not reason.strip():
                self._demand_reason(closes)
            return [*closes]

        shift = context.shift_id

        def finish(connection: Connection, sealed: Sequence[Sealed]) -> None:
            if shift is not None:
                # Closed with another count than was sealed: that one is a record beside the first.
                count_seal.seal(connection, context, shift, {**others, home: counts})
            for one in sealed:
                recording.queue(connection, context, one, paper=True, kick=False)

        recorded = context.journal.record_all(request_id or new_request(), build, finish)
        context.leave_used()
        context.refresh_shift()
        *rest, last = [self._closed(one.document) for one in recorded]
        return replace(last, currency="", others=tuple(rest))

    def _closing(
        self,
        connection: Connection,
        code: str,
        counts: tuple[CashCount, ...],
        reason: str,
        approver: Person | None,
        *,
        business_id: int,
    ) -> DrawerClose:
        """The close of one currency."""
        context = self._context
        rate = rate_of(context, connection, code)
        return making_drawer.drawer_close(
            context.head_fields(
                approver=approver, currency=rate.currency.code, rate_micro=rate.minor, in_shift=True
            ),
            context.accounts,
            counts,
            drawer_id=context.terminal.drawer_id,
            expected=context.cash(connection, code),
            reason=reason,
            business_id=business_id,
            stretch=self._stretch(connection) if code == context.place.currency.code else None,
        )

    def _stretch(self, connection: Connection) -> Stretch:
        """What the close of our currency says as the shift's Z."""
        context = self._context
        org_id, terminal_no = context.org_id, context.terminal.terminal_no
        return stretches.now(
            connection, org_id, terminal_no, context.open_shift(), context.place.currency.code
        )

    def _demand_reason(self, closes: Sequence[DrawerClose]) -> None:
        """Raise `Refused` for a difference of so much that somebody has to say why."""
        least = self._context.place.rules[HouseRule.CLOSE_REASON_FROM]
        for close in closes:
            over = close.counted - close.expected
            if over and worth_of(abs(over), close.rate_micro) >= least:
                amount = grouped_text(abs(over), find_currency(close.currency))
                amount = f"{close.currency} {amount}"
                if over > 0:
                    raise Refused("close-over-without-reason", amount=amount)
                raise Refused("close-short-without-reason", amount=amount)

    def _closed(self, document: Document) -> Closed:
        """The answer to one close."""
        if not isinstance(document, DrawerClose):
            raise TypeError(type(document).__name__)
        done = Recorded(document, self._context.printed(document))
        return Closed(done, document.counted, document.expected, document.currency)
