"""Webhooks of an organisation: who is told of what, what arrived, and what is sent once more.

Who looks after the machines decides: what happens in the shop leaves it here, by itself and for as long as
nobody ends it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from pos_app.ledger import event_types
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.hooks import address, deliveries, payload, webhooks
from pos_app.store.hooks.deliveries import Delivery
from pos_app.store.hooks.webhooks import Webhook
from pos_app.store.master import people

MOST_NAME: Final = 60
STATES: Final = (deliveries.WAITING, deliveries.DONE, deliveries.FAILED)


#: One event for one webhook, as the pages and the API read it.
Arrival = Delivery


class Shown(NamedTuple):
    """A webhook with who made it, and how many deliveries wait."""

    hook: Webhook
    made_by: str
    waiting: int

    @property
    def state(self) -> str:
        """In one word of the command line and the API."""
        if self.hook.archived_at is not None:
            return "archived"
        if self.hook.stopped_at is not None:
            return "stopped"
        return "active" if self.hook.active else "paused"


class Secret(NamedTuple):
    """What is shown once: the webhook and what it is signed with."""

    shown: Shown
    secret: str


def listed(office: Office, *, archived: bool = False) -> list[Shown]:
    """All of them; with `archived` those that were put away too."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        found = webhooks.everything(books.connection, office.org_id)
        return [_shown(books, one) for one in found if archived or one.archived_at is None]


def one(office: Office, hook_id: int) -> Shown:
    """One of them.  Raises `Refused` where there is none."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        return _shown(books, _found(books, hook_id))


def add(office: Office, name: str, url: str, events: Sequence[str]) -> Secret:
    """Tell an address from now on; gives what deliveries are signed with, which is shown this once."""
    told = event_types.chosen(events)
    written = _url(office, url)
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        webhooks.take_turns(books.connection, office.org_id)
        _need_free(books, written)
        hook_id, secret = webhooks.add(
            books.connection,
            office.org_id,
            _name(name),
            written,
            told,
            by=office.person.person_id,
            at=books.now,
        )
        return Secret(_shown(books, _found(books, hook_id)), secret)


def edit(
    office: Office,
    hook_id: int,
    *,
    name: str | None = None,
    url: str | None = None,
    events: Sequence[str] | None = None,
    active: bool | None = None,
) -> Shown:
    """What is said of it from now on; None stays as it is.  Raises `Refused` for one that is put away."""
    told = None if events is None else event_types.chosen(events)
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        webhooks.take_turns(books.connection, office.org_id)
        hook = _usable(books, hook_id)
        # What was allowed at the machine itself may stay, whoever changes the rest.
        written = hook.url if url is None or url.strip() == hook.url else _url(office, url)
        _need_free(books, written, hook_id)
        webhooks.edit(
            books.connection,
            hook,
            name=hook.name if name is None else _name(name),
            url=written,
            events=hook.events if told is None else told,
            active=hook.active if active is None else active,
        )
        return _shown(books, _found(books, hook_id))


def rotate(office: Office, hook_id: int) -> Secret:
    """Another secret, shown this once; the one before signs beside it for a day."""
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        secret = webhooks.rotate(books.connection, _usable(books, hook_id), books.now)
        return Secret(_shown(books, _found(books, hook_id)), secret)


def archive(office: Office, hook_id: int) -> Shown:
    """Tell it nothing any more, for ever; twice is once."""
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        hook = _found(books, hook_id)
        if hook.archived_at is None:
            webhooks.archive(books.connection, hook, books.now)
        return _shown(books, _found(books, hook_id))


def resume(office: Office, hook_id: int) -> Shown:
    """Set one going that was stopped or is at rest: all that did not arrive is due now."""
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        webhooks.resume(books.connection, _usable(books, hook_id), books.now)
        return _shown(books, _found(books, hook_id))


def test(office: Office, hook_id: int) -> str:
    """Let an event wait that says nothing but that it arrives; gives its id."""
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        hook = _usable(books, hook_id)
        if not hook.is_told:
            raise Refused("webhook-told-nothing")
        event = payload.of_test(hook_id, books.now)
        deliveries.put(books.connection, office.org_id, hook_id, [event], books.now)
        return event.event_id


def page(
    office: Office,
    hook_id: int,
    *,
    most: int,
    state: str = "",
    after: tuple[datetime, str] | None = None,
) -> list[Arrival]:
    """Its last deliveries, newest first; of one `state`, after the last of the page before."""
    if state and state not in STATES:
        raise Refused("webhook-state-unknown", typed=state[:40], words=", ".join(STATES))
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        _found(books, hook_id)
        return deliveries.page(books.connection, office.org_id, hook_id, most=most, after=after, state=state)


def delivery(office: Office, hook_id: int, event_id: str) -> Arrival:
    """One delivery.  Raises `Refused` where there is none."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        _found(books, hook_id)
        found = deliveries.find(books.connection, office.org_id, hook_id, event_id[:80])
    if found is None:
        raise Refused("webhook-delivery-unknown")
    return found


def again(office: Office, hook_id: int, event_id: str) -> None:
    """Send a delivery once more, under its id.  Raises `Refused` where there is none."""
    with office.change(Permission.OPERATE) as books:
        office.need_everywhere(books.connection, Permission.OPERATE)
        hook = _usable(books, hook_id)
        if not hook.is_told:
            raise Refused("webhook-told-nothing")
        if not deliveries.again(books.connection, office.org_id, hook_id, event_id[:80], books.now):
            raise Refused("webhook-delivery-unknown")
        office.note(books, "webhook.sent_again", f"webhook {hook_id}", after=event_id[:80])


def _name(typed: str) -> str:
    name = " ".join("".join(each if each.isprintable() else " " for each in typed).split())
    if not name:
        raise Refused("webhook-name-missing")
    if len(name) > MOST_NAME:
        raise Refused("webhook-name-long", most=MOST_NAME)
    return name


def _url(office: Office, typed: str) -> str:
    url = typed.strip()
    address.parsed(url, to_this_machine=office.tells_this_machine)
    return url


def _need_free(books: Books, url: str, own: int = 0) -> None:
    """An address is told once: a form that is sent twice would have it told twice."""
    for known in webhooks.everything(books.connection, books.org_id):
        if known.url == url and known.archived_at is None and known.hook_id != own:
            raise Refused("webhook-url-taken", key=known.hook_id, name=known.name)


def _found(books: Books, hook_id: int) -> Webhook:
    found = webhooks.find(books.connection, books.org_id, hook_id) if 0 < hook_id < 2**31 else None
    if found is None:
        raise Refused("webhook-unknown")
    return found


def _usable(books: Books, hook_id: int) -> Webhook:
    found = _found(books, hook_id)
    if found.archived_at is not None:
        raise Refused("webhook-archived")
    return found


def _shown(books: Books, hook: Webhook) -> Shown:
    return Shown(
        hook,
        people.person_name(books.connection, books.org_id, hook.made_by),
        deliveries.waiting(books.connection, books.org_id, hook.hook_id),
    )
