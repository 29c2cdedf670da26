"""Whether the end of a terminal's chain is what it signed last, by the count outside the database."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.language import Sentence, heard
from pos_app.ledger import canonical
from pos_app.ledger.document import document_key
from pos_app.ledger.errors import BohariError
from pos_app.store.engine import signing
from pos_app.store.engine.engine import quick
from pos_app.store.engine.errors import Frozen
from pos_app.store.engine.signed_count import Count, CountFile, Point
from pos_app.store.side import on_till

#: A count that is younger than this is of a terminal at work.
_AT_WORK_S: Final = 3.0


class Before(NamedTuple):
    """The document that the next one follows: sequence 0 and the genesis before the first."""

    seq: int
    hash: bytes
    signature: bytes | None


def problem(connection: Connection, org_id: int, terminal_no: int) -> Sentence:
    """Why this terminal records nothing more; empty when it may."""
    file = count_of(connection, org_id, terminal_no)
    if file is None:
        return heard("")
    try:
        if file.age_s() < _AT_WORK_S:
            # The count moved after this transaction began to read; whoever moved it has looked.
            return heard("")
        refuse(file.read(), last(connection, org_id, terminal_no), is_till=on_till(connection))
    except BohariError as error:
        return error.said
    return heard("")


def last(connection: Connection, org_id: int, terminal_no: int) -> Before:
    """The last document of a terminal."""
    row = quick(
        connection,
        "SELECT seq, hash, signature FROM document WHERE org_id = ? AND document_id > ? AND document_id < ?"
        " ORDER BY document_id DESC LIMIT 1",
        org_id,
        document_key(terminal_no, 0),
        document_key(terminal_no + 1, 0),
    ).fetchone()
    if row is None:
        return Before(0, canonical.genesis(org_id, terminal_no), None)
    return Before(int(row[0]), bytes(row[1]), row[2])


def count_of(connection: Connection, org_id: int, terminal_no: int) -> CountFile | None:
    """The count of a terminal's documents; None where nothing signs, or no home was said.

    Each life of the centre's database has a count of its own.
    """
    signer = signing.of(connection)
    if signer is None:
        return None
    if on_till(connection):
        return signer.count(f"{org_id}-{terminal_no}.documents")
    epoch = connection.execute(text("SELECT epoch FROM server_epoch")).scalar_one_or_none() or ""
    return signer.count(f"{org_id}-{terminal_no}-{epoch}.documents")


def refuse(count: Count | None, before: Before, *, is_till: bool) -> None:
    """Raise `Frozen` when the database's last document is not the one that was signed last."""
    if count is None:
        if is_till and before.signature is not None:
            raise Frozen("signed-count-missing", seq=before.seq)
        return
    if not count.fits(Point(before.seq, before.hash)):
        if before.seq < count.last.seq:
            raise Frozen("file-older-than-signed", seq=before.seq, signed=count.before.seq)
        raise Frozen("history-other-than-signed", seq=before.seq)
    if before.signature is None and before.seq >= count.since:
        raise Frozen("last-document-of-others", seq=before.seq)
