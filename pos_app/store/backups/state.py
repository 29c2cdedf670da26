"""How the backups of a centre stand: a small file beside its counts, for `status` and `/metrics`."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from pos_app.language import Sentence, said
from pos_app.store.engine import key_store, signing
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import COUNTS

FILE: Final = "backups.json"
#: A whole copy a day; a night in which it failed is said, the morning after at the latest.
BASE_OVERDUE: Final = timedelta(hours=36)
LOG_OVERDUE: Final = timedelta(minutes=10)


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What the last turns did; `code` and `facts` say what is wrong, empty where nothing is."""

    folder: str
    base: str = ""
    base_at: datetime | None = None
    base_bytes: int = 0
    log_at: datetime | None = None
    segment: str = ""
    offset: int = 0
    #: Why, since when.
    code: str = ""
    facts: dict[str, str] = {}
    since: datetime | None = None

    @property
    def trouble(self) -> Sentence | None:
        """What is wrong."""
        return said(self.code, **self.facts) if self.code else None

    def complaint(self, now: datetime) -> Sentence | None:
        """What is wrong, also that nothing was made for too long."""
        if self.code:
            return self.trouble
        if self.base_at is None or now - self.base_at > BASE_OVERDUE:
            return said("backup-base-overdue", folder=self.folder)
        if self.log_at is None or now - self.log_at > LOG_OVERDUE:
            return said("backup-log-overdue", folder=self.folder)
        return None


def write(home: Path, state: State | None) -> None:
    """Keep it; None where there are no backups any more."""
    path = home / COUNTS / FILE
    if state is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    key_store.write(path, msgspec.json.encode(state))


def read(home: Path) -> State | None:
    """How they stand; None where there are none, or the file is none of ours."""
    return _read(home / COUNTS / FILE)


def of(database: Database) -> State | None:
    """The same for whoever has the database alone (the metrics)."""
    signer = signing.of(database.engine)
    path = None if signer is None else signer.beside(FILE)
    return None if path is None else _read(path)


def _read(path: Path) -> State | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None


def values(state: State | None, now: datetime) -> dict[str, Any] | None:
    """For a program."""
    if state is None:
        return None
    found: dict[str, Any] = json.loads(msgspec.json.encode(state))
    return found | {"trouble": state.complaint(now)}
