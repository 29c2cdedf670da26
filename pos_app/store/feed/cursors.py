"""Where a till stands in the feed of each kind, in its own database."""

from sqlalchemy import Connection, text

from pos_app.ledger.travel import Cursor


def read_all(connection: Connection) -> dict[str, Cursor]:
    """The cursor of every kind that was read before."""
    rows = connection.execute(text("SELECT kind, stamp, last_key FROM feed_cursor"))
    return {str(row.kind): Cursor(int(row.stamp), str(row.last_key)) for row in rows}


def advance(connection: Connection, kind: str, before: Cursor, after: Cursor) -> bool:
    """Move from `before` to `after` in the caller's transaction.

    False, and nothing moved, when the kind does not stand at `before` any more: another daemon of
    this till was faster, and what the caller holds may be older than what is stored.
    """
    found = connection.execute(
        text("SELECT stamp, last_key FROM feed_cursor WHERE kind = :kind"), {"kind": kind}
    ).one_or_none()
    stands = Cursor(int(found.stamp), str(found.last_key)) if found else Cursor()
    if stands != before:
        return False
    connection.execute(
        text(
            "INSERT INTO feed_cursor (kind, stamp, last_key) VALUES (:kind, :stamp, :last_key)"
            " ON CONFLICT (kind) DO UPDATE SET stamp = excluded.stamp, last_key = excluded.last_key"
        ),
        {"kind": kind, "stamp": after.stamp, "last_key": after.last_key},
    )
    return True


def forget(connection: Connection) -> None:
    """Read every kind from its beginning: the centre began a new life."""
    connection.execute(text("DELETE FROM feed_cursor"))
