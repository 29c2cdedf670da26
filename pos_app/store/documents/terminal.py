"""Who this terminal is, and how far the centre has its documents."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from pos_app.language import Sentence, heard, kept_code
from pos_app.ledger.document import document_key
from pos_app.ledger.errors import Refused
from pos_app.store.documents import identity, settings, signed_end
from pos_app.store.engine.engine import quick
from pos_app.store.tables.columns import from_micros


@dataclass(frozen=True)
class Terminal:
    """The identity that enrolment gave: all keys of the organisation's master data."""

    org_id: int
    terminal_no: int
    depot_id: int
    drawer_id: int


#: The setting that says how many rows of the feed came so far, while there are more than one answer has.
COMING: Final = "feed_coming"
#: The code under which a till is frozen: its history is not the one that the centre knows.
FORKED: Final = kept_code("till-is-old-copy")
#: The code under which it is frozen after the centre took it away.
REVOKED: Final = kept_code("till-is-revoked")


#: When the centre was heard of last, and when all that it had for this till had come.
_HEARD: Final = ("last_contact_us", "balances_us")


@dataclass(frozen=True)
class SyncState:
    """What the till shows of the sync.

    `waiting` documents are recorded here and not acknowledged; the oldest since `waiting_since`.
    `balances_at` is of when the balances are that the centre sent.
    `error` is the daemon's last trouble in a sentence, empty when there is none; `frozen` says why
    this terminal may not record, empty when it may: it forked, or its file is not what it signed last.
    `coming` is how many rows of prices and products came so far, while many more are on their way.
    """

    waiting: int
    waiting_since: datetime | None
    last_contact_at: datetime | None
    balances_at: datetime | None
    error: Sentence
    frozen: Sentence
    quarantined: int
    coming: int = 0


def load(connection: Connection) -> Terminal:
    """This terminal's identity.  Raises `Refused` when it was never enrolled."""
    values = settings.several(connection, "org_id", "terminal_no", "depot_id", "drawer_id")
    if not all(values):
        raise Refused("till-not-enrolled")
    org_id, terminal_no, depot_id, drawer_id = (int(value) for value in values)
    return Terminal(org_id, terminal_no, depot_id, drawer_id)


def save(connection: Connection, terminal: Terminal) -> None:
    """Keep the identity that enrolment gave."""
    identity.put(
        connection,
        org_id=str(terminal.org_id),
        terminal_no=str(terminal.terminal_no),
        depot_id=str(terminal.depot_id),
        drawer_id=str(terminal.drawer_id),
    )


def acknowledged(connection: Connection) -> int:
    """The mark: the last own sequence that the centre has said it has."""
    return int(settings.get(connection, "acknowledged_seq", "0"))


def sync_state(connection: Connection, terminal: Terminal) -> SyncState:
    """How many documents wait, since when, and what is wrong; by two short reads."""
    names = ("acknowledged_seq", "sync_error", "sync_error_says", "quarantined", COMING)
    mark, error, says, quarantined, coming, contact, came = settings.several(connection, *names, *_HEARD)
    waiting, since = quick(
        connection,
        "SELECT count(*), min(recorded_at) FROM document"
        " WHERE org_id = ? AND document_id > ? AND document_id < ?",
        terminal.org_id,
        document_key(terminal.terminal_no, int(mark or 0)),
        document_key(terminal.terminal_no + 1, 0),
    ).fetchone()
    return SyncState(
        waiting=int(waiting),
        waiting_since=None if since is None else from_micros(int(since)),
        last_contact_at=from_micros(int(contact)) if contact else None,
        balances_at=_balances_at(contact, came),
        error=_heard(error, says),
        frozen=frozen(connection) or signed_end.problem(connection, terminal.org_id, terminal.terminal_no),
        quarantined=int(quarantined or 0),
        coming=int(coming or 0),
    )


def balances_at(connection: Connection) -> datetime | None:
    """Of when the balances are that the centre sent; None for never.

    A till may be heard and hear nothing: its documents go, and what comes of others stops on the way.  Then
    the centre answers each push, and the balances are as old as the last round that was whole.
    """
    return _balances_at(*settings.several(connection, *_HEARD))


def _balances_at(contact: str, came: str) -> datetime | None:
    # A till that was set up by an older program kept the first alone.
    known = came or contact
    return from_micros(int(known)) if known else None


def is_coming(connection: Connection) -> bool:
    """Whether more prices and products are on their way than have come."""
    return bool(settings.get(connection, COMING))


def frozen(connection: Connection) -> Sentence:
    """Why this terminal may not record, empty when it may."""
    text, code = settings.several(connection, "frozen", "frozen_code")
    return heard(text, (code or FORKED) if text else "")


def told(sentence: Sentence) -> str:
    """What a kept sentence says, for a setting beside its English: its code and facts."""
    return json.dumps({"code": sentence.code, "facts": dict(sentence.facts)}, ensure_ascii=False)


def _heard(text: str, says: str) -> Sentence:
    kept = json.loads(says) if text and says else {}
    return heard(text, kept.get("code", ""), kept.get("facts"))
