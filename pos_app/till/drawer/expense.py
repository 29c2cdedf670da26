"""Expenses paid at once, out of the drawer or otherwise: petty cash, with the tax that is on it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.making.invoicing import bill_line
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import round_to_cash
from pos_app.ledger.permission import Permission
from pos_app.ledger.tax import NO_SALE, NO_TAX, TaxTerms, check_bought
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.store.master import rates
from pos_app.store.master.rates import TaxChoice
from pos_app.store.report_queries import chart_of_accounts
from pos_app.till.selling import tendering
from pos_app.till.selling.mpesa_places import holder
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.parties import party_in
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

__all__ = ["AccountChoice", "Expenses", "Spent", "TaxChoice"]


class Spent(NamedTuple):
    """One thing that was paid for: `amount` in minor units as the paper says it.

    `account` is the code of an expense account (empty: petty cash), `tax_code` that of the tax which is in
    the amount or comes on top of it, as the code says; `business_id` whose expense it is (None: the depot's).
    """

    description: str
    amount: int
    account: str = ""
    tax_code: str = ""
    business_id: int | None = None


class AccountChoice(NamedTuple):
    """An account that an expense may be put on."""

    code: str
    name: str


class Expenses:
    """Pays expenses at the till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def accounts(self) -> list[AccountChoice]:
        """The expense accounts that a person chooses, by code: petty cash, and those posted to by hand.

        Cost of goods, over and short, exchange differences and the like are posted by what causes them.
        """
        with self._context.database.read() as connection:
            chart = chart_of_accounts.accounts(connection, self._context.org_id)
        by_hand = (None, AccountRole.PETTY_CASH)
        return [
            AccountChoice(one.code, one.name)
            for one in chart.values()
            if one.type == "expense" and one.role in by_hand and one.active
        ]

    def petty_cash(self) -> str:
        """The code of the account for small things, which is taken where none is named."""
        return self._context.account(AccountRole.PETTY_CASH)

    def taxes(self) -> list[TaxChoice]:
        """The tax codes that may stand on the paper, by code, with today's rates."""
        with self._context.database.read() as connection:
            found = rates.tax_choices(connection, self._context.org_id, self._context.today)
        return [one for one in found if one.code not in NO_SALE]

    def total(self, spent: Sequence[Spent]) -> int:
        """What these come to in minor units, with the tax that comes on top.

        Raises `Refused` as `pay` does.
        """
        with self._context.database.read() as connection:
            return totals_of(with_tax(self._lines(connection, spent))).total

    def in_cash(self, total: int) -> int:
        """What coins pay of so much, in minor units: the nearest that they can."""
        return round_to_cash(total, self._context.place.cash_step)

    def pay(
        self,
        spent: Sequence[Spent],
        given: Sequence[TenderInput] = (),
        *,
        vendor_id: int | None = None,
        reference: str = "",
        note: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
        """Record an expense and how it was paid (nothing given: all in cash, as coins can); needs a manager.

        `reference` is the number on the paper.  Raises `NeedsApproval`, or `Refused` for no lines, an
        account that is none, a vendor who is none, and more than lies in the drawer.
        """
        context = self._context
        if not given or any(one.kind is TenderKind.CASH for one in given):
            context.need(Permission.DRAWER)
        approver = require(context.signed_in(), Action.EXPENSE, approval)
        with context.database.read() as connection:
            lines = self._lines(connection, spent)
        total = totals_of(with_tax(lines)).total
        step = context.place.cash_step
        placed = self._placed(lines, given)
        tenders, due = tendering.collect(context, total, placed, exact=True, cash_step=step)
        has_cash = any(one.kind is TenderKind.CASH for one in tenders)
        paid, _ = tendering.as_lines(context, tenders, 0, in_drawer=True, goes_out=True)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            if vendor_id is not None:
                party_in(context, connection, vendor_id, PartyRole.VENDOR)
            tendering.need_unused(context, connection, tenders)
            tendering.need_to_pay(context, connection, tenders)
            return making_treasury.expense(
                context.head_fields(request, approver=approver, note=note, in_shift=has_cash),
                context.accounts,
                lines,
                tenders=paid,
                party_id=vendor_id,
                reference=reference,
                rounding=due.rounding,
                cash_step=step,
            )

        return recording.record(context, request, build, kick=has_cash)

    def _placed(self, lines: Sequence[BillLine], given: Sequence[TenderInput]) -> list[TenderInput]:
        """M-Pesa goes out of the purse of the business whose expense it all is, where none was named."""
        place = self._context.place
        whose = {holder(place, line.business_id).business_id for line in lines}
        purse = whose.pop() if len(whose) == 1 else 0
        return [
            one._replace(business_id=purse) if one.kind is TenderKind.MPESA and not one.business_id else one
            for one in given
        ]

    def _lines(self, connection: Connection, spent: Sequence[Spent]) -> tuple[BillLine, ...]:
        """The lines before their tax."""
        context = self._context
        if not spent:
            raise Refused("expense-empty")
        chart = chart_of_accounts.accounts(connection, context.org_id)
        lines = []
        for one in spent:
            if one.amount <= 0:
                raise Refused("expense-line-not-positive", line=one.description[:40])
            business = one.business_id or context.place.business.business_id
            account = one.account or context.account(AccountRole.PETTY_CASH, business)
            if account not in chart or chart[account].type != "expense":
                raise Refused("not-an-expense-account", account=account[:20])
            if not chart[account].active:
                raise Refused("account-archived", code=account, name=chart[account].name)
            lines.append(
                bill_line(
                    context.accounts,
                    one.description,
                    one.amount,
                    account=account,
                    business_id=business,
                    tax=self._tax(connection, one),
                )
            )
        return tuple(lines)

    def _tax(self, connection: Connection, spent: Spent) -> TaxTerms:
        if not spent.tax_code:
            return NO_TAX
        check_bought(spent.tax_code)
        context = self._context
        found = rates.tax_terms(connection, context.org_id, spent.tax_code, context.today)
        if found is None:
            raise Refused("tax-code-unknown", code=spent.tax_code[:20])
        return TaxTerms(spent.tax_code, found.rate_bp, found.is_inclusive)
