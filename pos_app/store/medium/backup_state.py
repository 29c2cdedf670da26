"""How the backups of a till stand, in a small file of its home: who asks reads it without the folder.

It lies beside the database and not in it, as `medium_state` does.  Lost or torn it is made anew with the next
backup; until then whoever asks hears that nobody knows.
"""

import contextlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from pos_app.language import Sentence, heard, said

FILE: Final = "backup.json"
#: A day, and as long as a till that is switched off at night takes to make the next one.
OVERDUE: Final = timedelta(hours=26)
#: So long after the private key last opened a backup somebody tries it again.
KEY_UNTRIED: Final = timedelta(days=180)


class Backups(NamedTuple):
    """Where a home's backups go, to which keys they are closed, and when the private key was tried."""

    folder: Path
    to: str
    tried: str


class State(Struct, frozen=True):
    """The last good backup: its file, its time (UTC, ISO 8601), and the own sequence that it goes up to.

    `begun` is when the folder was chosen.  `trouble` says in English what is wrong, empty when nothing is;
    `code` and `facts` tell it in any language; `since` is from when.
    """

    folder: str
    begun: str
    file: str = ""
    at: str = ""
    upto: int = 0
    trouble: str = ""
    code: str = ""
    facts: dict[str, str | int] = {}
    since: str = ""

    def __post_init__(self) -> None:
        """Raise `ValueError` for times that are none: the file is as good as torn."""
        for one in (self.begun, self.at or self.begun, self.since or self.begun):
            if datetime.fromisoformat(one).tzinfo is None:
                raise ValueError(one)

    @property
    def sentence(self) -> Sentence:
        """What is wrong, empty when nothing is."""
        return heard(self.trouble, self.code, self.facts)

    @property
    def made_at(self) -> datetime | None:
        """When the last good one was made."""
        return datetime.fromisoformat(self.at) if self.at else None


class Standing(Struct, frozen=True):
    """What a person is told: where backups go, when the last good one was made, and what is wrong."""

    folder: str
    made_at: datetime | None
    trouble: Sentence
    since: datetime | None


def read(home: Path) -> State | None:
    """What the home knows of its backups; None when none are made."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write(home: Path, state: State) -> None:
    """Keep it; a disk that refuses keeps what stood there, and the next backup tries again."""
    making = home / f"{FILE}.making"
    with contextlib.suppress(OSError):
        with making.open("wb") as file:
            file.write(msgspec.json.encode(state))
            file.flush()
            # Else a power cut may leave the name with nothing behind it.
            os.fsync(file.fileno())
        making.replace(home / FILE)


def begun(folder: Path, now: datetime) -> State:
    """The state before the first backup into a folder."""
    return State(str(folder), _iso(now))


def troubled(state: State, sentence: Sentence, now: datetime) -> State:
    """The state with what is wrong now; since before where it was the same."""
    if str(sentence) == state.trouble:
        return state
    kept = msgspec.structs.replace(state, trouble=str(sentence), code=sentence.code, since=_iso(now))
    return msgspec.structs.replace(kept, facts=json.loads(json.dumps(dict(sentence.facts))))


def well(state: State, file: Path, made_at: str, upto: int) -> State:
    """The state after a good backup."""
    return State(state.folder, state.begun, str(file), made_at, upto)


def standing(home: Path, now: datetime | None = None) -> Standing | None:
    """What a person is told of it; None where no backups are made."""
    state = read(home)
    if state is None:
        if not (home / FILE).exists():
            return None
        return Standing("", None, said("backup-state-unreadable", file=home / FILE), None)
    now = now or datetime.now(UTC)
    trouble = state.sentence
    since = datetime.fromisoformat(state.since) if state.since else None
    last = state.made_at or datetime.fromisoformat(state.begun)
    if not trouble and now - last > OVERDUE:
        # Nobody tried: the daemon does not run.
        trouble = said("backup-overdue", folder=state.folder, hours=int((now - last).total_seconds()) // 3600)
        since = last + OVERDUE
    return Standing(state.folder, state.made_at, trouble, since)


def key_untried(tried: str, now: datetime) -> bool:
    """Whether nobody has opened a backup with the private key for half a year."""
    try:
        return now - datetime.fromisoformat(tried).replace(tzinfo=UTC) > KEY_UNTRIED
    except ValueError:
        return True


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
