"""Where the backups of a centre lie: a folder for each of its lives, with bases, the log, and what they are.

FOLDER/bohari-centre-EPOCH/
    about.json                    which centre, which keys, which Postgres
    base-TIME.tar.gz[.age]        a whole copy; base-TIME.json beside it says that it is whole
    log/SEGMENT.gz[.age]          16 MB of the write-ahead log each; the last one as SEGMENT.part
    alive                         touched by the server that writes here
    restored.json                 that another life began from here
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from pos_app.ledger.errors import Damaged, Refused
from pos_app.store.engine import age_files, key_store

PREFIX: Final = "bohari-centre-"
FORMAT: Final = 1
SEGMENT_BYTES: Final = 16 * 1024 * 1024
PART: Final = ".part"
_SEGMENT: Final = re.compile(r"[0-9A-F]{24}")
_STAMP: Final = "%Y%m%dT%H%M%S%fZ"


class Base(NamedTuple):
    """A whole copy: its file, when it was begun, the first and the last segment of log that it needs."""

    file: Path
    at: datetime
    first: str
    last: str
    size: int
    digest: str


class Place:
    """The folder of one life of a centre."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"

    @property
    def epoch(self) -> str:
        """Of which life."""
        return self.folder.name.removeprefix(PREFIX)

    def make(self, about: Mapping[str, Any]) -> None:
        """Make the folder where it is missing.  Raises what the disk raises."""
        self.log.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self.folder / "about.json").exists():
            self.write("about.json", {"format": FORMAT, **about})

    def about(self) -> dict[str, Any]:
        """What these backups are of.  Raises `Refused` where there are none, or of a newer version."""
        about = self.read("about.json")
        if about is None:
            raise Refused("backup-centre-none", folder=self.folder)
        if about.get("format") != FORMAT:
            raise Refused("backup-centre-newer", folder=self.folder)
        return about

    def bases(self) -> list[Base]:
        """The whole copies that were finished, oldest first."""
        found = []
        for meta in sorted(self.folder.glob("base-*.json")):
            one = self.read(meta.name) or {}
            try:
                at = datetime.strptime(str(one["at"]), _STAMP).replace(tzinfo=UTC)
                file = self.folder / Path(str(one["file"])).name
                base = Base(
                    file, at, str(one["first"]), str(one["last"]), int(one["size"]), str(one["digest"])
                )
            except (KeyError, ValueError, TypeError):
                continue
            if file.exists() and _SEGMENT.fullmatch(base.first) and _SEGMENT.fullmatch(base.last):
                found.append(base)
        return found

    def base_file(self, at: datetime, *, closed: bool) -> Path:
        """The name of a copy that is begun now."""
        return self.folder / f"base-{at:{_STAMP}}.tar.gz{age_files.SUFFIX if closed else ''}"

    def finish(self, base: Base) -> None:
        """Say that a copy is whole."""
        name = base.file.name.split(".")[0] + ".json"
        self.write(name, {**base._asdict(), "file": base.file.name, "at": f"{base.at:{_STAMP}}"})

    def segments(self) -> dict[str, Path]:
        """The segments of the log by name; the last one may be a part."""
        found: dict[str, Path] = {}
        for path in sorted(self.log.iterdir()) if self.log.is_dir() else ():
            name = path.name.split(".")[0]
            if not _SEGMENT.fullmatch(name) or path.name.endswith(".making"):
                continue
            if name not in found or PART not in path.name:
                found[name] = path
        return found

    def read(self, name: str) -> dict[str, Any] | None:
        """A small file; None where there is none.  Raises `Damaged` for one that is none of ours."""
        try:
            content = json.loads((self.folder / name).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except ValueError as error:
            raise Damaged("backup-file-unreadable", file=self.folder / name) from error
        if not isinstance(content, dict):
            raise Damaged("backup-file-unreadable", file=self.folder / name)
        return content

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """A small file, whole or not at all."""
        key_store.write(self.folder / name, json.dumps(dict(content), default=str).encode() + b"\n")

    def touch(self) -> None:
        """Say that a server writes here."""
        (self.folder / "alive").touch()

    def quiet_s(self, now_s: float) -> float:
        """For how many seconds nobody has written here."""
        try:
            return now_s - (self.folder / "alive").stat().st_mtime
        except FileNotFoundError:
            return now_s


def lives(folder: Path) -> list[Place]:
    """The lives whose backups lie in a folder, or the one that the folder is of; last written last."""
    if folder.name.startswith(PREFIX):
        return [Place(folder)]
    found = [Place(path) for path in folder.glob(PREFIX + "*") if (path / "about.json").exists()]
    return sorted(found, key=lambda one: -one.quiet_s(0))


def segment_of(timeline: int, lsn: int) -> str:
    """The name of the segment in which a byte of the log lies."""
    number = lsn // SEGMENT_BYTES
    per_file = 0x1_0000_0000 // SEGMENT_BYTES
    return f"{timeline:08X}{number // per_file:08X}{number % per_file:08X}"


def next_segment(name: str) -> str:
    """The one after it."""
    per_file = 0x1_0000_0000 // SEGMENT_BYTES
    number = int(name[8:16], 16) * per_file + int(name[16:], 16) + 1
    return f"{name[:8]}{number // per_file:08X}{number % per_file:08X}"


def lsn_of(text: str) -> int:
    """A position of the log as Postgres writes it (`0/16B3748`), in bytes."""
    high, _, low = text.partition("/")
    return int(high, 16) << 32 | int(low, 16)
