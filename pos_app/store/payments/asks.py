"""What is asked of providers: kept before a byte is sent, and with what became of it.

The functions work inside the caller's transaction.

Decisions
---------
2026-12-01  An asking is sent once.  Before it is, the row says `SENDING` and is committed; what a crash left
so is nobody's to send again: it may have gone out, so it becomes `UNKNOWN` and a person looks.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import kept_code, said
from pos_app.ledger.asking import Request, State
from pos_app.store.engine import privacy
from pos_app.store.master import requests_in


class Kind(StrEnum):
    """What is asked for."""

    ASK = "ask"
    FIND = "find"
    REFUND = "refund"
    #: What the provider knows of a day, `reference` (YYYYMMDD).
    LIST = "list"


class Stage(StrEnum):
    """How far an asking is."""

    WANTED = "wanted"
    SENDING = "sending"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


#: What is not ended yet.
OPEN: Final = (Stage.WANTED, Stage.SENDING, Stage.SENT)


#: What a cashier is told of an asking that brought no code, by its reason.
SENTENCES: Final = {
    "cancelled": kept_code("push-cancelled"),
    "no-answer": kept_code("push-no-answer"),
    "no-money": kept_code("push-no-money"),
    "wrong-pin": kept_code("push-wrong-pin"),
    "busy": kept_code("push-busy"),
    "refused": kept_code("push-refused"),
    "not-whole": kept_code("push-not-whole"),
    "too-late": kept_code("push-too-late"),
    "no-account": kept_code("push-no-account"),
    "no-word": kept_code("push-no-word"),
    "no-code": kept_code("push-no-code"),
}


class Ask(NamedTuple):
    """An asking as it stands; `amount` in minor units.  `terminal_no` and `request_no` are a till's."""

    org_id: int
    ask_id: str
    kind: Kind
    business_id: int
    person_id: int
    amount: int
    made_at: datetime
    phone: str = ""
    code: str = ""
    reference: str = ""
    terminal_no: int | None = None
    request_no: int | None = None
    state: Stage = Stage.WANTED
    handle: str = ""
    reason: str = ""
    words: str = ""
    tries: int = 0
    due_at: datetime | None = None
    sent_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer, or to be sent."""
        return self.state in OPEN


_COLUMNS: Final = ", ".join(Ask._fields)
_FIXED: Final = Ask._fields[:12]


def put(connection: Connection, ask: Ask) -> bool:
    """Keep what is to be asked; False where the same key was asked before: it is not asked again."""
    private = privacy.of(connection)
    row: dict[str, Any] = {name: getattr(ask, name) for name in _FIXED}
    row |= {
        "kind": ask.kind.value,
        "phone": private.encrypt_text(ask.org_id, privacy.PHONE, ask.phone),
        "code": private.encrypt_text(ask.org_id, privacy.REFERENCE, ask.code),
        "due_at": ask.made_at,
    }
    done = connection.execute(
        text(
            f"INSERT INTO payment_ask ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"
            " ON CONFLICT (org_id, ask_id) DO NOTHING"
        ),
        row,
    )
    return bool(done.rowcount)


def due(connection: Connection, now: datetime, most: int = 50) -> list[Ask]:
    """What is to be sent, or to be asked about, of every organisation that this connection sees."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM payment_ask WHERE state IN ('wanted', 'sent') AND due_at <= :now"
            " ORDER BY due_at LIMIT :most"
        ),
        {"now": now, "most": most},
    )
    return [_ask(connection, row) for row in rows]


def refunds_ended(connection: Connection, org_id: int, payment_id: int) -> int:
    """How often the giving back of a payment was asked and came to nothing: so many tries are over."""
    rows = connection.execute(
        text(
            "SELECT count(*) FROM payment_ask WHERE org_id = :org AND ask_id LIKE :keys AND state = 'failed'"
        ),
        {"org": org_id, "keys": f"refund-{payment_id}-%"},
    )
    return int(rows.scalar_one())


def find(connection: Connection, org_id: int, ask_id: str, *, lock: bool = False) -> Ask | None:
    """An asking by its key."""
    return _one(connection, org_id, "ask_id", ask_id, lock=lock)


def of_handle(connection: Connection, org_id: int, handle: str) -> Ask | None:
    """The asking that the provider gave this number, kept from others until the commit."""
    return _one(connection, org_id, "handle", handle, lock=True) if handle else None


def listed(connection: Connection, org_id: int, *, everything: bool = False, most: int = 200) -> list[Ask]:
    """What waits, or that nobody knows of, or all of it, the newest first."""
    which = "" if everything else " AND state IN ('wanted', 'sending', 'sent', 'unknown')"
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM payment_ask WHERE org_id = :org{which} ORDER BY made_at DESC LIMIT :most"
        ),
        {"org": org_id, "most": most},
    )
    return [_ask(connection, row) for row in rows]


def begin(connection: Connection, ask: Ask, now: datetime) -> bool:
    """Take an asking to send it; False where another process did, or it is not to be sent any more."""
    done = connection.execute(
        text(
            "UPDATE payment_ask SET state = 'sending', sent_at = :now, tries = tries + 1"
            " WHERE org_id = :org AND ask_id = :key AND state = 'wanted'"
        ),
        {"org": ask.org_id, "key": ask.ask_id, "now": now},
    )
    return bool(done.rowcount)


def note(
    connection: Connection, ask: Ask, stage: Stage, now: datetime, *, due_at: datetime | None = None,
    handle: str = "", reason: str = "", words: str = "",
) -> None:  # fmt: skip
    """How far it is now.  What is empty stays as it is."""
    connection.execute(
        text(
            "UPDATE payment_ask SET state = :state, due_at = coalesce(CAST(:due AS timestamptz), due_at),"
            " handle = CASE WHEN :handle = '' THEN handle ELSE :handle END, reason = :reason, words = :words,"
            " ended_at = CASE WHEN :open THEN NULL ELSE CAST(:now AS timestamptz) END"
            " WHERE org_id = :org AND ask_id = :key"
        ),
        {
            "org": ask.org_id,
            "key": ask.ask_id,
            "state": stage.value,
            "due": due_at,
            "handle": handle,
            "reason": reason,
            "words": words[:200],
            "open": stage in OPEN,
            "now": now,
        },
    )


def is_sending(connection: Connection, org_id: int, business_id: int) -> bool:
    """Whether something of a business is just being sent, so that its number is not known yet."""
    found = connection.execute(
        text(
            "SELECT 1 FROM payment_ask WHERE org_id = :org AND business_id = :business"
            " AND state = 'sending' LIMIT 1"
        ),
        {"org": org_id, "business": business_id},
    )
    return found.first() is not None


def forsaken(connection: Connection, before: datetime) -> list[Ask]:
    """What began to be sent before that moment and never came back: nobody knows what became of it."""
    rows = connection.execute(
        text(f"SELECT {_COLUMNS} FROM payment_ask WHERE state = 'sending' AND sent_at < :before"),
        {"before": before},
    )
    return [_ask(connection, row) for row in rows]


def tell_till(
    connection: Connection, ask: Ask, stage: Stage, now: datetime, *, code: str = "", reason: str = ""
) -> None:
    """Tell the till that asked, through the feed: accepted with a code, refused with why."""
    if ask.terminal_no is None or ask.request_no is None or stage in OPEN:
        return
    state = State.ACCEPTED if stage is Stage.DONE else State.REFUSED
    why = None if stage is Stage.DONE and code else said(SENTENCES.get(reason, SENTENCES["refused"]))
    request = Request(ask.terminal_no, ask.request_no, "payment", ask.person_id, 0, "")
    requests_in.answer(connection, ask.org_id, request, state, now, code=code, said=why)


def _one(connection: Connection, org_id: int, column: str, value: str, *, lock: bool) -> Ask | None:
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM payment_ask WHERE org_id = :org AND {column} = :value"
            f" ORDER BY made_at DESC LIMIT 1{' FOR UPDATE' if lock else ''}"
        ),
        {"org": org_id, "value": value},
    ).one_or_none()
    return None if row is None else _ask(connection, row)


def _ask(connection: Connection, row: Any) -> Ask:
    ask = Ask(*row)
    private = privacy.of(connection)

    def opened(field: privacy.Field, closed: str) -> str:
        return private.decrypt_text(ask.org_id, field, closed) if closed else ""

    return ask._replace(
        kind=Kind(ask.kind),
        state=Stage(ask.state),
        phone=opened(privacy.PHONE, ask.phone),
        code=opened(privacy.REFERENCE, ask.code),
    )
