"""`bohari webhook`: which other programs are told of sales, closes, stock and alerts as they happen."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs
from pos_app.ledger.event_types import EVERY, WORDS
from pos_app.ledger.permission import Permission
from pos_app.office import webhooks
from pos_app.office.office import Office
from pos_app.office.webhooks import Secret, Shown
from pos_app.store.hooks.deliveries import Delivery

app: Final = noun()
webhook_app: Final = group(app, "webhook", "Other programs that are told of what happens, as it happens.")

Key = Annotated[int, typer.Argument(metavar="KEY", help="As the list shows it.")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="TYPE", help="Of what: sales, closes, stock, alerts, or a type; again."),
]
Url = Annotated[str, typer.Option("--url", help="Where: https://shop.example/hooks/bohari.")]
_MOST: Final = 1_000


@command(webhook_app, "list", AT_WORK, needs(Permission.OPERATE))
def list_all(
    office: Office,
    *,
    everything: Annotated[bool, typer.Option("--all", help="What was put away as well.")] = False,
) -> Answer:
    """Who is told of what, since when, and how many deliveries wait."""
    rows = [_values(one) for one in webhooks.listed(office, archived=everything)]
    lines = [
        f"{row['key']:>4}  {row['name']:<20}  {row['state']:<8}  {row['waiting']:>6} waiting"
        f"  {row['url']}  {' '.join(row['events'])}"
        for row in rows
    ]
    return Answer({"webhooks": rows}, [*lines, f"{counted(len(rows), 'webhook')}."])


@command(webhook_app, "events", AT_WORK, needs(Permission.OPERATE))
def list_events(_: Office) -> Answer:
    """What can be told: every type, and the words that mean several."""
    words = {word: list(types) for word, types in WORDS.items()}
    lines = [*EVERY, *(f"{word}: {' '.join(types)}" for word, types in words.items())]
    return Answer({"types": list(EVERY), "words": words}, lines)


@command(webhook_app, "add", AT_WORK, needs(Permission.OPERATE))
def add(
    office: Office,
    *,
    name: Annotated[str, typer.Option("--name", help="Which program it is: webshop, say.")],
    url: Url,
    event: Events = None,
) -> Answer:
    """Tell an address from now on; prints what deliveries are signed with, once."""
    made = webhooks.add(office, name, url, event or ())
    return _secret(made, f"{made.shown.hook.name} is told from now on, as webhook {made.shown.hook.hook_id}.")


@command(webhook_app, "edit", AT_WORK, needs(Permission.OPERATE))
def edit(
    office: Office,
    key: Key,
    *,
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Another address.")] = None,
    event: Events = None,
    active: Annotated[
        bool | None,
        typer.Option("--active/--paused", help="Told, or not for now; nothing is lost meanwhile."),
    ] = None,
) -> Answer:
    """Another name, address or choice of events; what is not said stays."""
    shown = webhooks.edit(office, key, name=name, url=url, events=event, active=active)
    return Answer(_values(shown), [f"Webhook {key} is {shown.state}: {' '.join(shown.hook.events)}."])


@command(webhook_app, "rotate", AT_WORK, needs(Permission.OPERATE))
def rotate(office: Office, key: Key) -> Answer:
    """Another secret, printed once; the one before signs beside it for a day."""
    made = webhooks.rotate(office, key)
    return _secret(made, "The secret before counts until tomorrow.")


@command(webhook_app, "archive", AT_WORK, needs(Permission.OPERATE))
def archive(office: Office, key: Key) -> Answer:
    """Tell it nothing any more, for ever."""
    return Answer(_values(webhooks.archive(office, key)), [f"Webhook {key} is told nothing any more."])


@command(webhook_app, "resume", AT_WORK, needs(Permission.OPERATE))
def resume(office: Office, key: Key) -> Answer:
    """Set one going that was stopped or is at rest: what did not arrive is sent now."""
    shown = webhooks.resume(office, key)
    return Answer(
        _values(shown), [f"Webhook {key} goes on: {counted(shown.waiting, 'delivery', 'deliveries')}."]
    )


@command(webhook_app, "test", AT_WORK, needs(Permission.OPERATE))
def test(office: Office, key: Key) -> Answer:
    """Send it an event that says nothing; “deliveries” tells what came of it, while the server runs."""
    event_id = webhooks.test(office, key)
    return Answer({"key": key, "event": event_id}, [f"{event_id} goes out as soon as the server runs."])


@command(webhook_app, "deliveries", AT_WORK, needs(Permission.OPERATE))
def list_deliveries(
    office: Office,
    key: Key,
    *,
    most: Annotated[int, typer.Option("--most", min=1, max=_MOST, help="So many at most.")] = 50,
    state: Annotated[str, typer.Option("--state", help="waiting, done or failed.")] = "",
) -> Answer:
    """The last deliveries, newest first: what was told, whether it arrived, and what was answered."""
    rows = [delivery_values(one) for one in webhooks.page(office, key, most=most, state=state)]
    lines = [
        f"{row['made_at']}  {row['state']:<8}  {row['status'] or '-':>3}  {row['attempts']:>2} tries"
        f"  {row['type']:<24}  {row['event']}{'  ' + row['error'] if row['error'] else ''}"
        for row in rows
    ]
    return Answer({"deliveries": rows}, [*lines, f"{counted(len(rows), 'delivery', 'deliveries')}."])


@command(webhook_app, "again", AT_WORK, needs(Permission.OPERATE))
def again(
    office: Office, key: Key, event: Annotated[str, typer.Argument(metavar="EVENT", help="Its id.")]
) -> Answer:
    """Send a delivery once more, under the same id, whatever became of it."""
    webhooks.again(office, key, event)
    return Answer({"key": key, "event": event}, [f"{event} is sent once more."])


def _secret(made: Secret, words: str) -> Answer:
    values = _values(made.shown) | {"secret": made.secret}
    return Answer(values, [made.secret, f"Shown once. {words}"])


def _values(shown: Shown) -> dict[str, Any]:
    hook = shown.hook
    return {
        "key": hook.hook_id,
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "state": shown.state,
        "because": hook.stopped_because,
        "waiting": shown.waiting,
        "failures": hook.failures,
        "made_by": shown.made_by,
        "made_at": hook.made_at.isoformat(),
    }


def delivery_values(delivery: Delivery) -> dict[str, Any]:
    """A delivery as values for a program; `body` is what is sent."""
    return {
        "event": delivery.event_id,
        "type": delivery.type,
        "state": delivery.state,
        "made_at": delivery.made_at.isoformat(),
        "due_at": delivery.due_at.isoformat() if delivery.state == "waiting" else None,
        "attempts": delivery.attempts,
        "tried_at": delivery.tried_at.isoformat() if delivery.tried_at else None,
        "status": delivery.status,
        "error": delivery.error,
        "took_ms": delivery.took_ms,
        "body": delivery.body,
    }
