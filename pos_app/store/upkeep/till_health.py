"""How a till is: one line for each thing that may go wrong, and what a person there does about it.

One source for the window's page of health, for `bohari status` and for the file that a person sends to
whoever helps: what one of them says the others say too.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.language import Sentence, said
from pos_app.ledger.day import zone
from pos_app.ledger.head import document_key
from pos_app.store.documents import settings, terminal
from pos_app.store.documents.terminal import SyncState
from pos_app.store.engine.engine import Database
from pos_app.store.fiscal import papers
from pos_app.store.fiscal.settings import signing
from pos_app.store.journal import print_jobs
from pos_app.store.medium import backup_state, medium_state
from pos_app.store.schema import schema
from pos_app.store.tables.columns import from_micros
from pos_app.store.upkeep import health, upkeep_state


class Grade(StrEnum):
    """How something is: well, well enough to go on, or for somebody to act on now."""

    OK = "ok"
    NOTE = "note"
    BAD = "bad"


class Check(NamedTuple):
    """One thing by its name: how it is, and what to do (None: nothing)."""

    name: str
    grade: Grade
    says: Sentence
    todo: Sentence | None = None

    def values(self) -> dict[str, Any]:
        """As a program reads it."""
        return {
            "name": self.name,
            "grade": self.grade.value,
            "says": str(self.says),
            "todo": "" if self.todo is None else str(self.todo),
        }


#: A document that waits longer than this waits for more than a line that comes back.
_LONG: Final = timedelta(days=1)
#: The night check runs each night; after three without one somebody looks why.
_LONG_UNVERIFIED: Final = timedelta(days=3)
_CLOCKS_APART_S: Final = 120
#: A signature comes in seconds while all is well.
_UNSIGNED: Final = timedelta(minutes=15)
_DOCUMENT_AHEAD: Final = timedelta(minutes=5)
_MB: Final = 1_000_000
_LEAST_MB, _FEW_MB = 500, 2_000


class _Seen(NamedTuple):
    """What was looked at, when, and by which clock it is told."""

    connection: Connection
    database: Database
    org_id: int
    now: datetime
    time_zone: str

    def shown(self, at: datetime) -> str:
        return f"{at.astimezone(zone(self.time_zone)):%Y-%m-%d %H:%M}"


def checks(database: Database, org_id: int, now: datetime, time_zone: str, program: str) -> list[Check]:
    """Every line of a till's health.  `program` is the version that runs."""
    with database.read() as connection:
        seen = _Seen(connection, database, org_id, now, time_zone)
        sync = terminal.sync_state(connection, terminal.load(connection))
        return [
            _sending(seen, sync),
            _line(seen, sync),
            _flags(seen, sync),
            _printer(seen),
            _disk(seen),
            _clock(seen),
            _books(seen),
            *_fiscal(seen),
            *_copies(seen),
            _versions(seen, program),
        ]


def _sending(seen: _Seen, sync: SyncState) -> Check:
    if sync.frozen:
        return Check("sending", Grade.BAD, sync.frozen, said("health-do-stopped"))
    if sync.waiting and sync.waiting_since is not None:
        late = seen.now - sync.waiting_since > _LONG
        grade = Grade.BAD if late else Grade.NOTE if sync.error else Grade.OK
        says = said("health-waiting", number=sync.waiting, since=seen.shown(sync.waiting_since))
        return Check("sending", grade, says, said("health-do-line") if grade is not Grade.OK else None)
    return Check("sending", Grade.OK, said("health-all-sent"))


def _line(seen: _Seen, sync: SyncState) -> Check:
    if sync.error:
        return Check("line", Grade.NOTE, sync.error, said("health-do-line"))
    if sync.last_contact_at is None:
        return Check("line", Grade.NOTE, said("health-never-connected"), said("health-do-line"))
    return Check("line", Grade.OK, said("health-contact", at=seen.shown(sync.last_contact_at)))


def _flags(seen: _Seen, sync: SyncState) -> Check:
    if settings.get(seen.connection, "home_twice"):
        return Check("flags", Grade.BAD, said("health-twice"), said("health-do-twice"))
    if sync.quarantined:
        says = said("health-set-aside", number=sync.quarantined)
        return Check("flags", Grade.BAD, says, said("health-do-set-aside"))
    return Check("flags", Grade.OK, said("health-nothing-set-aside"))


def _printer(seen: _Seen) -> Check:
    uncertain = print_jobs.troubled(seen.connection)
    if uncertain:
        says = said("health-paper-uncertain", number=len(uncertain), why=uncertain[-1].error)
        return Check("printer", Grade.BAD, says, said("health-do-paper"))
    waiting = print_jobs.unfinished(seen.connection)
    failed = next((job.error for job in waiting if job.error), "")
    if failed:
        says = said("health-printer-waits", number=len(waiting), why=failed)
        return Check("printer", Grade.BAD, says, said("health-do-printer"))
    return Check("printer", Grade.OK, said("health-printed"))


def _disk(seen: _Seen) -> Check:
    damaged = seen.database.damage.known()
    if damaged is not None:
        return Check("disk", Grade.BAD, damaged.said, said("health-do-stopped"))
    folder = seen.database.folder
    if folder is None:
        return Check("disk", Grade.OK, said("health-in-memory"))
    free = shutil.disk_usage(folder).free // _MB
    says = said("health-disk", free=f"{free:,}")
    grade = Grade.BAD if free < _LEAST_MB else Grade.NOTE if free < _FEW_MB else Grade.OK
    return Check("disk", grade, says, None if grade is Grade.OK else said("health-do-disk"))


def _clock(seen: _Seen) -> Check:
    newest = health.newest(seen.connection, seen.org_id)
    if newest is not None and newest > seen.now + _DOCUMENT_AHEAD:
        says = said("health-clock-behind", at=seen.shown(newest))
        return Check("clock", Grade.BAD, says, said("health-do-clock"))
    apart_s = int(settings.get(seen.connection, "server_ahead_s", "0"))
    if abs(apart_s) > _CLOCKS_APART_S:
        says = said("health-clock-apart", minutes=abs(apart_s) // 60)
        return Check("clock", Grade.NOTE, says, said("health-do-clock"))
    return Check("clock", Grade.OK, said("health-clock", at=seen.shown(seen.now)))


def _books(seen: _Seen) -> Check:
    upkeep = upkeep_state.read(seen.connection, seen.org_id)
    night = upkeep.night
    if upkeep.findings or (night.last is not None and night.last.problem_count):
        count = len(upkeep.findings) + (night.last.problem_count if night.last is not None else 0)
        return Check("books", Grade.BAD, said("health-books-wrong", number=count), said("health-do-books"))
    if night.last is None or night.last_at is None:
        return Check("books", Grade.NOTE, said("health-never-verified"), said("health-do-verify"))
    says = said("health-verified", number=night.last.documents, at=seen.shown(night.last_at))
    if seen.now - night.last_at > _LONG_UNVERIFIED:
        return Check("books", Grade.NOTE, says, said("health-do-verify"))
    return Check("books", Grade.OK, says)


def _fiscal(seen: _Seen) -> Iterator[Check]:
    """Whether what this till sold is signed, where an authority wants it so."""
    who = terminal.load(seen.connection)
    first = document_key(who.terminal_no, 0)
    for setting in signing(seen.connection, seen.org_id).values():
        oldest = papers.oldest_unsigned(seen.connection, seen.org_id, who.terminal_no, first, setting)
        if oldest is None:
            yield Check("fiscal", Grade.OK, said("health-all-signed"))
            continue
        since = from_micros(oldest.recorded_us)
        until = since + setting.ceiling
        if setting.ceiling and seen.now >= until:
            says = said("health-unsigned-over", since=seen.shown(since))
            yield Check("fiscal", Grade.BAD, says, said("health-do-unsigned"))
            continue
        late = seen.now - since > _UNSIGNED
        says = said("health-unsigned", since=seen.shown(since), until=seen.shown(until))
        yield Check(
            "fiscal", Grade.NOTE if late else Grade.OK, says, said("health-do-unsigned") if late else None
        )


def _copies(seen: _Seen) -> Iterator[Check]:
    """What lies a second time: the backup, and the documents that the centre does not have yet."""
    folder = seen.database.folder
    if folder is None:
        return
    backup = backup_state.standing(folder, seen.now)
    if backup is None:
        yield Check("backup", Grade.NOTE, said("health-no-backup"), said("health-do-backup"))
    elif backup.trouble:
        yield Check("backup", Grade.BAD, backup.trouble, said("health-do-medium"))
    else:
        made = seen.shown(backup.made_at) if backup.made_at else "–"
        yield Check("backup", Grade.OK, said("health-backup", at=made, folder=backup.folder))
    medium = medium_state.standing(seen.connection, terminal.load(seen.connection), folder)
    if medium is None:
        yield Check("medium", Grade.NOTE, said("health-no-medium"), said("health-do-backup"))
    elif medium.trouble:
        yield Check("medium", Grade.BAD, medium.trouble, said("health-do-medium"))
    else:
        yield Check("medium", Grade.OK, said("health-medium", folder=medium.folder))


def _versions(seen: _Seen, program: str) -> Check:
    standing = ", ".join(sorted(schema.version(seen.connection)))
    engine = health.engine_version(seen.connection)
    return Check(
        "versions", Grade.OK, said("health-versions", program=program, tables=standing, engine=engine)
    )
