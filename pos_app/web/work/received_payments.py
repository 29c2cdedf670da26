"""Payments that providers confirmed, in lists: against the documents, what is none, what is asked for."""

from typing import Final

from pos_app.language import web_said, web_text, web_words
from pos_app.ledger.currency import currency
from pos_app.ledger.day import later
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office import received_payments
from pos_app.office.masters import choices
from pos_app.office.office import Office
from pos_app.office.received_payments import ODD, Asking, Chosen, Verdict
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Choices, Field, Kind
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    MOST_IN_FILE,
    Done,
    Heading,
    Line,
    Sought,
    To,
    Told,
    WorkForm,
    WorkList,
    laid_out,
    worth,
)
from pos_app.web.work.invoices import WORDS

#: The page of a payment, and of a document whose payment nobody confirmed.
ONE: Final = "/payments/one"
#: The page of what came and is no payment.
MESSAGE: Final = "/payments/message"
#: So many days back where nobody says.
_DAYS: Final = 31
_LOOK: Final = (Verdict.OPEN, *ODD)


def verdict_words(verdict: Verdict) -> str:
    """How a payment and the documents stand to each other, in words."""
    return web_said(_PILLS[verdict])


_PILLS: Final = {
    Verdict.MATCHED: web_words("taken"),
    Verdict.OPEN: web_words("came, not taken"),
    Verdict.AMOUNT: web_words("another amount"),
    Verdict.NUMBER: web_words("another till number"),
    Verdict.HELD: web_words("waits for a person"),
    Verdict.RETURNED: web_words("went back"),
    Verdict.RETURNED_TAKEN: web_words("went back, and is booked"),
    Verdict.SETTLED: web_words("settled"),
    Verdict.MISSING: web_words("typed, not confirmed"),
}


def _verdicts(_: Office) -> Choices:
    return [("all", web_text("all")), *((one.value, verdict_words(one)) for one in Verdict)]


def _wanted(sought: Sought) -> tuple[Verdict, ...]:
    told = sought.get("show")
    if not told:
        return _LOOK
    return () if told not in set(Verdict) else (Verdict(told),)


def _payments(office: Office, sought: Sought) -> list[Line]:
    until = reading.day(sought.values, "to") or office.today
    since = reading.day(sought.values, "from") or min(later(office.today, -_DAYS), until)
    if since > until:
        raise Refused("period-ends-before-it-begins", last=until, first=since)
    is_in_order = not sought.get("words") and not sought.sort and sought.most <= MOST_IN_FILE
    most = sought.seen + sought.most if is_in_order else MOST_IN_FILE + 1
    chosen = Chosen(since, until, sought.get("business"), sought.get("depot"))
    found = received_payments.look(office, chosen, _wanted(sought), most)
    base, zone = office.organisation.currency, zone_of(office.organisation.time_zone)
    rows = sorted((*found.payments, *found.missing), key=lambda one: one.at, reverse=True)
    lines = []
    for row in rows:
        paid, document = row.payment, row.document
        business = row.business_id
        asked: dict[str, object] = (
            {"payment": paid.payment_id}
            if paid is not None
            else {"document": document.document_id if document else 0}
        )
        cells = (
            row.code,
            verdict_words(row.verdict),
            f"{row.at.astimezone(zone):%Y-%m-%d %H:%M}",
            None if paid is None else worth(paid.amount, paid.currency, base),
            None if document is None else worth(document.amount, document.currency, base),
            "" if paid is None else paid.who,
            found.payees[business].name if business in found.payees else "",
            "" if document is None else document.number,
            "" if paid is None else paid.note,
        )
        lines.append(Line(cells, To(ONE, asked), f"{row.code} {next(iter(asked.values()))}"))
    return laid_out(lines, sought)


PAYMENTS: Final = WorkList(
    path="payments",
    words=web_words("Payments that M-Pesa confirmed"),
    hint=web_words(
        "Against the documents that took them. First what a person looks at, of the last month: money that"
        " came and nobody took, codes that were typed and nobody confirmed, and what contradicts."
    ),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("Code"), sorts=True),
        Heading(web_words("State"), sorts=True),
        Heading(web_words("When"), sorts=True),
        Heading(web_words("Paid"), CellKind.MONEY, sorts=True),
        Heading(web_words("Booked"), CellKind.MONEY, sorts=True),
        Heading(web_words("Who paid"), sorts=True),
        Heading(web_words("Business"), sorts=True),
        Heading(web_words("Document"), sorts=True),
        Heading(web_words("Note")),
    ),
    filters=(
        WORDS,
        Field("show", web_words("Show"), Kind.CHOICE, choices=_verdicts),
        Field("from", web_words("From"), Kind.DAY, codes=("not-a-date", "period-ends-before-it-begins")),
        Field("to", web_words("To"), Kind.DAY, codes=("not-a-date",)),
        reading.BUSINESS,
        Field("depot", web_words("Depot"), Kind.CHOICE, choices=choices.of_depots),
    ),
    read=_payments,
    forms=("payments/fetch",),
)


# --- what came and is no payment --------------------------------------------------------------------------


def _all(_: Office) -> Choices:
    return [("all", web_text("all that ever were"))]


_EVERYTHING: Final = Field("show", web_words("Show"), Kind.CHOICE, choices=_all)


def _odd(office: Office, sought: Sought) -> list[Line]:
    zone = zone_of(office.organisation.time_zone)
    lines = [
        Line(
            (
                f"{one.received_at.astimezone(zone):%Y-%m-%d %H:%M}",
                "" if one.reason is None else one.reason.spoken,
                one.address,
                one.body[:80],
            ),
            To(MESSAGE, {"message": one.notice_id}),
            one.notice_id,
        )
        for one in received_payments.odd(office, everything=sought.get("show") == "all")
    ]
    return laid_out(lines, sought)


MESSAGES: Final = WorkList(
    path="payments/messages",
    words=web_words("What came and is no payment"),
    hint=web_words("At the addresses for payments, or in the provider's own list, until a person looked."),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("Came"), sorts=True),
        Heading(web_words("Why")),
        Heading(web_words("From"), sorts=True),
        Heading(web_words("What it says")),
    ),
    filters=(WORDS, _EVERYTHING),
    read=_odd,
)


# --- what is asked of providers ---------------------------------------------------------------------------


def _asked(office: Office, sought: Sought) -> list[Line]:
    zone = zone_of(office.organisation.time_zone)
    lines = [
        Line(
            (
                f"{one.made_at.astimezone(zone):%Y-%m-%d %H:%M}",
                {
                    Asking.ASK: web_text("a customer's phone"),
                    Asking.FIND: web_text("a code"),
                    Asking.REFUND: web_text("a payment given back"),
                    Asking.LIST: web_text("its list of a day"),
                }[one.kind],
                one.code or one.reference,
                grouped_text(one.amount, currency("KES")) if one.amount else "",
                {
                    "wanted": web_text("waits"),
                    "sending": web_text("is sent"),
                    "sent": web_text("waits for the answer"),
                    "done": web_text("done"),
                    "failed": web_text("came to nothing"),
                    "unknown": web_text("nobody knows: look at the statement"),
                }[one.state.value],
                received_payments.answer_of(one),
            ),
            None,
            one.ask_id,
        )
        for one in received_payments.asked(office, everything=sought.get("show") == "all")
    ]
    return laid_out(lines, sought)


ASKED: Final = WorkList(
    path="payments/asked",
    words=web_words("What M-Pesa was asked"),
    hint=web_words("And has not answered, and what nobody knows the end of."),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("When"), sorts=True),
        Heading(web_words("For what"), sorts=True),
        Heading(web_words("Code or day"), sorts=True),
        Heading(web_words("Amount")),
        Heading(web_words("State"), sorts=True),
        Heading(web_words("Answer")),
    ),
    filters=(WORDS, _EVERYTHING),
    read=_asked,
    forms=("payments/fetch",),
)


def _fetch(office: Office, told: Told) -> Done:
    received_payments.fetch(office, told.get("business"), reading.day(told.values, "on") or 0)
    return Done(To("/payments/asked", {"show": "all"}), "payment-asked")


FETCH: Final = WorkForm(
    path="payments/fetch",
    words=web_words("Ask M-Pesa for its own list"),
    hint=web_words(
        "What it knows of a day is held against what we know: what nobody told us is taken in, and what"
        " M-Pesa does not know is shown to a person."
    ),
    needs=(Permission.DECIDE,),
    fields=(
        Field(
            "business",
            web_words("Business"),
            Kind.CHOICE,
            choices=reading.businesses,
            needed=True,
            codes=("business-unknown", "payment-list-asked-already"),
        ),
        Field(
            "on",
            web_words("Day"),
            Kind.DAY,
            hint=web_words("Nothing is today; two days back at most."),
            codes=("not-a-date", "payment-list-too-old"),
        ),
    ),
    do=_fetch,
)
