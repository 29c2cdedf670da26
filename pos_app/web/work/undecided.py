"""The lists of what two people decide: documents in quarantine, M-Pesa codes that came twice."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.permission import Permission
from pos_app.office import two_people
from pos_app.office.office import Office
from pos_app.reports.ask.question import kind_words
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Choices, Field, Kind
from pos_app.web.work.declaration import Heading, Line, Sought, To, WorkList, laid_out, worth
from pos_app.web.work.invoices import WORDS

SEES: Final = (Permission.DECIDE, Permission.SEE_AUDIT)
QUARANTINE_ONE: Final = "/quarantine/one"
TWICE_ONE: Final = "/mpesa-twice/one"


def _all(_: Office) -> Choices:
    return [("all", web_text("all that ever were"))]


_EVERYTHING: Final = Field("show", web_words("Show"), Kind.CHOICE, choices=_all)


def decision_words(word: str) -> str:
    """What was decided, in words; nothing yet for an empty one."""
    return {
        "": web_text("waits"),
        "accepted": web_text("in the books"),
        "rebooked": web_text("booked again"),
        "rejected": web_text("kept out"),
        "came": web_text("the money came"),
        "missing": web_text("the money is missing"),
    }[word]


def _quarantined(office: Office, sought: Sought) -> list[Line]:
    zone = zone_of(office.organisation.time_zone)
    lines = [
        Line(
            (
                one.place,
                kind_words(one.kind) if one.kind else web_text("unreadable"),
                one.number,
                one.person,
                one.reason,
                f"{one.received_at.astimezone(zone):%Y-%m-%d %H:%M}",
                decision_words(one.decision),
            ),
            To(QUARANTINE_ONE, {"document": one.place, "hash": one.hash}),
            f"{one.place}-{one.hash[:16]}",
        )
        for one in two_people.set_aside(office, everything=sought.get("show") == "all")
    ]
    return laid_out(lines, sought)


QUARANTINE: Final = WorkList(
    path="quarantine",
    words=web_words("Quarantine"),
    hint=web_words("Documents that the centre could not take into the books, until two people decide."),
    sees=SEES,
    headings=(
        Heading(web_words("Till and place"), sorts=True),
        Heading(web_words("Kind"), sorts=True),
        Heading(web_words("Number"), sorts=True),
        Heading(web_words("Who"), sorts=True),
        Heading(web_words("Why")),
        Heading(web_words("Came"), sorts=True),
        Heading(web_words("Decision"), sorts=True),
    ),
    filters=(WORDS, _EVERYTHING),
    read=_quarantined,
)


def _twice(office: Office, sought: Sought) -> list[Line]:
    base, zone = office.organisation.currency, zone_of(office.organisation.time_zone)
    lines = [
        Line(
            (
                one.code,
                one.other_number,
                one.number,
                worth(one.amount, one.currency, base),
                one.account_code,
                f"{one.found_at.astimezone(zone):%Y-%m-%d %H:%M}",
                decision_words(one.decision),
            ),
            To(TWICE_ONE, {"key": one.document_id, "place": str(one.place)}),
            f"{one.document_id}-{one.place}",
        )
        for one in two_people.twice(office, everything=sought.get("show") == "all")
    ]
    return laid_out(lines, sought)


TWICE: Final = WorkList(
    path="mpesa-twice",
    words=web_words("M-Pesa codes twice"),
    hint=web_words("Two tills took the same code while they were offline: both documents are booked."),
    sees=SEES,
    headings=(
        Heading(web_words("Code"), sorts=True),
        Heading(web_words("First document"), sorts=True),
        Heading(web_words("Second document"), sorts=True),
        Heading(web_words("Amount"), CellKind.MONEY, sorts=True),
        Heading(web_words("Account"), sorts=True),
        Heading(web_words("Found"), sorts=True),
        Heading(web_words("Decision"), sorts=True),
    ),
    filters=(WORDS, _EVERYTHING),
    read=_twice,
)
