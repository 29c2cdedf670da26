"""The queue of messages to customers: what waits, what went out, what may have.

The functions work inside the caller's transaction.

Decisions
---------
2026-12-01  A message is told once: its row is its document and its purpose, so a batch that comes twice adds
none.  It is marked "sending" and committed before the gateway hears of it.  What is found so after a crash
may have gone out: a person decides whether it goes once more, as with a paper that may have printed.

2026-12-01  What could not be sent within two days is told to nobody: who hears on Friday that the things were
ready on Monday has fetched them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import kept_code
from pos_app.ledger.document import ServiceStep
from pos_app.ledger.service_orders import Step
from pos_app.store.documents.rows import Sealed

READY: Final = "ready"
RECEIPT: Final = "receipt"
WAITING: Final = "waiting"
SENDING: Final = "sending"
SENT: Final = "sent"
FAILED: Final = "failed"
STATES: Final = (WAITING, SENDING, SENT, FAILED)
#: How long a message is worth sending.
WORTH: Final = timedelta(days=2)
#: Codes of why one did not go (see `errors.po`).
TOO_LATE: Final = kept_code("message-too-late")
MAYBE: Final = kept_code("message-maybe-sent")
NOBODY: Final = kept_code("message-to-nobody")
_COLUMNS: Final = "document_id, purpose, made_at, state, due_at, attempts, tried_at, channel, error"


class Message(NamedTuple):
    """One of them, see `tables.hook_tables`."""

    document_id: int
    purpose: str
    made_at: datetime
    state: str
    due_at: datetime
    attempts: int
    tried_at: datetime | None
    channel: str
    error: str


def of_batch(connection: Connection, org_id: int, batch: Sequence[Sealed], now: datetime) -> None:
    """Let what a terminal brought be told: orders that became ready."""
    for one in batch:
        document = one.document
        if isinstance(document, ServiceStep) and document.step is Step.READY:
            put(connection, org_id, document.document_id, READY, now)


def put(connection: Connection, org_id: int, document_id: int, purpose: str, now: datetime) -> bool:
    """Let a message wait; gives whether it is new."""
    done = connection.execute(
        text(
            "INSERT INTO customer_message (org_id, document_id, purpose, made_at, due_at)"
            " VALUES (:org, :document, :purpose, :now, :now) ON CONFLICT DO NOTHING"
        ),
        {"org": org_id, "document": document_id, "purpose": purpose, "now": now},
    )
    return bool(done.rowcount)


def due(connection: Connection, org_id: int, now: datetime, most: int) -> list[Message]:
    """What is to be sent now, the longest due first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM customer_message WHERE org_id = :org AND state = 'waiting'"
            " AND due_at <= :now ORDER BY due_at, document_id LIMIT :most"
        ),
        {"org": org_id, "now": now, "most": most},
    )
    return [_message(row) for row in rows]


def begin(connection: Connection, org_id: int, message: Message, now: datetime) -> bool:
    """It goes out now; gives whether it is still to go, where another looked too."""
    done = connection.execute(
        text(
            "UPDATE customer_message SET state = 'sending', attempts = attempts + 1, tried_at = :now"
            " WHERE org_id = :org AND document_id = :document AND purpose = :purpose AND state = 'waiting'"
        ),
        {"org": org_id, "document": message.document_id, "purpose": message.purpose, "now": now},
    )
    return bool(done.rowcount)


def note(
    connection: Connection,
    org_id: int,
    message: Message,
    state: str,
    *,
    channel: str = "",
    error: str = "",
    due_at: datetime | None = None,
) -> None:
    """How it went."""
    connection.execute(
        text(
            "UPDATE customer_message SET state = :state, channel = :channel, error = :error,"
            " due_at = coalesce(:due, due_at)"
            " WHERE org_id = :org AND document_id = :document AND purpose = :purpose"
        ),
        {
            "org": org_id,
            "document": message.document_id,
            "purpose": message.purpose,
            "state": state,
            "channel": channel,
            "error": error,
            "due": due_at,
        },
    )


def give_up(connection: Connection, org_id: int, now: datetime, cut_off: datetime) -> None:
    """What is too old is told to nobody; what was being sent before `cut_off` may have gone out."""
    connection.execute(
        text(
            "UPDATE customer_message SET state = 'failed', error = :late"
            " WHERE org_id = :org AND state = 'waiting' AND made_at < :old AND attempts = 0"
        ),
        {"org": org_id, "late": TOO_LATE, "old": now - WORTH},
    )
    connection.execute(
        text(
            "UPDATE customer_message SET state = 'failed', error = :maybe"
            " WHERE org_id = :org AND state = 'sending' AND tried_at < :cut"
        ),
        {"org": org_id, "maybe": MAYBE, "cut": cut_off},
    )


def again(connection: Connection, org_id: int, document_id: int, purpose: str, now: datetime) -> bool:
    """Let one that failed go once more; gives whether there is such a one."""
    done = connection.execute(
        text(
            "UPDATE customer_message SET state = 'waiting', due_at = :now, error = '', attempts = 1"
            " WHERE org_id = :org AND document_id = :document AND purpose = :purpose AND state = 'failed'"
        ),
        {"org": org_id, "document": document_id, "purpose": purpose, "now": now},
    )
    return bool(done.rowcount)


class After(NamedTuple):
    """The last message of the page before: when it was made, of which document, and what for."""

    made_at: datetime
    document_id: int
    purpose: str


def page(
    connection: Connection,
    org_id: int,
    state: str,
    most: int,
    after: After | None = None,
    *,
    oldest_first: bool = False,
) -> list[Message]:
    """The newest (or the oldest), of one state or (empty) of all, after the last of the page before."""
    way, order = (">", "") if oldest_first else ("<", " DESC")
    further = f" AND (made_at, document_id, purpose) {way} (:at, :document, :purpose)" if after else ""
    told = {"at": after.made_at, "document": after.document_id, "purpose": after.purpose} if after else {}
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM customer_message WHERE org_id = :org"
            f" AND (:state = '' OR state = :state){further}"
            f" ORDER BY made_at{order}, document_id{order}, purpose{order} LIMIT :most"
        ),
        {"org": org_id, "state": state, "most": most, **told},
    )
    return [_message(row) for row in rows]


def _message(row: Sequence[object]) -> Message:
    return Message(*row)  # type: ignore[arg-type]
