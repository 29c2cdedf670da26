"""Money moved between our own places: this drawer, the safe, the bank, the M-Pesa till, the cards."""

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.making.tenders import OtherMoney
from pos_app.ledger.making.treasury import MoneyPlace, transfer_reference
from pos_app.ledger.permission import Permission
from pos_app.ledger.treasury import MONEY_ROLE, Exchanged, MoneyAccount
from pos_app.till.selling import tendering
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, require

#: The window speaks of our places as the till does.
__all__ = ["Exchanged", "MoneyAccount", "MoneyTransfers"]


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
        arrives: Exchanged | None = None,
        to_business_id: int | None = None,
        reference: str = "",
        note: str = "",
        approval: Approval | None = None,
        request_id: str | None = None,
    ) -> Recorded:
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
        there = context.place.business.business_id if to_business_id is None else to_business_id
        if there not in {one.business_id for one in context.place.at_work}:
            raise Refused("business-not-there")
        if arrives is not None and arrives.rate_micro is not None:
            raise Refused("rate-is-the-offices")
        start_place, end_place = self._place(start), self._place(end, there)
        proof = transfer_reference(reference, start_place, end_place)
        request = request_id or new_request()

        def build(connection: Connection) -> Document:
            rate = rate_of(context, connection, currency)
            if MoneyAccount.MPESA in (start, end):
                tendering.need_code_unused(context, connection, proof)
            if start is MoneyAccount.DRAWER:
                context.need_cash(connection, amount, rate.currency.code)
            came = None
            if arrives is not None:
                there_rate = rate_of(context, connection, arrives.currency)
                came = OtherMoney(arrives.amount, there_rate.currency.code, there_rate.minor)
            return making_treasury.money_transfer(
                context.head_fields(
                    request,
                    approver=approver,
                    currency=rate.currency.code,
                    rate_micro=rate.minor,
                    note=note,
                    in_shift=in_drawer,
                ),
                context.accounts,
                start_place,
                end_place,
                amount,
                to_business_id=there,
                arrives=came,
                reference=proof,
            )

        return recording.record(context, request, build, kick=in_drawer)

    def _place(self, place: MoneyAccount, business_id: int = 0) -> MoneyPlace:
        context = self._context
        drawer = context.terminal.drawer_id if place is MoneyAccount.DRAWER else None
        return MoneyPlace(context.accounts.of(MONEY_ROLE[place], business_id), drawer, place)
