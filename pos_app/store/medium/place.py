"""Where a till's documents lie on a second medium: a folder of its own, known by the mark in it."""

import os
import secrets
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from pos_app.ledger.errors import Refused
from pos_app.store.documents.terminal import Terminal
from pos_app.store.medium.segment import settled

_MARK: Final = "till.json"
_PREFIX: Final = "bohari-till-"
#: What a reader of this version understands.
_FORMAT: Final = 1
_MOST_BYTES: Final = 65_536


class Mark(Struct, frozen=True):
    """What stands in the folder: whose documents lie here, and the public keys that they are closed to.

    `medium` was drawn when the medium was chosen, and stands in the till's settings too.
    """

    format: int
    org_id: int
    terminal_no: int
    medium: str
    closed_to: str = ""


class Place(Struct, frozen=True):
    """A till's folder on a medium, with its mark."""

    folder: Path
    mark: Mark


def make(medium_path: Path, own: Terminal, closed_to: str) -> Place:
    """A new folder for a till on a medium.  Raises `OSError`."""
    mark = Mark(_FORMAT, own.org_id, own.terminal_no, secrets.token_hex(8), closed_to)
    folder = medium_path / _name(own, mark.medium)
    folder.mkdir(mode=0o700)
    with os.fdopen(os.open(folder / _MARK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.encode(mark) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    settled(folder)
    settled(medium_path)
    return Place(folder, mark)


def find(medium_path: Path, own: Terminal, medium_id: str) -> Place | None:
    """The till's folder that was made when this medium was chosen; None when it is not here.

    Raises `OSError`, and `Refused` when the mark is no mark.
    """
    place = _read(medium_path / _name(own, medium_id))
    return place if place is not None and place.mark.medium == medium_id else None


def all_in(medium_path: Path) -> list[Place]:
    """Every till's folder on a medium; also when the folder of one till itself was named.

    Raises `OSError`, and `Refused` for one that a newer version made.
    """
    names = sorted(one.name for one in medium_path.iterdir() if one.name.startswith(_PREFIX))
    found = [_read(medium_path), *(_read(medium_path / name) for name in names)]
    return [one for one in found if one is not None]


def _read(folder: Path) -> Place | None:
    try:
        with (folder / _MARK).open("rb") as file:
            raw = file.read(_MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        mark = msgspec.json.decode(raw, type=Mark)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused("medium-mark-unreadable", file=folder / _MARK) from error
    if mark.format > _FORMAT:
        raise Refused("medium-of-newer-version", folder=folder)
    return Place(folder, mark)


def _name(own: Terminal, medium_id: str) -> str:
    return f"{_PREFIX}{own.org_id}-{own.terminal_no}-{medium_id}"
