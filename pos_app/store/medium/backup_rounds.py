"""Backups of a till made beside it: one a day and one after each close, the old ones thinned out.

Decisions
---------
2026-11-30  The last of each of seven days stays, and the last of each of four weeks.  What was made by hand
into another folder is nobody's business here, and the newest that holds never goes.
2026-11-30  The one just made stays too, also where others have later names: with a clock that went back by
years each would go again as soon as it was made, and nobody would hear of it.
2026-11-30  The folder is one of the till's own on the medium, made when it was chosen: where a stick is
pulled out, its mount often stays, empty, on the till's own disk.
"""

import contextlib
import errno
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.document import document_key
from pos_app.ledger.errors import BohariError, Refused, Unavailable
from pos_app.log import events
from pos_app.store.documents import terminal
from pos_app.store.engine.engine import Database, quick
from pos_app.store.engine.sole import BACKUP, sole
from pos_app.store.medium import backup_state
from pos_app.store.medium.backup_state import Backups, State

if TYPE_CHECKING:
    from pos_app.store.engine.copies import Rest

#: How often it looks whether one is due, and how long after a failure it tries again.
LOOK_EVERY_S: Final = 20.0
TRY_AGAIN: Final = timedelta(minutes=10)
EVERY: Final = timedelta(days=1)
DAYS_KEPT: Final = 7
WEEKS_KEPT: Final = 4
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_AWAY: Final = frozenset({errno.ENOENT, errno.ENOTDIR})
_STAMP: Final = "%Y%m%dT%H%M%SZ"
#: How a private key of age begins; where the till or its backups lie it must not be.
_PRIVATE: Final = b"AGE-SECRET-KEY-1"
_MOST_KEY_BYTES: Final = 65_536
_MOST_FILES: Final = 2_000
_OF_SQLITE: Final = ".db"

#: Says where the settings of the home want backups; None for nowhere.
Choose = Callable[[], Backups | None]


class BackupRounds:
    """Makes the backups of one home when they are due; from one thread."""

    def __init__(
        self,
        database: Database,
        home: Path,
        choose: Choose,
        *,
        program: str,
        clock: Clock | None = None,
        rest: "Rest" = time.sleep,
    ) -> None:
        """`program` is this version, which stands in each; `rest` is how it steps back behind the till."""
        self._database = database
        self._home = home
        self._choose = choose
        self._program = program
        self._clock = clock or SystemClock()
        self._rest = rest
        self._tried_at: datetime | None = None
        self._is_over: Callable[[], bool] = bool

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; a fault is logged and the next round comes."""

        def rest(wait_s: float) -> None:
            if stop.wait(wait_s):
                raise Unavailable("backup-interrupted")

        self._rest, self._is_over = rest, stop.is_set
        while not stop.is_set():
            try:
                self.turn()
            except BohariError as error:
                events.BACKUP_TROUBLE.log(error)
            except Exception as error:  # noqa: BLE001 - a till must not go without backups for one fault
                events.BACKUP_FAULT.log(error)
            stop.wait(LOOK_EVERY_S)

    def turn(self, *, at_once: bool = False) -> State | None:
        """Make one where it is due, or `at_once`; gives how they stand, None where none are wanted."""
        chosen = self._choose()
        now = self._clock.now()
        if chosen is None:
            with contextlib.suppress(OSError):
                (self._home / backup_state.FILE).unlink(missing_ok=True)
            return None
        state = backup_state.read(self._home)
        if state is None or state.folder != str(chosen.folder):
            state = backup_state.begun(chosen.folder, now)
            backup_state.write(self._home, state)
        if not at_once and not self._is_due(state, now):
            return state
        self._tried_at = now
        try:
            with sole(self._home, BACKUP):
                made = self._made(chosen, state)
        except BohariError as error:
            if self._is_over():
                return state
            state = backup_state.troubled(state, error.said, now)
            events.BACKUP_TROUBLE.log(error)
            made = state
        backup_state.write(self._home, made)
        return made

    def _is_due(self, state: State, now: datetime) -> bool:
        if self._tried_at is not None and timedelta() <= now - self._tried_at < TRY_AGAIN:
            return False
        last = state.made_at
        # A clock that went back makes one too many rather than none.
        return last is None or not timedelta() <= now - last < EVERY or self._was_closed(state.upto)

    def _was_closed(self, upto: int) -> bool:
        """Whether a drawer was closed since the last backup."""
        with self._database.read() as connection:
            own = terminal.load(connection)
            found = quick(
                connection,
                "SELECT 1 FROM document WHERE org_id = ? AND document_id > ? AND document_id < ?"
                " AND kind = 'drawer_close' LIMIT 1",
                own.org_id,
                document_key(own.terminal_no, upto),
                document_key(own.terminal_no + 1, 0),
            )
            return found.fetchone() is not None

    def _made(self, chosen: Backups, state: State) -> State:
        # The cryptography comes with the first backup, not with the window.
        from pos_app.store.engine import age_files
        from pos_app.store.medium import backup_file

        to = age_files.recipients(chosen.to)
        if not to:
            raise Refused("backup-needs-recipient")
        refuse_key_beside(self._home, chosen.folder)
        try:
            if not chosen.folder.is_dir():
                raise FileNotFoundError(errno.ENOENT, "")
            made = backup_file.make(
                self._database,
                self._home,
                chosen.folder,
                to,
                program=self._program,
                now=self._clock.now(),
                rest=self._rest,
            )
            prefix = backup_file.prefix(made.manifest.org_id, made.manifest.terminal_no)
            _thin_out(chosen.folder, prefix, backup_file.SUFFIX, made.path)
        except OSError as error:
            raise of_folder(error, chosen.folder) from error
        if state.trouble:
            events.BACKUP_BACK.log(file=str(made.path))
        return backup_state.well(state, made.path, made.manifest.made_at, made.manifest.last_seq)


def of_folder(error: OSError, folder: Path) -> Unavailable:
    """What is wrong with the folder of the backups, in a sentence."""
    if error.errno in _FULL:
        return Unavailable("till-backup-folder-full", folder=folder)
    if error.errno in _READ_ONLY:
        return Unavailable("till-backup-folder-read-only", folder=folder)
    if error.errno in _AWAY:
        return Unavailable("till-backup-folder-missing", folder=folder)
    return Unavailable("till-backup-folder-fails", folder=folder, why=error.strerror)


def refuse_key_beside(home: Path, folder: Path) -> None:
    """Raise `Refused` when the private key lies in the home, or in the folder of the backups or around it.

    Whoever takes the machine, or the stick, has both then; and with the machine the shop loses both.
    """
    for place in (home, folder, folder.parent):
        try:
            files = [one for one, _ in zip(place.iterdir(), range(_MOST_FILES), strict=False)]
        except OSError:
            continue
        for one in files:
            # To open and close SQLite's own files would take this process's locks off them (POSIX), and the
            # till's next commit could go.
            if _OF_SQLITE in one.name:
                continue
            with contextlib.suppress(OSError):
                if not one.is_file() or one.stat().st_size > _MOST_KEY_BYTES:
                    continue
                if _PRIVATE in one.read_bytes():
                    raise Refused("backup-key-not-apart", file=one)


def superseded(stamps: Iterable[datetime]) -> set[datetime]:
    """Which of these backups are not kept: not the last of one of seven days nor of one of four weeks."""
    newest_first = sorted(stamps, reverse=True)
    kept: set[datetime] = set()
    for most, part in ((DAYS_KEPT, _day), (WEEKS_KEPT, _week)):
        seen: dict[tuple[int, int], datetime] = {}
        for one in newest_first:
            seen.setdefault(part(one), one)
        kept |= set(list(seen.values())[:most])
    return set(newest_first) - kept


def _day(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.timetuple().tm_yday


def _week(moment: datetime) -> tuple[int, int]:
    return moment.isocalendar()[:2]


def _thin_out(folder: Path, prefix: str, suffix: str, newest: Path) -> None:
    """`newest` stays whatever its name says: the clock may have gone back, or others lie ahead of it."""
    name = re.compile(re.escape(prefix) + r"(\d{8}T\d{6}Z)" + re.escape(suffix))
    found: dict[datetime, Path] = {}
    for path in folder.iterdir():
        if match := name.fullmatch(path.name):
            # Figures that are no time: somebody else's name.
            with contextlib.suppress(ValueError):
                found[datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)] = path
    for one in superseded(found):
        # A share may let nobody delete: what is new went there all the same.
        with contextlib.suppress(PermissionError):
            if found[one].name != newest.name:
                found[one].unlink()


@contextlib.contextmanager
def kept_up(rounds: BackupRounds) -> Iterator[None]:
    """The backups made for as long as the block lasts, in a thread that nobody waits for long."""
    stop = threading.Event()
    thread = threading.Thread(target=rounds.run, args=(stop,), name="backups", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
