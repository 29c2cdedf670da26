"""The tills in a browser: which there are, how far each is, one more by a one-time code, a name, an end."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Final

from starlette.responses import Response

from pos_app import enrolment_link
from pos_app.language import web_count, web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import terminals
from pos_app.office.masters import choices
from pos_app.office.office import Office
from pos_app.office.terminals import Till
from pos_app.reports.model.period import zone_of
from pos_app.reports.model.report import CellKind
from pos_app.web import qr
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import Heading, Line, Sought, To, WorkList, laid_out
from pos_app.web.work.invoices import WORDS
from pos_app.web.work.lists import ListPages

_LOOKS: Final = (Permission.OPERATE, Permission.EDIT_PEOPLE, Permission.SEE_AUDIT)
_MOST_DIGITS: Final = 9
_THIS_MACHINE: Final = ("localhost", "127.0.0.1")


class TillPages:
    """Its pages; `marked` ends a code with what tells a till which centre it is of."""

    def __init__(self, marked: Callable[[str], str] = str) -> None:
        self._marked = marked

    def ways(self) -> list[Way]:
        """All of them."""
        return [
            *_LIST.ways(),
            Way("/tills/enrol", self._enrol, "POST", (Permission.OPERATE,)),
            Way("/tills/one", _look, needs=_LOOKS),
            Way("/tills/rename", _rename, "POST", (Permission.EDIT_PEOPLE,)),
            Way("/tills/revoke", _revoke, "POST", (Permission.EDIT_PEOPLE,)),
        ]

    def _enrol(self, visit: Visit) -> Response:
        try:
            depot = visit.asked.form.get("depot")
            code = self._marked(terminals.enrol_code(visit.office, depot))
        except Refused as error:
            return _LIST.drawn(visit, error)
        server = f"{visit.asked.scheme}://{visit.asked.host}"
        # On the server's own machine the address of this page leads no other till here.
        is_here = visit.asked.host.partition(":")[0] in _THIS_MACHINE
        link = "" if is_here else enrolment_link.made(server, code)
        picture = qr.drawn(link or code)
        return visit.page(
            "till_code.html", code=code, depot=depot, server=server, till_link=link, picture=picture
        )


def _read(office: Office, sought: Sought) -> list[Line]:
    zone = zone_of(office.organisation.time_zone)
    return laid_out([_line(one, zone) for one in terminals.all_terminals(office)], sought)


def _line(till: Till, zone: tzinfo) -> Line:
    seen = till.last_seen_at
    state, asks = _state(till)
    cells = (
        till.terminal_no,
        till.name,
        till.depot,
        web_text("never") if seen is None else f"{seen.astimezone(zone):%Y-%m-%d %H:%M}",
        till.mark,
        till.queue,
        till.program,
        state,
    )
    return Line(cells, To("/tills/one", {"till": till.terminal_no}), str(till.terminal_no), asks)


def _state(till: Till) -> tuple[str, str]:
    """How a till is, in words, and (the same) where it asks for a person."""
    if not till.active:
        return web_text("taken away"), ""
    if till.twice_at:
        words = web_text("two homes speak as it")
    elif till.waiting:
        words = web_count(till.waiting, "one waits for a decision", "{count} wait for a decision")
    else:
        return web_text("at work"), ""
    return words, words


TILLS: Final = WorkList(
    path="tills",
    words=web_words("Tills"),
    hint="",
    sees=_LOOKS,
    headings=(
        Heading(web_words("Number"), CellKind.NUMBER, sorts=True),
        Heading(web_words("Name"), sorts=True),
        Heading(web_words("Depot"), sorts=True),
        Heading(web_words("Last heard"), sorts=True),
        Heading(web_words("Taken"), CellKind.NUMBER, sorts=True),
        Heading(web_words("Still to come"), CellKind.NUMBER, sorts=True),
        Heading(web_words("Version"), sorts=True),
        Heading(web_words("State"), sorts=True),
    ),
    filters=(WORDS,),
    read=_read,
)


def _beside(visit: Visit) -> Mapping[str, object]:
    return {
        "depots": choices.of_depots(visit.office),
        "depot": visit.asked.form.get("depot"),
        "may_enrol": visit.may(Permission.OPERATE),
    }


_LIST: Final = ListPages(TILLS, page="tills.html", beside=_beside)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS):
        raise Refused("no-such-terminal", terminal=text[:20])
    return int(text)


def _look(visit: Visit) -> Response:
    return _page(visit, _number(visit.asked.query.get("till")))


def _page(visit: Visit, number: int, error: Refused | None = None) -> Response:
    return visit.page(
        "till.html",
        status=200 if error is None else 422,
        error=error,
        till=terminals.one(visit.office, number),
        typed=dict(visit.asked.form),
        zone=visit.office.organisation.time_zone,
        may_change=visit.may(Permission.EDIT_PEOPLE),
    )


def _rename(visit: Visit) -> Response:
    form = visit.asked.form
    number = _number(form.get("till"))
    try:
        terminals.rename(visit.office, number, form.get("name"))
    except Refused as error:
        if error.code == "no-such-terminal":
            raise
        return _page(visit, number, error)
    return visit.go("/tills/one", till=number, said="changed")


def _revoke(visit: Visit) -> Response:
    form = visit.asked.form
    number = _number(form.get("till"))
    try:
        terminals.revoke(visit.office, number, form.get("reason"))
    except Refused as error:
        if error.code == "no-such-terminal":
            raise
        return _page(visit, number, error)
    return visit.go("/tills/one", till=number, said="revoked")
