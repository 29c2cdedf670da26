"""Fiscal devices in a browser: how each goes, what waits for a person, and what they do about it."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from starlette.responses import Response

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import fiscal
from pos_app.office.fiscal import Invoiced
from pos_app.office.office import Office
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import MOST_IN_FILE, Heading, Line, Sought, WorkList, laid_out
from pos_app.web.work.invoices import WORDS
from pos_app.web.work.lists import ListPages

PATH: Final = "/fiscal"
_SEES: Final = (Permission.SEE_REPORTS,)
_DECIDES: Final = (Permission.DECIDE,)


class Open(NamedTuple):
    """An invoice that is open: its number, whether it was refused, and whether it takes something back."""

    number: str
    is_refused: bool
    is_credit: bool


def _read(office: Office, sought: Sought) -> list[Line]:
    return laid_out([_line(each) for each in fiscal.listed(office, most=MOST_IN_FILE)], sought)


def _line(each: Invoiced) -> Line:
    is_refused = each.receipt.state == "refused"
    cells = (
        each.trader_no,
        web_text("Credit note") if each.takes_back else web_text("Invoice"),
        web_text("refused") if is_refused else web_text("waiting"),
        "" if each.said is None else each.said.spoken,
    )
    pill = web_words("refused") if is_refused else ""
    return Line(cells, None, each.trader_no, pill, Open(each.trader_no, is_refused, each.takes_back))


OPEN: Final = WorkList(
    path=PATH.removeprefix("/"),
    words=web_words("What is not signed"),
    hint="",
    sees=_SEES,
    headings=(
        Heading(web_words("Number"), sorts=True),
        Heading(web_words("Kind"), sorts=True),
        Heading(web_words("State"), sorts=True),
        Heading(web_words("Why, and what to do"), sorts=True),
    ),
    filters=(WORDS,),
    read=_read,
)


def _beside(visit: Visit) -> Mapping[str, object]:
    return {
        "standings": fiscal.standings(visit.office),
        "decides": visit.may(*_DECIDES),
        "zone": visit.office.organisation.time_zone,
    }


_LIST: Final = ListPages(OPEN, page="fiscal.html", beside=_beside)


def _deed(do: Callable[[Visit], object]) -> Callable[[Visit], Response]:
    """A button: what it does, and back to the page."""

    def handle(visit: Visit) -> Response:
        try:
            do(visit)
        except Refused as error:
            if error.code == "person-may-not-here":
                raise
            return _LIST.drawn(visit, error)
        return visit.go(PATH, said="fiscal-done")

    return handle


def _retry(visit: Visit) -> object:
    form = visit.asked.form
    return fiscal.retry(visit.office, form.get("number"), form.get("original"))


def _aside(visit: Visit) -> object:
    form = visit.asked.form
    return fiscal.set_aside(visit.office, form.get("number"), form.get("reason"))


def _resume(visit: Visit) -> None:
    fiscal.resume(visit.office, visit.asked.form.get("code"))


WAYS: Final = (
    *_LIST.ways(),
    Way(f"{PATH}/retry", _deed(_retry), "POST", _DECIDES),
    Way(f"{PATH}/aside", _deed(_aside), "POST", _DECIDES),
    Way(f"{PATH}/resume", _deed(_resume), "POST", _DECIDES),
)
