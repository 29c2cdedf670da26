"""Whether the audit log is what was signed: each run behind the one before it, each entry in its run, and the
last run where the count outside the database says.

In slices of some hundred entries, as the documents are: a log of many years is looked at in many turns.
What stands before the first entry at the centre lies in an archive, and its digests stay.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import audit_chain
from pos_app.ledger.document import SERVER_TERMINAL_NO, document_key, split_key
from pos_app.ledger.errors import BohariError, Refused
from pos_app.store.documents import (
    audit_archived,
    audit_arrivals,
    audit_outbox,
    audit_rows,
    audit_runs,
    settings,
    terminal,
)
from pos_app.store.documents.audit_runs import Run
from pos_app.store.engine import privacy, signatures, signing
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signed_count import Point
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.side import on_till
from pos_app.store.upkeep.verdict import Verdict

#: Entries of one slice, about; some hundredths of a second.
SLICE: Final = 2_000
_MOST_RUNS: Final = 200


def check(database: Database, org_id: int, verdict: Verdict) -> None:
    """Complain of entries that are gone, or that nobody signed, and of a chain that ends too early."""
    with database.read() as connection:
        _check_gaps(connection, org_id, verdict)
        own = _own_terminal(connection)
        if own is not None and signing.of(connection) is not None:
            _check_end(connection, org_id, own, verdict)
            if on_till(connection):
                _check_sent(connection, org_id, own, verdict)
        if not on_till(connection):
            _check_taken(connection, org_id, verdict)
            _check_strange(connection, org_id, verdict)


def check_entries(database: Database, org_id: int, verdict: Verdict) -> None:
    """Every entry and every run."""
    place: int | None = 0
    while place is not None:
        place = check_slice(database, org_id, place, verdict)


def check_slice(database: Database, org_id: int, place: int, verdict: Verdict) -> int | None:
    """The next runs behind a place (0 at the beginning); gives the place behind them, None at the end."""
    with database.read() as connection:
        signer = signing.of(connection)
        if signer is None:
            return None
        terminal_no, last_no = split_key(place)
        runs = audit_runs.after(connection, org_id, terminal_no, last_no, _MOST_RUNS)
        if not runs:
            following = _next_terminal(connection, org_id, terminal_no)
            return None if following is None else document_key(following, 0)
        looked = _RunCheck(connection, org_id, terminal_no, _keys(connection, org_id, signer), verdict)
        before = audit_runs.at(connection, org_id, terminal_no, last_no)
        seen = 0
        for run in runs:
            looked.check(before, run)
            before = run
            seen += run.last - run.first + 1
            if seen >= SLICE:
                break
        return document_key(terminal_no, before.last) if before else None


class _RunCheck:
    """Looks at runs of one terminal."""

    def __init__(
        self,
        connection: Connection,
        org_id: int,
        terminal_no: int,
        keys: Mapping[int, Sequence[KeyFrom]],
        verdict: Verdict,
    ) -> None:
        self._connection = connection
        self._org_id = org_id
        self._terminal_no = terminal_no
        self._keys = keys.get(terminal_no, ())
        self._verdict = verdict
        #: Whether its entries have other numbers here.
        self._is_of_other = not on_till(connection) and terminal_no != SERVER_TERMINAL_NO
        self._archived = 0 if self._is_of_other else _archived(connection, org_id)

    def check(self, before: Run | None, run: Run) -> None:
        """Complain of a run that does not follow, that its terminal did not sign, or whose entries differ."""
        genesis = Point(0, audit_chain.genesis(self._org_id, self._terminal_no))
        end, key_no = (genesis, 0) if before is None else (before.end, before.key_no)
        # What an archive took before the first signature stands before the first run of the centre.
        begins = before is None and self._terminal_no == SERVER_TERMINAL_NO
        follows = (run.first == end.seq + 1 or begins) and run.prev_hash == end.hash
        if not follows and not self._explained(run):
            first = min(end.seq + 1, run.first)
            self._verdict.complain(
                said("audit-chain-broken", terminal=self._terminal_no, first=first, last=run.first)
            )
        place = audit_chain.Place(self._org_id, self._terminal_no, run.key_no, run.first)
        is_whole = len(run.digests) == audit_chain.DIGEST_BYTES * (run.last - run.first + 1)
        if (
            not is_whole
            or run.key_no < key_no
            or audit_chain.run_hash(place, run.prev_hash, run.digests) != run.hash
            or not self._is_signed(run)
        ):
            sentence = said(
                "audit-run-not-signed", terminal=self._terminal_no, first=run.first, last=run.last
            )
            self._verdict.complain(sentence)
        if is_whole:
            self._check_entries(run)

    def _explained(self, run: Run) -> bool:
        """Whether the centre noted that a till's run did not hold, or that some before it were missing."""
        if not self._is_of_other:
            return False
        return audit_arrivals.explained(self._connection, self._org_id, self._terminal_no, run)

    def _is_signed(self, run: Run) -> bool:
        if not 0 <= run.key_no < len(self._keys):
            return False
        key = self._keys[run.key_no].public_key
        return signatures.holds(key, run.signature, audit_chain.signed_text(run.hash))

    def _check_entries(self, run: Run) -> None:
        standing: dict[int, list[bytes]] = {}
        if self._is_of_other:
            rows = audit_rows.of_terminal(
                self._connection, self._org_id, self._terminal_no, run.first, run.last
            )
            for row in rows:
                standing.setdefault(row.origin_no or 0, []).append(row.digest_of_origin(self._org_id))
        else:
            count = run.last - run.first + 2
            for row in audit_rows.between(self._connection, self._org_id, run.first, run.last, count):
                standing.setdefault(row.entry_id, []).append(row.digest(self._org_id))
        for number, wanted in enumerate(audit_chain.cut(run.digests), run.first):
            found = standing.get(number)
            if found is None:
                if self._is_of_other and self._terminal_archived(number):
                    continue
                if number > self._archived:
                    self._verdict.complain(
                        said("audit-entry-missing", terminal=self._terminal_no, entry=number)
                    )
            elif found != [wanted]:
                self._verdict.complain(said("audit-entry-changed", terminal=self._terminal_no, entry=number))

    def _terminal_archived(self, number: int) -> bool:
        """Whether an entry of a till may lie in an archive: all of it that are older are gone too."""
        oldest = self._connection.execute(
            text(
                "SELECT min(origin_no) FROM audit_log WHERE org_id = :org AND terminal_no = :terminal"
                " AND origin_no IS NOT NULL"
            ),
            {"org": self._org_id, "terminal": self._terminal_no},
        ).scalar_one_or_none()
        return _archived(self._connection, self._org_id) > 0 and (oldest is None or number < int(oldest))


def note(database: Database, org_id: int, until: Callable[[], bool]) -> None:
    """Nothing was found wrong: at the centre what stands unsigned at the end is signed now."""
    audit_runs.sign_rest(database, org_id, until)


def _check_gaps(connection: Connection, org_id: int, verdict: Verdict) -> None:
    archived = _archived(connection, org_id)
    row = connection.execute(
        text(
            "SELECT count(*), min(entry_id), max(entry_id) FROM audit_log"
            " WHERE org_id = :org AND entry_id > :archived"
        ),
        {"org": org_id, "archived": archived},
    ).one()
    count, first, last = int(row[0]), int(row[1] or 0), int(row[2] or 0)
    if count and first > archived + 1:
        verdict.complain(said("audit-entries-missing", first=archived + 1, last=first))
    if count and count != last - first + 1:
        missing = _first_gap(connection, org_id, first, last)
        verdict.complain(said("audit-entries-missing", first=missing, last=last))


def _first_gap(connection: Connection, org_id: int, first: int, last: int) -> int:
    found = connection.scalar(
        text(
            "SELECT min(a.entry_id) + 1 FROM audit_log AS a WHERE a.org_id = :org"
            " AND a.entry_id >= :first AND a.entry_id < :last"
            " AND NOT EXISTS (SELECT 1 FROM audit_log AS b WHERE b.org_id = a.org_id"
            " AND b.entry_id = a.entry_id + 1)"
        ),
        {"org": org_id, "first": first, "last": last},
    )
    return int(found or 0)


def _archived(connection: Connection, org_id: int) -> int:
    """The last entry of those that lie in an archive, as the centre signed it; 0 when none does.

    What was moved before entries were signed stands before the first run.
    """
    if on_till(connection):
        return 0
    first = connection.scalar(
        text("SELECT min(first_no) FROM audit_run WHERE org_id = :org AND terminal_no = :server"),
        {"org": org_id, "server": SERVER_TERMINAL_NO},
    )
    notes = connection.execute(
        text("SELECT entry_id, before FROM audit_log WHERE org_id = :org AND action = :action"),
        {"org": org_id, "action": audit_archived.ACTION},
    ).all()
    if first is None:
        # Nothing is signed here: the note alone says it.
        first = min(_first(connection, org_id), max((int(row[0]) for row in notes), default=1))
    private = privacy.of(connection)
    ends = [
        audit_archived.end_of(connection, org_id, audit_rows.decrypted(private, org_id, row[1]))
        for row in notes
    ]
    return max(int(first) - 1, *ends, 0)


def _first(connection: Connection, org_id: int) -> int:
    found = connection.scalar(
        text("SELECT min(entry_id) FROM audit_log WHERE org_id = :org"), {"org": org_id}
    )
    return int(found or 1)


def _check_end(connection: Connection, org_id: int, terminal_no: int, verdict: Verdict) -> None:
    """The last run is the one that was counted, and, at a till, nothing stands behind it."""
    run = audit_runs.last(connection, org_id, terminal_no)
    file = audit_runs.count_of(connection, org_id, terminal_no)
    try:
        count = None if file is None else file.read()
    except BohariError as error:
        verdict.complain(error.said)
        return
    if count is not None:
        points = [one for one in count[1:] if audit_runs.stands(connection, org_id, terminal_no, one)]
        if not points or (on_till(connection) and not count.fits(_end_of(org_id, terminal_no, run))):
            verdict.complain(said("audit-end-gone", entry=count.last.seq))
    elif on_till(connection) and file is not None and run is not None:
        verdict.complain(said("audit-count-missing", entry=run.last))
    if not on_till(connection) or (run is None and count is None):
        return
    unsigned = connection.scalars(
        text("SELECT entry_id FROM audit_log WHERE org_id = :org AND entry_id > :last ORDER BY entry_id"),
        {"org": org_id, "last": 0 if run is None else run.last},
    )
    for number in unsigned:
        verdict.complain(said("audit-entry-unsigned", entry=int(number)))


def _check_sent(connection: Connection, org_id: int, terminal_no: int, verdict: Verdict) -> None:
    """What the centre acknowledged still stands here."""
    mark = audit_outbox.acknowledged(connection)
    if not audit_runs.stands(connection, org_id, terminal_no, mark):
        verdict.complain(said("audit-acknowledged-gone", entry=mark.seq))


def _check_taken(connection: Connection, org_id: int, verdict: Verdict) -> None:
    """How far each till's log is taken is where a run of it ends, in the log or among what is strange."""
    rows = connection.execute(
        text(
            "SELECT terminal_no, audit_no FROM terminal AS t WHERE org_id = :org AND (audit_no, audit_hash)"
            " IS DISTINCT FROM (0::bigint, ''::bytea)"
            " AND NOT EXISTS (SELECT 1 FROM audit_run AS r WHERE r.org_id = t.org_id"
            " AND r.terminal_no = t.terminal_no AND r.last_no = t.audit_no AND r.hash = t.audit_hash)"
            " AND NOT EXISTS (SELECT 1 FROM audit_strange AS s WHERE s.org_id = t.org_id"
            " AND s.terminal_no = t.terminal_no AND s.last_no = t.audit_no AND s.hash = t.audit_hash)"
            " OR org_id = :org AND EXISTS (SELECT 1 FROM audit_run AS r WHERE r.org_id = t.org_id"
            " AND r.terminal_no = t.terminal_no AND r.last_no > t.audit_no AND r.terminal_no <> :server)"
            " ORDER BY terminal_no"
        ),
        {"org": org_id, "server": SERVER_TERMINAL_NO},
    )
    for terminal_no, audit_no in rows:
        verdict.complain(said("audit-mark-wrong", terminal=terminal_no, entry=audit_no))


def _check_strange(connection: Connection, org_id: int, verdict: Verdict) -> None:
    """What came of a till's log and does not hold, until somebody has looked at it."""
    for one in audit_arrivals.strange(connection, org_id):
        why = said(one.reason)
        verdict.complain(
            said("audit-strange", terminal=one.terminal_no, first=one.first, last=one.last, why=why)
        )


def _end_of(org_id: int, terminal_no: int, run: Run | None) -> Point:
    return Point(0, audit_chain.genesis(org_id, terminal_no)) if run is None else run.end


def _own_terminal(connection: Connection) -> int | None:
    if not on_till(connection):
        return SERVER_TERMINAL_NO
    try:
        return terminal.load(connection).terminal_no
    except Refused:
        return None


def _keys(connection: Connection, org_id: int, signer: signing.Signing) -> dict[int, list[KeyFrom]]:
    """The keys of every terminal whose entries lie here."""
    if on_till(connection):
        number = int(settings.get(connection, "terminal_no", "0"))
        return {number: signer.own_keys()}
    from pos_app.store.master import terminal_keys

    keys = terminal_keys.all_of(connection, org_id)
    for number in connection.scalars(
        text("SELECT DISTINCT terminal_no FROM audit_run WHERE org_id = :org"), {"org": org_id}
    ).all():
        if number not in keys and not terminal_keys.of_terminal(connection, org_id, number):
            # Its first key is noted, and vouched for, with its first signed document.
            keys[number] = [KeyFrom(0, terminal_keys.public_key(connection, org_id, number))]
    keys[SERVER_TERMINAL_NO] = [KeyFrom(0, signer.public_key())]
    return keys


def _next_terminal(connection: Connection, org_id: int, terminal_no: int) -> int | None:
    found = connection.scalar(
        text("SELECT min(terminal_no) FROM audit_run WHERE org_id = :org AND terminal_no > :terminal"),
        {"org": org_id, "terminal": terminal_no},
    )
    return None if found is None else int(found)
