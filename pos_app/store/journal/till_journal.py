"""A till's journal: its own documents, in the file that it shares with its daemon."""

from typing import Final

from sqlalchemy import Connection

from pos_app.language import heard
from pos_app.store.documents.rows import Sealed, inserts, rows_of
from pos_app.store.documents.terminal import FORKED
from pos_app.store.engine.engine import quick
from pos_app.store.engine.errors import Frozen
from pos_app.store.journal.journal import Journal
from pos_app.store.tables.columns import micros

#: One for each table, in the order in which they are written.
INSERTS: Final = inserts("?")


class TillJournal(Journal):
    """Writes what happened at a till, unless its history was found to fork from the centre's."""

    def _begin(self, connection: Connection) -> None:
        row = quick(connection, "SELECT value FROM setting WHERE name = 'frozen'").fetchone()
        if row is not None and row[0]:
            raise Frozen(heard(str(row[0]), FORKED))

    def _append(self, connection: Connection, sealed: Sealed) -> None:
        append(connection, sealed)

    def _advance(self, connection: Connection, last: Sealed) -> None:
        """A till keeps no mark of its own: what lies above the one that the centre told is unsent."""


def append(connection: Connection, sealed: Sealed) -> None:
    """Write the rows of a document, the document last, which seals them, in the caller's transaction."""
    cursor = connection.connection.cursor()
    try:
        rows = rows_of(sealed, micros)
        for statement, part in zip(INSERTS[:-1], rows[:-1], strict=True):
            if part:
                cursor.executemany(statement, part)
        cursor.execute(INSERTS[-1], rows.document)
    finally:
        cursor.close()
