"""Verifying a database against itself: chain, seals, stored rows, sums, projections and arrivals.

Reads in short pieces, so that a till can go on selling meanwhile; what is sealed does not change
between two pieces.  Nothing is mended here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table, text

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.document import Document, Trade, split_key
from pos_app.ledger.errors import Damaged
from pos_app.ledger.posting import rules as posting_rules
from pos_app.store.balances import balances
from pos_app.store.documents.rows import WRITE_ORDER, Sealed, decrypted_document, decrypted_tender, rows_of
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.orders import open_orders
from pos_app.store.schema import seal_check
from pos_app.store.side import on_till
from pos_app.store.tables.columns import micros
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.store.tables.tables import PARTS, document, ledger_metadata, tender

_BATCH: Final = 500
#: Enough to see what is wrong; a wholly broken file would fill the screen for hours.
MOST_PROBLEMS: Final = 200


@dataclass
class Checked:
    """One projection: how many cached rows there are and how many are not what the ledger says."""

    rows: int = 0
    drift: int = 0


@dataclass
class Verdict:
    """What was found.  `problems` are sentences, at most `MOST_PROBLEMS` of `problem_count`."""

    documents: int = 0
    quarantined: int = 0
    problem_count: int = 0
    problems: list[str] = field(default_factory=list)
    projections: dict[str, Checked] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.problem_count == 0

    def complain(self, sentence: str) -> None:
        """Note one problem."""
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(sentence)


@dataclass
class _Chain:
    """Where the chain of one terminal stands while its documents go by."""

    seq: int
    hashes: set[bytes]


def verify(database: Database, org_id: int, own_terminal_no: int | None = None) -> Verdict:
    """Check all documents and projections of an organisation.

    On a till, `own_terminal_no` is its number: other terminals' documents may lie there in part.
    """
    verdict = Verdict()
    with database.read() as connection:
        for sentence in seal_check.problems(connection):
            verdict.complain(sentence)
    chains = _Chains(org_id, verdict, own_terminal_no)
    _check_documents(database, org_id, verdict, chains)
    if not database.on_till:
        with database.read() as connection:
            chains.check_marks(connection)
    verdict.quarantined = sum(len(hashes) for hashes in chains.absent.values())
    for projection in PROJECTIONS:
        with database.read() as connection:
            checked = Checked(balances.count(connection, projection, {"org_id": org_id}))
            for drift in balances.drifts(connection, projection, {"org_id": org_id}):
                checked.drift += 1
                verdict.complain(
                    said(
                        "balance-drift",
                        projection=drift.projection,
                        key=drift.key,
                        cached=drift.cached,
                        expected=drift.expected,
                    )
                )
        verdict.projections[projection.name] = checked
    if not database.on_till:
        for key, differs in open_orders.check(database, org_id):
            if differs:
                verdict.complain(said("arrival-drift", number=open_orders.name_of(key)))
    return verdict


def _check_documents(database: Database, org_id: int, verdict: Verdict, chains: "_Chains") -> None:
    """Every document in the order of its key, batch by batch, each batch one snapshot."""
    last = 0
    while True:
        with database.read() as connection:
            rows = _read(connection, document, org_id, last, None)
            end = rows[-1][1] if rows else None
            parts = [_read_parts(connection, table, org_id, last, end) for table in PARTS]
            chains.read_quarantine(connection)
            private = privacy.of(connection)
        for closed in rows:
            verdict.documents += 1
            mine = [part.pop(closed[1], []) for part in parts]
            try:
                row = decrypted_document(closed, private, org_id)
                tenders = PARTS.index(tender)
                mine[tenders] = [decrypted_tender(each, private, org_id) for each in mine[tenders]]
            except Damaged as damage:
                verdict.complain(f"Document {_name(closed[1])}: {damage.sentence}")
                chains.follow(closed)
                continue
            for sentence in _check_one(database, row, mine):
                verdict.complain(f"Document {_name(row[1])}: {sentence}")
            chains.follow(row)
        for table, part in zip(PARTS, parts, strict=True):
            for stray in part:
                verdict.complain(said("stray-rows", table=table.name, document=_name(stray)))
        if end is None:
            return
        last = end


def _read(connection: Connection, table: Table, org_id: int, after: int, end: int | None) -> list[Any]:
    """Rows of a table in the order of its key; the documents come in batches."""
    names = ", ".join(column.name for column in table.columns)
    order = ", ".join(column.name for column in table.primary_key if column.name not in ("org_id", "year"))
    bound = "" if end is None else " AND document_id <= :end"
    limit = f" LIMIT {_BATCH}" if table is document else ""
    sql = f"SELECT {names} FROM {table.name} WHERE org_id = :org AND document_id > :after{bound}"
    values = {"org": org_id, "after": after} | ({} if end is None else {"end": end})
    return [
        tuple(row)
        for row in connection.exec_driver_sql(*_driver(connection, f"{sql} ORDER BY {order}{limit}", values))
    ]


def _driver(connection: Connection, sql: str, values: dict[str, int]) -> tuple[str, dict[str, int]]:
    """The statement with the driver's own marks: results then come without conversion by column."""
    if on_till(connection):
        return sql, values
    for name in values:
        sql = sql.replace(f":{name}", f"%({name})s")
    return sql, values


def _read_parts(
    connection: Connection, table: Table, org_id: int, after: int, end: int | None
) -> dict[int, list[Any]]:
    """The rows of a part table by document."""
    grouped: dict[int, list[Any]] = {}
    for row in _read(connection, table, org_id, after, end):
        grouped.setdefault(row[1], []).append(row)
    return grouped


def _check_one(database: Database, row: Any, parts: list[list[Any]]) -> Iterator[str]:
    """What is wrong with one document, its bytes against its rows."""
    stored = dict(zip((column.name for column in document.columns), row, strict=True))
    body, prev_hash, hash_ = bytes(stored["body"]), bytes(stored["prev_hash"]), bytes(stored["hash"])
    if canonical.chain(prev_hash, body) != hash_:
        yield said("archive-hash-wrong")
    try:
        sealed = _sealed(body, prev_hash, hash_)
        expected = rows_of(sealed, micros if database.on_till else lambda moment: moment)
    except (Damaged, TypeError, ValueError) as error:
        yield f"its bytes cannot be posted again: {error}"
        return
    if sealed.posting_digest != bytes(stored["posting_digest"]):
        yield said("posts-other-lines")
    for name, wanted, found in zip(WRITE_ORDER, expected, (*parts, row), strict=True):
        if wanted != found:
            yield said("rows-not-the-bytes", table=name)
    yield from _check_sums(sealed.document, stored, dict(zip(WRITE_ORDER, parts, strict=False)))


def _sealed(body: bytes, prev_hash: bytes, hash_: bytes) -> Sealed:
    again: Document = canonical.decode(body)
    posted = posting_rules.post(again)
    return Sealed(again, body, prev_hash, hash_, posted, posting_rules.digest(posted))


def _check_sums(again: Document, stored: dict[str, Any], parts: dict[str, list[Any]]) -> Iterator[str]:
    """Sums over the stored rows, by themselves: journal lines to zero, goods lines to the totals."""
    lines = _named("journal_line", parts)
    sums: dict[tuple[int, str], int] = {}
    for line in lines:
        for kind, value in ((line["currency"], "amount"), ("", "base_amount")):
            key = (line["business_id"], kind)
            sums[key] = sums.get(key, 0) + line[value]
    if any(sums.values()):
        yield said("lines-not-zero")
    items = _named("document_line", parts)
    if isinstance(again, Trade) or items:
        net, tax = sum(item["net"] for item in items), sum(item["tax"] for item in items)
        if (net, tax, net + tax) != (stored["subtotal"], stored["tax_total"], stored["total"]):
            yield said("document-totals-wrong")


def _named(table: str, parts: dict[str, list[Any]]) -> list[dict[str, Any]]:
    names = [column.name for column in ledger_metadata.tables[table].columns]
    return [dict(zip(names, row, strict=True)) for row in parts[table]]


class _Chains:
    """Follows the chain of every terminal while its documents go by in order."""

    def __init__(self, org_id: int, verdict: Verdict, own_terminal_no: int | None) -> None:
        self._org_id = org_id
        self._verdict = verdict
        self._own_terminal_no = own_terminal_no
        self._chains: dict[int, _Chain] = {}
        #: Hashes in quarantine by terminal and sequence: the only gaps that a chain may have.
        self.absent: dict[tuple[int, int], set[bytes]] = {}

    def read_quarantine(self, connection: Connection) -> None:
        """At the centre: what lies in quarantine in the snapshot of the batch."""
        if on_till(connection):
            return
        rows = connection.execute(
            text(
                "SELECT terminal_no, seq, hash FROM quarantine WHERE org_id = :org AND decision <> 'accepted'"
            ),
            {"org": self._org_id},
        )
        self.absent = {}
        for terminal_no, seq, hash_ in rows:
            self.absent.setdefault((int(terminal_no), int(seq)), set()).add(bytes(hash_))

    def follow(self, row: Any) -> None:
        """Whether a document follows the one before it on its terminal."""
        terminal_no, seq = split_key(row[1])
        stored = dict(zip((column.name for column in document.columns), row, strict=True))
        begun = self._chains.setdefault(
            terminal_no, _Chain(0, {canonical.genesis(self._org_id, terminal_no)})
        )
        if self._own_terminal_no in (None, terminal_no):
            self._skip_absent(begun, terminal_no, seq - 1)
            # What lies in quarantine beside a document of the books may be what the next one follows.
            before = begun.hashes | self.absent.get((terminal_no, seq - 1), set())
            if bytes(stored["prev_hash"]) not in before:
                self._verdict.complain(said("chain-broken-at", document=_name(row[1])))
        begun.seq, begun.hashes = seq, {bytes(stored["hash"])}

    def _skip_absent(self, begun: _Chain, terminal_no: int, until: int) -> None:
        """Go over sequences that are not in the books: each must lie in quarantine."""
        while begun.seq < until:
            begun.seq += 1
            hashes = self.absent.get((terminal_no, begun.seq))
            if hashes is None:
                missing = f"{terminal_no}/{begun.seq}"
                if begun.seq < until:
                    missing += f" to {terminal_no}/{until}"
                self._verdict.complain(said("document-missing", document=missing))
                begun.seq, begun.hashes = until, set()
                return
            begun.hashes = hashes

    def check_marks(self, connection: Connection) -> None:
        """At the centre: each terminal's mark is not before what it has in the books."""
        marks = connection.execute(
            text("SELECT terminal_no, last_seq FROM terminal WHERE org_id = :org"), {"org": self._org_id}
        )
        known = {int(row[0]): int(row[1]) for row in marks}
        for terminal_no, begun in self._chains.items():
            if terminal_no not in known:
                self._verdict.complain(said("terminal-never-enrolled", terminal=terminal_no))
            elif begun.seq > known[terminal_no]:
                # A document that was taken while we read is beyond what we saw; the mark only grows.
                self._verdict.complain(
                    said("terminal-above-mark", terminal=terminal_no, mark=known[terminal_no])
                )


def _name(document_id: int) -> str:
    terminal_no, seq = split_key(document_id)
    return f"{terminal_no}/{seq}"
