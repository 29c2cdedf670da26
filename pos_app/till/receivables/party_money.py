"""Money with a party beside trade: advances to employees, what members and customers deposit."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.coins import settled_by
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import grouped_text
from pos_app.ledger.party_credit import PartyCredit
from pos_app.ledger.permission import Permission
from pos_app.ledger.request import part_of
from pos_app.ledger.settlement import Share
from pos_app.ledger.treasury import CREDIT_BACK, DRAWN, GIVEN_ROLE, PAID_OUT, ROLE_OF, PartyReason
from pos_app.store.documents.rows import Sealed
from pos_app.store.master.people import Person
from pos_app.store.receivables import open_items
from pos_app.till.selling import tendering
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.selling.takings import AmountTakings
from pos_app.till.selling.tendering import Due
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.parties import party_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

#: What a party's money is asked by: connection, organisation, role, party and currency.
_Asked = tuple[Connection, int, PartyRole, int, str]


class PartyMoneys:
    """Takes money from a party and hands it out, for a reason that is none of trade."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def record(
        self,
        reason: PartyReason,
        party_id: int,
        amount: int,
        given: Sequence[TenderInput] = (),
        *,
        note: str = "",
        currency: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Take or hand out `amount` (minor units of `currency`, empty: ours), as the reason says.

        `given` is how it changed hands; nothing is all of it in cash.  Coins come to the nearest that they
        can: rounding where they end what stands open, else what is recorded; an advance never beyond what
        may still be drawn.  Handing out needs a manager.
        Raises `NeedsApproval`, or `Refused` for a party without the role, more than they have with us, an
        advance beyond their limit, what is not exact, or a drawer without so much.
        """
        request = request_id or new_request()
        build, has_cash = self.building(
            reason, party_id, amount, given, note=note, currency=currency, approval=approval, request=request
        )
        return recording.record(self._context, request, build, kick=has_cash)

    def building(
        self,
        reason: PartyReason,
        party_id: int,
        amount: int,
        given: Sequence[TenderInput],
        *,
        request: str,
        note: str = "",
        currency: str = "",
        approval: Approval | None = None,
    ) -> tuple[recording.Builder, bool]:
        """What makes the document within the recording's transaction, and whether the drawer opens for it.

        Raises as `record` does.
        """
        context = self._context
        if amount <= 0:
            raise Refused("amount-not-positive")
        pays = reason in PAID_OUT
        approver = self._who_allows(pays, given, approval)
        with context.database.read() as connection:
            rate = rate_of(context, connection, currency)
            most = _most(context, connection, reason, party_id) if rate.is_home else None
        other, step = (None, context.place.cash_step) if rate.is_home else (rate, 1)
        tenders, due = tendering.collect(
            context, amount, given, document=other, exact=pays, cash_step=step, most=most
        )
        has_cash = tendering.moves_cash(tenders, due.change)
        lines, change = tendering.as_lines(context, tenders, due.change, in_drawer=True, goes_out=pays)

        def build(connection: Connection) -> Document:
            role = ROLE_OF[reason]
            party_in(context, connection, party_id, GIVEN_ROLE.get(role, role))
            tendering.need_unused(context, connection, tenders)
            if reason is PartyReason.EMPLOYEE_ADVANCE:
                self._check_advance(connection, party_id, rate.in_home(due.taken - due.change))
            self._need_money(connection, tenders, due, rate.currency.code if pays else "")
            asked = (connection, context.org_id, role, party_id, rate.currency.code)
            held = open_items.balance(*asked)
            lies, credit, there = self._theirs(reason, asked, held["amount"])
            rounding = _rounded(amount, tenders, due, there, step)
            return making_treasury.party_money(
                context.head_fields(
                    request,
                    approver=approver,
                    currency=rate.currency.code,
                    rate_micro=rate.minor,
                    note=note,
                    in_shift=has_cash,
                ),
                context.accounts,
                reason=reason,
                party_id=party_id,
                tenders=lines,
                change=change,
                held=(held["amount"], held["base_amount"]),
                credit=credit,
                lies=lies,
                rounding=rounding,
                cash_step=step,
            )

        return build, has_cash

    def balance(self, role: PartyRole, party_id: int, currency: str = "") -> int:
        """What stands between us and a party in a role, in minor units: positive is theirs to pay."""
        context = self._context
        money = currency or context.place.currency.code
        with context.database.read() as connection:
            return open_items.balance(connection, context.org_id, role, party_id, money)["amount"]

    def _theirs(
        self, reason: PartyReason, asked: _Asked, held: int
    ) -> tuple[tuple[Share, ...], PartyCredit | None, int]:
        """Which businesses hold what goes back, the credit where it is one, and how much of it there is."""
        if reason not in CREDIT_BACK | DRAWN:
            return (), None, 0
        lies = open_items.lying(*asked, own=self._context.place.business.business_id)
        if reason not in CREDIT_BACK:
            return lies, None, -held
        credit = open_items.credit(*asked)._replace(lies=lies)
        return lies, credit, credit.amount

    def _who_allows(
        self, pays: bool, given: Sequence[TenderInput], approval: Approval | None
    ) -> Person | None:
        context = self._context
        if not pays:
            context.need(Permission.RECEIVE_PAYMENT)
            return None
        if not given or any(one.kind is TenderKind.CASH for one in given):
            context.need(Permission.DRAWER)
        return require(context.signed_in(), Action.PARTY_MONEY, approval)

    def _need_money(
        self, connection: Connection, tenders: Sequence[TenderEntry], due: Due, pays_in: str
    ) -> None:
        """Raise `Refused` where the drawer cannot pay it in this currency, or (empty) give the change."""
        if pays_in:
            tendering.need_to_pay(self._context, connection, tenders, pays_in)
        else:
            tendering.need_change(self._context, connection, tenders, due.change)

    def _check_advance(self, connection: Connection, party_id: int, in_home: int) -> None:
        """Raise `Refused` for an advance beyond what the employee may draw."""
        left = open_items.advance_left(connection, self._context.org_id, party_id)
        if in_home > left:
            raise Refused("advance-above-limit", left=grouped_text(left, self._context.place.currency))


def _most(context: Context, connection: Connection, reason: PartyReason, party_id: int) -> int | None:
    """What coins may hand out at the most, where there is a limit, in minor units of ours."""
    if reason is not PartyReason.EMPLOYEE_ADVANCE:
        return None
    return open_items.advance_left(connection, context.org_id, party_id)


def _rounded(amount: int, tenders: Sequence[TenderEntry], due: Due, there: int, step: int) -> int:
    """What the coins are more than they settle of what is `there`, where so much was meant; minor units."""
    coins = tendering.coins_of(tenders) - due.change
    owed = there if amount <= there else 0
    return settled_by(due.taken - due.change, coins, owed, step, all_meant=amount == there).rounding


class Behind(NamedTuple):
    """What the money is for where that is recorded behind it, in the same transaction.

    `making` gives what makes the document, for a request, with what a manager allowed and what was paid;
    `also` does what must stand or fall with it, and `then` is called once both are recorded.
    """

    making: Callable[[str, Approval | None, int], recording.Builder]
    also: recording.Also
    then: Callable[[], object]


class PartyTaking(AmountTakings):
    """Takes or hands out one sum of a party, tender by tender; one request runs through it."""

    def __init__(
        self,
        context: Context,
        reason: PartyReason,
        party_id: int,
        amount: int,
        currency: str = "",
        *,
        behind: Behind | None = None,
    ) -> None:
        """`amount` is in minor units of `currency` (empty: ours).  Raises `Refused` for none."""
        if amount <= 0:
            raise Refused("amount-not-positive")
        super().__init__(context, amount, currency)
        if self.rate.is_home:
            self.cash_step = context.place.cash_step
            with context.database.read() as connection:
                self.cash_most = _most(context, connection, reason, party_id)
        self._reason, self._party_id, self._currency = reason, party_id, currency
        self._behind = behind

    @property
    def request_id(self) -> str:
        # Money that comes in needs nobody; what lies behind it is recorded as its second part.
        return self._request if self._behind is None else part_of(self._request, 1)

    @property
    def hands_back(self) -> bool:
        return self._reason in PAID_OUT

    def building(self, approval: Approval | None) -> tuple[recording.Builder, bool]:
        """As `PartyMoneys.building`, of what was tendered."""
        with self._context.database.read() as connection:
            self._use_rates_of(connection)
        given = [
            TenderInput(
                entry.kind,
                entry.paid or entry.amount,
                entry.reference,
                entry.paid_currency,
                business_id=entry.business_id,
                cheque=entry.cheque,
            )
            for entry in self.tenders
        ]
        return PartyMoneys(self._context).building(
            self._reason,
            self._party_id,
            self.amount,
            given,
            currency=self._currency,
            approval=approval,
            request=self._request,
        )

    def complete(self, approval: Approval | None = None, *, paper: bool = True) -> Recorded:
        """Record it, see `PartyMoneys.record`.  Its slip is printed in any case: it is signed."""
        build, has_cash = self.building(approval)
        if self._behind is None:
            return recording.record(self._context, self._request, build, kick=has_cash)
        return self._with(self._behind, build, has_cash, approval)

    def _with(
        self, behind: Behind, money: recording.Builder, has_cash: bool, approval: Approval | None
    ) -> Recorded:
        """Record the money and what it is for; gives the latter.  Pressing twice gives the same two."""
        context = self._context
        made = behind.making(self._request, approval, self.amount)

        def build(connection: Connection) -> list[Document]:
            return [money(connection), made(connection)]

        def finish(connection: Connection, sealed: Sequence[Sealed]) -> None:
            first, second = sealed
            recording.queue(connection, context, first, paper=True, kick=has_cash)
            recording.queue(connection, context, second, paper=True, kick=False)
            behind.also(connection, second)

        both = context.journal.record_all(self._request, build, finish)
        context.leave_used()
        behind.then()
        return recording.done_of(context, both[-1].document)
