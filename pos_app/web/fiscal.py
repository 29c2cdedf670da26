"""Fiscal devices in a browser: how each goes, what waits for a person, and what they do about it."""

from collections.abc import Callable
from typing import Final, NamedTuple

from starlette.responses import Response

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import fiscal
from pos_app.web.visit import Visit
from pos_app.web.way import Way

PATH: Final = "/fiscal"
_SEES: Final = (Permission.SEE_REPORTS,)
_DECIDES: Final = (Permission.DECIDE,)
#: So many invoices are on the page, the oldest first.
_MOST: Final = 100


class _Shown(NamedTuple):
    """An invoice that is open: its number, how it stands, and why."""

    number: str
    is_refused: bool
    is_credit: bool
    says: str


def _page(visit: Visit, error: Refused | None = None) -> Response:
    office = visit.office
    found = fiscal.listed(office, most=_MOST)
    return visit.page(
        "fiscal.html",
        status=200 if error is None else 422,
        error=error,
        standings=fiscal.standings(office),
        invoices=[
            _Shown(
                each.trader_no,
                each.receipt.state == "refused",
                each.takes_back,
                "" if each.said is None else each.said.spoken,
            )
            for each in found
        ],
        most=_MOST,
        decides=visit.may(*_DECIDES),
        zone=office.organisation.time_zone,
    )


def _deed(do: Callable[[Visit], object]) -> Callable[[Visit], Response]:
    """A button: what it does, and back to the page."""

    def handle(visit: Visit) -> Response:
        try:
            do(visit)
        except Refused as error:
            if error.code == "person-may-not-here":
                raise
            return _page(visit, error)
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
    Way(PATH, _page, needs=_SEES),
    Way(f"{PATH}/retry", _deed(_retry), "POST", _DECIDES),
    Way(f"{PATH}/aside", _deed(_aside), "POST", _DECIDES),
    Way(f"{PATH}/resume", _deed(_resume), "POST", _DECIDES),
)
