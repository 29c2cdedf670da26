"""Whether the documents of each terminal follow each other without a gap, while they go by in order."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.document import split_key
from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN
from pos_app.store.side import on_till
from pos_app.store.upkeep.document_check import HASH, PREV_HASH
from pos_app.store.upkeep.verdict import Verdict


@dataclass
class _Chain:
    """Where the chain of one terminal stands."""

    seq: int
    hashes: set[bytes]


class ChainCheck:
    """Follows the chain of every terminal whose documents go by in the order of their keys.

    On a till, `own_terminal_no` is its number: other terminals' documents may lie there in part.
    """

    def __init__(self, org_id: int, verdict: Verdict, own_terminal_no: int | None) -> None:
        self._org_id = org_id
        self._verdict = verdict
        self._own_terminal_no = own_terminal_no
        self._chains: dict[int, _Chain] = {}
        #: Hashes in quarantine by terminal and sequence: the only gaps that a chain may have.
        self._absent: dict[tuple[int, int], set[bytes]] = {}

    def begin_after(self, connection: Connection, key: int) -> None:
        """The documents up to a key went by elsewhere: stand where the last one of its terminal stands."""
        terminal_no = key >> SEQUENCE_BITS
        row = connection.execute(
            text(
                "SELECT document_id, hash FROM document WHERE org_id = :org AND document_id <= :key"
                " AND document_id >= :first ORDER BY document_id DESC LIMIT 1"
            ),
            {"org": self._org_id, "key": key, "first": terminal_no * TERMINAL_SPAN},
        ).one_or_none()
        if row is not None:
            self._chains[terminal_no] = _Chain(split_key(row[0])[1], {bytes(row[1])})

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
        self._absent = {}
        for terminal_no, seq, hash_ in rows:
            self._absent.setdefault((int(terminal_no), int(seq)), set()).add(bytes(hash_))

    def follow(self, row: tuple[Any, ...]) -> None:
        """Whether a document follows the one before it on its terminal."""
        terminal_no, seq = split_key(row[1])
        begun = self._chains.get(terminal_no)
        if begun is None:
            begun = self._chains[terminal_no] = _Chain(0, {canonical.genesis(self._org_id, terminal_no)})
        if self._own_terminal_no in (None, terminal_no):
            self._skip_absent(begun, terminal_no, seq - 1)
            before = bytes(row[PREV_HASH])
            # What lies in quarantine beside a document of the books may be what the next one follows.
            if before not in begun.hashes and before not in self._absent.get((terminal_no, seq - 1), ()):
                self._verdict.complain(said("chain-broken-at", document=name_of(row[1])))
        begun.seq, begun.hashes = seq, {bytes(row[HASH])}

    def _skip_absent(self, begun: _Chain, terminal_no: int, until: int) -> None:
        """Go over sequences that are not in the books: each must lie in quarantine."""
        while begun.seq < until:
            begun.seq += 1
            hashes = self._absent.get((terminal_no, begun.seq))
            if hashes is None:
                missing = f"{terminal_no}/{begun.seq}"
                if begun.seq < until:
                    missing += f" to {terminal_no}/{until}"
                self._verdict.complain(said("document-missing", document=missing))
                begun.seq, begun.hashes = until, set()
                return
            begun.hashes = hashes


def check_marks(connection: Connection, org_id: int, verdict: Verdict) -> None:
    """At the centre: each terminal is known, and its mark is not before what it has in the books."""
    marks = connection.execute(
        text("SELECT terminal_no, last_seq FROM terminal WHERE org_id = :org"), {"org": org_id}
    )
    known = {int(row[0]): int(row[1]) for row in marks}
    for key in last_keys(connection, org_id):
        terminal_no, seq = split_key(key)
        if terminal_no not in known:
            verdict.complain(said("terminal-never-enrolled", terminal=terminal_no))
        elif seq > known[terminal_no]:
            verdict.complain(said("terminal-above-mark", terminal=terminal_no, mark=known[terminal_no]))


def last_keys(connection: Connection, org_id: int) -> list[int]:
    """The key of the last document of each terminal that has one, by as many looks into the index."""
    found: list[int] = []
    first = 0
    while True:
        # The terminal after the one that was seen last.
        key = connection.scalar(
            text("SELECT min(document_id) FROM document WHERE org_id = :org AND document_id >= :first"),
            {"org": org_id, "first": first},
        )
        if key is None:
            return found
        first = ((key >> SEQUENCE_BITS) + 1) * TERMINAL_SPAN
        last = connection.scalar(
            text("SELECT max(document_id) FROM document WHERE org_id = :org AND document_id < :first"),
            {"org": org_id, "first": first},
        )
        found.append(int(last or key))


def count_quarantined(connection: Connection, org_id: int) -> int:
    """How many documents lie in quarantine, not accepted; none on a till."""
    if on_till(connection):
        return 0
    return int(
        connection.scalar(
            text(
                "SELECT count(*) FROM (SELECT DISTINCT terminal_no, seq, hash FROM quarantine"
                " WHERE org_id = :org AND decision <> 'accepted') AS aside"
            ),
            {"org": org_id},
        )
        or 0
    )


def name_of(document_id: int) -> str:
    """A document as terminal/sequence."""
    terminal_no, seq = split_key(document_id)
    return f"{terminal_no}/{seq}"
