"""Files that people send to the centre, between the page on which they choose one and that which imports it.

Each lies in a folder of its own in the server's home, of one person of one organisation, known by a number
that nobody guesses; beside it a note says what its person has said of it so far.  Several processes of one
server share the folder.

Decisions
---------
2026-12-01  Readable by the server's account alone (0600 in a 0700 folder), removed an hour after it came,
earlier when it was imported whole, and all of them when the server starts.  Not encrypted: the key would have
to lie in the same home, and what is in the file is in the books an hour later.

2026-12-01  A file that somebody else sent is one that is not here: nobody learns that there is one.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused, Unavailable

#: So large may a file be; half a million products have forty.
MOST_BYTES: Final = 64 << 20
#: So much may lie here altogether, and so many files of one person, the newest.
_MOST_ALL_BYTES: Final = 1 << 30
_MOST_OF_ONE: Final = 3
KEPT: Final = timedelta(hours=1)
#: Where the file itself lies, beside what is made of it: a person may call it anything.
_SENT: Final = "sent"
_NOTE: Final = "note.json"
_WORK: Final = "at-work"
_COMING: Final = "coming-"
_MOST_NAME: Final = 80


@dataclass
class Upload:
    """A file with what is known of it; `fields`, `mark`, `order` and `sheet` are as `files.csv_file.Chosen`.

    `of` is what else its kind needs to know; `done` is what became of it, once it was imported.
    """

    key: str
    org_id: int
    person_id: int
    kind: str
    name: str
    at: str
    digest: str
    of: str = ""
    sheet: str = ""
    fields: list[str] = field(default_factory=list)
    mark: str = ""
    order: str = ""
    done: dict[str, Any] = field(default_factory=dict)


class Uploads:
    """Those of one server."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    # --- coming in -------------------------------------------------------------------------------------

    def room(self) -> None:
        """Raise `Unavailable` where no more files fit."""
        taken = 0
        for folder, _, names in os.walk(self._folder):
            for name in names:
                # Others' come and go meanwhile.
                with contextlib.suppress(FileNotFoundError):
                    taken += Path(folder, name).stat().st_size
        if taken > _MOST_ALL_BYTES:
            raise Unavailable("uploads-full")

    @contextlib.contextmanager
    def coming(self) -> Iterator[Path]:
        """A new empty file of ours alone, gone at the end of the block unless it was kept."""
        path = self._folder / f"{_COMING}{secrets.token_hex(16)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise Unavailable("home-unwritable", home=self._folder, why=error.strerror) from error
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, coming: Path, name: str, whose: tuple[int, int], kind: str, of: str = "") -> Upload:
        """Keep a file for a person of an organisation; their oldest ones go.  Raises `Unavailable`."""
        self.sweep()
        upload = Upload(
            secrets.token_hex(16),
            *whose,
            kind,
            _tidy(name),
            self._clock.now().isoformat(),
            _digest(coming),
            of,
        )
        folder = self._folder / upload.key
        try:
            folder.mkdir(mode=0o700)
            (folder / _SENT).mkdir(mode=0o700)
            coming.replace(self._content(upload))
        except OSError as error:
            raise Unavailable("home-unwritable", home=self._folder, why=error.strerror) from error
        self.note(upload)
        own = [
            one
            for one in self._every()
            if (one.org_id, one.person_id) == whose
            and one != upload
            and not (self._folder / one.key / _WORK).exists()
        ]
        for old in sorted(own, key=lambda one: one.at)[: 1 - _MOST_OF_ONE]:
            self._remove(self._folder / old.key)
        return upload

    # --- of a person -----------------------------------------------------------------------------------

    def find(self, key: str, org_id: int, person_id: int) -> Upload:
        """A file that this person sent.  Raises `Refused` for any other, and for one that is gone."""
        self.sweep()
        known = len(key) == 32 and key.isascii() and key.isalnum()
        found = _read(self._folder / key) if known else None
        if found is None or (found.org_id, found.person_id) != (org_id, person_id):
            raise Refused("upload-gone")
        return found

    def folder(self, upload: Upload) -> Path:
        """Where it lies, with what is made of it."""
        return self._folder / upload.key

    def path(self, upload: Upload) -> Path:
        """The file itself.  Raises `Refused` where it is gone, or is not what came."""
        path = self._content(upload)
        try:
            if _digest(path) != upload.digest:
                raise Refused("upload-changed", file=upload.name)
        except OSError:
            raise Refused("upload-gone") from None
        return path

    def note(self, upload: Upload) -> None:
        """Keep what is known of a file now.  Raises `Unavailable`."""
        folder = self._folder / upload.key
        making = folder / f"{_NOTE}.{secrets.token_hex(4)}"
        try:
            with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                json.dump(asdict(upload), handle)
            making.replace(folder / _NOTE)
        except FileNotFoundError:
            raise Refused("upload-gone") from None
        except OSError as error:
            raise Unavailable("home-unwritable", home=folder, why=error.strerror) from error

    @contextlib.contextmanager
    def at_work(self, upload: Upload) -> Iterator[None]:
        """One press at a time, whichever process hears it.  Raises `Refused` for the second."""
        mark = self._folder / upload.key / _WORK
        try:
            os.close(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise Refused("upload-at-work", file=upload.name) from None
        except OSError:
            raise Refused("upload-gone") from None
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    def forget_content(self, upload: Upload) -> None:
        """Remove the file; what became of it stays known for the rest of the hour."""
        self._content(upload).unlink(missing_ok=True)

    # --- going -----------------------------------------------------------------------------------------

    def turn(self, budget_ms: int) -> None:
        """Remove what has lain here for an hour; a look into a small folder."""
        self.sweep()

    def sweep(self) -> None:
        """Remove what has lain here for an hour, but for what is being imported just now."""
        now = self._clock.now()
        for path in self._folder.glob("*"):
            note = None if path.name.startswith(_COMING) else _read(path)
            try:
                came = datetime.fromtimestamp(path.stat().st_mtime, UTC) if note is None else _moment(note)
            except OSError:
                continue
            if now - came > KEPT and not (path / _WORK).exists():
                self._remove(path)

    def clear(self) -> None:
        """Remove all of it: what a server left that ended."""
        for path in self._folder.glob("*"):
            self._remove(path)

    def _content(self, upload: Upload) -> Path:
        return self._folder / upload.key / _SENT / upload.name

    def _every(self) -> list[Upload]:
        found = (_read(path) for path in self._folder.glob("*") if path.is_dir())
        return [one for one in found if one is not None]

    def _remove(self, path: Path) -> None:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _moment(upload: Upload) -> datetime:
    return datetime.fromisoformat(upload.at)


def _read(folder: Path) -> Upload | None:
    try:
        return Upload(**json.loads((folder / _NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _tidy(name: str) -> str:
    """A file's name that is no path and that can be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isprintable()).strip().lstrip(".")[-_MOST_NAME:]
    encoded = plain.encode()[-200:].decode(errors="ignore")
    return encoded or "file"
