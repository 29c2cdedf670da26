"""Webhooks in a browser: which programs are told of what, one more, another secret, and what arrived."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from starlette.responses import Response

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.event_types import EVERY, WORDS
from pos_app.ledger.permission import Permission
from pos_app.office import webhooks
from pos_app.office.office import Office
from pos_app.office.webhooks import Secret, Shown
from pos_app.reports.model.report import CellKind
from pos_app.web.visit import Visit
from pos_app.web.way import Way
from pos_app.web.work.declaration import Heading, Line, Sought, To, WorkList, laid_out
from pos_app.web.work.invoices import WORDS as SOUGHT
from pos_app.web.work.lists import ListPages

PATH: Final = "/webhooks"
#: Deliveries on a page.
_PAGE: Final = 25
_MAY: Final = (Permission.OPERATE,)
_MOST_DIGITS: Final = 9
#: Words that are offered, with what they mean.
_OFFERED: Final = (
    ("sales", web_words("Sales, refunds, invoices, credit notes and voids")),
    ("closes", web_words("Drawers that are closed")),
    ("stock", web_words("Stock that changes, and what moves it")),
    ("alerts", web_words("What asks for a person")),
    ("documents", web_words("Every kind of document")),
)


class Typed(NamedTuple):
    """What a form holds, as it was typed."""

    name: str
    url: str
    chosen: tuple[str, ...]
    types: str


def _read(office: Office, sought: Sought) -> list[Line]:
    lines = [
        Line(
            (one.hook.name, one.hook.url, " ".join(one.hook.events), one.waiting, _stands(one.state)),
            To(f"{PATH}/one", {"key": one.hook.hook_id}),
            str(one.hook.hook_id),
            web_words("stopped") if one.state == "stopped" else "",
        )
        for one in webhooks.listed(office)
    ]
    return laid_out(lines, sought)


def _stands(state: str) -> str:
    words = {"active": web_text("told"), "stopped": web_text("stopped"), "paused": web_text("paused")}
    return words.get(state, web_text("put away"))


HOOKS: Final = WorkList(
    path=PATH.removeprefix("/"),
    words=web_words("Webhooks"),
    hint="",
    sees=_MAY,
    headings=(
        Heading(web_words("Program"), sorts=True),
        Heading(web_words("Where it is told"), sorts=True),
        Heading(web_words("Of what"), sorts=True),
        Heading(web_words("Waiting"), CellKind.NUMBER, sorts=True),
        Heading(web_words("State"), sorts=True),
    ),
    filters=(SOUGHT,),
    read=_read,
)


def _beside(visit: Visit) -> Mapping[str, object]:
    return {"typed": _sent(visit), "offered": _OFFERED, "types": EVERY}


_LIST: Final = ListPages(HOOKS, page="webhooks.html", beside=_beside)


def _sent(visit: Visit) -> Typed:
    form = visit.asked.form
    return Typed(form.get("name"), form.get("url"), tuple(form.every("event")), form.get("types"))


def _events(typed: Typed) -> list[str]:
    return [*typed.chosen, *typed.types.replace(",", " ").split()]


def _add(visit: Visit) -> Response:
    typed = _sent(visit)
    try:
        made = webhooks.add(visit.office, typed.name, typed.url, _events(typed))
    except Refused as error:
        return _LIST.drawn(visit, error)
    return _secret(visit, made)


def _secret(visit: Visit, made: Secret) -> Response:
    return visit.page("webhook_secret.html", hook=made.shown.hook, secret=made.secret)


def _key(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS):
        raise Refused("webhook-unknown")
    return int(text)


def _look(visit: Visit) -> Response:
    return _page(visit, _key(visit.asked.query.get("key")))


def _page(visit: Visit, key: int, error: Refused | None = None) -> Response:
    shown = webhooks.one(visit.office, key)
    after = _after(visit.asked.query.get("after"))
    state = visit.asked.query.get("state")
    state = state if state in webhooks.STATES else ""
    found = webhooks.page(visit.office, key, most=_PAGE + 1, state=state, after=after)
    deliveries = found[:_PAGE]
    last = deliveries[-1] if len(found) > _PAGE else None
    return visit.page(
        "webhook.html",
        status=200 if error is None else 422,
        error=error,
        shown=shown,
        hook=shown.hook,
        typed=_sent(visit) if error is not None else _kept(shown),
        offered=_OFFERED,
        types=EVERY,
        deliveries=deliveries,
        further="" if last is None else f"{last.made_at.isoformat()} {last.event_id}",
        state=state,
        states=[(each, _called(each)) for each in webhooks.STATES],
        zone=visit.office.organisation.time_zone,
    )


def _kept(shown: Shown) -> Typed:
    hook = shown.hook
    words = tuple(each for each in hook.events if each in WORDS)
    offered = {each for each, _ in _OFFERED}
    return Typed(
        hook.name,
        hook.url,
        tuple(each for each in words if each in offered),
        " ".join(each for each in hook.events if each not in offered),
    )


def _called(state: str) -> str:
    if state == "done":
        return web_text("arrived")
    return web_text("waiting") if state == "waiting" else web_text("given up")


def _after(text: str) -> tuple[datetime, str] | None:
    """Where the page before ended; the beginning for what is no such place."""
    moment, _, event = text.partition(" ")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, event[:80]) if at.tzinfo is not None and "\x00" not in event else None


def _edit(visit: Visit) -> Response:
    typed, key = _sent(visit), _key(visit.asked.form.get("key"))
    try:
        webhooks.edit(visit.office, key, name=typed.name, url=typed.url, events=_events(typed))
    except Refused as error:
        return _again_or(visit, key, error)
    return visit.go(f"{PATH}/one", key=key, said="webhook-changed")


def _again_or(visit: Visit, key: int, error: Refused) -> Response:
    if error.code in ("webhook-unknown", "person-may-not-here"):
        raise error
    return _page(visit, key, error)


def _deed(do: Callable[[Visit, int], object], said: str) -> Callable[[Visit], Response]:
    """A button: what it does to the webhook of the form, and what is said of it."""

    def handle(visit: Visit) -> Response:
        key = _key(visit.asked.form.get("key"))
        try:
            do(visit, key)
        except Refused as error:
            return _again_or(visit, key, error)
        return visit.go(f"{PATH}/one", key=key, said=said)

    return handle


def _rotate(visit: Visit) -> Response:
    key = _key(visit.asked.form.get("key"))
    try:
        made = webhooks.rotate(visit.office, key)
    except Refused as error:
        return _again_or(visit, key, error)
    return _secret(visit, made)


def _paused(visit: Visit, key: int) -> object:
    return webhooks.edit(visit.office, key, active=visit.asked.form.get("active") == "yes")


WAYS: Final = (
    *_LIST.ways(),
    Way(f"{PATH}/add", _add, "POST", _MAY),
    Way(f"{PATH}/one", _look, needs=_MAY),
    Way(f"{PATH}/edit", _edit, "POST", _MAY),
    Way(f"{PATH}/rotate", _rotate, "POST", _MAY),
    Way(f"{PATH}/pause", _deed(_paused, "webhook-changed"), "POST", _MAY),
    Way(
        f"{PATH}/archive",
        _deed(lambda visit, key: webhooks.archive(visit.office, key), "webhook-archived"),
        "POST",
        _MAY,
    ),
    Way(
        f"{PATH}/resume",
        _deed(lambda visit, key: webhooks.resume(visit.office, key), "webhook-sent"),
        "POST",
        _MAY,
    ),
    Way(
        f"{PATH}/test",
        _deed(lambda visit, key: webhooks.test(visit.office, key), "webhook-sent"),
        "POST",
        _MAY,
    ),
    Way(
        f"{PATH}/again",
        _deed(
            lambda visit, key: webhooks.again(visit.office, key, visit.asked.form.get("event")),
            "webhook-sent",
        ),
        "POST",
        _MAY,
    ),
)
