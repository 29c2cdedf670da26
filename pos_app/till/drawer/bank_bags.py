"""The bag for the bank, sealed at the till: cash out of the safe, counted by two people."""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.ledger.bank_bag import bag_number
from pos_app.ledger.document import Document
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import CashCount
from pos_app.ledger.making import treasury as making_treasury
from pos_app.ledger.permission import WORDS, Permission
from pos_app.store.documents import bank_bags
from pos_app.till.session import recording
from pos_app.till.session.context import Context, new_request
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Person, Proved


class BankBags:
    """Bags that leave the safe of this depot."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def seal(
        self,
        bag: str,
        amount: int,
        second: Proved,
        *,
        currency: str = "",
        counts: Sequence[CashCount] = (),
        note: str = "",
        request_id: str | None = None,
    ) -> Recorded:
        """So much of the safe (minor units of `currency`, empty: ours) lies in the bag with this number.

        `second` counted it too and proved who they are; one of the two may move money.  The slip that goes
        with the bag is printed.  Raises `Refused`.
        """
        context = self._context
        person = context.signed_in()
        self.check(bag, amount, second.person)
        if second.secret is not None:
            context.proving.give(second.person.person_id, second.secret)
        approver = context.standing(second.person.person_id)
        may_move = Permission.MOVE_MONEY.value
        if may_move not in person.may and may_move not in approver.may:
            raise Refused("bag-needs-mover", deed=WORDS[Permission.MOVE_MONEY])

        def build(connection: Connection) -> Document:
            rate = rate_of(context, connection, currency)
            return making_treasury.bank_bag(
                context.head_fields(
                    approver=second.person, currency=rate.currency.code, rate_micro=rate.minor, note=note
                ),
                context.accounts,
                bag=bag,
                amount=amount,
                counts=tuple(counts),
            )

        return recording.record(context, request_id or new_request(), build)

    def check(self, bag: str, amount: int, second: Person | None = None) -> None:
        """Raise `Refused` for a bag without a number or money, and for one who counted twice."""
        if not bag_number(bag):
            raise Refused("bag-without-number")
        if amount <= 0:
            raise Refused("amount-not-positive")
        if second is not None and second.person_id == self._context.signed_in().person_id:
            raise Refused("bag-counted-by-one")

    def on_their_way(self) -> list[bank_bags.Bag]:
        """The bags of this till, oldest first; the centre alone knows which of them arrived."""
        context = self._context
        with context.database.read() as connection:
            return bank_bags.on_their_way(connection, context.org_id)
