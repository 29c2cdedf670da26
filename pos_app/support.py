"""One file for whoever helps: what `bohari doctor` found, the logs, and what runs here, without a secret.

Nothing of the books goes in: no database, no key, no document, no receipt.  Logs were masked when they were
written; they are masked again, so that a newer version's eyes look at an older one's lines.
"""

import json
import os
import platform
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import msgspec

from pos_app import VERSION, bootstrap, settings
from pos_app.ledger.errors import BohariError, Refused, Unavailable
from pos_app.log.files import FOLDER
from pos_app.log.lines import masked
from pos_app.log.redaction import redacted
from pos_app.settings import Settings

#: So much of the end of a log file goes in, and of all files together: the file must fit into a mail.
MOST_OF_A_LOG: Final = 2_000_000
MOST_OF_ALL: Final = 20_000_000
#: The most files of a home that are named.
_MOST_NAMED: Final = 2_000
#: Settings that are written as they are; of all others only whether they are set.
_PLAIN: Final = frozenset(
    {
        "kind", "org_id", "several", "database", "host", "port", "printer", "reconcile_ms",
        "value_stock_every_s", "mpesa_code_days", "theme", "window_scale", "customer_screen", "sounds",
        "language",
    }
)  # fmt: skip


def write(home: Path, to: Path, findings: Mapping[str, Any], at: datetime) -> list[str]:
    """Write the file; gives the names inside it.

    `findings` is what the doctor answered.  Raises `Refused` when the file is there already, `Unavailable`
    when it cannot be written.
    """
    contents: dict[str, str] = {
        "doctor.json": _as_json(masked(findings)),
        "program.json": _as_json(_program(at)),
        "settings.json": _as_json(_settings(home)),
        "files.txt": "\n".join(_files(home)) + "\n",
    }
    contents |= {f"{FOLDER}/{path.name}": text for path, text in _logs(home)}
    try:
        with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED) as file:
            for name, text in contents.items():
                file.writestr(name, text)
    except FileExistsError as error:
        raise Refused("file-there-already", path=to) from error
    except OSError as error:
        raise Unavailable("home-unwritable", home=to, why=error.strerror) from error
    return sorted(contents)


def _program(at: datetime) -> dict[str, Any]:
    """What runs here."""
    return {
        "bohari": VERSION,
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "python": sys.version,
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "libraries": dict(sorted((one.name, one.version) for one in metadata.distributions())),
    }


def _settings(home: Path) -> dict[str, Any]:
    """The settings in force; of those that may hold a secret only that they are set."""
    try:
        chosen = settings.load(home)
    except BohariError as error:
        return {"trouble": redacted(str(error))}
    default = Settings()
    return {
        name: masked(value) if name in _PLAIN else ("set" if value != getattr(default, name) else "as made")
        for name, value in msgspec.structs.asdict(chosen).items()
    }


def _files(home: Path) -> Iterator[str]:
    """What lies in the home: size, when it changed, name; of a Postgres only that it is there."""
    named = 0
    for folder, folders, files in os.walk(home):
        inside = Path(folder).relative_to(home)
        if inside.name == bootstrap.POSTGRES_FOLDER:
            folders.clear()
            files.clear()
        folders.sort()
        for name in (*(f"{one}{os.sep}" for one in folders), *sorted(files)):
            if named >= _MOST_NAMED:
                yield "…"
                return
            named += 1
            yield _as_line(home, inside / name, is_folder=name.endswith(os.sep))


def _as_line(home: Path, inside: Path, *, is_folder: bool) -> str:
    try:
        there = (home / inside).stat()
    except OSError as error:
        return f"{error.strerror}: {inside}"
    changed = datetime.fromtimestamp(there.st_mtime, UTC)
    return f"{there.st_size:>12} {changed:%Y-%m-%d %H:%M:%S} {inside}{os.sep if is_folder else ''}"


def _logs(home: Path) -> Iterator[tuple[Path, str]]:
    """The end of each log file, newest files first, until there is enough."""
    left = MOST_OF_ALL
    paths = [path for path in (home / FOLDER).glob("*.log*") if path.is_file()]
    for path in sorted(paths, key=lambda one: one.stat().st_mtime, reverse=True):
        most = min(MOST_OF_A_LOG, left)
        if most <= 0:
            return
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - most))
            text = file.read(most).decode("utf-8", "backslashreplace")
        left -= most
        yield path, "\n".join(redacted(line) for line in text.splitlines()) + "\n"


def _as_json(values: object) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False, default=str) + "\n"
