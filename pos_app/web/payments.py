"""A payment in a browser: what its provider says, which document took it, and what a person does about it."""

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text, grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office import received_payments
from pos_app.office.received_payments import HELD, SETTLED, STANDING, Match, Verdict
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.received_payments import MESSAGE, ONE, verdict_words

_SEES: Final = (Permission.SEE_REPORTS,)
_DECIDES: Final = (Permission.DECIDE,)
_GIVES: Final = (Permission.PARTY_MONEY,)


def _key(text: str) -> int:
    """A key as an address has it.  Raises `Refused` for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise Refused("payment-not-known", code=text[:24])
    return int(text)


def _look(visit: Visit) -> Response:
    query = visit.asked.query
    if query.get("payment"):
        return _payment(visit, query.get("payment"))
    return _document(visit, query.get("document"))


def _payment(visit: Visit, key: str, error: Refused | None = None) -> Response:
    paid, found, payee = received_payments.opened(visit.office, _key(key))
    is_free = found.document is None
    take = visit.link(
        "/payments/customer",
        how="mpesa",
        amount=decimal_text(paid.amount, currency(paid.currency)),
        reference=paid.code,
        business=payee.code,
    )
    return visit.page(
        "payment.html",
        status=200 if error is None else 422,
        error=error,
        paid=paid,
        payee=payee,
        rows=[found],
        business=payee.code,
        take=take if found.verdict is Verdict.OPEN and visit.may(Permission.RECEIVE_PAYMENT) else "",
        may_accept=paid.state in (HELD, SETTLED) and visit.may(*_DECIDES),
        may_settle=paid.state in (STANDING, HELD) and visit.may(*_DECIDES),
        may_return=is_free and paid.state in (STANDING, HELD, SETTLED) and visit.may(*_GIVES),
        **_shared(visit),
    )


def _document(visit: Visit, key: str, error: Refused | None = None) -> Response:
    """A document whose codes nobody confirmed."""
    rows = received_payments.unconfirmed(visit.office, _key(key))
    if not rows and error is None:
        # Meanwhile it was confirmed, or the document is voided.
        return visit.go("/documents/one", key=_key(key))
    return visit.page(
        "payment.html",
        status=200 if error is None else 422,
        error=error,
        paid=None,
        rows=rows,
        business=_business(visit, rows),
        may_find=visit.may(*_DECIDES),
        **_shared(visit),
    )


def _business(visit: Visit, rows: list[Match]) -> str:
    """The code of the business on whose account the document booked it."""
    return received_payments.code_of(visit.office, next((one.business_id for one in rows), 0))


def _shared(visit: Visit) -> dict[str, object]:
    return {
        "zone": visit.office.organisation.time_zone,
        "verdict": verdict_words,
        "odd": (Verdict.AMOUNT, Verdict.NUMBER, Verdict.RETURNED_TAKEN, Verdict.MISSING),
        "waits": (Verdict.OPEN, Verdict.HELD),
        "money": lambda amount, of: f"{grouped_text(amount, currency(of))} {of}",
        "reason": visit.asked.form.get("reason"),
    }


def _deed(do: Callable[[Visit], object], said: str) -> Callable[[Visit], Response]:
    """A form of one of these pages: what it does, and back; what is refused stands on the page."""

    def handle(visit: Visit) -> Response:
        form = visit.asked.form
        try:
            do(visit)
        except Refused as error:
            if error.code in _ELSEWHERE:
                raise
            if form.get("message"):
                return _message_page(visit, form.get("message"), error)
            if form.get("payment"):
                return _payment(visit, form.get("payment"), error)
            return _document(visit, form.get("document"), error)
        if form.get("message"):
            return visit.go("/payments/messages", said=said)
        if form.get("payment"):
            return visit.go(ONE, said=said, payment=_key(form.get("payment")))
        return visit.go("/payments/asked", said=said)

    return handle


#: What is wrong with who asks, or with the address, and not with what was typed.
_ELSEWHERE: Final = ("person-may-not", "person-may-not-here", "payment-not-known", "payment-notice-unknown")


def _code(visit: Visit) -> str:
    return received_payments.opened(visit.office, _key(visit.asked.form.get("payment")))[0].code


def _settle(visit: Visit, *, accept: bool = False) -> object:
    return received_payments.settle(visit.office, _code(visit), visit.asked.form.get("reason"), accept=accept)


def _accept(visit: Visit) -> object:
    return _settle(visit, accept=True)


def _give_back(visit: Visit) -> object:
    return received_payments.give_back(visit.office, _code(visit), visit.asked.form.get("reason"))


def _find(visit: Visit) -> object:
    form = visit.asked.form
    return received_payments.search(visit.office, form.get("code"), form.get("business"))


def _looked(visit: Visit) -> None:
    form = visit.asked.form
    received_payments.looked(visit.office, form.get("message")[:64], form.get("reason"))


def _message(visit: Visit) -> Response:
    return _message_page(visit, visit.asked.query.get("message"))


def _message_page(visit: Visit, key: str, error: Refused | None = None) -> Response:
    found, payee = received_payments.message(visit.office, key[:64])
    return visit.page(
        "payment_message.html",
        status=200 if error is None else 422,
        error=error,
        message=found,
        payee=payee,
        may_look=found.looked_at is None and visit.may(*_DECIDES),
        **_shared(visit),
    )


WAYS: Final = (
    Way(ONE, _look, needs=_SEES),
    Way(MESSAGE, _message, needs=_SEES),
    Way("/payments/say", _deed(_settle, "settled"), "POST", _DECIDES),
    Way("/payments/accept", _deed(_accept, "payment-accepted"), "POST", _DECIDES),
    Way("/payments/give-back", _deed(_give_back, "payment-asked"), "POST", _GIVES),
    Way("/payments/find", _deed(_find, "payment-asked"), "POST", _DECIDES),
    Way("/payments/looked", _deed(_looked, "settled"), "POST", _DECIDES),
)
