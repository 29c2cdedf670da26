"""The tills in a browser: which there are, how far each is, one more by a one-time code, a name, an end."""

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from pos_app import enrolment_link
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import terminals
from pos_app.office.masters import choices
from pos_app.web import qr
from pos_app.web.visit import Visit
from pos_app.web.way import Way

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
            Way("/tills", _list, needs=_LOOKS),
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
            return _list(visit, error)
        server = f"{visit.asked.scheme}://{visit.asked.host}"
        # On the server's own machine the address of this page leads no other till here.
        is_here = visit.asked.host.partition(":")[0] in _THIS_MACHINE
        link = "" if is_here else enrolment_link.made(server, code)
        picture = qr.drawn(link or code)
        return visit.page(
            "till_code.html", code=code, depot=depot, server=server, till_link=link, picture=picture
        )


def _list(visit: Visit, error: Refused | None = None) -> Response:
    return visit.page(
        "tills.html",
        status=200 if error is None else 422,
        error=error,
        tills=terminals.all_terminals(visit.office),
        depots=choices.of_depots(visit.office),
        depot=visit.asked.form.get("depot"),
        zone=visit.office.organisation.time_zone,
        may_enrol=visit.may(Permission.OPERATE),
    )


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
