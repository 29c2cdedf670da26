"""Money moved between our own places: this drawer, the safe, the bank, the M-Pesa till, the cards."""

from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import SERIES, Document, MoneyTransfer
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.till.selling.goods import clearing_of
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.done import Done
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.sign_in import Action, Approval, require


class MoneyAccount(StrEnum):
    """A place of our own where money lies; the drawer is this terminal's."""

    DRAWER = "drawer"
    SAFE = "safe"
    BANK = "bank"
    MPESA = "mpesa"
    CARD = "card"


_ROLES: Final = {
    MoneyAccount.DRAWER: AccountRole.CASH,
    MoneyAccount.SAFE: AccountRole.SAFE,
    MoneyAccount.BANK: AccountRole.BANK,
    MoneyAccount.MPESA: AccountRole.MPESA,
    MoneyAccount.CARD: AccountRole.CARD,
}
_MOST_REFERENCE: Final = 60


class Arrives(NamedTuple):
    """What an amount came to where it was changed into another currency, in its minor units (empty: ours)."""

    amount: int
    currency: str = ""


class MoneyTransfers:
    """Moves money at the till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def move(
        self,
        start: MoneyAccount,
        end: MoneyAccount,
        amount: int,
        *,
        currency: str = "",
        arrives: Arrives | None = None,
        to_business_id: int | None = None,
        reference: str = "",
        note: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Done:
        """Move `amount` (minor units of `currency`, empty: ours); `arrives` says what it was changed into.

        `reference` is the bank slip or M-Pesa code, `to_business_id` another business whose place it goes
        to.  Needs a manager.  Raises `NeedsApproval`, or `Refused` for the place that it comes from, and more
        than lies in the drawer.
        """
        context = self._context
        in_drawer = MoneyAccount.DRAWER in (start, end)
        if in_drawer:
            context.need(Permission.DRAWER)
        approver = require(context.signed_in(), Action.MOVE_MONEY, approval)
        if amount <= 0:
            raise Refused("Enter an amount of more than zero.")
        own = context.place.business.business_id
        there = own if to_business_id is None else to_business_id
        if there not in {one.business_id for one in context.place.businesses}:
            raise Refused("There is no such business.")
        if start is end and there == own and arrives is None:
            raise Refused("The money goes to the place that it comes from; choose another one.")
        request = request_id or new_request()
        drawer = context.terminal.drawer_id

        def build(connection: Connection) -> Document:
            rate = rate_of(context, connection, currency)
            if start is MoneyAccount.DRAWER:
                context.need_cash(connection, amount, rate.currency.code)
            head = context.head(SERIES[MoneyTransfer], request_id=request, approver=approver)
            head |= clearing_of(context, {there})
            head |= {"currency": rate.currency.code, "rate_micro": rate.minor, "note": note.strip()[:200]}
            return MoneyTransfer(
                **head,
                shift=context.open_shift() if in_drawer else context.shift_id,
                from_account=context.account(_ROLES[start]),
                from_drawer=drawer if start is MoneyAccount.DRAWER else None,
                to_account=context.account(_ROLES[end], there),
                to_drawer=drawer if end is MoneyAccount.DRAWER else None,
                to_business_id=None if there == own else there,
                amount=amount,
                reference=reference.strip()[:_MOST_REFERENCE],
                **self._exchange(connection, arrives),
            )

        return recording.record(context, request, build, kick=in_drawer)

    def _exchange(self, connection: Connection, arrives: Arrives | None) -> dict[str, Any]:
        """What arrives in another currency, and the accounts that it goes over."""
        if arrives is None:
            return {}
        context = self._context
        rate = rate_of(context, connection, arrives.currency)
        return {
            "to_amount": arrives.amount,
            "to_currency": rate.currency.code,
            "to_rate_micro": rate.minor,
            "exchange_account": context.account(AccountRole.EXCHANGE_CLEARING),
            "difference_account": context.account(AccountRole.EXCHANGE_DIFFERENCE),
        }
