"""Payments that providers confirmed, as the office works with them: against the sales, and what is odd.

A day is the organisation's, from midnight to midnight in its zone.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from pos_app.ledger.day import to_date, zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import note_of
from pos_app.ledger.mpesa_code import mpesa_code
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.payments import daraja_messages
from pos_app.store.master.asked_here import sentence_of
from pos_app.store.payments import addresses, asks, matching, notices, received
from pos_app.store.payments.addresses import Payee
from pos_app.store.payments.asks import Ask
from pos_app.store.payments.asks import Kind as Asking
from pos_app.store.payments.matching import ODD, Asked, Figures, Match, Verdict
from pos_app.store.payments.notices import Notice
from pos_app.store.payments.received import Payment
from pos_app.store.tables.payment_tables import HELD, RETURNED, SETTLED, STANDING

__all__ = [
    "HELD",
    "ODD",
    "SETTLED",
    "STANDING",
    "Asking",
    "Chosen",
    "Looked",
    "Match",
    "Verdict",
    "answer_of",
    "asked",
    "code_of",
    "fetch",
    "find",
    "give_back",
    "look",
    "looked",
    "message",
    "odd",
    "opened",
    "payee",
    "search",
    "settle",
    "unconfirmed",
]

MOST: Final = 500
#: So long after a payment Daraja still lists it.
LISTED_FOR: Final = timedelta(days=2)


class Chosen(NamedTuple):
    """Which days (YYYYMMDD; 0: today), which business and which depot, by code (empty: all)."""

    since: int = 0
    until: int = 0
    business: str = ""
    depot: str = ""


class Looked(NamedTuple):
    """The payments of some days against the documents: how many stand how, and the rows of either side."""

    figures: Figures
    payments: Sequence[Match]
    missing: Sequence[Match]
    payees: dict[int, Payee]


def look(office: Office, chosen: Chosen, verdicts: Sequence[Verdict] = (), most: int = MOST) -> Looked:
    """What came, and which document took it; with `verdicts` those rows alone."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        asked = _asked(books, chosen, office.today)
        of_payments = tuple(one for one in verdicts if one is not Verdict.MISSING)
        wants_payments = not verdicts or of_payments
        wants_missing = not verdicts or Verdict.MISSING in verdicts
        connection, org_id = books.connection, books.org_id
        return Looked(
            matching.figures(connection, org_id, asked),
            matching.payments(connection, org_id, asked, of_payments, most) if wants_payments else (),
            matching.missing(connection, org_id, asked, most) if wants_missing else (),
            dict(addresses.payees(connection, org_id)),
        )


def _asked(books: Books, chosen: Chosen, today: int) -> Asked:
    here = zone(books.organisation.time_zone)
    since = to_date(chosen.since or today)
    until = to_date(chosen.until or chosen.since or today)
    begin = datetime(since.year, since.month, since.day, tzinfo=here)
    end = datetime(until.year, until.month, until.day, tzinfo=here) + timedelta(days=1)
    business = books.business(chosen.business, archived=True) if chosen.business else 0
    depot = books.depot(chosen.depot).depot_id if chosen.depot else 0
    return Asked(begin, end, business, depot)


def odd(office: Office, *, everything: bool = False) -> list[Notice]:
    """What came to the addresses for payments and is none that could be booked."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        return notices.listed(books.connection, books.org_id, everything=everything)


def message(office: Office, notice_id: str) -> tuple[Notice, Payee]:
    """An odd message by its key, and whose address it came to.  Raises `Refused` where there is none."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        found = notices.find(books.connection, books.org_id, notice_id)
        if found is None:
            raise Refused("payment-notice-unknown")
        return found, addresses.payees(books.connection, books.org_id)[found.business_id]


def looked(office: Office, notice_id: str, reason: str) -> None:
    """Say what an odd message was.  Raises `Refused` without a reason, and where none of it waits."""
    note = _reason(reason)
    with office.change(Permission.DECIDE) as books:
        office.need_everywhere(books.connection, Permission.DECIDE)
        if not notices.look(books.connection, books.org_id, notice_id, office.person.person_id, books.now):
            raise Refused("payment-notice-not-waiting")
        office.note(books, "payment.looked", f"message {notice_id}", after=note)


def find(office: Office, code: str) -> Payment:
    """The payment with this code.  Raises `Refused` where none came."""
    with office.read() as books:
        return _found(books, code)


def opened(office: Office, payment_id: int) -> tuple[Payment, Match, Payee]:
    """A payment by its key with the document that took it, and whose it is.

    Raises `Refused` where there is none.
    """
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        found = matching.of_payment(books.connection, books.org_id, payment_id)
        if found is None or found.payment is None:
            raise Refused("payment-not-known", code=payment_id)
        return found.payment, found, addresses.payees(books.connection, books.org_id)[found.business_id]


def unconfirmed(office: Office, document_id: int) -> list[Match]:
    """What a document says it was paid by and nobody confirmed (any more: none)."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        return matching.of_document(books.connection, books.org_id, document_id)


def settle(office: Office, code: str, reason: str, *, accept: bool = False) -> Payment:
    """Say what became of a payment: it is no sale's and none will take it, or (`accept`) one that waited for
    a person is money that came.  Raises `Refused` without a reason, and for one that it cannot be said of.
    """
    note = _reason(reason)
    with office.change(Permission.DECIDE) as books:
        office.need_everywhere(books.connection, Permission.DECIDE)
        paid = _found(books, code)
        if paid.state == RETURNED or (accept and paid.state == STANDING):
            raise Refused("payment-settled-already", code=paid.code)
        state = STANDING if accept else SETTLED
        received.say(books.connection, books.org_id, paid.payment_id, state, note)
        office.note(books, "payment.settled", f"payment {paid.payment_id}", before=paid.state, after=note)
        return paid._replace(state=state, note=note)


def search(office: Office, code: str, business: str) -> Ask:
    """Ask the provider for a code that was typed and never confirmed; the answer comes by itself."""
    written = mpesa_code(code)
    with office.change(Permission.DECIDE) as books:
        office.need_everywhere(books.connection, Permission.DECIDE)
        business_id = books.business(business)
        if received.of_code(books.connection, books.org_id, written) is not None:
            raise Refused("payment-confirmed-already", code=written)
        by = office.person.person_id
        ask = Ask(books.org_id, secrets.token_hex(8), Asking.FIND, business_id, by, 0, books.now)
        return _ask(office, books, ask._replace(code=written))


def fetch(office: Office, business: str, day: int = 0) -> Ask:
    """Ask the provider for its own list of a day (YYYYMMDD; 0: today): the server holds it against ours.

    Raises `Refused` for a day that the provider tells nothing of any more, and while its list is on its way.
    """
    with office.change(Permission.DECIDE) as books:
        office.need_everywhere(books.connection, Permission.DECIDE)
        business_id = books.business(business)
        asked_day = day or office.today
        begin = datetime.combine(to_date(asked_day), time(), daraja_messages.KENYA)
        if not books.now - LISTED_FOR - timedelta(days=1) < begin <= books.now:
            raise Refused("payment-list-too-old", day=to_date(asked_day))
        waiting = asks.listed(books.connection, books.org_id)
        if any(one.is_open and (one.kind, one.business_id) == (Asking.LIST, business_id) for one in waiting):
            raise Refused("payment-list-asked-already")
        by = office.person.person_id
        ask = Ask(books.org_id, secrets.token_hex(8), Asking.LIST, business_id, by, 0, books.now)
        return _ask(office, books, ask._replace(reference=str(asked_day)))


def give_back(office: Office, code: str, reason: str) -> Ask:
    """Let the provider give a payment back to who paid; once.

    Raises `Refused` for one that went back, that is on its way, or that a document stands by: that document
    is voided or refunded first, so that the money leaves the books as it leaves the account.
    """
    note = _reason(reason)
    with office.change(Permission.PARTY_MONEY) as books:
        office.need_everywhere(books.connection, Permission.PARTY_MONEY)
        paid = _found(books, code)
        if paid.state not in (STANDING, HELD, SETTLED):
            raise Refused("payment-settled-already", code=paid.code)
        taken = matching.taker(books.connection, books.org_id, paid.code)
        if taken:
            raise Refused("payment-taken", code=paid.code, number=taken)
        office.note(books, "payment.given-back", f"payment {paid.payment_id}", after=note)
        # Its key is the payment's: whoever presses twice, or two people at once, give it back once.
        key = (
            f"refund-{paid.payment_id}-{asks.refunds_ended(books.connection, books.org_id, paid.payment_id)}"
        )
        by = office.person.person_id
        ask = Ask(books.org_id, key, Asking.REFUND, paid.business_id, by, paid.amount, books.now)
        return _ask(office, books, ask._replace(code=paid.code))


def asked(office: Office, *, everything: bool = False) -> list[Ask]:
    """What waits for an answer of a provider, and what nobody knows the end of; or all that was asked."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        return asks.listed(books.connection, books.org_id, everything=everything)


def code_of(office: Office, business_id: int) -> str:
    """The code of a business by its key; empty for none."""
    with office.read() as books:
        found = addresses.payees(books.connection, books.org_id).get(business_id)
        return "" if found is None else found.code


def answer_of(ask: Ask) -> str:
    """What a provider answered, in words: ours of a list, its own of anything else."""
    sentence = sentence_of(ask.words) if ask.kind is Asking.LIST else None
    return ask.words if sentence is None else sentence.spoken


def payee(office: Office, business: str) -> tuple[Payee, str]:
    """A business with the path at which it hears of its payments: who knows it can tell of some."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        business_id = books.business(business)
        found = addresses.payees(books.connection, books.org_id)[business_id]
        return found, addresses.path_of(books.connection, books.org_id, business_id)


def _ask(office: Office, books: Books, ask: Ask) -> Ask:
    if not asks.put(books.connection, ask):
        raise Refused("payment-asked-already", code=ask.code)
    office.note(books, f"payment.{ask.kind.value}", f"asking {ask.ask_id}")
    return ask


def _found(books: Books, code: str) -> Payment:
    written = mpesa_code(code)
    paid = received.of_code(books.connection, books.org_id, written)
    if paid is None:
        raise Refused("payment-not-known", code=written)
    return paid


def _reason(reason: str) -> str:
    note = note_of(reason)
    if not note:
        raise Refused("decision-without-reason")
    return note
