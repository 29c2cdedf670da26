"""Where a till stands in the feed of each kind, in its own database."""

from sqlalchemy import Connection

from pos_app.ledger.travel import Cursor
from pos_app.store.engine.engine import quick


def read_all(connection: Connection) -> dict[str, Cursor]:
    """The cursor of every kind that was read before."""
    rows = quick(connection, "SELECT kind, stamp, last_key FROM feed_cursor").fetchall()
    return {str(kind): Cursor(int(stamp), str(last_key)) for kind, stamp, last_key in rows}


def advance(connection: Connection, kind: str, before: Cursor, after: Cursor) -> bool:
    """Move from `before` to `after` in the caller's transaction.

    False, and nothing moved, when the kind does not stand at `before` any more: another daemon of
    this till was faster, and what the caller holds may be older than what is stored.
    """
    found = quick(connection, "SELECT stamp, last_key FROM feed_cursor WHERE kind = ?", kind).fetchone()
    stands = Cursor(int(found[0]), str(found[1])) if found else Cursor()
    if stands != before:
        return False
    quick(
        connection,
        "INSERT INTO feed_cursor (kind, stamp, last_key) VALUES (?, ?, ?)"
        " ON CONFLICT (kind) DO UPDATE SET stamp = excluded.stamp, last_key = excluded.last_key",
        kind,
        after.stamp,
        after.last_key,
    )
    return True


def forget(connection: Connection) -> None:
    """Read every kind from its beginning: the centre began a new life."""
    quick(connection, "DELETE FROM feed_cursor")
