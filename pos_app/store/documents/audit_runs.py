"""Binding the entries of the audit log: each run of them is signed in the transaction that wrote it.

Decisions
---------
2026-11-30  A signature for each transaction, over the digests of its entries and the run before: no entry
can be changed, taken out, moved or put in between by whoever has the database's key and this code, unsent
ones included.  An ordinary sale writes no entry, so it signs and counts nothing here.

2026-11-30  The last run stands in a count outside the database as well, as the last document does: what is
cut off the end does not fit it.  A till goes on from what it counted and not from what it finds, so a gap
stays for ever.  It signs what it wrote itself: an entry that somebody put at the end stays unsigned.

2026-11-30  At the centre triggers write entries, in SQL, where no key may be.  Whoever says who acts
(`audit.actor`) has them signed before the commit; what others wrote, an import of many thousand rows and a
hand in SQL, the next one signs, or the upkeep.  So an entry that is added at the very end there looks like
one of a trigger; one that stood is bound.
"""

import contextlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger import audit_chain
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import BohariError
from pos_app.store.documents import audit_rows
from pos_app.store.engine import commit_steps, signing
from pos_app.store.engine.engine import Database, quick
from pos_app.store.engine.signed_count import Count, CountFile, Point
from pos_app.store.engine.signing import Signing
from pos_app.store.side import on_till
from pos_app.store.tables.audit_run_table import audit_run

#: Entries of one run at most.
MOST_IN_RUN: Final = 500
#: Entries that a transaction of the centre signs at most; an import leaves the rest to the upkeep.
_MOST_AT_COMMIT: Final = 2_000
#: The step at the end of a transaction.
_STEP: Final = "audit runs"


class Run(NamedTuple):
    """A run as it is kept."""

    first: int
    last: int
    key_no: int
    prev_hash: bytes
    hash: bytes
    signature: bytes
    digests: bytes

    @property
    def end(self) -> Point:
        """The place in the chain behind it."""
        return Point(self.last, self.hash)


# --- reading ------------------------------------------------------------------------------------------

_READ: Final = "SELECT first_no, last_no, key_no, prev_hash, hash, signature, digests FROM audit_run"


def last(connection: Connection, org_id: int, terminal_no: int) -> Run | None:
    """The last run of a terminal; None before the first."""
    found = connection.execute(
        text(f"{_READ} WHERE org_id = :org AND terminal_no = :terminal ORDER BY last_no DESC LIMIT 1"),
        {"org": org_id, "terminal": terminal_no},
    ).one_or_none()
    return None if found is None else _run(found)


def at(connection: Connection, org_id: int, terminal_no: int, last_no: int) -> Run | None:
    """The run that ends with this entry."""
    found = connection.execute(
        text(f"{_READ} WHERE org_id = :org AND terminal_no = :terminal AND last_no = :last"),
        {"org": org_id, "terminal": terminal_no, "last": last_no},
    ).one_or_none()
    return None if found is None else _run(found)


def after(connection: Connection, org_id: int, terminal_no: int, last_no: int, most: int) -> list[Run]:
    """The next runs of a terminal behind an entry, in order."""
    found = quick(
        connection,
        f"{_READ} WHERE org_id = ? AND terminal_no = ? AND last_no > ? ORDER BY last_no LIMIT ?",
        org_id,
        terminal_no,
        last_no,
        most,
    ).fetchall()
    return [_run(row) for row in found]


def stands(connection: Connection, org_id: int, terminal_no: int, point: Point) -> bool:
    """Whether a run ends there; the beginning always does."""
    if point.seq == 0:
        return True
    found = at(connection, org_id, terminal_no, point.seq)
    return found is not None and found.hash == point.hash


def keep(connection: Connection, org_id: int, terminal_no: int, run: Run) -> None:
    """Write a run."""
    connection.execute(
        audit_run.insert().values(
            org_id=org_id,
            terminal_no=terminal_no,
            first_no=run.first,
            last_no=run.last,
            key_no=run.key_no,
            prev_hash=run.prev_hash,
            hash=run.hash,
            signature=run.signature,
            digests=run.digests,
        )
    )


def count_of(connection: Connection, org_id: int, terminal_no: int) -> CountFile | None:
    """The count of a terminal's runs; None where nothing signs, or no home was said."""
    signer = signing.of(connection)
    if signer is None:
        return None
    if on_till(connection):
        return signer.count(f"{org_id}-{terminal_no}.entries")
    epoch = connection.execute(text("SELECT epoch FROM server_epoch")).scalar_one_or_none() or ""
    return signer.count(f"{org_id}-{epoch}.entries")


def _run(row: Any) -> Run:
    return Run(int(row[0]), int(row[1]), int(row[2]), *(bytes(one) for one in row[3:]))


# --- signing ------------------------------------------------------------------------------------------


def number(connection: Connection, org_id: int, terminal_no: int) -> int:
    """The number of the next entry, which is signed at the end of this transaction."""
    newest = connection.execute(
        text("SELECT coalesce(max(entry_id), 0) FROM audit_log WHERE org_id = :org"), {"org": org_id}
    ).scalar_one()
    if not on_till(connection):
        watch(connection)
        return int(newest) + 1
    signer = signing.of(connection)
    if signer is None:
        return int(newest) + 1
    step = commit_steps.get(connection, _STEP)
    if not isinstance(step, _AtTill):
        step = _AtTill(connection, signer, org_id=org_id, terminal_no=terminal_no, newest=int(newest))
        commit_steps.add(connection, _STEP, step)
    return step.next()


def watch(connection: Connection) -> None:
    """At the centre: sign what this transaction writes into the audit log before it commits."""
    if signing.of(connection) is not None and commit_steps.get(connection, _STEP) is None:
        commit_steps.add(connection, _STEP, _AtCentre())


def number_waiting(connection: Connection, org_id: int) -> int:
    """At the centre: give what waits (see `trail`) its numbers, unless somebody else numbers just now; how
    many got one.
    """
    return int(connection.execute(text("SELECT seal_number_waiting(:org)"), {"org": org_id}).scalar_one())


def sign_standing(database: Database, org_id: int, terminal_no: int) -> None:
    """At a till: sign what stood there before anything was signed, once."""
    signer = signing.of(database.engine)
    with database.read() as connection:
        is_begun = last(connection, org_id, terminal_no) is not None
        file = count_of(connection, org_id, terminal_no)
    if signer is None or is_begun or (file is not None and file.read() is not None):
        return
    with database.write() as connection:
        newest = connection.execute(
            text("SELECT coalesce(max(entry_id), 0) FROM audit_log WHERE org_id = :org"), {"org": org_id}
        ).scalar_one()
        if newest and commit_steps.get(connection, _STEP) is None:
            step = _AtTill(connection, signer, org_id=org_id, terminal_no=terminal_no, newest=int(newest))
            commit_steps.add(connection, _STEP, step)


def sign_rest(database: Database, org_id: int, until: Callable[[], bool] = lambda: False) -> None:
    """At the centre: sign what stands unsigned at the end, a run in each transaction.

    `until` is asked after each: what is left when it says so the next call signs.
    """
    if database.on_till or signing.of(database.engine) is None:
        return
    with database.read() as connection:
        more = connection.execute(
            text(
                "SELECT EXISTS (SELECT 1 FROM audit_log WHERE org_id = :org AND entry_id > (SELECT"
                " coalesce(max(last_no), 0) FROM audit_run WHERE org_id = :org AND terminal_no = :server))"
                " OR EXISTS (SELECT 1 FROM audit_waiting WHERE org_id = :org)"
            ),
            {"org": org_id, "server": SERVER_TERMINAL_NO},
        ).scalar_one()
    while more:
        step = _AtCentre()
        with database.write() as connection:
            number_waiting(connection, org_id)
            more = step.sign(connection, org_id)
        step.after()
        more = more and not until()


class _Chain:
    """One terminal's chain inside a transaction: where it began, how far it is."""

    def __init__(self, signer: Signing, org_id: int, terminal_no: int, count: Count | None) -> None:
        self._signer = signer
        self._org_id = org_id
        self._terminal_no = terminal_no
        self.said = count or Count(0, *[Point(0, audit_chain.genesis(org_id, terminal_no))] * 2)
        self.end = self.said.last

    def begin(self, end: Point) -> None:
        self.end = end
        self.said = self.said._replace(before=end, last=end)

    def sign(self, connection: Connection, rows: list[audit_rows.Row], key_no: int) -> None:
        digests = b"".join(row.digest(self._org_id) for row in rows)
        first, before = rows[0].entry_id, self.end.hash
        place = audit_chain.Place(self._org_id, self._terminal_no, key_no, first)
        hash_ = audit_chain.run_hash(place, before, digests)
        signature = self._signer.sign(audit_chain.signed_text(hash_))
        run = Run(first, rows[-1].entry_id, key_no, before, hash_, signature, digests)
        keep(connection, self._org_id, self._terminal_no, run)
        self.end = run.end
        self.said = self.said._replace(last=run.end)


class _AtTill:
    """Signs what this transaction of a till wrote, behind what the till counted."""

    def __init__(
        self, connection: Connection, signer: Signing, *, org_id: int, terminal_no: int, newest: int
    ) -> None:
        self._org_id, self._signer = org_id, signer
        self._file = count_of(connection, org_id, terminal_no)
        count = None if self._file is None else self._file.read()
        run = last(connection, org_id, terminal_no)
        self._chain = _Chain(signer, org_id, terminal_no, count)
        self._chain.begin(_goes_on(self._file, count, run, self._chain.end, signer))
        self._next = max(newest, self._chain.end.seq) + 1
        # What stood before the first signature of all is bound with it.
        self._first = self._next if self._chain.end.seq else 1

    def next(self) -> int:
        """The number of one more entry."""
        self._next += 1
        return self._next - 1

    def before(self, connection: Connection) -> None:
        key_no = len(self._signer.own_keys()) - 1
        first = self._first
        while first < self._next:
            rows = list(audit_rows.between(connection, self._org_id, first, self._next - 1, MOST_IN_RUN))
            if not rows:
                break
            rows = _without_gap(rows)
            self._chain.sign(connection, rows, key_no)
            first = rows[-1].entry_id + 1
        if self._file is not None:
            self._file.write(self._chain.said)

    def after(self) -> None:
        _confirm(self._file, self._chain)


def _goes_on(
    file: CountFile | None, count: Count | None, run: Run | None, beginning: Point, signer: Signing
) -> Point:
    """Where a till's chain goes on: where it was signed last, whatever the database says."""
    end = beginning if run is None else run.end
    if file is None:
        return end
    if count is None:
        # Before the first there is none; else it is gone, which nothing hides any more.
        return end if run is None else Point(end.seq + 1, audit_chain.without_count(end.hash))
    if end in (count.before, count.last) or (run is None and count.before.seq == 0):
        return end
    if run is not None and end.seq > count.last.seq and _is_own(run, signer):
        # After a power cut the file may be behind the database.
        return end
    return count.last


def _is_own(run: Run, signer: Signing) -> bool:
    from pos_app.store.engine import signatures

    keys = signer.own_keys()
    if run.key_no >= len(keys):
        return False
    return signatures.holds(keys[run.key_no].public_key, run.signature, audit_chain.signed_text(run.hash))


class _AtCentre:
    """Signs what stands unsigned at the end of an organisation's entries at the centre."""

    def __init__(self) -> None:
        self._ends: list[tuple[CountFile | None, _Chain]] = []
        #: Where the chain ended before this transaction: all its runs stand or fall together.
        self._begun: Point | None = None

    def before(self, connection: Connection) -> None:
        told = connection.execute(text("SELECT current_setting('app.audited', true)")).scalar_one_or_none()
        if told:
            number_waiting(connection, int(told))
            signed = 0
            while signed < _MOST_AT_COMMIT and self.sign(connection, int(told)):
                signed += MOST_IN_RUN

    def sign(self, connection: Connection, org_id: int) -> bool:
        """One run; gives whether there may be more.  Whoever else writes entries signs these too."""
        signer = signing.of(connection)
        is_mine = connection.execute(
            text("SELECT pg_try_advisory_xact_lock(7, :org)"), {"org": org_id % 2**31}
        ).scalar_one()
        if signer is None or not is_mine:
            return False
        run = last(connection, org_id, SERVER_TERMINAL_NO)
        after_no = 0 if run is None else run.last
        found = audit_rows.between(connection, org_id, after_no + 1, 2**62, MOST_IN_RUN)
        rows = _without_gap(list(found))
        if not rows:
            return False
        file = count_of(connection, org_id, SERVER_TERMINAL_NO)
        count = None if file is None else file.read()
        chain = _Chain(signer, org_id, SERVER_TERMINAL_NO, count)
        end = chain.end if run is None else run.end
        if run is None:
            end = Point(0, audit_chain.genesis(org_id, SERVER_TERMINAL_NO))
        fits = count is None or any(stands(connection, org_id, SERVER_TERMINAL_NO, one) for one in count[1:])
        self._begun = self._begun or end
        chain.begin(end)
        chain.said = chain.said._replace(before=self._begun)
        chain.sign(connection, rows, 0)
        if file is not None and fits:
            # One that does not fit stays: verification tells what is missing.
            file.write(chain.said)
            self._ends.append((file, chain))
        return len(rows) == MOST_IN_RUN

    def after(self) -> None:
        for file, chain in self._ends[-1:]:
            _confirm(file, chain)


def _without_gap(rows: list[audit_rows.Row]) -> list[audit_rows.Row]:
    """The rows up to the first number that is missing."""
    for place, row in enumerate(rows):
        if row.entry_id != rows[0].entry_id + place:
            return rows[:place]
    return rows


def _confirm(file: CountFile | None, chain: _Chain) -> None:
    # The entries stand, whatever the file says; the next one says it again.
    with contextlib.suppress(BohariError):
        if file is not None:
            file.write(chain.said._replace(before=chain.said.last))
