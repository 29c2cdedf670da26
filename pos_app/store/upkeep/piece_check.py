"""One piece of a history: the documents between two keys, with all their rows and their chain.

A history is cut into pieces that know nothing of each other, so that they can be checked by several
processes, or a few at a time on many occasions.  Read in short batches, so that a till can go on selling
meanwhile; what is sealed does not change between two.

Decisions
---------
2026-11-30  A signature is over the hash of its document, and that hash is over all documents before it:
where the chain holds, one signature says of all before it what theirs say.  To check one costs as much as
all else of a document, so a verification of a very long history by hand looks at the last of each batch of
500, and at all of a batch in which anything is wrong or unsigned; the verification of the night, and of all
but very long histories, looks at every one.  What the first does not see is a changed signature in the
middle of a long history whose document is proved by the next one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table

from pos_app.language import said
from pos_app.ledger.document import split_key
from pos_app.ledger.errors import Damaged
from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN
from pos_app.store.documents.rows import decrypted_document, decrypted_tender
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.engine.privacy import Privacy
from pos_app.store.side import on_till
from pos_app.store.tables.columns import micros
from pos_app.store.tables.tables import PARTS, document, tender
from pos_app.store.upkeep import approval_check, chain_check, document_check, signature_check
from pos_app.store.upkeep.approval_check import ApprovalCheck
from pos_app.store.upkeep.chain_check import ChainCheck, name_of
from pos_app.store.upkeep.document_check import SIGNATURE, Row
from pos_app.store.upkeep.signature_check import SignatureCheck
from pos_app.store.upkeep.verdict import Verdict

#: Sequences of a piece, and documents of a batch: one of them is some hundredths of a second.
PIECE: Final = 5_000
_BATCH: Final = 500
_TENDERS: Final = PARTS.index(tender)
#: Before the first key there can be, and the last.
BEGINNING: Final = -(1 << 63)
END: Final = (1 << 63) - 1


class Piece(NamedTuple):
    """The keys above `after` up to `upto`."""

    after: int
    upto: int


def pieces(connection: Connection, org_id: int, after: int = BEGINNING) -> list[Piece]:
    """All keys above `after`, also those that no document has, in pieces of few documents."""
    cuts: list[int] = []
    for last in chain_check.last_keys(connection, org_id):
        first = (last >> SEQUENCE_BITS) * TERMINAL_SPAN
        cuts += [cut for cut in range(first + PIECE, last, PIECE) if cut > after]
        if last > after:
            cuts.append(last)
    return [Piece(*bounds) for bounds in zip((after, *cuts), (*cuts, END), strict=True)]


class PieceCheck:
    """Checks pieces of one organisation's history, in any order.

    On a till, `own_terminal_no` is its number: other terminals' documents may lie there in part.
    """

    def __init__(
        self, database: Database, org_id: int, own_terminal_no: int | None, *, every_signature: bool = True
    ) -> None:
        """Without `every_signature` the last one of each terminal in a batch stands for those before it."""
        self._every_signature = every_signature
        self._database = database
        self._org_id = org_id
        self._own_terminal_no = own_terminal_no
        self._signatures: SignatureCheck | None = None
        self._approvals: ApprovalCheck | None = None
        self._moment: Callable[[datetime], Any] = micros if database.on_till else lambda moment: moment

    def check(self, piece: Piece) -> Verdict:
        """What is wrong in a piece; pages that cannot be read are a problem of it too."""
        verdict = Verdict()
        chains = ChainCheck(self._org_id, verdict, self._own_terminal_no)
        after: int | None = piece.after
        try:
            while after is not None:
                batch = Piece(after, piece.upto)
                after = self._check_batch(verdict, chains, batch, is_first=after == piece.after)
        except Damaged as damage:
            first, last = _named(batch.after + 1), _named(piece.upto)
            verdict.complain(said("pages-unreadable", first=first, last=last, why=damage.sentence))
        return verdict

    def _check_batch(
        self, verdict: Verdict, chains: ChainCheck, batch: Piece, *, is_first: bool
    ) -> int | None:
        """One snapshot of some documents; gives the last one's key, None when all of the piece are done."""
        with self._database.read() as connection:
            if is_first:
                chains.begin_after(connection, batch.after)
                self._signatures = signature_check.load(connection, self._org_id, self._own_terminal_no)
            # With each batch: flags are put while a long history is read.
            self._approvals = approval_check.load(connection, self._org_id)
            chains.read_quarantine(connection)
            rows = _read(connection, document, self._org_id, batch)
            is_whole = len(rows) < _BATCH
            if not is_whole:
                batch = batch._replace(upto=rows[-1][1])
            parts = [_by_document(_read(connection, table, self._org_id, batch)) for table in PARTS]
            private = privacy.of(connection)
        problems_before = verdict.problem_count
        for closed in rows:
            verdict.documents += 1
            mine = [part.pop(closed[1], []) for part in parts]
            self._check_one(verdict, closed, mine, private)
            chains.follow(closed)
        self._check_signatures(verdict, rows, is_chained=verdict.problem_count == problems_before)
        for table, part in zip(PARTS, parts, strict=True):
            for stray in part:
                verdict.complain(said("stray-rows", table=table.name, document=name_of(stray)))
        return None if is_whole else batch.upto

    def _check_signatures(self, verdict: Verdict, rows: list[Row], *, is_chained: bool) -> None:
        """The signatures of a batch: all, or the last of each terminal where that and the chain hold."""
        if self._signatures is None:
            return
        if is_chained and not self._every_signature:
            lasts, of_lasts = {split_key(row[1])[0]: row for row in rows}, Verdict()
            for row in lasts.values():
                self._signatures.follow(row, of_lasts)
            if of_lasts.ok and all(row[SIGNATURE] is not None for row in rows):
                return
        for row in rows:
            self._signatures.follow(row, verdict)

    def _check_one(self, verdict: Verdict, closed: Row, parts: list[list[Row]], private: Privacy) -> None:
        try:
            row = decrypted_document(closed, private, self._org_id)
            parts[_TENDERS] = [decrypted_tender(each, private, self._org_id) for each in parts[_TENDERS]]
        except Damaged as damage:
            verdict.complain(f"Document {name_of(closed[1])}: {damage.sentence}")
            return
        for sentence in document_check.check(row, parts, self._moment):
            verdict.complain(f"Document {name_of(row[1])}: {sentence}")
        if self._approvals is not None:
            self._approvals.follow(row, verdict)


def _named(key: int) -> str:
    """A document as people know it; three dots beyond the first and the last that there can be."""
    return name_of(key) if 0 < key < END else "…"


def _read(connection: Connection, table: Table, org_id: int, piece: Piece) -> list[Row]:
    """Rows of a table in the order of its key; the documents come in batches.

    Straight on the driver: results come without conversion by column.
    """
    till = on_till(connection)
    marks = (":org", ":after", ":upto") if till else ("%(org)s", "%(after)s", "%(upto)s")
    sql = _select(table, *marks)
    driver: Any = connection.connection.driver_connection
    rows: list[Row] = driver.execute(sql, {"org": org_id, **piece._asdict()}).fetchall()
    return rows


def _select(table: Table, org: str, after: str, upto: str) -> str:
    names = ", ".join(column.name for column in table.columns)
    order = ", ".join(column.name for column in table.primary_key if column.name not in ("org_id", "year"))
    limit = f" LIMIT {_BATCH}" if table is document else ""
    return (
        f"SELECT {names} FROM {table.name} WHERE org_id = {org} AND document_id > {after}"
        f" AND document_id <= {upto} ORDER BY {order}{limit}"
    )


def _by_document(rows: list[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        known = grouped.get(row[1])
        if known is None:
            grouped[row[1]] = [row]
        else:
            known.append(row)
    return grouped
