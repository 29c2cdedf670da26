"""The cash drawer: opened with a float, cash in and out with a reason, closed against a blind count.

Any count is accepted; the difference is posted to over/short.  The close takes what the books
expect from inside its own transaction, so that no sale is missed or counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pos_app.ledger.document import (
    CashReason,
    Document,
    DrawerOpen,
)
from pos_app.ledger.drawer import TAKING_OUT, WITH_OTHERS
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import CashCount
from pos_app.ledger.making import drawer as making_drawer
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules.drawer import check_count
from pos_app.store.documents import documents
from pos_app.store.journal import drafts, print_jobs
from pos_app.till.drawer import closing, count_seal, drawer_flows, goods_count, money_count, x_report
from pos_app.till.drawer.closing import Beside, Closed, Ending, TakingOver
from pos_app.till.drawer.count_seal import Count
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.till.drawer.goods_count import Kind
from pos_app.till.drawer.money_count import Found, Payment
from pos_app.till.drawer.x_report import Shown, X
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

#: The window speaks of a close as the drawer does.
__all__ = [
    "Beside",
    "Closed",
    "Count",
    "Drawer",
    "Flow",
    "Found",
    "Kind",
    "Payment",
    "Readiness",
    "TakingOver",
]


@dataclass(frozen=True)
class Readiness:
    """What a manager should know before closing: an open basket, parked ones, papers not printed yet."""

    open_lines: int
    parked: tuple[str, ...]
    unprinted: int = 0


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

    def holds_more_than(self) -> int | None:
        """The most that a drawer of the depot should hold, in minor units, where this one holds more.

        Nothing to who counts it blind: the sale at which it is said first says what is expected to within
        that sale, and every sale behind it is known.  Whoever may know what lies there is told.
        """
        context = self._context
        most = context.place.rules[HouseRule.DRAWER_MOST]
        if not most or context.shift is None or context.person is None or not context.may_know_cash():
            return None
        with context.database.read() as connection:
            return most if context.cash(connection) > most else None

    @staticmethod
    def check_left(left: int, counted: int) -> None:
        """Raise `Refused` for a float that nobody can be left, in minor units."""
        closing.check_left(left, counted)

    def is_of_earlier_day(self) -> bool:
        """Whether the shift that runs began on an earlier day of the shop, and should have been closed."""
        context = self._context
        if context.shift is None:
            return False
        began = context.business_day(context.shift.occurred_at)
        return began < context.business_day(context.clock.now())

    def open(self, float_amount: int, *, request_id: str | None = None) -> Recorded:
        """Begin a shift with a float out of the safe, in minor units; a request again gives the same one."""
        context = self._context
        context.need(Permission.DRAWER)
        if float_amount < 0:
            raise Refused("float-negative")

        def build(connection: Connection) -> Document:
            # Asked of the books: somebody at another window of this till may have been faster.
            terminal = context.terminal
            if documents.open_shift(connection, terminal.org_id, terminal.terminal_no) is not None:
                raise Refused("drawer-open-already")
            return making_drawer.drawer_open(
                context.head_fields(),
                context.accounts,
                drawer_id=context.terminal.drawer_id,
                float_amount=float_amount,
            )

        try:
            return recording.record(context, request_id or new_request(), build, paper=False, kick=True)
        finally:
            context.refresh_shift()

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
        approver = require(person, Action.CASH_OUT, approval, amount) if taking_out else None
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
            unprinted = len(print_jobs.unfinished(connection)) + len(print_jobs.troubled(connection))
        return Readiness(lines, parked, unprinted)

    def foreign_currencies(self) -> list[str]:
        """The other currencies that must be counted at the close; how much of them is not told."""
        context = self._context
        with context.database.read() as connection:
            return closing.foreign_currencies(connection, context)

    def payments_to_tick(self) -> list[Payment]:
        """What the shift took beside cash, as a close lists it; nothing where the depot counts cash alone."""
        context = self._context
        if not context.place.rules[HouseRule.COUNT_OTHER_MONEY] or context.shift is None:
            return []
        context.need(Permission.DRAWER)
        with context.database.read() as connection:
            return money_count.payments(connection, context)

    def goods_to_count(self) -> list[Kind]:
        """The cylinders and bottles that a close counts; nothing where the depot does not count them then."""
        context = self._context
        if not context.place.rules[HouseRule.COUNT_CYLINDERS]:
            return []
        with context.database.read() as connection:
            return goods_count.kinds(connection, context)

    def fix_count(
        self,
        counts: Mapping[str, Sequence[CashCount]],
        money: Found | None = None,
        goods: Mapping[int, int] | None = None,
    ) -> None:
        """Seal what was counted, by currency and beside it, before anybody is told what was expected.

        Another count after it is a second record that names the first.  Raises `Refused` without a shift, and
        for a count that no close could name: sealed, it would keep the drawer open for ever.
        """
        context = self._context
        context.need(Permission.DRAWER)
        shift = context.open_shift()
        for of_currency in counts.values():
            check_count(of_currency)
        with context.database.write() as connection:
            if money is not None:
                money_count.check(connection, context, money)
            count_seal.seal(connection, context, shift, Count(counts, money, goods))

    def beside(self, count: Count, approval: Approval | None = None) -> tuple[Beside, ...]:
        """What of a fixed count differs beside the cash.  Told to whom `expected` is told."""
        context = self._context
        require(context.signed_in(), Action.CLOSE_DRAWER, approval)
        with context.database.read() as connection:
            return closing.beside(connection, context, count)

    def sealed_count(self) -> Count | None:
        """The count that lies sealed and with which a close goes on; None where a document came after it."""
        context = self._context
        if context.shift is None:
            return None
        with context.database.read() as connection:
            return closing.standing_count(connection, context)

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
        money: Found | None = None,
        goods: Mapping[int, int] | None = None,
        business_id: int = 0,
        taking_over: TakingOver | None = None,
        request_id: str | None = None,
    ) -> Closed:
        """End the shift with what was counted; all of it goes to the safe, or a float to who takes over.

        What is over or short is of `business_id` (0: the depot's).
        Other currencies are counted each by itself (`foreign`, by code) and each has a document of its own,
        all in one transaction; one that lies in the drawer and was not counted is refused.  What was found of
        the other money, and of cylinders and bottles, the Z tells (None: nobody looked).  A request again
        gives the same close.  Raises `Refused`, `NeedsApproval`; any count is accepted.
        """
        others, home = foreign or {}, self._context.place.currency.code
        if home in others:
            raise Refused("own-currency-counted-twice", currency=home)
        count = Count({**others, home: counts}, money, goods)
        ending = Ending(count, reason, business_id, taking_over)
        return closing.close(self._context, ending, approval, request_id or new_request())
