"""Money with a party beside trade: advances to employees, what members and customers deposit."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.treasury import GIVEN_ROLE, PAID_OUT, ROLE_OF, PartyReason
from pos_app.store.master import party_terms
from pos_app.store.master.people import Person
from pos_app.store.receivables import open_items
from pos_app.till.selling import tendering
from pos_app.till.selling.takings import AmountTakings
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.parties import party_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require


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

        `given` is how it changed hands; nothing is all of it in cash.  Handing out needs a manager, and
        exactly what is due.  Raises `NeedsApproval`, or `Refused` for a party that is not what the reason
        needs, more than they have with us, an advance beyond their limit, or a drawer without so much.
        """
        context = self._context
        if amount <= 0:
            raise Refused("amount-not-positive")
        pays = reason in PAID_OUT
        approver = self._who_allows(pays, given, approval)
        with context.database.read() as connection:
            rate = rate_of(context, connection, currency)
        document_rate = None if rate.is_home else rate
        tenders, due = tendering.collect(context, amount, given, document=document_rate, exact=pays)
        has_cash = any(one.kind is TenderKind.CASH for one in tenders)
        lines, change = tendering.as_lines(context, tenders, due.change, in_drawer=True)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            role = ROLE_OF[reason]
            party_in(context, connection, party_id, GIVEN_ROLE.get(role, role))
            tendering.need_unused(context, connection, tenders)
            if reason is PartyReason.EMPLOYEE_ADVANCE:
                self._check_advance(connection, party_id, rate.in_home(amount))
            if pays:
                tendering.need_to_pay(context, connection, tenders, rate.currency.code)
            else:
                tendering.need_change(context, connection, tenders, due.change)
            held = open_items.balance(connection, context.org_id, role, party_id, rate.currency.code)
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
            )

        return recording.record(context, request, build, kick=has_cash)

    def balance(self, role: PartyRole, party_id: int, currency: str = "") -> int:
        """What stands between us and a party in a role, in minor units: positive is theirs to pay."""
        context = self._context
        money = currency or context.place.currency.code
        with context.database.read() as connection:
            return open_items.balance(connection, context.org_id, role, party_id, money)["amount"]

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

    def _check_advance(self, connection: Connection, party_id: int, in_home: int) -> None:
        """Raise `Refused` for an advance beyond what the employee may draw."""
        context, money = self._context, self._context.place.currency
        terms = party_terms.roles_of(connection, context.org_id, party_id)[PartyRole.EMPLOYEE]
        drawn = open_items.balance(connection, context.org_id, PartyRole.EMPLOYEE, party_id, money.code)
        left = max(terms.credit_limit - drawn["amount"], 0)
        if in_home > left:
            raise Refused("advance-above-limit", left=grouped_text(left, money))


class PartyTaking(AmountTakings):
    """Takes or hands out one sum of a party, tender by tender; one request runs through it."""

    def __init__(
        self, context: Context, reason: PartyReason, party_id: int, amount: int, currency: str = ""
    ) -> None:
        """`amount` is in minor units of `currency` (empty: ours).  Raises `Refused` for none."""
        if amount <= 0:
            raise Refused("amount-not-positive")
        super().__init__(context, amount, currency)
        self._reason, self._party_id, self._currency = reason, party_id, currency
        self._request = new_request()

    @property
    def hands_back(self) -> bool:
        return self._reason in PAID_OUT

    def complete(self, approval: Approval | None = None, *, paper: bool = True) -> Recorded:
        """Record it, see `PartyMoneys.record`.  Its slip is printed in any case: it is signed."""
        given = [
            TenderInput(entry.kind, entry.paid or entry.amount, entry.reference, entry.paid_currency)
            for entry in self.tenders
        ]
        return PartyMoneys(self._context).record(
            self._reason,
            self._party_id,
            self.amount,
            given,
            currency=self._currency,
            approval=approval,
            request_id=self._request,
        )
