"""Turns of the backups of an embedded centre: the log every few seconds, a copy a day, old ones away.

Whatever is wrong stands in the state and is tried again; nothing here stops the server.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from pos_app.language import kept_code
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import BohariError, Refused, Unavailable
from pos_app.log import events
from pos_app.store.backups import base, log_archive, state
from pos_app.store.backups.log_archive import Shipped
from pos_app.store.backups.place import PREFIX, Base, Place
from pos_app.store.backups.state import State
from pos_app.store.engine.age_files import Recipient
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database
from pos_app.store.engine.sole import ROUNDS, sole
from pos_app.store.master import enrolment

#: What the disk of the backups is said to do.
_FAILS: Final = kept_code("backup-folder-fails", "folder", "why")
#: A whole copy a day.
EVERY: Final = timedelta(hours=24)
#: What failed is tried again so soon.
_AGAIN: Final = timedelta(minutes=10)
#: How long the log may take to come to the end of a copy: it is switched there.
_WHOLE_LIMIT_S: Final = 600.0
#: As long as that a copy that is asked for waits for one that is being made.
_PATIENCE_S: Final = 1_800.0


class Chosen(NamedTuple):
    """Where to, closed to whom, how many whole copies stay; `keys` were kept apart, `keys_now` are in use."""

    folder: Path
    to: Sequence[Recipient]
    keep: int
    keys: str
    keys_now: str
    about: dict[str, Any]


class Rounds:
    """The backups of one home; from one thread."""

    def __init__(
        self,
        database: Database,
        postgres: EmbeddedPostgres,
        home: Path,
        clock: Clock,
        chosen: Callable[[], Chosen | None],
    ) -> None:
        """`chosen` reads the settings anew each time: they change while the server runs."""
        self._database, self._postgres = database, postgres
        self._home, self._clock, self._chosen = home, clock, chosen
        self._tried_at: datetime | None = None

    def turn(self, budget_ms: int) -> None:
        """See `Work.turn`."""
        del budget_ms
        self.round()

    def round(self, *, at_once: bool = False) -> State | None:
        """What is due; a whole copy in any case when `at_once`.  Gives how it stands, or None.

        One process at a time: two would each take what the other has not finished for what was left over.
        A turn that finds another at it is none; with `at_once` it waits, and raises `Refused` in the end.
        """
        with contextlib.ExitStack() as alone:
            try:
                alone.enter_context(sole(self._home, ROUNDS, wait_s=_PATIENCE_S if at_once else 0))
            except Refused:
                if at_once:
                    raise
                return state.read(self._home)
            return self._round(at_once=at_once)

    def _round(self, *, at_once: bool) -> State | None:
        chosen = self._chosen()
        before = state.read(self._home)
        if chosen is None:
            if before is not None:
                log_archive.end(self._database)
                state.write(self._home, None)
            return None
        with self._database.read() as connection:
            place = Place(chosen.folder / f"{PREFIX}{enrolment.epoch(connection)}")
        if before is None or before.folder != str(place.folder):
            before = State(folder=str(place.folder))
        now = self._clock.now()
        try:
            after = self._work(chosen, place, before, now, at_once=at_once)
        except (BohariError, OSError) as error:
            after = _in_trouble(before, error, place, now)
            if after.code != before.code:
                events.CENTRE_BACKUP_TROUBLE.log(error)
        state.write(self._home, after)
        return after

    def _work(self, chosen: Chosen, place: Place, before: State, now: datetime, *, at_once: bool) -> State:
        if chosen.keys != chosen.keys_now:
            raise Refused("backup-keys-not-kept")
        if not chosen.folder.is_dir():
            raise Unavailable("backup-folder-away", folder=chosen.folder)
        place.make(chosen.about)
        restored = place.read("restored.json")
        if restored is not None:
            raise Refused("centre-superseded", at=str(restored.get("at", "")), folder=place.folder)
        place.touch()
        gap = log_archive.begin(self._database)
        shipped = self._ship(chosen, place, before)
        due = gap or before.base_at is None or now - before.base_at >= EVERY or not place.bases()
        waits = self._tried_at is not None and now - self._tried_at < _AGAIN
        after = msgspec.structs.replace(
            before,
            log_at=self._clock.now(),
            segment=shipped.segment,
            offset=shipped.offset,
            code="",
            facts={},
        )
        if not at_once and not (due and (gap or not waits)):
            # A copy that failed is still said until one is made.
            return after if not due else msgspec.structs.replace(after, code=before.code, facts=before.facts)
        self._tried_at = now
        made = base.make(self._postgres, place, chosen.to, now)
        shipped = self._to_the_end_of(made, chosen, place, after)
        place.finish(made)
        prune(place, chosen.keep)
        return msgspec.structs.replace(
            after,
            base=made.file.name,
            base_at=made.at,
            base_bytes=made.size,
            log_at=self._clock.now(),
            segment=shipped.segment,
            offset=shipped.offset,
            since=None,
        )

    def _ship(self, chosen: Chosen, place: Place, before: State) -> Shipped:
        known = Shipped(before.segment, before.offset) if before.segment else None
        try:
            return log_archive.ship(
                self._database, self._postgres.data_dir / "pg_wal", place, chosen.to, known
            )
        except FileNotFoundError:
            # Postgres let it go: from here the log begins anew, with a whole copy.
            log_archive.end(self._database)
            log_archive.begin(self._database)
            self._tried_at = None
            raise

    def _to_the_end_of(self, made: Base, chosen: Chosen, place: Place, before: State) -> Shipped:
        deadline = time.monotonic() + _WHOLE_LIMIT_S
        while True:
            shipped = self._ship(chosen, place, before)
            if shipped.segment >= made.last:
                return shipped
            if time.monotonic() > deadline:
                raise Unavailable("backup-log-overdue", folder=place.folder)
            time.sleep(0.1)


def prune(place: Place, keep: int) -> None:
    """Leave the newest copies, and the log from the oldest of them on; also what was never finished."""
    bases = place.bases()
    kept = bases[-max(keep, 1) :]
    names = {one.file.name.split(".")[0] for one in kept}
    for path in place.folder.glob("base-*"):
        if path.name.split(".")[0] not in names:
            path.unlink()
    for name, path in place.segments().items():
        if kept and name < kept[0].first:
            path.unlink()


def _in_trouble(before: State, error: BohariError | OSError, place: Place, now: datetime) -> State:
    if isinstance(error, BohariError):
        code, facts = error.said.code, {name: str(value) for name, value in error.said.facts.items()}
    else:
        code, facts = _FAILS, {"folder": str(place.folder), "why": str(error.strerror)}
    since = before.since if before.code == code else now
    # Log that is gone at the server is missing here: only a new whole copy helps.
    base_at = None if isinstance(error, FileNotFoundError) else before.base_at
    return msgspec.structs.replace(before, code=code, facts=facts, since=since, base_at=base_at)
