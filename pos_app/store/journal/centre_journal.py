"""The centre's journal: its own documents, and the writing of what terminals sent.

`pack` and `write` are what the server's ingest uses inside its own transactions.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.store.documents import copying
from pos_app.store.documents.document_rows import Row
from pos_app.store.documents.rows import WRITE_ORDER, Rows, Sealed, encrypted, inserts, rows_of
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import WRITER, quick
from pos_app.store.journal.journal import Journal
from pos_app.store.orders import open_orders
from pos_app.store.tables.tables import ledger_metadata

_INSERTS: Final = inserts("%s")
_COPY: Final = tuple(
    f"COPY {table.name} ({', '.join(column.name for column in table.columns)}) FROM STDIN (FORMAT BINARY)"
    for table in (ledger_metadata.tables[name] for name in WRITE_ORDER)
)


class Packed(NamedTuple):
    """Some documents as Postgres takes them: their rows with personal values closed, and one COPY for
    each table.
    """

    rows: Sequence[Rows]
    streams: tuple[bytes, ...]
    #: The orders and transfers of which something is different now (see `arrivals`); mostly none.
    arriving: tuple[int, ...] = ()


class CentreJournal(Journal):
    """Writes what happened at the centre, under the lock of its terminal's row."""

    def _begin(self, connection: Connection) -> None:
        lock_terminal(connection, self.org_id, self.terminal_no)

    def _append(self, connection: Connection, sealed: Sealed) -> None:
        append(connection, [sealed])

    def _advance(self, connection: Connection, last: Sealed) -> None:
        advance_mark(connection, self.org_id, self.terminal_no, last.document.seq, last.hash)


def lock_terminal(connection: Connection, org_id: int, terminal_no: int) -> tuple[int, bytes]:
    """At the centre: hold the terminal's row until the commit; gives its mark and that one's hash."""
    row = connection.execute(
        text(
            "SELECT last_seq, last_hash FROM terminal"
            " WHERE org_id = :org AND terminal_no = :terminal FOR UPDATE"
        ),
        {"org": org_id, "terminal": terminal_no},
    ).one()
    return int(row.last_seq), bytes(row.last_hash)


def advance_mark(connection: Connection, org_id: int, terminal_no: int, seq: int, hash_: bytes) -> None:
    """At the centre: what the terminal recorded up to `seq` is taken, in the books or in quarantine."""
    connection.execute(
        text(
            "UPDATE terminal SET last_seq = :seq, last_hash = :hash"
            " WHERE org_id = :org AND terminal_no = :terminal"
        ),
        {"org": org_id, "terminal": terminal_no, "seq": seq, "hash": hash_},
    )


def append(connection: Connection, sealed: Sequence[Sealed]) -> None:
    """Write sealed documents, parts first; the document row seals them.  Commits nothing."""
    write(connection, pack(privacy.of(connection), sealed))


def pack(private: privacy.Privacy, sealed: Sequence[Sealed]) -> Packed:
    """What `write` sends of sealed documents; needs no connection and no lock.

    Raises `OverflowError` for a number of more than 64 bits.
    """
    rows = [encrypted(rows_of(one, _same), private, one.document.org_id) for one in sealed]
    return Packed(rows, copying.streams(rows), open_orders.orders_of(one.document for one in sealed))


def write(connection: Connection, packed: Packed) -> None:
    """At the centre: append documents that were packed before.  Commits nothing."""
    before, can_copy = quick(
        connection,
        "SELECT current_setting('role'), rolbypassrls FROM pg_roles WHERE rolname = ?",
        WRITER,
    ).fetchone()
    # Back to what it was when all is written; when not, the transaction or savepoint takes it back.
    quick(connection, "SELECT set_config('role', ?, true)", WRITER)
    cursor = connection.connection.cursor()
    try:
        for place, stream in enumerate(packed.streams):
            if stream and can_copy:
                with cursor.copy(_COPY[place]) as copy:
                    copy.write(stream)
            elif stream:
                # Under row-level security COPY is refused (see `tenancy`).
                cursor.executemany(_INSERTS[place], _of_table(packed.rows, place))
    finally:
        cursor.close()
    quick(connection, "SELECT set_config('role', ?, true)", before)
    if packed.arriving:
        open_orders.refresh(connection, packed.rows[0].document[0], packed.arriving)


def _of_table(batch: Sequence[Rows], place: int) -> list[Row]:
    if place == len(WRITE_ORDER) - 1:
        return [rows.document for rows in batch]
    return [row for rows in batch for row in rows[place]]


def _same(moment: datetime) -> datetime:
    return moment
