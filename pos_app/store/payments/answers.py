"""What a provider answers to what was asked: the asking is ended, the payment kept, the till told.

Each gives the code of the sentence that says what is odd, for a person; empty where nothing is.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from pos_app.language import kept_code
from pos_app.ledger.mpesa_code import alike
from pos_app.payments import daraja_messages
from pos_app.payments.daraja_messages import Result
from pos_app.payments.provider import Confirmed, Heard, Outcome
from pos_app.store.payments import asks, received
from pos_app.store.payments.addresses import Payee
from pos_app.store.payments.asks import Ask, Kind, Stage
from pos_app.store.payments.received import Taken, To
from pos_app.store.tables.payment_tables import RETURNED

#: The words for what became of a payment that was told (`Taken`).
#: What answers something that was not asked here.
UNKNOWN: Final = kept_code("payment-answer-unknown")
_ODD: Final = {Taken.HELD: kept_code("payment-old"), Taken.DIFFERS: kept_code("payment-differs")}


def take(connection: Connection, org_id: int, business_id: int, paid: Confirmed, now: datetime) -> str:
    """Keep a payment of M-Pesa."""
    taken = received.take(connection, org_id, paid, To(business_id, daraja_messages.CURRENCY, now))
    return _ODD.get(taken, "")


def of_asking(connection: Connection, org_id: int, payee: Payee, heard: Heard, now: datetime) -> str:
    """What a customer's phone answered."""
    ask = asks.of_handle(connection, org_id, heard.handle)
    odd = "" if heard.payment is None else take(connection, org_id, payee.business_id, heard.payment, now)
    if ask is None or ask.kind is not Kind.ASK:
        return odd or UNKNOWN
    is_done = heard.outcome is Outcome.DONE and heard.payment is not None
    if not ask.is_open:
        was_done = ask.state is Stage.DONE
        if is_done and not was_done:
            # The till was told otherwise, and the customer has paid: it stands for whoever picks it up.
            end(connection, ask, Stage.DONE, now, payment=heard.payment, words=heard.words)
            return odd or kept_code("payment-answer-late")
        if is_done and ask.reason:
            # It was known that it was paid, and not by which code.
            end(connection, ask, Stage.DONE, now, payment=heard.payment, words=heard.words)
        return odd if is_done or not was_done else kept_code("payment-answer-contradicts")
    stage = Stage.DONE if is_done else Stage.FAILED
    end(connection, ask, stage, now, payment=heard.payment, reason=heard.reason, words=heard.words)
    if not odd and heard.payment is not None and heard.payment.amount != ask.amount:
        return kept_code("payment-other-amount")
    return odd


def of_result(connection: Connection, org_id: int, payee: Payee, answer: Result, now: datetime) -> str:
    """What came of the search for a code, or of a reversal."""
    named = (asks.of_handle(connection, org_id, handle) for handle in answer.handles)
    ask = next((one for one in named if one is not None and one.kind is not Kind.ASK), None)
    if ask is None:
        return UNKNOWN
    if ask.state is Stage.DONE:
        return ""
    if ask.kind is Kind.FIND:
        return _found(connection, ask, payee, answer, now)
    if answer.code != "0":
        end(connection, ask, Stage.FAILED, now, reason="refused", words=answer.words)
        return ""
    returned = received.of_code(connection, org_id, ask.code)
    if returned is not None:
        received.say(connection, org_id, returned.payment_id, RETURNED, returned.note)
    end(connection, ask, Stage.DONE, now, words=answer.words)
    return ""


def _found(connection: Connection, ask: Ask, payee: Payee, answer: Result, now: datetime) -> str:
    credited = daraja_messages.credited_number(answer)
    number = credited or next(iter(sorted(payee.numbers)), "")
    paid = daraja_messages.payment_of_result(answer, number)
    if paid is None or alike(paid.code) != alike(ask.code):
        end(connection, ask, Stage.FAILED, now, reason="not-answer", words=answer.words)
        return ""
    if credited and credited not in payee.numbers:
        end(connection, ask, Stage.FAILED, now, reason="elsewhere", words=answer.words)
        return kept_code("payment-elsewhere")
    odd = take(connection, ask.org_id, payee.business_id, paid, now)
    end(connection, ask, Stage.DONE, now, payment=paid, words=answer.words)
    return odd


def end(
    connection: Connection, ask: Ask, stage: Stage, now: datetime, *, payment: Confirmed | None = None,
    reason: str = "", words: str = "",
) -> None:  # fmt: skip
    """End an asking, and tell the till that asked."""
    asks.note(connection, ask, stage, now, reason=reason, words=words)
    code = "" if payment is None else payment.code
    asks.tell_till(connection, ask, stage, now, code=code, reason=reason)


def end_named(connection: Connection, ask: Ask, now: datetime, code: str) -> None:
    """End an asking that is known to be paid, by this code (empty: it is not known by which)."""
    reason = "" if code else "no-code"
    asks.note(connection, ask, Stage.DONE, now, reason=reason)
    asks.tell_till(connection, ask, Stage.DONE, now, code=code, reason=reason)
