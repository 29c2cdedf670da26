"""Webhooks for programs: who is told of what, what arrived, and what is sent once more.

A program that may look after the machines sets its own up; the secret is in the answer that makes it, and in
no other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from pos_app.ledger.event_types import EVERY, WORDS
from pos_app.ledger.permission import Permission
from pos_app.office import webhooks
from pos_app.office.webhooks import Arrival, Shown
from pos_app.web.api.documents import moment_of
from pos_app.web.api.operation import Answer, Call, Operation, Parameter

_TAG: Final = "Webhooks"
_MAY: Final = (Permission.OPERATE,)
Name = Annotated[str, Meta(max_length=webhooks.MOST_NAME)]
Url = Annotated[str, Meta(max_length=500, description="https://, at an address of the open internet.")]
Events = Annotated[
    list[Annotated[str, Meta(max_length=60)]],
    Meta(max_length=60, description=f"Types, or words for several: {', '.join((*WORDS, *EVERY))}."),
]


class Webhook(Struct, frozen=True, kw_only=True):
    """A program that is told.  `state`: active, paused, stopped (after days of failing: `because`) or
    archived.
    """

    key: str
    name: str
    url: str
    events: list[str]
    state: str
    because: str
    made_by: str
    made_at: str


class NewWebhook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A program to tell from now on."""

    name: Name
    url: Url
    events: Events


class WebhookFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes; what is not named stays.  Paused, nothing is sent and nothing lost."""

    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class WebhookSecret(Struct, frozen=True, kw_only=True):
    """What is shown once: `secret` signs from now on."""

    webhook: Webhook
    secret: str


class WebhookPage(Struct, frozen=True, kw_only=True):
    """A page; `next` is the cursor of the page after it."""

    items: list[Webhook]
    next: str | None


class Delivery(Struct, frozen=True, kw_only=True):
    """One event for one program: `status` is what was answered last (0: nothing), `error` why it did not
    arrive, `due_at` when it is tried next.
    """

    event: str
    type: str
    state: Literal["waiting", "done", "failed"]
    made_at: str
    due_at: str | None
    attempts: int
    tried_at: str | None
    status: int
    error: str
    body: str


class DeliveryPage(Struct, frozen=True, kw_only=True):
    """A page, newest first; `next` is the cursor of the page after it."""

    items: list[Delivery]
    next: str | None


class SentEvent(Struct, frozen=True, kw_only=True):
    """What goes out within seconds."""

    event: str


def _shown(shown: Shown) -> Webhook:
    hook = shown.hook
    return Webhook(
        key=str(hook.hook_id),
        name=hook.name,
        url=hook.url,
        events=list(hook.events),
        state=shown.state,
        because=hook.stopped_because,
        made_by=shown.made_by,
        made_at=hook.made_at.isoformat(),
    )


def _delivery(delivery: Arrival) -> Delivery:
    return Delivery(
        event=delivery.event_id,
        type=delivery.type,
        state="done" if delivery.state == "done" else "failed" if delivery.state == "failed" else "waiting",
        made_at=delivery.made_at.isoformat(),
        due_at=delivery.due_at.isoformat() if delivery.state == "waiting" else None,
        attempts=delivery.attempts,
        tried_at=None if delivery.tried_at is None else delivery.tried_at.isoformat(),
        status=delivery.status,
        error=delivery.error,
        body=delivery.body,
    )


def _key(call: Call) -> int:
    """The webhook of the address; none where it is no number."""
    text = call.path["key"]
    key = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    call.found(lambda: webhooks.one(call.office, key))
    return key


def _list(call: Call) -> Answer:
    after = call.after(int)
    found = webhooks.listed(call.office, archived=call.flag("archived"))
    rest = [one for one in found if not after or one.hook.hook_id > after[0]]
    page = rest[: call.limit]
    following = call.at(page[-1].hook.hook_id) if len(rest) > len(page) else ""
    return Answer(WebhookPage(items=[_shown(one) for one in page], next=following or None), following)


def _get(call: Call) -> Answer:
    return Answer(_shown(webhooks.one(call.office, _key(call))))


def _add(call: Call) -> Answer:
    body: NewWebhook = call.body
    made = webhooks.add(call.office, body.name, body.url, body.events)
    shown = _shown(made.shown)
    return Answer(WebhookSecret(webhook=shown, secret=made.secret), location=call.link("webhooks", shown.key))


def _change(call: Call) -> Answer:
    body: WebhookFields = call.body
    key = _key(call)
    call.need_match(_shown(webhooks.one(call.office, key)))
    shown = webhooks.edit(
        call.office,
        key,
        name=None if body.name is UNSET else body.name,
        url=None if body.url is UNSET else body.url,
        events=None if body.events is UNSET else body.events,
        active=None if body.active is UNSET else body.active,
    )
    return Answer(_shown(shown))


def _rotate(call: Call) -> Answer:
    made = webhooks.rotate(call.office, _key(call))
    return Answer(WebhookSecret(webhook=_shown(made.shown), secret=made.secret))


def _archive(call: Call) -> Answer:
    return Answer(_shown(webhooks.archive(call.office, _key(call))))


def _resume(call: Call) -> Answer:
    return Answer(_shown(webhooks.resume(call.office, _key(call))))


def _test(call: Call) -> Answer:
    return Answer(SentEvent(event=webhooks.test(call.office, _key(call))))


def _deliveries(call: Call) -> Answer:
    after = call.after(str, str)
    place: tuple[datetime, str] | None = (moment_of(after[0]), after[1]) if after else None
    found = webhooks.page(call.office, _key(call), most=call.limit + 1, state=call.text("state"), after=place)
    page = found[: call.limit]
    following = call.at(page[-1].made_at.isoformat(), page[-1].event_id) if len(found) > len(page) else ""
    return Answer(DeliveryPage(items=[_delivery(one) for one in page], next=following or None), following)


def _again(call: Call) -> Answer:
    key, event = _key(call), call.path["event"]
    call.found(lambda: webhooks.delivery(call.office, key, event))
    webhooks.again(call.office, key, event)
    return Answer(SentEvent(event=event))


def operations() -> Sequence[Operation]:
    """All of them."""
    of = "/webhooks/{key}"
    archived = Parameter("archived", "Those that were put away too.", {"type": "boolean"})
    state = Parameter("state", "In this state.", {"type": "string", "enum": list(webhooks.STATES)})
    return [
        Operation("GET", "/webhooks", "listWebhooks", "Who is told of what.", _TAG, _list, WebhookPage,
                  needs=_MAY, pages=True, parameters=(archived,)),
        Operation("POST", "/webhooks", "addWebhook", "Tell a program from now on.", _TAG, _add, WebhookSecret,
                  needs=_MAY, body=NewWebhook, status=201),
        Operation("GET", of, "getWebhook", "One of them.", _TAG, _get, Webhook, needs=_MAY),
        Operation("PATCH", of, "changeWebhook", "Change what is named of one.", _TAG, _change, Webhook,
                  needs=_MAY, body=WebhookFields, must_match=True),
        Operation("POST", f"{of}/rotate", "rotateWebhook", "Another secret; the one before signs for a day.",
                  _TAG, _rotate, WebhookSecret, needs=_MAY),
        Operation("POST", f"{of}/archive", "archiveWebhook", "Tell it nothing any more.", _TAG, _archive,
                  Webhook, needs=_MAY),
        Operation("POST", f"{of}/resume", "resumeWebhook", "Send what did not arrive now.", _TAG, _resume,
                  Webhook, needs=_MAY),
        Operation("POST", f"{of}/test", "testWebhook", "Send an event that says nothing.", _TAG, _test,
                  SentEvent, needs=_MAY),
        Operation("GET", f"{of}/deliveries", "listDeliveries", "What it was told, newest first.", _TAG,
                  _deliveries, DeliveryPage, needs=_MAY, pages=True, parameters=(state,)),
        Operation("POST", f"{of}/deliveries/{{event}}/again", "sendDeliveryAgain",
                  "Send one once more, under its id.", _TAG, _again, SentEvent, needs=_MAY),
    ]  # fmt: skip
