"""Asking a customer's phone for money, by way of the centre: the till itself holds nothing to ask with.

Decisions
---------
2026-12-01  While the same phone is asked for the same amount nobody asks it again: a second press, another
screen or a till that was killed meanwhile comes back to the asking that waits.  Whoever goes on by the code
of the message takes nothing back: money that comes all the same stands as M-Pesa that came.
"""

from typing import NamedTuple

import msgspec

from pos_app.language import Sentence
from pos_app.ledger import payment_asking
from pos_app.ledger.asking import MOST_OPEN, Request, State
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.payment_asking import PaymentAsked
from pos_app.ledger.permission import Permission
from pos_app.store.master import asked_here
from pos_app.store.tables.columns import micros
from pos_app.till.selling.came_in import CameIn
from pos_app.till.selling.takings import Takings
from pos_app.till.session.context import Context


class PhoneAsked(NamedTuple):
    """An asking that is on its way."""

    request_no: int
    at_us: int
    asked: PaymentAsked


class PhoneHeard(NamedTuple):
    """What became of it: `waits` still, or paid with this code, or not and why."""

    waits: bool
    code: str = ""
    said: Sentence | None = None


class PhoneAsks:
    """The phones that this till asks."""

    def __init__(self, context: Context, came_in: CameIn) -> None:
        self._context, self._came_in = context, came_in

    def ask(self, takings: Takings, phone: str, amount: int) -> PhoneAsked:
        """Ask a phone for an amount in minor units, or give the asking of just this that waits.

        Raises `Refused` for a number that is no mobile's, for cents, and for more than is due.
        """
        context = self._context
        context.need(Permission.SELL)
        wanted = next((one for one in takings.mpesa_places() if one.number), None)
        if wanted is None:
            raise Refused("business-takes-no-mpesa")
        if amount <= 0 or amount > takings.exact_due():
            raise Refused("amount-not-positive" if amount <= 0 else "push-more-than-due")
        if amount % takings.rate.currency.scale:
            raise Refused("push-not-whole")
        asked = PaymentAsked(
            phone=payment_asking.phone_of(phone),
            amount=amount,
            business_id=wanted.business_id,
            reference=context.place.business.code[:12],
        )
        with context.database.write() as connection:
            for one in asked_here.of_kind(connection, context.terminal, payment_asking.KIND):
                is_fresh = micros(context.clock.now()) - one.at_us < payment_asking.AWAITED_US
                if is_fresh and one.body == msgspec.json.encode(asked).decode():
                    return PhoneAsked(one.request_no, one.at_us, asked)
            if asked_here.open_count(connection, context.terminal) >= MOST_OPEN:
                raise Refused("requests-wait-too-many", most=MOST_OPEN)
            request = Request(
                context.terminal.terminal_no,
                asked_here.next_no(connection, context.terminal),
                payment_asking.KIND,
                context.signed_in().person_id,
                micros(context.clock.now()),
                msgspec.json.encode(asked).decode(),
            )
            asked_here.put_plain(connection, context.terminal, request)
            context.note(connection, "request.payment", f"request {request.request_no}", after=str(amount))
        return PhoneAsked(request.request_no, request.at_us, asked)

    def heard(self, asking: PhoneAsked) -> PhoneHeard:
        """What became of it, as far as this till was told."""
        with self._context.database.read() as connection:
            found = asked_here.answer_to(connection, self._context.terminal, asking.request_no)
        if found is None or found.state in (None, State.WAITING):
            is_over = micros(self._context.clock.now()) - asking.at_us > payment_asking.AWAITED_US
            return PhoneHeard(waits=not is_over)
        return PhoneHeard(waits=False, code=found.code, said=found.said)

    def take(self, takings: Takings, asking: PhoneAsked, code: str) -> None:
        """Take what was paid as a tender: of what came, where it is here, else what was asked for.

        Raises `Refused` as `Takings.add_tender` does.
        """
        came = self._came_in.find(takings, code)
        if came is not None:
            self._came_in.take(takings, came)
            return
        asked = asking.asked
        takings.add_tender(TenderKind.MPESA, asked.amount, code, "", asked.business_id)
