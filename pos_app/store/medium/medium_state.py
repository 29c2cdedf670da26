"""How the second medium of a home stands, in a small file of the home: who asks reads it without the medium.

It lies beside the database and not in it: what is written there is written on the till's disk, in the way
of a sale.  Lost or torn it is made anew with the next document.
"""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from pos_app.language import Sentence, heard
from pos_app.store.documents import outbox, terminal
from pos_app.store.documents.terminal import Terminal

FILE: Final = "medium.json"


class Keep(NamedTuple):
    """How long the medium holds what the centre has: so many days, and at most so many bytes of all."""

    days: int
    most_bytes: int


class State(Struct, frozen=True):
    """All own documents up to `upto` lie on the medium in `folder`, or were with the centre before.

    `trouble` says in English what is wrong, empty when nothing is; `code` and `facts` tell it in any
    language; `since` is from when (UTC, ISO 8601).
    """

    folder: str
    medium: str
    upto: int = 0
    trouble: str = ""
    code: str = ""
    facts: dict[str, str | int] = {}
    since: str = ""

    @property
    def sentence(self) -> Sentence:
        """What is wrong, empty when nothing is."""
        return heard(self.trouble, self.code, self.facts)


class Standing(Struct, frozen=True):
    """What a person is told: where the medium is, what is wrong with it, what only this disk has.

    `alone` counts documents that neither the centre nor the medium has.
    """

    folder: str
    trouble: Sentence
    since: datetime | None
    alone: int


def read(home: Path) -> State | None:
    """What the home knows of its medium; None when none was chosen."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write(home: Path, state: State) -> None:
    """Keep it; a disk that refuses keeps what stood there, and the next document tries again."""
    making = home / f"{FILE}.making"
    with contextlib.suppress(OSError):
        making.write_bytes(msgspec.json.encode(state))
        making.replace(home / FILE)


def troubled(state: State, sentence: Sentence) -> State:
    """The state with what is wrong now; since before where it was the same."""
    if str(sentence) == state.trouble:
        return state
    kept = msgspec.structs.replace(state, trouble=str(sentence), code=sentence.code, since=_now())
    return msgspec.structs.replace(kept, facts=json.loads(json.dumps(dict(sentence.facts))))


def well(state: State, upto: int) -> State:
    """The state when all up to a sequence lies there."""
    return State(state.folder, state.medium, upto)


def standing(connection: Connection, own: Terminal, home: Path) -> Standing | None:
    """What a person is told of it; None where no medium was chosen."""
    state = read(home)
    if state is None:
        return None
    safe = max(state.upto, terminal.acknowledged(connection))
    alone = max(0, outbox.last(connection, own)[0] - safe)
    since = datetime.fromisoformat(state.since) if state.since else None
    return Standing(state.folder, state.sentence, since, alone)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
