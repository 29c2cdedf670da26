"""What asks for a person: flags, what tills asked for, and the log of who changed what."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.asking import CustomerAsked, PriceAsked, ProductAsked, State
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.flagging import Weight
from pos_app.ledger.numbering import parse_position
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import exact, price_text
from pos_app.office import booked, flags, requests, waiting_work, year_end
from pos_app.office.office import Office
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Choices, Field, Kind
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    Done,
    Heading,
    Line,
    Sought,
    To,
    Told,
    WorkForm,
    WorkList,
    laid_out,
)
from pos_app.web.work.documents import to
from pos_app.web.work.invoices import REASON, WORDS


def _all(_: Office) -> Choices:
    return [("all", web_text("all that ever were"))]


_MOST_KEY: Final = 19
_EVERYTHING: Final = Field("show", web_words("Show"), Kind.CHOICE, choices=_all)


def _weight(weight: Weight) -> str:
    return web_text("alert") if weight is Weight.ALERT else web_text("notice")


def _flags(office: Office, sought: Sought) -> list[Line]:
    zone = zone_of(office.organisation.time_zone)
    lines = [
        Line(
            (
                one.number,
                _weight(one.weight),
                one.sentence.spoken,
                one.person,
                f"{one.found_at.astimezone(zone):%Y-%m-%d %H:%M}",
                f"{one.looked_name}: {one.note}" if one.looked_by else "",
            ),
            to(one.document_id),
            f"{one.document_id}-{one.kind}-{one.place}",
        )
        for one in waiting_work.flags(office, everything=sought.get("show") == "all")
    ]
    return laid_out(lines, sought)


FLAGS: Final = WorkList(
    path="flags",
    words=web_words("Flags"),
    hint=web_words("What is odd about documents that stand in the books, until somebody looked at it."),
    sees=(Permission.DECIDE, Permission.SEE_AUDIT),
    headings=(
        Heading(web_words("Document"), sorts=True),
        Heading(web_words("Weight"), sorts=True),
        Heading(web_words("What is odd")),
        Heading(web_words("Who"), sorts=True),
        Heading(web_words("Found"), sorts=True),
        Heading(web_words("Looked at")),
    ),
    filters=(WORDS, _EVERYTHING),
    read=_flags,
)


def _settle(office: Office, told: Told) -> Done:
    key = booked.find(office, told.get("document"))
    flags.settle(office, key, told.get("reason"))
    return Done(to(key), "settled")


SETTLE: Final = WorkForm(
    path="flags/settle",
    words=web_words("Settle the flags of a document"),
    hint=web_words("Who looked and what they say of it stands beside it for ever."),
    needs=(Permission.DECIDE,),
    fields=(
        Field(
            "document",
            web_words("Document"),
            needed=True,
            codes=("document-unknown", "not-a-receipt-number", "flag-not-waiting"),
        ),
        Field(
            "reason",
            web_words("What came of it"),
            needed=True,
            codes=("decision-without-reason",),
        ),
    ),
    do=_settle,
)


# --- what tills asked for -----------------------------------------------------------------------------------


def _requests(office: Office, sought: Sought) -> list[Line]:
    money, zone = office.organisation.currency, zone_of(office.organisation.time_zone)
    lines = []
    for one in requests.listed(office, everything=sought.get("show") == "all"):
        number = f"{one.request.terminal_no}/{one.request.request_no}"
        waits = (one.state or State.WAITING) is State.WAITING
        try:
            content = one.request.content()
        except Refused:
            kind, asked = one.request.kind, one.request.body[:80]
        else:
            match content:
                case CustomerAsked():
                    kind, asked = web_text("a customer"), f"{content.name} {content.phone}".strip()
                case ProductAsked():
                    price = price_text(exact(content.price, content.price_fine), money)
                    kind = web_text("a product")
                    asked = f"{content.name} {content.barcode or content.sku} {price}"
                case PriceAsked():
                    kind = web_text("a price for today")
                    asked = price_text(exact(content.price, content.price_fine), money)
        lines.append(
            Line(
                (
                    number,
                    kind,
                    asked,
                    f"{booked.moment(one.request.at_us).astimezone(zone):%Y-%m-%d %H:%M}",
                    _state(one.state or State.WAITING),
                    one.code,
                    "" if one.said is None else one.said.spoken,
                ),
                To("/requests/answer", {"number": number}) if waits else None,
                number,
            )
        )
    return laid_out(lines, sought)


def _state(state: State) -> str:
    return {
        State.WAITING: web_text("waits"),
        State.ACCEPTED: web_text("accepted"),
        State.REFUSED: web_text("refused"),
    }[state]


REQUESTS: Final = WorkList(
    path="requests",
    words=web_words("Asked for by tills"),
    hint=web_words("Customers, products and prices that people at tills asked for."),
    sees=(Permission.EDIT_MASTER,),
    headings=(
        Heading(web_words("Number"), sorts=True),
        Heading(web_words("Kind"), sorts=True),
        Heading(web_words("What")),
        Heading(web_words("When"), sorts=True),
        Heading(web_words("State"), sorts=True),
        Heading(web_words("Code"), sorts=True),
        Heading(web_words("Why")),
    ),
    filters=(WORDS, _EVERYTHING),
    read=_requests,
)
ACCEPT: Final = "accept"


def _answer(office: Office, told: Told) -> Done:
    position = parse_position(told.get("number"))
    if position is None:
        raise Refused("request-unknown", number=told.get("number")[:20])
    if told.act == ACCEPT:
        without = told.get("without_barcode") == "yes"
        requests.accept(office, *position, code=told.get("code"), without_barcode=without)
    else:
        requests.refuse(office, *position, told.get("reason"))
    return Done(To("/requests", {}), "answered")


ANSWER: Final = WorkForm(
    path="requests/answer",
    words=web_words("Answer a till"),
    hint=web_words("Accepted, it is done as it was asked for, and the till hears of it with its next news."),
    needs=(Permission.EDIT_MASTER,),
    fields=(
        Field(
            "number",
            web_words("Number"),
            hint=web_words("Till and number: 3/17."),
            needed=True,
            codes=("request-unknown", "request-decided"),
        ),
        Field(
            "code",
            web_words("Under another code"),
            codes=("product-code-taken", "party-code-taken", "product-code-unusable"),
        ),
        Field("without_barcode", web_words("Without its barcode"), Kind.YES_NO),
        Field(
            "reason",
            web_words("Why not"),
            hint=web_words("Who asked reads it at the till."),
            codes=("request-refusal-needs-reason",),
        ),
    ),
    do=_answer,
    acts=((ACCEPT, web_words("Accept it")), ("refuse", web_words("Say no"))),
)


# --- the log, and locks -------------------------------------------------------------------------------------


def _audit(office: Office, sought: Sought) -> list[Line]:
    zone, after = zone_of(office.organisation.time_zone), sought.after
    return [
        Line(
            (
                f"{one.entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                one.entry.person,
                one.words,
                one.entry.action,
                str(one.entry.terminal_no),
                one.entry.address,
            ),
            None,
            str(one.entry.entry_id),
        )
        for one in waiting_work.audit_log(
            office,
            sought.get("since"),
            sought.get("action"),
            words=sought.get("words"),
            before=int(after) if after.isascii() and after.isdecimal() and len(after) < _MOST_KEY else None,
            most=sought.most,
        )
    ]


AUDIT: Final = WorkList(
    path="audit",
    words=web_words("Audit log"),
    hint=web_words("Who changed what, when and where from; the last month where no day is said."),
    sees=(Permission.SEE_AUDIT,),
    headings=(
        Heading(web_words("When")),
        Heading(web_words("Who")),
        Heading(web_words("What")),
        Heading(web_words("Action")),
        Heading(web_words("Terminal")),
        Heading(web_words("Address")),
    ),
    filters=(
        WORDS,
        Field("since", web_words("Since"), Kind.DAY, codes=("not-a-date",)),
        Field("action", web_words("Action"), hint=web_words("Such as product, or product.changed.")),
    ),
    read=_audit,
)


def _locks(office: Office, sought: Sought) -> list[Line]:
    lines = [
        Line((one.business or web_text("all businesses"), to_date(one.through)), None, one.business)
        for one in waiting_work.locks(office)
    ]
    return laid_out(lines, sought)


LOCKS: Final = WorkList(
    path="locks",
    words=web_words("Locked periods"),
    hint=web_words("Nothing is recorded any more in what is locked."),
    sees=(Permission.SEE_REPORTS, Permission.PERIOD_LOCK),
    headings=(
        Heading(web_words("Business"), sorts=True),
        Heading(web_words("Locked through"), CellKind.DATE, sorts=True),
    ),
    filters=(WORDS,),
    read=_locks,
)


def _lock(office: Office, told: Told) -> Done:
    through = reading.day(told.values, "through")
    if through is None:
        raise Refused("not-a-date", what="through", text="")
    year_end.lock(office, through, business=told.get("business"), reason=told.get("reason"))
    return Done(To("/locks", {}), "locked")


LOCK: Final = WorkForm(
    path="locks/new",
    words=web_words("Lock a period"),
    hint=web_words("Through a day that is over; an earlier day than before opens the rest again."),
    needs=(Permission.PERIOD_LOCK,),
    fields=(
        Field(
            "through",
            web_words("Locked through"),
            Kind.DAY,
            needed=True,
            codes=("not-a-date", "period-not-over", "report-year-implausible"),
        ),
        reading.BUSINESS,
        REASON,
    ),
    do=_lock,
)


def _close(office: Office, told: Told) -> Done:
    text = told.get("year")
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise Refused("not-a-number", what="The year", text=text[:20])
    made = year_end.year_end(office, int(text))
    return Done(to(made[0].made.document_id), "recorded")


YEAR_END: Final = WorkForm(
    path="year-end",
    words=web_words("Close a year"),
    hint=web_words("What each business earned goes to its retained earnings; the year must be locked."),
    needs=(Permission.JOURNAL_ENTRY,),
    fields=(
        Field(
            "year",
            web_words("Year"),
            Kind.NUMBER,
            needed=True,
            codes=(
                "not-a-number",
                "year-not-over",
                "year-closed-already",
                "books-not-locked",
            ),
        ),
    ),
    do=_close,
)
