"""Signing in and out, and going on with a form that was sent after the session had ended."""

import ipaddress
import json
import threading
import time
from collections import deque
from typing import Final

from starlette.responses import Response

from pos_app.ledger.errors import BohariError, Refused
from pos_app.office import passkey_sign_in, web_sessions
from pos_app.office.front_door import LONGEST, Proof
from pos_app.office.passkey_sign_in import Heard
from pos_app.office.passkeys import Site
from pos_app.web import site
from pos_app.web.asked import ANSWERS, BEFORE, SESSION, Form
from pos_app.web.visit import Visit
from pos_app.web.way import Way

#: So many wrong tries of one address in so many seconds; then it waits.  People behind one router share it.
_MOST_TRIES: Final = 30
_TRIES_S: Final = 600.0
_MOST_ADDRESSES: Final = 10_000
#: What is never kept in a page for later.
_SECRETS: Final = frozenset(
    {"token", "pin", "password", "again", "one_time", "secret", "answer"}
    | {"own_pin", "own_password", "own_one_time"}
)
_MOST_KEPT: Final = 100_000
_MOST_ADDRESS: Final = 2_000


def _kept(visit: Visit) -> str:
    """The form that was sent, for after the sign-in; nothing of one that another site sent."""
    asked = visit.asked
    if not asked.is_ours:
        return ""
    told = [[name, value] for name, value in asked.form if name not in _SECRETS]
    kept = json.dumps(told, ensure_ascii=False)
    return kept if len(kept) <= _MOST_KEPT else ""


def _after(visit: Visit, told: str) -> str:
    """Where to go after the sign-in: an address of ours, without the mount."""
    path = told.removeprefix(visit.asked.root)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\", "/sign-")) and path.isprintable()
    return path if is_ours and len(path) <= _MOST_ADDRESS else "/"


class Entrance:
    """The pages for who is not there yet, and how often each address tried."""

    def __init__(self, domain: str = "") -> None:
        """`domain` is that of the shop's public address, to which passkeys are bound; empty where none is."""
        self._domain = domain
        self._tries: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def ways(self) -> list[Way]:
        """Its pages."""
        return [
            Way("/sign-in", self._look, is_open=True),
            Way("/sign-in", self._sign_in, "POST", is_open=True),
            Way("/sign-in/passkey", self._passkey, "POST", is_open=True),
            Way("/sign-in/passkey/asked", self._asked, "POST", is_open=True),
            Way("/sign-out", _sign_out, "POST"),
        ]

    def asked_again(self, visit: Visit) -> Response:
        """The page that signs in, in front of what was asked for."""
        asked = visit.asked
        if asked.is_part:
            answer = Response("", 401)
            answer.headers["hx-redirect"] = visit.link("/sign-in")
            return visit.finished(answer)
        if asked.method == "POST":
            return self._page(visit, 401, kept=_kept(visit), after=asked.path)
        return visit.go("/sign-in", after=visit.link(asked.path, **dict(asked.query)))

    def _page(
        self,
        visit: Visit,
        status: int = 200,
        *,
        kept: str = "",
        after: str = "",
        error: BohariError | None = None,
    ) -> Response:
        form = visit.asked.form if visit.asked.path.startswith("/sign-in") else Form()
        return visit.page(
            "sign_in.html",
            status=status,
            kept=kept,
            after=after,
            error=error,
            code=form.get("code"),
            label=form.get("organisation"),
            asks_organisation=visit.door.is_asked(visit.asked.host),
            has_site=site.of(visit.asked, self._domain) is not None,
        )

    def _look(self, visit: Visit) -> Response:
        if visit.session is not None:
            return visit.go("/")
        return self._page(visit, after=visit.asked.query.get("after"))

    def _sign_in(self, visit: Visit) -> Response:
        form = visit.asked.form
        try:
            self._check(visit.asked.where.address)
            org_id = visit.door.organisation(visit.asked.host, form.get("organisation"))
            proof = Proof(form.get("code"), form.get("pin"), form.get("password"), form.get("one_time"))
            shown = visit.door.sign_in(org_id, proof, visit.asked.where)
        except Refused as error:
            return self._wrong(visit, error)
        return self._in(visit, org_id, shown)

    def _wrong(self, visit: Visit, error: Refused) -> Response:
        form = visit.asked.form
        self._count(visit.asked.where.address)
        status = 429 if error.code == "web-too-many-tries" else 422
        return self._page(visit, status, kept=form.get("kept"), after=form.get("after"), error=error)

    def _in(self, visit: Visit, org_id: int, shown: str) -> Response:
        """On to where somebody wanted to go, or to the form that they sent."""
        kept, after = visit.asked.form.get("kept"), visit.asked.form.get("after")
        cookie = f"{org_id}.{shown}"
        visit.keep(SESSION, cookie, seconds=int(LONGEST.total_seconds()))
        visit.keep(BEFORE, "")
        path, _, query = _after(visit, after).partition("?")
        fields = _fields(kept)
        if fields:
            return _again(visit, org_id, shown, path, fields)
        return visit.lead(path, query)

    # --- passkeys -----------------------------------------------------------------------------------

    def _site(self, visit: Visit) -> Site:
        found = site.of(visit.asked, self._domain)
        if found is None:
            raise Refused("passkey-not-here")
        return found

    def _asked(self, visit: Visit) -> Response:
        """What the browser asks the authenticator; a script reads it."""
        self._check(visit.asked.where.address)
        org_id = visit.door.organisation(visit.asked.host, visit.asked.form.get("organisation"))
        told = passkey_sign_in.asked(visit.door, org_id, self._site(visit), visit.secret)
        return visit.finished(Response(told, media_type="application/json"))

    def _passkey(self, visit: Visit) -> Response:
        form = visit.asked.form
        try:
            self._check(visit.asked.where.address)
            org_id = visit.door.organisation(visit.asked.host, form.get("organisation"))
            heard = Heard(self._site(visit), visit.secret, visit.asked.where)
            shown = passkey_sign_in.sign_in(visit.door, org_id, form.get("answer"), heard)
        except Refused as error:
            return self._wrong(visit, error)
        return self._in(visit, org_id, shown)

    # --- who tries too often ------------------------------------------------------------------------

    def _check(self, from_: str) -> None:
        """Raise `Refused` for an address that tried too often."""
        now, address = time.monotonic(), _network(from_)
        with self._lock:
            tries = self._tries.get(address, deque())
            while tries and now - tries[0] > _TRIES_S:
                tries.popleft()
            if len(tries) >= _MOST_TRIES:
                raise Refused("web-too-many-tries", minutes=int(_TRIES_S) // 60)

    def _count(self, from_: str) -> None:
        address = _network(from_)
        with self._lock:
            if len(self._tries) >= _MOST_ADDRESSES:
                self._tries.clear()
            self._tries.setdefault(address, deque(maxlen=_MOST_TRIES)).append(time.monotonic())


def _network(address: str) -> str:
    """Whom an address stands for: of IPv6 all of a /64, which is one line's, whatever its owner calls up."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _fields(kept: str) -> list[tuple[str, str]]:
    """A form as it was kept; nothing for what is none."""
    try:
        told = json.loads(kept) if len(kept) <= 2 * _MOST_KEPT else []
    except ValueError:
        return []
    if not isinstance(told, list):
        return []
    return [
        (pair[0], pair[1])
        for pair in told
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)
    ]


def _again(visit: Visit, org_id: int, shown: str, path: str, fields: list[tuple[str, str]]) -> Response:
    """What was sent before the sign-in, to be sent on or left."""
    session = visit.door.find(org_id, shown)
    later = visit.signed_in(session, f"{org_id}.{shown}")
    told = [(name, value) for name, value in fields if name not in _SECRETS]
    return later.page("again.html", path=path, fields=told)


def _sign_out(visit: Visit) -> Response:
    web_sessions.end(visit.office, visit.person.key)
    visit.keep(SESSION, "")
    answer = visit.go("/sign-in", said="signed-out")
    # What the next one at this machine would find by going back (W3C Clear Site Data).  A phone that answers
    # from afar keeps its page, and keys that it opens with figures of its own.
    keeps = bool(visit.asked.cookies.get(ANSWERS))
    answer.headers["clear-site-data"] = '"cache"' if keeps else '"cache", "storage"'
    return answer
