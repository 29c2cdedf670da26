"""One's own password, authenticator, passkeys and sessions; everybody's sessions for who may end them."""

from typing import Final

from starlette.responses import Response

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import passkeys, second_proofs, web_sessions
from pos_app.office.front_door import Proof
from pos_app.office.passkeys import Site
from pos_app.web import qr, site
from pos_app.web.asked import SESSION
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_JSON: Final = "application/json"
_MOST_DIGITS: Final = 12


class AccountPages:
    """The pages of one's own account."""

    def __init__(self, domain: str) -> None:
        """`domain` is that of the shop's public address, to which passkeys are bound; empty where none is."""
        self._domain = domain

    def ways(self) -> list[Way]:
        """All of them."""
        return [
            Way("/account", self._look),
            Way("/account/password", self._password, "POST"),
            Way("/account/authenticator", _draw, "POST"),
            Way("/account/codes", _codes, "POST"),
            Way("/account/passkeys/asked", self._asked, "POST"),
            Way("/account/passkeys/add", self._add, "POST"),
            Way("/account/passkeys/rename", self._rename, "POST"),
            Way("/account/passkeys/remove", self._remove, "POST"),
            Way("/account/end", _end, "POST"),
        ]

    def _look(self, visit: Visit) -> Response:
        return self._page(visit)

    def _page(self, visit: Visit, error: Refused | None = None) -> Response:
        everybody = visit.may(Permission.EDIT_PEOPLE)
        return visit.page(
            "account.html",
            status=200 if error is None else 422,
            error=error,
            has=second_proofs.of(visit.office),
            passkeys=passkeys.of(visit.office),
            has_site=site.of(visit.asked, self._domain) is not None,
            name=visit.asked.form.get("name"),
            asks_proof=not visit.door.is_fresh(visit.person),
            sessions=web_sessions.listed(visit.office, of_everybody=everybody),
            zone=visit.office.organisation.time_zone,
        )

    def _password(self, visit: Visit) -> Response:
        form = visit.asked.form
        try:
            if form.get("password") != form.get("again"):
                raise Refused("new-password-differs")
            second_proofs.check_own(visit.office, form.get("password"))
            _prove(visit)
            second_proofs.choose_password(visit.office, form.get("password"))
        except Refused as error:
            return self._page(visit, error)
        visit.keep(SESSION, "")
        return visit.go("/sign-in", said="password")

    # --- passkeys -----------------------------------------------------------------------------------

    def _site(self, visit: Visit) -> Site:
        found = site.of(visit.asked, self._domain)
        if found is None:
            raise Refused("passkey-not-here")
        return found

    def _asked(self, visit: Visit) -> Response:
        """What the browser asks the authenticator; a script reads it."""
        told = passkeys.asked(visit.office, self._site(visit), visit.secret)
        return visit.finished(Response(told, media_type=_JSON))

    def _add(self, visit: Visit) -> Response:
        form = visit.asked.form
        try:
            found = self._site(visit)
            _prove(visit)
            passkeys.add(visit.office, found, form.get("name"), form.get("answer"), visit.secret)
        except Refused as error:
            return self._page(visit, error)
        return visit.go("/account", said="passkey")

    def _rename(self, visit: Visit) -> Response:
        form = visit.asked.form
        try:
            passkeys.rename(visit.office, _key(form.get("key")), form.get("name"))
        except Refused as error:
            return self._page(visit, error)
        return visit.go("/account", said="passkey-named")

    def _remove(self, visit: Visit) -> Response:
        try:
            key = _key(visit.asked.form.get("key"))
            _prove(visit)
            passkeys.remove(visit.office, key)
        except Refused as error:
            return self._page(visit, error)
        visit.keep(SESSION, "")
        return visit.go("/sign-in", said="passkey-gone")


def _prove(visit: Visit) -> None:
    """Raise `Refused` unless who is signed in proves that it is still them."""
    form = visit.asked.form
    proof = Proof("", form.get("own_pin"), form.get("own_password"), form.get("own_one_time"))
    visit.door.proves_again(visit.person, proof, visit.asked.where)


# --- the authenticator ------------------------------------------------------------------------------------


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
        has=second_proofs.of(visit.office),
        asks_proof=not visit.door.is_fresh(visit.person),
    )


def _codes(visit: Visit) -> Response:
    form = visit.asked.form
    try:
        second_proofs.check_codes(visit.office, form.get("secret"), form.get("one_time"))
        _prove(visit)
        second_proofs.choose_codes(visit.office, form.get("secret"), form.get("one_time"))
    except Refused as error:
        if error.code == "one-time-secret-unreadable":
            raise
        return _authenticator(visit, form.get("secret"), error)
    visit.keep(SESSION, "")
    return visit.go("/sign-in", said="codes")


# --- sessions ---------------------------------------------------------------------------------------------


def _key(text: str) -> int:
    """A key as a form has it; 0, which is nobody's, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS else 0


def _end(visit: Visit) -> Response:
    key = _key(visit.asked.form.get("key"))
    web_sessions.end(visit.office, key)
    if key == visit.person.key:
        visit.keep(SESSION, "")
        return visit.go("/sign-in", said="signed-out")
    return visit.go("/account", said="ended")
