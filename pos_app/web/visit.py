"""One person at one page: who they are, what they sent, and how they are answered."""

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from pos_app.language import LANGUAGES
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.front_door import FrontDoor, Session
from pos_app.office.office import Office
from pos_app.web import navigation, notices
from pos_app.web.asked import BEFORE, SESSION, THEMES, Asked
from pos_app.web.pages import Pages

#: What no answer lets a browser do: run or load what is not ours, be framed, guess kinds, tell others where
#: it was.  Pages hold figures of a shop, so nothing keeps them.
SECURITY: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
#: A year; said by TLS alone.
_ONLY_TLS: Final = "max-age=31536000"


def _token(secret: str) -> str:
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


class Visit:
    """A request that is being answered."""

    def __init__(self, asked: Asked, door: FrontDoor, pages: Pages, session: Session | None) -> None:
        self.asked = asked
        self.door = door
        self.session = session
        self._pages = pages
        self._cookies: dict[str, tuple[str, int | None]] = {}

    def signed_in(self, session: Session | None, cookie: str) -> "Visit":
        """The same visit, of who has just signed in."""
        asked = dataclasses.replace(self.asked, cookies={**self.asked.cookies, SESSION: cookie})
        later = Visit(asked, self.door, self._pages, session)
        later._cookies = self._cookies
        return later

    # --- who ------------------------------------------------------------------------------------------

    @property
    def person(self) -> Session:
        """Who is signed in; only pages that ask for it are reached without."""
        if self.session is None:
            raise Refused("nobody-signed-in")
        return self.session

    @cached_property
    def office(self) -> Office:
        """The office with this person at work in it."""
        return self.door.office(self.person, self.asked.where)

    def may(self, *permissions: Permission) -> bool:
        """Whether they may do one of these in the whole organisation."""
        return self.session is not None and any(one.value in self.session.may for one in permissions)

    def need(self, *permissions: Permission) -> None:
        """Raise `Refused` unless they may do one of these in the whole organisation."""
        if not self.may(*permissions):
            raise Refused("person-may-not", name=self.person.name, deed=WORDS[permissions[0]])

    @property
    def here(self) -> str:
        """The address of this page, for a form that comes back to it; the beginning after a form."""
        if self.asked.method != "GET":
            return self.link("/")
        kept = {name: value for name, value in self.asked.query if name != "said"}
        return self.link(self.asked.path, **kept)

    # --- forms ----------------------------------------------------------------------------------------

    @cached_property
    def secret(self) -> str:
        """What this browser alone holds: its session, or before that a number of its own."""
        if self.session is not None:
            return self.asked.cookies[SESSION]
        known = self.before
        if not known:
            known = secrets.token_hex(16)
            self.keep(BEFORE, known)
        return known

    @property
    def before(self) -> str:
        """What this browser held before anybody signed in, while it still does; else empty."""
        known = self.asked.cookies.get(BEFORE, "")
        return known if len(known) == 32 and known.isalnum() else ""

    @property
    def token(self) -> str:
        """What every form of ours carries."""
        return _token(self.secret)

    def check_form(self) -> None:
        """Raise `Refused` for a form that no page of ours sent from this browser."""
        sent = self.asked.form.get("token").encode()
        # A form from before the sign-in is sent again by who loads the answer to it once more.
        known = [_token(one).encode() for one in (self.secret, self.before) if one]
        if not self.asked.is_ours or not any(hmac.compare_digest(sent, one) for one in known):
            raise Refused("web-form-not-ours")

    # --- answers --------------------------------------------------------------------------------------

    def link(self, path: str, /, **query: object) -> str:
        """An address of ours; what is empty is left out."""
        told = [(name, str(value)) for name, value in query.items() if value not in ("", None, False)]
        return f"{self.asked.root}{path}" + (f"?{urlencode(told)}" if told else "")

    def page(self, page: str, /, *, status: int = 200, **values: Any) -> Response:
        """A page of ours."""
        drawn = self._pages.draw(page, {**self._shared(), **values})
        return self.finished(Response(drawn, status, media_type="text/html"))

    def go(self, path: str, /, *, said: str = "", **query: object) -> Response:
        """Send the browser on with GET, so that a form is not sent twice; `said` is a notice there."""
        return self.finished(RedirectResponse(self.link(path, said=said, **query), 303))

    def lead(self, path: str, query: str) -> Response:
        """Send the browser on to an address as somebody asked for it, in whatever letters."""
        return self.finished(RedirectResponse(self.link(path) + (f"?{query}" if query else ""), 303))

    def file(self, content: bytes, kind: str, name: str) -> Response:
        """A file to keep."""
        answer = Response(content, media_type=kind)
        answer.headers["content-disposition"] = f'attachment; filename="{name}"'
        return self.finished(answer)

    def failed(self, error: BohariError, status: int) -> Response:
        """A page that says what is wrong, in a sentence with its code."""
        return self.page("failed.html", status=status, error=error, title=error.sentence)

    def keep(self, name: str, value: str, *, seconds: int | None = None) -> None:
        """Let the browser keep a cookie, without a number until it ends; an empty one goes."""
        self._cookies[name] = (value, seconds)

    def finished(self, answer: Response) -> Response:
        """With the headers that every answer has, and the cookies."""
        for name, text in SECURITY.items():
            answer.headers.setdefault(name, text)
        if self.asked.scheme == "https":
            answer.headers["strict-transport-security"] = _ONLY_TLS
        for name, (value, seconds) in self._cookies.items():
            answer.set_cookie(
                name,
                value,
                max_age=seconds if value else 0,
                path="/",
                secure=True,
                httponly=True,
                samesite="lax",
            )
        return answer

    def _shared(self) -> Mapping[str, Any]:
        """What the frame of every page shows."""
        return {
            "visit": self,
            "link": self.link,
            "static": lambda name: self.asked.root + navigation.static(name),
            "language": self.asked.language,
            "languages": LANGUAGES,
            "theme": self.asked.theme,
            "themes": THEMES,
            "session": self.session,
            "token": self.token,
            "sections": navigation.sections(self.may, self.asked.path),
            "notice": notices.of(self.asked.query.get("said")),
        }
