"""Which life of the centre's database a home serves; a database that was put back begins a new one by itself.

A copy of before, however it came there (a restored backup, a folder that was copied back, pg_restore, an
older snapshot of a machine), would go on with numbers that were given out and hide from the tills what it
has.  So the home keeps a small note beside its counts: which database it was, and how far its write-ahead
log had come.  A database that is another one, or stands before that, is a restored one: it gets a new
epoch before anybody is answered, and every till reads everything again and sends what is missing.

Decisions
---------
2026-11-30  An end of the log (LSN), and not the number of the next transaction: numbers that nothing was
written under come again after a crash.  Not where the log was flushed to either: that may lie in the middle
of a record, of which a crash leaves nothing.  What is noted is a record of our own that was committed to the
disk: no crash takes it back.
2026-11-30  A home is noted before anybody is founded in it, and whoever begins a life notes it before the
next one looks: a centre that was never restored is not taken for one because a process died or was slow.
A home of a version before this one has no note; its counts name the epoch, and it is believed.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.log import events
from pos_app.store.documents import audit
from pos_app.store.engine import key_store
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import COUNTS
from pos_app.store.feed import ahead
from pos_app.store.master import enrolment, organisations
from pos_app.store.upkeep.trail_check import RESTORED

FILE: Final = "centre.life"

#: The cluster, the database in it, the table in that: a dump that is loaded has others.
_PLACE: Final = (
    "SELECT (SELECT system_identifier FROM pg_control_system()) || ' ' ||"
    " (SELECT oid FROM pg_database WHERE datname = current_database()) || ' ' ||"
    " 'server_epoch'::regclass::oid::bigint AS place,"
)
#: How far the log is on the disk; a part of a record may be the last of it.
_STANDS: Final = _PLACE + " (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint AS lsn"
#: The end of a record that is on the disk with the commit, and says nothing.
_NOTES: Final = _PLACE + " (pg_logical_emit_message(true, 'bohari.life', '') - '0/0'::pg_lsn)::bigint AS lsn"
_NEXT_TRANSACTION: Final = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


class Why(StrEnum):
    """What a database that was put back was known by."""

    NO_NOTE = "no-note"
    OTHER_DATABASE = "other-database"
    STANDS_BEFORE = "stands-before"
    #: Somebody brought rows of another one into it, and says so.
    MOVED = "moved"


class Begun(NamedTuple):
    """A new life: its epoch, and how many rows were hidden before."""

    epoch: str
    restamped: int


class Stands(NamedTuple):
    """Which database, and how many bytes of log it had written to the disk."""

    place: str
    lsn: int


def look(database: Database, home: Path, clock: Clock, above: int = 0) -> str:
    """Begin a new life where this is not the database that the home served last; gives its epoch, or nothing.

    Asked before anybody works on it, and by every process: whoever is first begins it.
    """
    with database.write() as turn:
        # One after the other until the note is written: whoever comes second must find it.
        turn.execute(text("SELECT pg_advisory_xact_lock(15)"))
        # The file first: the server may write it meanwhile, of a database that went on.
        known = _noted(home)
        with database.write() as connection:
            epoch = connection.execute(text("SELECT epoch FROM server_epoch")).scalar_one_or_none()
            why = None if epoch is None else _why(known, _stands(connection), home, epoch)
            new = "" if why is None else begin(connection, clock, why, above).epoch
        # Also where nobody was founded yet: a founder that dies leaves a centre that is known.
        note(database, home)
    return new


def _why(known: Stands | None, now: Stands, home: Path, epoch: str) -> Why | None:
    """Why this is not the database that the home served last; None when it is."""
    if known is None:
        return None if any((home / COUNTS).glob(f"*-{epoch}.*")) else Why.NO_NOTE
    if known.place != now.place:
        return Why.OTHER_DATABASE
    return Why.STANDS_BEFORE if known.lsn > now.lsn else None


def moved(database: Database, clock: Clock) -> Begun:
    """Begin a new life after rows of another database were brought into this one, where there is one."""
    with database.write() as connection:
        return begin(connection, clock, Why.MOVED)


def begin(connection: Connection, clock: Clock, why: Why, above: int = 0) -> Begun:
    """Begin a new life of this database in the owner's transaction."""
    before = enrolment.epoch(connection)
    new = enrolment.begin_epoch(connection, above)
    restamped = _restamp(connection)
    for org_id in organisations.all_ids(connection):
        audit.write(
            connection,
            org_id=org_id,
            at=clock.now(),
            terminal_no=SERVER_TERMINAL_NO,
            action=RESTORED,
            subject="centre",
            before=before,
            after=f"{new} ({why})",
        )
    events.CENTRE_RESTORED.log(before=before, epoch=new, restamped=restamped, why=why.value)
    return Begun(new, restamped)


def note(database: Database, home: Path) -> None:
    """Keep where the database stands, as far as no crash takes it back; as often as there is time for it.

    A short transaction that is on the disk when it ends.  Raises `Unavailable`, or what the disk raises.
    """
    with database.write() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = on"))
        now = _stands(connection, _NOTES)
    (home / COUNTS).mkdir(mode=0o700, exist_ok=True)
    key_store.write(home / COUNTS / FILE, json.dumps(now._asdict()).encode())


class Noting:
    """Keeps the note of a running server: how far it has come, every few seconds."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._home = home
        self._next = 0

    def turn(self, budget_ms: int) -> None:
        """See `Work.turn`.  Where nobody wrote anything since, neither do we: the log would never rest."""
        del budget_ms
        with self._database.read() as connection:
            following = int(connection.execute(text(_NEXT_TRANSACTION)).scalar_one())
        if following != self._next:
            note(self._database, self._home)
            # Our own is one of them.
            self._next = following + 1


def _noted(home: Path) -> Stands | None:
    """The note; None where there is none that can be read: then the database is not known here."""
    try:
        kept = json.loads((home / COUNTS / FILE).read_bytes())
        return Stands(str(kept["place"]), int(kept["lsn"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _stands(connection: Connection, how: str = _STANDS) -> Stands:
    row = connection.execute(text(how)).one()
    return Stands(str(row.place), int(row.lsn))


def _restamp(connection: Connection) -> int:
    """Rows that carry a transaction of another cluster (a dump that was loaded) would stay hidden from the
    tills until this one has counted as far: they get the present one.  Gives how many.
    """
    count = 0
    for name in ahead.stamped():
        changed = connection.execute(
            text(
                f"UPDATE {name} SET stamp = pg_current_xact_id()::text::bigint"
                " WHERE stamp > pg_current_xact_id()::text::bigint"
            )
        )
        count += changed.rowcount
    return count
