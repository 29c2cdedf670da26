"""The application that `bohari server` mounts: carries each request to its page in a thread, and its errors.

Decisions
---------
2026-11-30  Pages are drawn in few threads of their own: whatever people click, the tills' requests have the
server's other threads and connections, and a report over ten years holds one of these and no more.

2026-11-30  Who is not signed in any more and sends a form gets the page that signs in, with the form kept in
it: after that they see what they sent and send it on.  Only what a page of ours sent is kept so.

2026-12-01  A form with a file is the one that may be large.  Who sends it is known, and may, before more than
its head is read; the file goes to the disk as it comes and is gone when the request is over, unless it was
kept for the next page.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pos_app.files.uploads import MOST_BYTES, Uploads
from pos_app.language import speaking
from pos_app.ledger.errors import BohariError, Damaged, Refused, Unavailable
from pos_app.log import events
from pos_app.office.front_door import FrontDoor, Session
from pos_app.web import (
    approve,
    bank,
    fiscal,
    labels,
    messages,
    navigation,
    papers,
    payments,
    pictures,
    preferences,
    prices,
    reports,
    sent_file,
    sign_in,
    site,
    static_files,
    today,
    together,
    webhooks,
)
from pos_app.web.account import AccountPages
from pos_app.web.asked import SESSION, Asked, Form, Sent, read
from pos_app.web.first_start import FirstStart, Founder
from pos_app.web.imports.pages import ImportPages
from pos_app.web.masters.pages import MasterPages
from pos_app.web.masters.registry import MASTERS
from pos_app.web.pages import Pages
from pos_app.web.pictures import PicturePages
from pos_app.web.tills import TillPages
from pos_app.web.visit import SECURITY, Visit
from pos_app.web.way import Way
from pos_app.web.work import pages as work
from pos_app.web.work.deciding import Deciding, DecidingPages

Answered = TypeVar("Answered")

#: Where it is mounted.
PATH: Final = "/office"
#: Pages that are drawn at once.
MOST_AT_WORK: Final = 4
#: What stands in the way of a person, and of nothing else.
_MAY_NOT: Final = ("person-may-not", "person-may-not-here", "web-form-not-ours", "web-line-not-safe")
_A_YEAR: Final = "public, max-age=31536000, immutable"


def create(
    door: FrontDoor,
    founder: Founder | None = None,
    *,
    marked: Callable[[str], str] = str,
    deciding: Deciding | None = None,
    uploads: Uploads | None = None,
    address: str = "",
) -> Starlette:
    """The application of all organisations behind a door; of a centre that has none, with who founds one.

    `marked` ends the code of a new till with what tells it which centre it is of; `deciding` does what two
    people decide, `uploads` keeps the files that people send until they are imported; `address` is the shop's
    public one (https://…), to which passkeys are bound.
    """
    house = _House(door, founder, marked, deciding=deciding, uploads=uploads, domain=site.domain_of(address))
    return Starlette(
        routes=[
            *(Route(one.path, house.carrying(one), methods=[one.method]) for one in house.ways),
            Route("/static/{mark}/{name}", _static, methods=["GET"]),
        ],
        exception_handlers={404: house.nowhere, 405: house.nowhere},
    )


async def _static(request: Request) -> Response:
    known = static_files.every().get(request.path_params["name"])
    if known is None or known.mark != request.path_params["mark"]:
        return Response("not here", 404, media_type="text/plain", headers=SECURITY)
    headers = {**SECURITY, "cache-control": _A_YEAR}
    return Response(known.content, media_type=known.kind, headers=headers)


def _shop(visit: Visit) -> Response:
    return visit.page("setup.html", tiles=navigation.shop(visit.may))


def _looking(asked: Asked) -> Asked:
    """As if somebody had asked for the page from which a file is sent."""
    if asked.path.startswith("/import/"):
        return dataclasses.replace(asked, method="GET", path="/import", query=Form())
    return dataclasses.replace(asked, method="GET")


class _House:
    """The pages, and the threads that draw them."""

    def __init__(
        self,
        door: FrontDoor,
        founder: Founder | None,
        marked: Callable[[str], str],
        *,
        deciding: Deciding | None,
        uploads: Uploads | None,
        domain: str,
    ) -> None:
        self._door = door
        self._uploads = uploads
        self._first = FirstStart(founder)
        self._pages = Pages()
        self._threads = ThreadPoolExecutor(MOST_AT_WORK, thread_name_prefix="office")
        self._entrance = sign_in.Entrance(domain)
        self.ways: list[Way] = [
            Way("/", lambda visit: visit.go(navigation.first(visit.may))),
            *self._first.ways(),
            *self._entrance.ways(),
            *preferences.WAYS,
            *approve.WAYS,
            *today.WAYS,
            *(way for master in MASTERS for way in MasterPages(master).ways()),
            *work.WAYS,
            *DecidingPages(deciding).ways(),
            Way(navigation.SHOP, _shop),
            *prices.WAYS,
            *papers.WAYS,
            *labels.WAYS,
            *together.WAYS,
            *(() if uploads is None else ImportPages(uploads).ways()),
            *(way for kind in pictures.KINDS if uploads is not None for way in PicturePages(kind).ways()),
            *TillPages(marked).ways(),
            *messages.WAYS,
            *webhooks.WAYS,
            *fiscal.WAYS,
            *payments.WAYS,
            *bank.WAYS,
            *reports.WAYS,
            *AccountPages(domain).ways(),
        ]

    def carrying(self, way: Way) -> Callable[[Request], Awaitable[Response]]:
        """What answers a way: reads the request and draws the page in a thread."""

        async def carry(request: Request) -> Response:
            if way.takes_file and self._uploads is not None:
                return await self._with_file(request, way, self._uploads)
            return await self._in_thread(request, lambda asked: self._answer(asked, way))

        return carry

    async def _with_file(self, request: Request, way: Way, uploads: Uploads) -> Response:
        try:
            asked = await read(request, takes_file=True)
        except Refused as error:
            return Response(str(error), 400, media_type="text/plain", headers=SECURITY)
        turned_away = await self._at_work(asked, lambda asked: self._turned_away(asked, way, uploads))
        if turned_away is not None:
            await sent_file.let_by(request)
            return turned_away
        try:
            with uploads.coming() as path:
                sent = await sent_file.read_into(request, path, MOST_BYTES)
                whole = dataclasses.replace(
                    asked, form=Form(tuple(sent.fields)), sent=Sent(path, sent.name, sent.size)
                )
                return await self._at_work(whole, lambda asked: self._answer(asked, way))
        except ClientDisconnect:
            return Response("cut off", 400, media_type="text/plain", headers=SECURITY)
        except (Refused, Unavailable) as error:
            refused = error
        return await self._at_work(asked, lambda asked: self._refusal(asked, refused))

    def _turned_away(self, asked: Asked, way: Way, uploads: Uploads) -> Response | None:
        """The answer to who may not send a file here, before it is read."""
        visit = Visit(asked, self._door, self._pages, None)
        try:
            if not asked.is_safe_line:
                raise Refused("web-line-not-safe")
            session = self._session(asked, keeps=True)
            visit = Visit(asked, self._door, self._pages, session)
            if session is None:
                # What was chosen is not kept; the page asks for it again.
                return self._entrance.asked_again(Visit(_looking(asked), self._door, self._pages, None))
            if not asked.is_ours:
                raise Refused("web-form-not-ours")
            visit.need(*way.needs)
            uploads.room()
        except BohariError as error:
            return self._failed(visit, error)
        return None

    def _refusal(self, asked: Asked, error: BohariError) -> Response:
        visit = Visit(asked, self._door, self._pages, self._session(asked, keeps=True))
        return self._failed(visit, error)

    async def nowhere(self, request: Request, _: Exception) -> Response:
        """The answer to an address that is none, or is not asked so."""

        def answer(asked: Asked) -> Response:
            visit = Visit(asked, self._door, self._pages, self._session(asked, keeps=True))
            return visit.failed(Refused("web-page-unknown"), 404)

        return await self._in_thread(request, answer)

    async def _in_thread(self, request: Request, answer: Callable[[Asked], Response]) -> Response:
        try:
            asked = await read(request)
        except Refused as error:
            return Response(str(error), 400, media_type="text/plain", headers=SECURITY)
        except ClientDisconnect:
            return Response("cut off", 400, media_type="text/plain", headers=SECURITY)
        return await self._at_work(asked, answer)

    async def _at_work(self, asked: Asked, answer: Callable[[Asked], Answered]) -> Answered:
        """What a page's thread answers, in the language of who asks."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: self._spoken(asked, answer)
        )

    def _spoken(self, asked: Asked, answer: Callable[[Asked], Answered]) -> Answered:
        with speaking(asked.language):
            return answer(asked)

    def _answer(self, asked: Asked, way: Way) -> Response:
        visit = Visit(asked, self._door, self._pages, None)
        try:
            if not asked.is_safe_line:
                raise Refused("web-line-not-safe")
            if self._first.stands_before(asked.path):
                return visit.go("/first")
            session = self._session(asked, keeps=not way.looks_by_itself)
            visit = Visit(asked, self._door, self._pages, session)
            if session is None and not way.is_open:
                return self._entrance.asked_again(visit)
            if way.needs:
                visit.need(*way.needs)
            if asked.method == "POST":
                visit.check_form()
            return way.handle(visit)
        except BohariError as error:
            return self._failed(visit, error)
        except Exception as error:  # noqa: BLE001 - a bug of one page is logged and ends this page alone
            events.FAULT.log(error, during=f"page {asked.path}")
            return self._failed(visit, Damaged("web-fault"))

    def _failed(self, visit: Visit, error: BohariError) -> Response:
        if isinstance(error, Unavailable):
            return visit.failed(error, 503)
        if isinstance(error, Damaged):
            return visit.failed(error, 500)
        if error.code in _MAY_NOT:
            return visit.failed(error, 403)
        return visit.failed(error, 404 if error.code.endswith(("-unknown", "-gone", "-not-here")) else 422)

    def _session(self, asked: Asked, *, keeps: bool) -> Session | None:
        """Who this is, by their cookie; one of another organisation than the address names is nobody here."""
        org, _, shown = asked.cookies.get(SESSION, "").partition(".")
        if not (org.isascii() and org.isdecimal() and len(org) < 18 and shown):
            return None
        named = self._door.named(asked.host)
        if named is not None and named != int(org):
            return None
        return self._door.find(int(org), shown, keeps=keeps)
