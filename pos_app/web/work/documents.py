"""All documents in one list, and the address of each."""

from typing import Final

from pos_app.language import web_words
from pos_app.ledger.permission import Permission
from pos_app.office import booked
from pos_app.office.booked import Wanted
from pos_app.office.masters import choices
from pos_app.office.office import Office
from pos_app.reports.ask.question import kind_words
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Choices, Field, Kind
from pos_app.web.work.declaration import Heading, Line, Sought, To, WorkList, worth

#: The place of the column of moments: sorted by it, the oldest come first.
_WHEN: Final = 3
#: The page of one of them.
ONE: Final = "/documents/one"


def to(document_id: int) -> To:
    """The page of a document."""
    return To(ONE, {"key": document_id})


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
        oldest_first=sought.sort == _WHEN,
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
        # By its key alone: a page costs the same at any depth of ten million.
        Heading(web_words("When"), sorts=True),
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
