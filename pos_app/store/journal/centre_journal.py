"""The centre's journal: its own documents, and the writing of what terminals sent.

`pack` and `write` are what the server's ingest uses inside its own transactions.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.store.documents import copying, used_codes
from pos_app.store.documents.document_rows import Row
from pos_app.store.documents.rows import WRITE_ORDER, Rows, Sealed, encrypted, inserts, rows_of
from pos_app.store.documents.used_codes import Claims
from pos_app.store.engine import privacy, signing
from pos_app.store.engine.engine import WRITER, quick
from pos_app.store.engine.listening import TOLD
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.journal import double_codes
from pos_app.store.journal.journal import Journal
from pos_app.store.master import terminal_keys
from pos_app.store.orders import open_orders
from pos_app.store.tables.tables import ledger_metadata

_INSERTS: Final = inserts("%s")
_COPY: Final = tuple(
    f"COPY {table.name} ({', '.join(column.name for column in table.columns)}) FROM STDIN (FORMAT BINARY)"
    for table in (ledger_metadata.tables[name] for name in WRITE_ORDER)
)


class Packed(NamedTuple):
    """Some documents as Postgres takes them: one COPY for each table, with personal values closed."""

    sealed: Sequence[Sealed]
    streams: tuple[bytes, ...]
    #: The orders and transfers of which something is different now (see `arrivals`); mostly none.
    arriving: tuple[int, ...] = ()
    #: The M-Pesa codes that they carry or free.
    codes: Claims = Claims()


class CentreJournal(Journal):
    """Writes what happened at the centre, under the lock of its terminal's row."""

    _has_key = False

    def _begin(self, connection: Connection, request_id: str) -> bool:
        lock_terminal(connection, self.org_id, self.terminal_no)
        # What is asked with the lock sees nothing of whom the lock waited for.
        return True

    def _append(self, connection: Connection, sealed: Sealed) -> None:
        append(connection, [sealed])
        if sealed.signature is not None and not self._has_key:
            self._note_key(connection, sealed)

    def _note_key(self, connection: Connection, sealed: Sealed) -> None:
        """With the first document that is signed here: from now on all are."""
        signer = signing.of(connection)
        # Believed when it was committed: this transaction may be rolled back.
        self._has_key = bool(terminal_keys.of_terminal(connection, self.org_id, self.terminal_no))
        if signer is not None and not self._has_key:
            key = KeyFrom(sealed.document.seq, signer.public_key())
            terminal_keys.add(connection, self.org_id, self.terminal_no, key, self._clock.now())

    def _advance(self, connection: Connection, last: Sealed) -> None:
        advance_mark(connection, self.org_id, self.terminal_no, last.document.seq, last.hash)


class Locked(NamedTuple):
    """A terminal's row that is held: its mark, that one's hash, whether it still belongs to us, its depot."""

    seq: int
    hash: bytes
    active: bool
    depot_id: int


def lock_terminal(
    connection: Connection, org_id: int, terminal_no: int, *, is_told_later: bool = False
) -> Locked:
    """At the centre: hold the terminal's row until the commit; gives what it says.

    With `is_told_later` the commit tells nobody that the feed moved: the caller does, after it.
    """
    row = connection.execute(
        text(
            "SELECT last_seq, last_hash, active, depot_id"
            + (f", set_config('{TOLD}', org_id::text, true)" if is_told_later else "")
            + " FROM terminal WHERE org_id = :org AND terminal_no = :terminal FOR UPDATE"
        ),
        {"org": org_id, "terminal": terminal_no},
    ).one()
    return Locked(int(row.last_seq), bytes(row.last_hash), bool(row.active), int(row.depot_id))


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
    documents = [one.document for one in sealed]
    claims = used_codes.claims_of(documents, private)
    streams = copying.streams(_rows(private, one) for one in sealed)
    return Packed(sealed, streams, open_orders.orders_of(documents), claims)


def _rows(private: privacy.Privacy, sealed: Sealed) -> Rows:
    return encrypted(rows_of(sealed, _same), private, sealed.document.org_id)


def write(connection: Connection, packed: Packed) -> None:
    """At the centre: append documents that were packed before.  Commits nothing."""
    if packed.codes.held or packed.codes.voided:
        _hold_codes(connection, packed.sealed[0].document.org_id, packed.codes)
    before, can_copy = quick(
        connection,
        "SELECT current_setting('role'), rolbypassrls FROM pg_roles WHERE rolname = ?",
        WRITER,
    ).fetchone()
    # Back to what it was when all is written; when not, the transaction or savepoint takes it back.
    quick(connection, "SELECT set_config('role', ?, true)", WRITER)
    cursor = connection.connection.cursor()
    try:
        # Under row-level security COPY is refused (see `tenancy`).
        rows = [] if can_copy else [_rows(privacy.of(connection), sealed) for sealed in packed.sealed]
        for place, stream in enumerate(packed.streams):
            if stream and can_copy:
                with cursor.copy(_COPY[place]) as copy:
                    copy.write(stream)
            elif stream:
                cursor.executemany(_INSERTS[place], _of_table(rows, place))
    finally:
        cursor.close()
    quick(connection, "SELECT set_config('role', ?, true)", before)
    if packed.arriving:
        open_orders.refresh(connection, packed.sealed[0].document.org_id, packed.arriving)


def _hold_codes(connection: Connection, org_id: int, claims: Claims) -> None:
    """Before the documents are written: who holds a code is locked before any balance is."""
    second = used_codes.hold(connection, org_id, claims)
    double_codes.pass_on(connection, org_id, claims.voided)
    double_codes.put(connection, org_id, second)


def _of_table(batch: Sequence[Rows], place: int) -> list[Row]:
    if place == len(WRITE_ORDER) - 1:
        return [rows.document for rows in batch]
    return [row for rows in batch for row in rows[place]]


def _same(moment: datetime) -> datetime:
    return moment
