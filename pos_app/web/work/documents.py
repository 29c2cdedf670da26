"""All documents in one list, and one document with its lines, its money, its entries and its moves."""

from typing import Any, Final

from starlette.responses import Response

from pos_app.language import web_words
from pos_app.ledger.currency import currency
from pos_app.ledger.document import SERVER_TERMINAL_NO, Bill, Invoice, Reversal, StockValuation, split_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import exact, price_text
from pos_app.ledger.quantity import quantity_text
from pos_app.office import booked, voids
from pos_app.office.booked import Opened, Wanted
from pos_app.office.masters import choices
from pos_app.office.office import Office
from pos_app.reports.ask.question import kind_words
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import CellKind
from pos_app.reports.slips.titles import tender_name
from pos_app.web.masters.declaration import Choices, Field, Kind
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import Heading, Line, Sought, To, WorkList, worth
from pos_app.web.work.told import request_of

_PATH: Final = "/documents/one"
#: So many lines of each part stand on a page; all are on the paper.
_MOST: Final = 500


def to(document_id: int) -> To:
    """The page of a document."""
    return To(_PATH, {"key": document_id})


def _kinds(_: Office) -> Choices:
    return sorted(((one, kind_words(one)) for one in booked.kinds()), key=lambda one: one[1])


def _read(office: Office, sought: Sought) -> list[Line]:
    wanted = Wanted(
        kind=sought.get("kind"),
        first=sought.get("from"),
        last=sought.get("to"),
        depot=sought.get("depot"),
        party=sought.get("party"),
        person=sought.get("person"),
        after=sought.after,
        most=sought.most,
    )
    base, zone = office.organisation.currency, zone_of(office.organisation.time_zone)
    return [
        Line(
            (
                one.number,
                kind_words(one.kind),
                f"{one.occurred_at.astimezone(zone):%Y-%m-%d %H:%M}",
                one.depot,
                one.person,
                f"{one.party_code} {one.party}".strip(),
                worth(one.total, one.currency, base),
            ),
            to(one.document_id),
            booked.mark(one),
            "voided" if one.is_voided else "",
        )
        for one in booked.listed(office, wanted)
    ]


DOCUMENTS: Final = WorkList(
    path="documents",
    words=web_words("Documents"),
    hint=web_words("All that was recorded, newest first: at tills, by drivers, in the office."),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("Number")),
        Heading(web_words("Kind")),
        Heading(web_words("When")),
        Heading(web_words("Depot")),
        Heading(web_words("Who")),
        Heading(web_words("Customer or vendor")),
        Heading(web_words("Total"), CellKind.MONEY),
    ),
    filters=(
        Field("kind", web_words("Kind"), Kind.CHOICE, choices=_kinds),
        Field("from", web_words("From"), Kind.DAY, codes=("not-a-date", "period-ends-before-it-begins")),
        Field("to", web_words("To"), Kind.DAY, codes=("not-a-date",)),
        Field("depot", web_words("Depot"), Kind.CHOICE, choices=choices.of_depots),
        Field("party", web_words("Code of the party"), codes=("party-unknown",)),
        Field("person", web_words("Code of the person"), codes=("person-unknown",)),
    ),
    read=_read,
)


def _find(visit: Visit) -> Response:
    """To the document of a number, wherever it is typed."""
    return visit.go(_PATH, key=booked.find(visit.office, visit.asked.query.get("number")[:40]))


def _key(text: str) -> int:
    """A document's key as an address has it.  Raises `Refused` for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Refused("document-unknown", number=text[:24])
    return int(text)


def _look(visit: Visit) -> Response:
    return page(visit, _key(visit.asked.query.get("key")))


def page(visit: Visit, key: int, error: Refused | None = None) -> Response:
    """The page of a document; `error` is what is wrong with what was sent from it."""
    seen = booked.opened(visit.office, key)
    zone = visit.office.organisation.time_zone
    return visit.page(
        "document.html",
        status=200 if error is None else 422,
        seen=seen,
        error=error,
        kind=kind_words(seen.listed.kind),
        kinds=kind_words,
        zone=zone,
        base=visit.office.organisation.currency,
        most=_MOST,
        may_void=_may_void(visit, seen),
        may_settle=visit.may(Permission.DECIDE),
        request=request_of(visit.asked.form),
        reason=visit.asked.form.get("reason"),
        ways_on=_ways_on(visit, seen),
        **_words(seen),
    )


def _words(seen: Opened) -> dict[str, Any]:
    money = currency(seen.document.currency)
    return {
        "money": lambda amount, code="": grouped_text(amount, currency(code) if code else money),
        "price": lambda line: price_text(exact(line.unit_price, line.price_fine), money),
        "pieces": quantity_text,
        "tender": lambda kind: tender_name(TenderKind(kind)),
        "has_prices": any(one.net or one.tax for one in seen.lines),
    }


def _may_void(visit: Visit, seen: Opened) -> bool:
    """Whether who looks may void it, as far as a page can say: the rules have the last word."""
    is_ours = split_key(seen.listed.document_id)[0] == SERVER_TERMINAL_NO
    if not is_ours or seen.listed.is_voided or isinstance(seen.document, Reversal | StockValuation):
        return False
    return all(visit.may(one) for one in booked.may_be_voided(seen.document))


def _ways_on(visit: Visit, seen: Opened) -> list[tuple[str, str]]:
    """What is done next with such a document: addresses with their words."""
    party, found = seen.listed.party_code, []
    if isinstance(seen.document, Invoice | Bill) and party and visit.may(Permission.SEE_REPORTS):
        link = visit.link("/reports/one", name="party-statement", party=party)
        found.append((link, web_words("Statement of the party")))
    return found


def _void(visit: Visit) -> Response:
    form = visit.asked.form
    key = _key(form.get("key"))
    seen = booked.opened(visit.office, key)
    for one in booked.may_be_voided(seen.document):
        visit.need(one)
    try:
        made = voids.void(visit.office, key, form.get("reason"), request_id=request_of(form))
    except Refused as error:
        return page(visit, key, error)
    return visit.go(_PATH, key=made.document_id, said="recorded")


def _paper(visit: Visit) -> Response:
    drawn = booked.paper(visit.office, _key(visit.asked.form.get("key")))
    return visit.file(drawn.content, "application/pdf", f"{drawn.number}.pdf")


_SEES: Final = (Permission.SEE_REPORTS,)
WAYS: Final = [
    Way("/documents/find", _find, needs=_SEES),
    Way(_PATH, _look, needs=_SEES),
    Way("/documents/void", _void, "POST", _SEES),
    Way("/documents/paper", _paper, "POST", _SEES),
]
