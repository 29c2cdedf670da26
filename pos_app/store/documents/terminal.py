"""Who this terminal is, and how far the centre has its documents."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from pos_app.language import Sentence, heard, kept_code
from pos_app.ledger.document import document_key
from pos_app.ledger.errors import Refused
from pos_app.store.documents import settings
from pos_app.store.tables.columns import from_micros


@dataclass(frozen=True)
class Terminal:
    """The identity that enrolment gave: all keys of the organisation's master data."""

    org_id: int
    terminal_no: int
    depot_id: int
    drawer_id: int


#: The code under which a till is frozen: its history is not the one that the centre knows.
FORKED: Final = kept_code("till-is-old-copy")


@dataclass(frozen=True)
class SyncState:
    """What the till shows of the sync.

    `waiting` documents are recorded here and not acknowledged; the oldest since `waiting_since`.
    `error` is the daemon's last trouble in a sentence, empty when there is none; `frozen` says why
    this terminal may not record, empty when it may.
    """

    waiting: int
    waiting_since: datetime | None
    last_contact_at: datetime | None
    error: Sentence
    frozen: Sentence
    quarantined: int


def load(connection: Connection) -> Terminal:
    """This terminal's identity.  Raises `Refused` when it was never enrolled."""
    names = ("org_id", "terminal_no", "depot_id", "drawer_id")
    values = [settings.get(connection, name) for name in names]
    if not all(values):
        raise Refused("till-not-enrolled")
    org_id, terminal_no, depot_id, drawer_id = (int(value) for value in values)
    return Terminal(org_id, terminal_no, depot_id, drawer_id)


def save(connection: Connection, terminal: Terminal) -> None:
    """Keep the identity that enrolment gave."""
    settings.put(
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
    mark = document_key(terminal.terminal_no, acknowledged(connection))
    row = connection.execute(
        text(
            "SELECT count(*) AS waiting, min(recorded_at) AS since FROM document"
            " WHERE org_id = :org AND document_id > :mark AND document_id < :end"
        ),
        {"org": terminal.org_id, "mark": mark, "end": document_key(terminal.terminal_no + 1, 0)},
    ).one()
    contact = settings.get(connection, "last_contact_us")
    return SyncState(
        waiting=int(row.waiting),
        waiting_since=None if row.since is None else from_micros(int(row.since)),
        last_contact_at=from_micros(int(contact)) if contact else None,
        error=_heard(settings.get(connection, "sync_error"), settings.get(connection, "sync_error_says")),
        frozen=heard(settings.get(connection, "frozen"), FORKED),
        quarantined=int(settings.get(connection, "quarantined", "0")),
    )


def told(sentence: Sentence) -> str:
    """What a kept sentence says, for a setting beside its English: its code and facts."""
    return json.dumps({"code": sentence.code, "facts": dict(sentence.facts)}, ensure_ascii=False)


def _heard(text: str, says: str) -> Sentence:
    kept = json.loads(says) if text and says else {}
    return heard(text, kept.get("code", ""), kept.get("facts"))
