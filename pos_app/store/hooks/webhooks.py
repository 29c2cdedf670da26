"""The addresses at which other programs are told: made, changed, turned, put away, and read.

The functions work inside the caller's transaction.  What an address is called with (its secret) is given
once, by `add` and `rotate`; what is kept of it is closed (see `privacy`).

Decisions
---------
2026-12-01  What is kept must be opened again, to sign: so it is closed with the key outside the database and
not hashed.  The URL is closed too: many programs put a secret of their own into it.

2026-12-01  After a rotation both secrets sign, the old one for a day: who receives can change over at any
moment of it and misses nothing.  Turned again within that day all of them sign: a button that is pressed
twice must not end the secret that the other side has.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Refused
from pos_app.store.engine import privacy
from pos_app.store.hooks import marks
from pos_app.store.tables.hook_tables import webhook

#: So long a former secret signs beside the new one.
OVERLAP: Final = timedelta(hours=24)
#: So many an organisation has at most, those put away not counted.
MOST: Final = 20
#: So many former secrets sign beside the new one.
_MOST_FORMER: Final = 4
_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


@dataclass(frozen=True)
class Webhook:
    """An address of another program; `events` are words and types of `ledger.event_types`."""

    org_id: int
    hook_id: int
    name: str
    url: str
    events: tuple[str, ...]
    active: bool
    made_by: int
    made_at: datetime
    archived_at: datetime | None
    stopped_at: datetime | None
    #: A code: "failed" after days of trying, "gone" where the other side said so.
    stopped_because: str
    failures: int
    rests_until: datetime | None
    former_until: datetime | None

    @property
    def is_told(self) -> bool:
        """Whether anything is sent to it."""
        return self.active and self.archived_at is None and self.stopped_at is None


def add(
    connection: Connection, org_id: int, name: str, url: str, events: Sequence[str], *, by: int, at: datetime
) -> tuple[int, str]:
    """One more; gives its key and its secret, which is shown now and never again.

    It hears of what happens from now on.  Raises `Refused` where there are too many.
    """
    take_turns(connection, org_id)
    known = everything(connection, org_id)
    if sum(one.archived_at is None for one in known) >= MOST:
        raise Refused("webhook-too-many", most=MOST)
    hook_id, secret = 1 + max((one.hook_id for one in known), default=0), _drawn()
    private = privacy.of(connection)
    connection.execute(
        webhook.insert().values(
            org_id=org_id,
            hook_id=hook_id,
            name=name,
            url=private.encrypt_text(org_id, privacy.HOOK_URL, url),
            events=" ".join(events),
            secret=private.encrypt_text(org_id, privacy.HOOK_SECRET, secret),
            made_by=by,
            made_at=at,
        )
    )
    marks.begin(connection, org_id, hook_id)
    return hook_id, secret


def take_turns(connection: Connection, org_id: int) -> None:
    """Until the commit nobody else adds one: two at once would take the same key."""
    connection.execute(text("SELECT pg_advisory_xact_lock(29, :org)"), {"org": org_id % 2**31})


def edit(
    connection: Connection, of: Webhook, *, name: str, url: str, events: Sequence[str], active: bool
) -> bool:
    """What is said of it from now on; gives whether anything is different."""
    told = (of.name, of.url, of.events, of.active)
    if told == (name, url, tuple(events), active):
        return False
    _set(
        connection,
        of,
        name=name,
        url=privacy.of(connection).encrypt_text(of.org_id, privacy.HOOK_URL, url),
        events=" ".join(events),
        active=int(active),
    )
    return True


def rotate(connection: Connection, of: Webhook, at: datetime) -> str:
    """Another secret, given now and never again; what signed before signs beside it for `OVERLAP`."""
    private, secret = privacy.of(connection), _drawn()
    signing = secrets_of(connection, of.org_id, of.hook_id, at)
    if len(signing) > _MOST_FORMER:
        # The oldest is the one that the other side has.
        signing = [*signing[: _MOST_FORMER - 1], signing[-1]]
    connection.execute(
        text(
            "UPDATE webhook SET former_secret = :former, former_until = :until, secret = :secret"
            " WHERE org_id = :org AND hook_id = :hook"
        ),
        {
            "former": private.encrypt_text(of.org_id, privacy.HOOK_SECRET, " ".join(signing)),
            "until": at + OVERLAP,
            "secret": private.encrypt_text(of.org_id, privacy.HOOK_SECRET, secret),
            "org": of.org_id,
            "hook": of.hook_id,
        },
    )
    return secret


def archive(connection: Connection, of: Webhook, at: datetime) -> None:
    """Tell it nothing any more."""
    _set(connection, of, archived_at=at, active=0)


def resume(connection: Connection, of: Webhook, at: datetime) -> None:
    """Set one going that was stopped: all that waits, and what was given up, is due now."""
    _set(connection, of, stopped_at=None, stopped_because="", failures=0, rests_until=None)
    connection.execute(
        text(
            "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at = :now"
            " WHERE org_id = :org AND hook_id = :hook AND state <> 'done'"
        ),
        {"now": at, "org": of.org_id, "hook": of.hook_id},
    )


def stop(connection: Connection, of: Webhook, because: str, at: datetime) -> None:
    """Tell it nothing until a person sets it going again."""
    _set(connection, of, stopped_at=at, stopped_because=because)


def went(connection: Connection, of: Webhook, failures: int, rests_until: datetime | None) -> None:
    """How it goes: so many failed one after the other, and when the next is tried."""
    if (of.failures, of.rests_until) != (failures, rests_until):
        _set(connection, of, failures=failures, rests_until=rests_until)


def everything(connection: Connection, org_id: int) -> list[Webhook]:
    """All of them, in the order in which they were made."""
    rows = connection.execute(
        text(f"SELECT {_COLUMNS} FROM webhook WHERE org_id = :org ORDER BY hook_id"), {"org": org_id}
    )
    return [_webhook(connection, row) for row in rows]


def find(connection: Connection, org_id: int, hook_id: int, *, lock: bool = False) -> Webhook | None:
    """One of them; `lock` holds its row until the commit."""
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM webhook WHERE org_id = :org AND hook_id = :hook"
            f"{' FOR UPDATE' if lock else ''}"
        ),
        {"org": org_id, "hook": hook_id},
    ).one_or_none()
    return None if row is None else _webhook(connection, row)


def told(connection: Connection) -> list[tuple[int, int]]:
    """Organisation and key of all that are sent anything; for the owner of the database."""
    rows = connection.execute(
        text(
            "SELECT org_id, hook_id FROM webhook WHERE active = 1 AND archived_at IS NULL"
            " AND stopped_at IS NULL ORDER BY org_id, hook_id"
        )
    )
    return [(int(row[0]), int(row[1])) for row in rows]


def known(connection: Connection) -> list[tuple[int, int]]:
    """Organisation and key of all, those put away too; for the owner of the database."""
    rows = connection.execute(text("SELECT org_id, hook_id FROM webhook ORDER BY org_id, hook_id"))
    return [(int(row[0]), int(row[1])) for row in rows]


def secrets_of(connection: Connection, org_id: int, hook_id: int, at: datetime) -> list[str]:
    """What it is signed with at that moment, the newest first."""
    row = connection.execute(
        text(
            "SELECT secret, former_secret, former_until FROM webhook WHERE org_id = :org AND hook_id = :hook"
        ),
        {"org": org_id, "hook": hook_id},
    ).one()
    private = privacy.of(connection)
    found = [row[0]] if row[2] is None or row[2] <= at else [row[0], row[1]]
    opened = (private.decrypt_text(org_id, privacy.HOOK_SECRET, one) for one in found)
    return [secret for text in opened for secret in text.split()]


_COLUMNS: Final = (
    "org_id, hook_id, name, url, events, active, made_by, made_at, archived_at, stopped_at, stopped_because,"
    " failures, rests_until, former_until"
)


def _webhook(connection: Connection, row: Any) -> Webhook:
    url = privacy.of(connection).decrypt_text(int(row.org_id), privacy.HOOK_URL, row.url)
    return Webhook(
        org_id=int(row.org_id),
        hook_id=int(row.hook_id),
        name=row.name,
        url=url,
        events=tuple(row.events.split()),
        active=bool(row.active),
        made_by=int(row.made_by),
        made_at=row.made_at,
        archived_at=row.archived_at,
        stopped_at=row.stopped_at,
        stopped_because=row.stopped_because,
        failures=int(row.failures),
        rests_until=row.rests_until,
        former_until=row.former_until,
    )


def _drawn() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _set(connection: Connection, of: Webhook, **values: Any) -> None:
    connection.execute(
        webhook.update()
        .where(webhook.c.org_id == of.org_id, webhook.c.hook_id == of.hook_id)
        .values(**values)
    )
