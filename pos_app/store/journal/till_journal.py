"""A till's journal: its own documents, in the file that it shares with its daemon.

Decisions
---------
2026-11-30  Where the chain ends is asked in the statement that begins a recording, and the highest printed
number of a series only where somebody else recorded since: the hash of the last document speaks for all
before it, so that the numbers that were counted on top of it still hold.  The database refuses a number twice
whatever is remembered here.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from pos_app.ledger.document import document_key
from pos_app.store.documents import terminal, used_codes
from pos_app.store.documents.document_rows import Row
from pos_app.store.documents.rows import Sealed, inserts, rows_of, slow_places
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import quick
from pos_app.store.engine.errors import Frozen
from pos_app.store.journal import journal
from pos_app.store.journal.journal import Journal, Last
from pos_app.store.tables.columns import micros, moment_of

#: One for each table, in the order in which they are written.
INSERTS: Final = inserts("?")
#: The same for values as `_bound` makes them, and where in each those stand that it makes.
_BOUND: Final = inserts("?", "nullif(?, '')")
_PLACES: Final = slow_places()
#: What a recording begins with: whether it may, whether its request is known, and what it follows.
_BEGIN: Final = (
    "SELECT (SELECT value FROM setting WHERE name = 'frozen'),"
    " EXISTS (SELECT 1 FROM document WHERE org_id = ? AND request_id = ?), seq, hash, recorded_at, signature"
    " FROM document WHERE org_id = ? AND document_id > ? AND document_id < ?"
    " ORDER BY document_id DESC LIMIT 1"
)


class TillJournal(Journal):
    """Writes what happened at a till, unless its history was found to fork from the centre's."""

    #: The last document, in the transaction that runs; None where its first one has to ask for it.
    _end: Last | None = None
    #: The highest number of each series that was asked for, with the document of this hash as the last one.
    _numbers: Mapping[str, int] = MappingProxyType({})
    _numbered_to = b""

    def _begin(self, connection: Connection, request_id: str) -> bool:
        low, high = document_key(self.terminal_no, 0), document_key(self.terminal_no + 1, 0)
        # All in one statement: each costs its way to the database.
        row = quick(connection, _BEGIN, self.org_id, request_id, self.org_id, low, high).fetchone()
        self._end = None if row is None else Last(row[2], row[3], moment_of(row[4]), 0, row[5])
        # Before the first document there is no row to say it.
        if row is None or row[0]:
            why = terminal.frozen(connection)
            if why:
                raise Frozen(why)
        return row is None or bool(row[1])

    def _last(self, connection: Connection, series: str) -> Last:
        end = self._end
        if end is None or end.hash != self._numbered_to:
            self._numbers = {}
        elif series in self._numbers:
            return end._replace(number=self._numbers[series])
        return journal.last(connection, self.org_id, self.terminal_no, series)

    def _append(self, connection: Connection, sealed: Sealed) -> None:
        append(connection, sealed)
        document, hash_ = sealed.document, sealed.hash
        self._end = Last(document.seq, hash_, document.recorded_at, 0, sealed.signature)
        # Should the transaction be taken back, the next one finds another document at the end.
        self._numbers, self._numbered_to = {**self._numbers, document.series: document.number}, hash_

    def _advance(self, connection: Connection, last: Sealed) -> None:
        """A till keeps no mark of its own: what lies above the one that the centre told is unsent."""


def append(connection: Connection, sealed: Sealed) -> None:
    """Write the rows of a document, the document last, which seals them, in the caller's transaction."""
    cursor = connection.connection.cursor()
    try:
        rows = rows_of(sealed, micros)
        for statement, places, part in zip(_BOUND[:-1], _PLACES[:-1], rows[:-1], strict=True):
            if part:
                cursor.executemany(statement, [_bound(row, places) for row in part] if places else part)
        cursor.execute(_BOUND[-1], _bound(rows.document, _PLACES[-1]))
    finally:
        cursor.close()
    claims = used_codes.claims_of((sealed.document,), privacy.of(connection))
    if claims.held or claims.voided:
        used_codes.hold(connection, sealed.document.org_id, claims)


def _bound(row: Row, places: Sequence[int]) -> list[Any]:
    """A row as the driver binds it soonest.

    2026-11-30  None and bytes it takes for types that somebody may have registered, and asks each whether it
    adapts itself: thirty times a sale, which was a third of the instructions of writing its rows.  So nothing
    goes as the empty text, which is the value of no optional column, and bytes go as a bytearray.
    """
    bound = list(row)
    for place in places:
        value = bound[place]
        if value is None:
            bound[place] = ""
        elif type(value) is bytes:
            bound[place] = bytearray(value)
    return bound
