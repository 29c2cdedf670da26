"""What came to an address for payments and is none that could be booked: kept until a person looked at it."""

import secrets
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import Sentence
from pos_app.store.engine import privacy
from pos_app.store.master.asked_here import kept_sentence, sentence_of

#: So many wait at most: who found an address does not fill the disk.  What comes then stands in the log.
MOST_WAITING: Final = 500


class Notice(NamedTuple):
    """What came: to which address of which business, from where, its words, and what was wrong."""

    notice_id: str
    business_id: int
    what: str
    address: str
    body: str
    reason: Sentence | None
    received_at: datetime
    looked_at: datetime | None


class Came(NamedTuple):
    """What came: to which address of which business, from where, its bytes, when.

    What has a `key` is kept once, however often it is found.
    """

    business_id: int
    what: str
    address: str
    body: bytes
    at: datetime
    key: str = ""


def put(connection: Connection, org_id: int, came: Came, reason: Sentence) -> bool:
    """Keep what came, and what is odd about it; False where too much waits already."""
    if waiting(connection, org_id) >= MOST_WAITING:
        return False
    shown = came.body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
    connection.execute(
        text(
            "INSERT INTO payment_notice (org_id, notice_id, business_id, what, address, body, reason,"
            " received_at) VALUES (:org, :key, :business, :what, :address, :body, :reason, :at)"
            " ON CONFLICT (org_id, notice_id) DO NOTHING"
        ),
        {
            "org": org_id,
            "key": came.key or secrets.token_hex(8),
            "business": came.business_id,
            "what": came.what,
            "address": came.address,
            "body": privacy.of(connection).encrypt_text(org_id, privacy.PAYMENT_NOTICE, shown),
            "reason": kept_sentence(reason),
            "at": came.at,
        },
    )
    return True


def waiting(connection: Connection, org_id: int) -> int:
    """How many nobody looked at yet."""
    rows = connection.execute(
        text("SELECT count(*) FROM payment_notice WHERE org_id = :org AND looked_at IS NULL"), {"org": org_id}
    )
    return int(rows.scalar_one())


def listed(connection: Connection, org_id: int, *, everything: bool = False, most: int = 500) -> list[Notice]:
    """What nobody looked at yet, or all of it, the newest first."""
    which = "" if everything else " AND looked_at IS NULL"
    rows = connection.execute(
        text(
            "SELECT notice_id, business_id, what, address, body, reason, received_at, looked_at"
            f" FROM payment_notice WHERE org_id = :org{which} ORDER BY received_at DESC LIMIT :most"
        ),
        {"org": org_id, "most": most},
    )
    return [_notice(connection, org_id, row) for row in rows]


def find(connection: Connection, org_id: int, notice_id: str) -> Notice | None:
    """What came, by its key; None where nothing did."""
    row = connection.execute(
        text(
            "SELECT notice_id, business_id, what, address, body, reason, received_at, looked_at"
            " FROM payment_notice WHERE org_id = :org AND notice_id = :key"
        ),
        {"org": org_id, "key": notice_id},
    ).first()
    return None if row is None else _notice(connection, org_id, row)


def look(connection: Connection, org_id: int, notice_id: str, person_id: int, at: datetime) -> bool:
    """Note that a person looked; False where there is no such notice that waits."""
    done = connection.execute(
        text(
            "UPDATE payment_notice SET looked_at = :at, looked_by = :by"
            " WHERE org_id = :org AND notice_id = :key AND looked_at IS NULL"
        ),
        {"org": org_id, "key": notice_id, "by": person_id, "at": at},
    )
    return bool(done.rowcount)


def _notice(connection: Connection, org_id: int, row: Any) -> Notice:
    body = privacy.of(connection).decrypt_text(org_id, privacy.PAYMENT_NOTICE, row[4])
    return Notice(row[0], int(row[1]), row[2], row[3], body, sentence_of(row[5]), row[6], row[7])
