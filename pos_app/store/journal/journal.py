"""The journal: the only writer of documents, and the only commit of a recording.

`record` takes a request and the function that makes its document, gives that its place (sequence, printed
number, chain) and writes it whole, in one transaction; a request that is a document already gives that one.
`append` writes documents that are sealed already: the server's ingest uses it
inside its own transaction.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Table, text

from pos_app.ledger import canonical, posting, rules
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import Document, document_key
from pos_app.ledger.request import part_of
from pos_app.store.documents import copying, documents
from pos_app.store.documents.document_rows import Row
from pos_app.store.documents.rows import WRITE_ORDER, Rows, Sealed, encrypted, rows_of
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import WRITER, Database, quick
from pos_app.store.engine.errors import Frozen
from pos_app.store.orders import open_orders
from pos_app.store.tables.columns import micros
from pos_app.store.tables.tables import ledger_metadata

Builder = Callable[[Connection], Document]
Extra = Callable[[Connection, Sealed], None]
Guard = Callable[[Connection, Document], None]


class Packed(NamedTuple):
    """Some documents as Postgres takes them: their rows with personal values closed, and one COPY for
    each table.
    """

    rows: Sequence[Rows]
    streams: tuple[bytes, ...]
    #: The orders and transfers of which something is different now (see `arrivals`); mostly none.
    arriving: tuple[int, ...] = ()


_TABLES: Final = tuple(ledger_metadata.tables[name] for name in WRITE_ORDER)


def _insert(table: Table) -> str:
    names = ", ".join(column.name for column in table.columns)
    marks = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"


_SQLITE_INSERTS: Final = tuple(_insert(table) for table in _TABLES)
_POSTGRES_INSERTS: Final = tuple(statement.replace("?", "%s") for statement in _SQLITE_INSERTS)
_COPY: Final = tuple(
    f"COPY {table.name} ({', '.join(column.name for column in table.columns)}) FROM STDIN (FORMAT BINARY)"
    for table in _TABLES
)


class Journal:
    """Writes the documents of one terminal into one database."""

    def __init__(
        self,
        database: Database,
        org_id: int,
        terminal_no: int,
        clock: Clock,
        guard: Guard | None = None,
    ) -> None:
        """`guard` raises `Refused` for a document that may not be recorded, after it has its place."""
        self._guard = guard
        self.database = database
        self.org_id = org_id
        self.terminal_no = terminal_no
        self._clock = clock

    def record(self, request_id: str, build: Builder, extra: Extra | None = None) -> Sealed:
        """Record what `build` makes of what the transaction sees: all of it, or nothing.

        A request that became a document already gives that document, as it was sealed then: it is asked
        first, so that `build` and `extra` are called for a fresh request only, never for balances that the
        document itself may have changed.  The document takes the request that is named here.  `extra` does
        what must stand or fall with the document: it deletes the basket, adds the print job.

        Raises `Refused` when a rule says no, `Unavailable` when the disk or the database is.
        """

        def drafts(connection: Connection) -> Sequence[Document]:
            return (build(connection),)

        def finish(connection: Connection, sealed: Sequence[Sealed]) -> None:
            if extra is not None:
                extra(connection, sealed[0])

        return self.record_all(request_id, drafts, finish)[0]

    def record_document(self, document: Document, extra: Extra | None = None) -> Sealed:
        """Record a document that stands already but for its place, under its own request; see `record`."""
        return self.record(document.request_id, lambda _: document, extra)

    def record_all(
        self,
        request_id: str,
        drafts: Callable[[Connection], Sequence[Document]],
        extra: Callable[[Connection, Sequence[Sealed]], None],
    ) -> list[Sealed]:
        """Record several documents (or none) in one transaction: all of them, or nothing.

        The first takes the request itself, those behind it a part of it each; `drafts` and `extra` as for
        `record`.
        """
        with self.database.write() as connection:
            self._refuse_frozen(connection)
            if not self.database.is_sqlite:
                lock_terminal(connection, self.org_id, self.terminal_no)
            sealed = self._recorded_before(connection, request_id)
            if sealed:
                return sealed
            for place, document in enumerate(drafts(connection)):
                one = self._seal(connection, document, part_of(request_id, place))
                append(connection, [one])
                sealed.append(one)
            if sealed and not self.database.is_sqlite:
                last = sealed[-1]
                advance_mark(connection, self.org_id, self.terminal_no, last.document.seq, last.hash)
            extra(connection, sealed)
        self._after(sealed)
        return sealed

    def _after(self, sealed: Sequence[Sealed]) -> None:
        """What is done once fresh documents stand."""

    def _recorded_before(self, connection: Connection, request_id: str) -> list[Sealed]:
        """The documents that a request became already; mostly none."""
        found: list[Sealed] = []
        while True:
            one = documents.of_request(connection, self.org_id, part_of(request_id, len(found)))
            if one is None:
                return found
            found.append(one)

    def _refuse_frozen(self, connection: Connection) -> None:
        if not self.database.is_sqlite:
            return
        row = quick(connection, "SELECT value FROM setting WHERE name = 'frozen'").fetchone()
        if row is not None and row[0]:
            raise Frozen(str(row[0]))

    def _seal(self, connection: Connection, document: Document, request_id: str) -> Sealed:
        """Give the document its request and its place in the chain, and post it."""
        seq, prev_hash = head(connection, self.org_id, self.terminal_no)
        last = quick(
            connection,
            "SELECT max(number) FROM document WHERE org_id = ? AND terminal_no = ? AND series = ?",
            self.org_id,
            self.terminal_no,
            document.series,
        ).fetchone()
        number = (last[0] or 0) + 1
        placed = msgspec.structs.replace(
            document,
            org_id=self.org_id,
            request_id=request_id,
            terminal_no=self.terminal_no,
            seq=seq + 1,
            number=number,
            recorded_at=self._clock.now(),
        )
        rules.check(placed)
        if self._guard is not None:
            self._guard(connection, placed)
        return seal(placed, prev_hash)


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


def seal(document: Document, prev_hash: bytes) -> Sealed:
    """Encode, chain and post a placed document."""
    body = canonical.encode(document)
    posted = posting.post(document)
    return Sealed(document, body, prev_hash, canonical.chain(prev_hash, body), posted, posting.digest(posted))


def head(connection: Connection, org_id: int, terminal_no: int) -> tuple[int, bytes]:
    """The sequence and hash of the terminal's last document; 0 and the genesis before the first."""
    row = quick(
        connection,
        "SELECT seq, hash FROM document WHERE org_id = ? AND document_id > ? AND document_id < ?"
        " ORDER BY document_id DESC LIMIT 1",
        org_id,
        document_key(terminal_no, 0),
        document_key(terminal_no + 1, 0),
    ).fetchone()
    if row is None:
        return 0, canonical.genesis(org_id, terminal_no)
    return int(row[0]), bytes(row[1])


def append(connection: Connection, sealed: Sequence[Sealed]) -> None:
    """Write sealed documents, parts first; the document row seals them.  Commits nothing."""
    if connection.dialect.name == "sqlite":
        _append_sqlite(connection, sealed)
    else:
        write(connection, pack(privacy.of(connection), sealed))


def pack(private: privacy.Privacy, sealed: Sequence[Sealed]) -> Packed:
    """What `write` sends of sealed documents; needs no connection and no lock.

    Raises `OverflowError` for a number of more than 64 bits.
    """
    rows = [encrypted(rows_of(one, _same), private, one.document.org_id) for one in sealed]
    return Packed(rows, copying.streams(rows), open_orders.touched(one.document for one in sealed))


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
                cursor.executemany(_POSTGRES_INSERTS[place], _of_table(packed.rows, place))
    finally:
        cursor.close()
    quick(connection, "SELECT set_config('role', ?, true)", before)
    if packed.arriving:
        open_orders.refresh(connection, packed.rows[0].document[0], packed.arriving)


def _of_table(batch: Sequence[Rows], place: int) -> list[Row]:
    if place == len(WRITE_ORDER) - 1:
        return [rows.document for rows in batch]
    return [row for rows in batch for row in rows[place]]


def _append_sqlite(connection: Connection, sealed: Sequence[Sealed]) -> None:
    cursor = connection.connection.cursor()
    try:
        for one in sealed:
            rows = rows_of(one, micros)
            for statement, part in zip(_SQLITE_INSERTS[:-1], rows[:-1], strict=True):
                if part:
                    cursor.executemany(statement, part)
            cursor.execute(_SQLITE_INSERTS[-1], rows.document)
    finally:
        cursor.close()


def _same(moment: datetime) -> datetime:
    return moment
