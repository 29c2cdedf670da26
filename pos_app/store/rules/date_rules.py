"""What the books know of the documents that one follows: when they were, for `ledger.dating` to judge."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from pos_app.language import Sentence
from pos_app.ledger import dating
from pos_app.ledger.dating import Followed, Follows
from pos_app.ledger.document import Document, document_key, split_key
from pos_app.ledger.numbering import printed_number
from pos_app.store.engine.engine import quick
from pos_app.store.orders import open_orders_till
from pos_app.store.side import on_till
from pos_app.store.tables.columns import kept, moment_of


def question(
    connection: Connection,
    document: Document,
    last: datetime | None,
    time_zone: str,
    *,
    shift: Followed | None = None,
) -> Sentence | None:
    """Why the document's date needs somebody's yes, in a sentence; None when it does not.

    `last` is when the last document of its terminal was recorded, `shift` its own, where that is known.
    """
    origins = dating.origins_of(document)
    wanted = set(origins)
    if shift is None and document.shift is not None:
        wanted.add(document.shift)
    known = followed(connection, document.org_id, document.terminal_no, wanted) if wanted else {}
    if document.shift is not None:
        shift = shift or known.get(document.shift)
    before = tuple(known[key] for key in sorted(origins) if key in known)
    newest = _newest(connection, document, last)
    return dating.question(document, Follows(last, newest, shift, before), time_zone)


def _newest(connection: Connection, document: Document, last: datetime | None) -> datetime | None:
    """When the terminal recorded last before this moment: mostly its last document says so."""
    now = document.recorded_at
    if last is None or last > now or now - last <= dating.MOST_SILENT:
        return last
    row = quick(
        connection,
        "SELECT max(recorded_at) FROM document WHERE org_id = ? AND document_id > ? AND document_id < ?"
        " AND recorded_at <= ?",
        document.org_id,
        document_key(document.terminal_no, 0),
        document_key(document.terminal_no + 1, 0),
        kept(connection, now),
    ).fetchone()
    return last if row is None or row[0] is None else moment_of(row[0])


def followed(
    connection: Connection, org_id: int, terminal_no: int, keys: Iterable[int]
) -> dict[int, Followed]:
    """Those of these documents that are known here; a till knows orders and transfers of others too."""
    found = {}
    for key in keys:
        own = split_key(key)[0] == terminal_no
        row = quick(
            connection,
            "SELECT t.letter, d.terminal_no, d.series, d.number, d.occurred_at, d.recorded_at"
            " FROM document AS d LEFT JOIN depot AS t ON t.org_id = d.org_id AND t.depot_id = d.depot_id"
            " WHERE d.org_id = ? AND d.document_id = ?",
            org_id,
            key,
        ).fetchone()
        if row is not None:
            number = printed_number(row[0] or "", row[1], row[2], row[3])
            found[key] = Followed(number, moment_of(row[4]), moment_of(row[5]), own)
        elif on_till(connection):
            other = open_orders_till.document(connection, org_id, key)
            if other is not None:
                number = printed_number("", other.terminal_no, other.series, other.number)
                found[key] = Followed(number, other.occurred_at, other.recorded_at, own)
    return found
