"""The journal: the only writer of documents, and the only commit of a recording.

`record` takes a request and the function that makes its document, gives that its place (sequence, printed
number, chain) and writes it whole, in one transaction; a request that is a document already gives that one.
How a till and the centre write is theirs: `till_journal`, `centre_journal`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from pos_app.ledger import approving, canonical, dating
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import Document, document_key
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.request import part_of
from pos_app.ledger.rules import rules
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.documents.signed_end import Before
from pos_app.store.engine.engine import Database, quick
from pos_app.store.journal.document_signing import DocumentSigning
from pos_app.store.tables.columns import moment_of

Builder = Callable[[Connection], Document]
Extra = Callable[[Connection, Sealed], None]
Guard = Callable[[Connection, Document], None]
#: Who allowed a document's date (None: nobody has to), told when the terminal's last one was recorded.
Dates = Callable[[Connection, Document, datetime | None], int | None]
#: The keys, as far as they are at hand, of those whose approval a document names (see `ledger.approving`).
Proves = Callable[[Document], Mapping[int, approving.Key]]


class Last(NamedTuple):
    """The last document of a terminal: before the first there is none, and the chain begins.

    `number` is the highest in the series that was asked about.
    """

    seq: int
    hash: bytes
    recorded_at: datetime | None
    number: int
    signature: bytes | None


class Journal(ABC):
    """Writes the documents of one terminal into one database; see `TillJournal`, `CentreJournal`."""

    def __init__(
        self,
        database: Database,
        org_id: int,
        terminal_no: int,
        clock: Clock,
        guard: Guard | None = None,
        *,
        dates: Dates | None = None,
        proves: Proves | None = None,
    ) -> None:
        """`guard` raises `Refused` for a document that may not be recorded, after it has its place.

        `dates` is asked for its `dated_by` before that, and raises `Refused` for a date that nobody allowed;
        `proves` is asked last of all.
        """
        self._guard = guard
        self._dates = dates
        self._proves = proves
        self.database = database
        self.org_id = org_id
        self.terminal_no = terminal_no
        self._clock = clock
        self._signing = DocumentSigning(org_id, terminal_no)

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
            is_known = self._begin(connection, request_id)
            self._signing.begin()
            sealed = self._recorded_before(connection, request_id) if is_known else []
            if sealed:
                return sealed
            for place, document in enumerate(drafts(connection)):
                one = self._seal(connection, document, part_of(request_id, place))
                self._append(connection, one)
                sealed.append(one)
            if sealed:
                self._advance(connection, sealed[-1])
            extra(connection, sealed)
            counted = self._signing.count(sealed[-1]) if sealed else None
        if counted is not None:
            counted.confirm()
        self._after(sealed)
        return sealed

    @abstractmethod
    def _begin(self, connection: Connection, request_id: str) -> bool:
        """Nobody else records for this terminal until the commit.  Raises `Frozen` for one that may not.

        Gives whether the request may be a document already.
        """

    def _last(self, connection: Connection, series: str) -> Last:
        """The terminal's last document as this transaction has it, and the highest number of the series."""
        return last(connection, self.org_id, self.terminal_no, series)

    @abstractmethod
    def _append(self, connection: Connection, sealed: Sealed) -> None:
        """Write a sealed document, parts first; the document row seals it."""

    @abstractmethod
    def _advance(self, connection: Connection, last: Sealed) -> None:
        """Say that all up to `last` is taken, where that is said."""

    def _after(self, sealed: Sequence[Sealed]) -> None:  # noqa: B027 - most do nothing afterwards
        """What is done once fresh documents stand."""

    def _recorded_before(self, connection: Connection, request_id: str) -> list[Sealed]:
        """The documents that a request became already; mostly none."""
        found: list[Sealed] = []
        while True:
            one = documents.of_request(connection, self.org_id, part_of(request_id, len(found)))
            if one is None:
                return found
            found.append(one)

    def _seal(self, connection: Connection, document: Document, request_id: str) -> Sealed:
        """Give the document its request and its place in the chain, and post it."""
        before = self._last(connection, document.series)
        now = self._clock.now()
        recorded_at = dating.held(now, before.recorded_at)
        is_live = document.occurred_at == document.recorded_at
        placed = msgspec.structs.replace(
            document,
            org_id=self.org_id,
            request_id=request_id,
            terminal_no=self.terminal_no,
            seq=before.seq + 1,
            number=before.number + 1,
            occurred_at=recorded_at if is_live and recorded_at != now else document.occurred_at,
            recorded_at=recorded_at,
        )
        rules.check(placed)
        if self._dates is not None:
            dated_by = self._dates(connection, placed, before.recorded_at)
            if dated_by is not None:
                placed = msgspec.structs.replace(placed, dated_by=dated_by)
        if self._guard is not None:
            self._guard(connection, placed)
        if self._proves is not None and approving.named(placed):
            placed = approving.proved(placed, before.hash, self._proves(placed))
        sealed = seal(placed, before.hash)
        return self._signing.sign(connection, Before(before.seq, before.hash, before.signature), sealed)


def seal(document: Document, prev_hash: bytes) -> Sealed:
    """Encode, chain and post a placed document."""
    body = canonical.encode(document)
    posted = posting_rules.post(document)
    return Sealed(
        document, body, prev_hash, canonical.chain(prev_hash, body), posted, posting_rules.digest(posted)
    )


def last(connection: Connection, org_id: int, terminal_no: int, series: str = "") -> Last:
    """The terminal's last document, and the highest number of a series in the same breath; sequence 0 and the
    genesis before the first.
    """
    row = quick(
        connection,
        "SELECT seq, hash, recorded_at, signature,"
        " (SELECT max(number) FROM document WHERE org_id = ? AND terminal_no = ? AND series = ?)"
        " FROM document WHERE org_id = ? AND document_id > ? AND document_id < ?"
        " ORDER BY document_id DESC LIMIT 1",
        org_id,
        terminal_no,
        series,
        org_id,
        document_key(terminal_no, 0),
        document_key(terminal_no + 1, 0),
    ).fetchone()
    if row is None:
        return Last(0, canonical.genesis(org_id, terminal_no), None, 0, None)
    return Last(int(row[0]), bytes(row[1]), moment_of(row[2]), int(row[4] or 0), row[3])
