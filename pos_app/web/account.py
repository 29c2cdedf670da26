"""One's own password, authenticator and sessions; everybody's sessions for who may end them."""

from typing import Final

from starlette.responses import Response

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import second_proofs, web_sessions
from pos_app.web import qr
from pos_app.web.asked import SESSION
from pos_app.web.visit import Visit
from pos_app.web.way import Way


def _look(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, status: int = 200, error: Refused | None = None) -> Response:
    everybody = visit.may(Permission.EDIT_PEOPLE)
    return visit.page(
        "account.html",
        status=status,
        error=error,
        has=second_proofs.of(visit.office),
        sessions=web_sessions.listed(visit.office, of_everybody=everybody),
        zone=visit.office.organisation.time_zone,
    )


def _password(visit: Visit) -> Response:
    form = visit.asked.form
    try:
        if form.get("password") != form.get("again"):
            raise Refused("new-password-differs")
        second_proofs.choose_password(visit.office, form.get("password"))
    except Refused as error:
        return _page(visit, 422, error)
    visit.keep(SESSION, "")
    return visit.go("/sign-in", said="password")


def _draw(visit: Visit) -> Response:
    made = second_proofs.drawn_codes(visit.office)
    return _authenticator(visit, made.secret)


def _authenticator(visit: Visit, secret: str, error: Refused | None = None) -> Response:
    made = second_proofs.shown_again(visit.office, secret)
    return visit.page(
        "authenticator.html",
        status=200 if error is None else 422,
        error=error,
        secret=made.secret,
        picture=qr.drawn(made.uri),
    )


def _codes(visit: Visit) -> Response:
    form = visit.asked.form
    try:
        second_proofs.choose_codes(visit.office, form.get("secret"), form.get("one_time"))
    except Refused as error:
        if error.code != "one-time-code-wrong":
            raise
        return _authenticator(visit, form.get("secret"), error)
    visit.keep(SESSION, "")
    return visit.go("/sign-in", said="codes")


def _end(visit: Visit) -> Response:
    key = visit.asked.form.get("key")
    if not (key.isascii() and key.isdecimal() and len(key) < 12):
        raise Refused("web-session-gone")
    web_sessions.end(visit.office, int(key))
    if int(key) == visit.person.key:
        visit.keep(SESSION, "")
        return visit.go("/sign-in", said="signed-out")
    return visit.go("/account", said="ended")


WAYS: Final = [
    Way("/account", _look),
    Way("/account/password", _password, "POST"),
    Way("/account/authenticator", _draw, "POST"),
    Way("/account/codes", _codes, "POST"),
    Way("/account/end", _end, "POST"),
]
