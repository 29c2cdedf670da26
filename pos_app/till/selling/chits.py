"""Vouchers and deposit slips at the till: found by their number, and deposits paid back."""

from sqlalchemy import Connection

from pos_app.ledger import chit as chits
from pos_app.ledger.coins import settled_by
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.store.receivables import chits as books
from pos_app.store.receivables.chits import Standing
from pos_app.till.selling import standing_chits, tendering
from pos_app.till.selling.takings import AmountTakings
from pos_app.till.session import recording
from pos_app.till.session.context import Context
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval

#: The window speaks of chits as the till does, without knowing the store.
__all__ = ["Chits", "DepositTaking", "Standing"]


class Chits:
    """Finds chits, and pays deposits back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, typed: str) -> Standing:
        """The chit of a scanned or typed number, with what is left on it; more than nothing.

        Raises `Refused` for a mistyped number, one that is not known here, a chit that is spent and a voucher
        whose last day has passed.
        """
        with self._context.database.read() as connection:
            return standing_chits.usable(self._context, connection, typed)

    def is_one(self, typed: str) -> bool:
        """Whether a text is meant as the number of a chit."""
        return chits.looks_like_one(typed)

    def deposits_of(self, party_id: int) -> int:
        """What is left on the deposit slips that a customer was given, in minor units of the base currency,
        as far as this till knows whose they are.
        """
        context = self._context
        with context.database.read() as connection:
            return books.deposits_of(connection, context.org_id, party_id, context.place.currency.code)

    def pay_back(self, typed: str, amount: int | None = None) -> "DepositTaking":
        """Begin to pay a deposit back, all that is left of it (None) or so much, in minor units.

        Raises `Refused` for what is no deposit slip, as `find`, and for more than is left.
        """
        found = self.find(typed)
        if found.chit.role is not PartyRole.DEPOSIT_SLIP:
            raise Refused("voucher-not-paid-out")
        return DepositTaking(self._context, found, found.left if amount is None else amount)


class DepositTaking(AmountTakings):
    """Pays a deposit back, tender by tender; one request runs through it."""

    def __init__(self, context: Context, standing: Standing, amount: int) -> None:
        """Raises `Refused` for nothing and for more than is left."""
        if amount <= 0:
            raise Refused("amount-not-positive")
        if amount > standing.left:
            number = chits.text_of(standing.chit.role, standing.chit.number)
            left = grouped_text(standing.left, context.place.currency)
            raise Refused("chit-too-small", number=number, left=left)
        super().__init__(context, amount)
        self.cash_step = context.place.cash_step
        self.standing = standing

    @property
    def hands_back(self) -> bool:
        return True

    def complete(self, approval: Approval | None = None, *, paper: bool = True) -> Recorded:
        """Record it; what is left is asked again inside the transaction.  Its slip is signed, so printed.

        Raises `Refused` for somebody who may not, and when the drawer holds less.
        """
        context = self._context
        context.need(Permission.RETURNABLES)
        given = [TenderInput(entry.kind, entry.amount, entry.reference) for entry in self.tenders]
        step = self.cash_step
        tenders, due = tendering.collect(context, self.amount, given, exact=True, cash_step=step)
        left, coins = self.standing.left, tendering.coins_of(tenders)
        settles = settled_by(due.taken, coins, left, step, all_meant=self.amount == left)
        has_cash = any(one.kind is TenderKind.CASH for one in tenders)
        if has_cash:
            context.need(Permission.DRAWER)
        lines, _change = tendering.as_lines(context, tenders, 0, in_drawer=True)

        def build(connection: Connection) -> Document:
            tendering.need_unused(context, connection, tenders)
            tendering.need_to_pay(context, connection, tenders)
            return making_treasury.deposit_return(
                context.head_fields(self._request, in_shift=has_cash),
                context.accounts,
                self.standing.chit,
                lines,
                rounding=settles.rounding,
                cash_step=step,
            )

        return recording.record(context, self._request, build, kick=has_cash)
