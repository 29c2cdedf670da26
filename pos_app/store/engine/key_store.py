"""Where the secret keys of a home lie: outside its database, in the best place that this machine has.

A key is looked for in this order:
    what systemd handed to a service, in `$CREDENTIALS_DIRECTORY/NAME`
    `HOME/NAME`, a file that only its owner reads
    `HOME/NAME.cred`, sealed by `systemd-creds` to this machine: to its TPM where it has one
    the system's keyring (Windows, macOS)

Decisions
---------
2026-11-29  One store for both kinds of keys, the database's and the terminal's.  Only the terminal's is
sealed to the machine: a terminal whose board died enrols anew and nothing is lost, while a database that no
other machine opens takes what was not sent yet along with it.

2026-11-29  On Linux no keyring is asked: a till starts before anybody has unlocked one.  `systemd-creds` is
used where systemd runs the machine and what it sealed opens again for whoever asks; before version 256 that
is root alone.  `BOHARI_KEY_STORE=file` keeps to files.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.ledger.errors import Damaged

VARIABLE: Final = "BOHARI_KEY_STORE"
#: What the file of a sealed key is called, after the key's own name.
SEALED_SUFFIX: Final = ".cred"
#: The key of a till's database; its entry in a keyring is named by the home alone.
DATABASE_KEY: Final = "till.key"
#: It is there where systemd runs the machine.
BOOTED: Final = Path("/run/systemd/system")
_SERVICE: Final = "bohari-pos"
_PATIENCE_S: Final = 20.0


class Place(StrEnum):
    """Where a key lies."""

    SERVICE = "service"
    FILE = "file"
    SEALED = "sealed"
    KEYRING = "keyring"


class Kept(NamedTuple):
    """A key as it was kept, and where it lies."""

    content: bytes
    place: Place


def find(home: Path, name: str) -> Kept | None:
    """The key of this name, or None.  Raises `Damaged` when a sealed one does not open here."""
    handed = os.environ.get("CREDENTIALS_DIRECTORY")
    if handed:
        with contextlib.suppress(OSError):
            return Kept((Path(handed) / name).read_bytes(), Place.SERVICE)
    with contextlib.suppress(FileNotFoundError):
        return Kept((home / name).read_bytes(), Place.FILE)
    sealed = home / (name + SEALED_SUFFIX)
    if sealed.exists():
        content = _unsealed(sealed, name)
        if content is None:
            raise Damaged("sealed-key-does-not-open", file=sealed)
        return Kept(content, Place.SEALED)
    entry = _in_keyring(home, name)
    return None if entry is None else Kept(bytes.fromhex(entry), Place.KEYRING)


def place_of(home: Path, name: str) -> Place | None:
    """Where the key of this name lies; None when there is none.  Opens nothing that is sealed."""
    handed = os.environ.get("CREDENTIALS_DIRECTORY")
    if handed and (Path(handed) / name).exists():
        return Place.SERVICE
    if (home / name).exists():
        return Place.FILE
    if (home / (name + SEALED_SUFFIX)).exists():
        return Place.SEALED
    return None if _in_keyring(home, name) is None else Place.KEYRING


def keep(home: Path, name: str, content: bytes, *, may_seal: bool = False) -> Place:
    """Keep a key that is new here; gives where.  `may_seal`: it may open on this machine alone."""
    if _has_keyring():
        import keyring

        keyring.set_password(_SERVICE, _entry(home, name), content.hex())
        return Place.KEYRING
    if may_seal and _sealed(home / (name + SEALED_SUFFIX), name, content):
        return Place.SEALED
    write(home / name, content)
    return Place.FILE


def replace(home: Path, name: str, content: bytes) -> None:
    """Keep a key in the stead of the one of this name, in the same place; a service's becomes a file."""
    match place_of(home, name):
        case Place.SEALED if _sealed(home / (name + SEALED_SUFFIX), name, content):
            return
        case Place.KEYRING:
            keep(home, name, content)
        case _:
            write(home / name, content)


def forget(home: Path, name: str) -> None:
    """Take a key away, wherever it lies here; nothing where there is none."""
    (home / name).unlink(missing_ok=True)
    (home / (name + SEALED_SUFFIX)).unlink(missing_ok=True)
    if _in_keyring(home, name) is not None:
        import keyring

        keyring.delete_password(_SERVICE, _entry(home, name))


def write(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all, synced to the disk."""
    making = _making(path)
    making.unlink(missing_ok=True)
    handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            os.write(handle, content)
            # What it opens is worth nothing without this file: it must not lie in a cache only.
            os.fsync(handle)
        finally:
            os.close(handle)
        making.replace(path)
    except OSError:
        making.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _making(path: Path) -> Path:
    """Where a file is made before it takes its place: each program and thread makes its own."""
    return path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.making")


# --- the system's keyring -----------------------------------------------------------------------------


def _has_keyring() -> bool:
    return sys.platform in ("win32", "darwin") and not _only_files()


def _only_files() -> bool:
    return os.environ.get(VARIABLE, "") == Place.FILE


def _in_keyring(home: Path, name: str) -> str | None:
    if not _has_keyring():
        return None
    import keyring

    return keyring.get_password(_SERVICE, _entry(home, name))


def _entry(home: Path, name: str) -> str:
    folder = home.resolve()
    return str(folder if name == DATABASE_KEY else folder / name)


# --- systemd-creds --------------------------------------------------------------------------------------


def _sealed(path: Path, name: str, content: bytes) -> bool:
    """Seal a key into a file; false where this machine cannot, or would not open it again for us."""
    if _only_files() or not BOOTED.exists():
        return False
    making = _making(path)
    making.unlink(missing_ok=True)
    done = _systemd_creds("encrypt", name, "-", str(making), given=content)
    if done is None or _unsealed(making, name) != content:
        making.unlink(missing_ok=True)
        return False
    making.chmod(0o600)
    making.replace(path)
    sync_folder(path.parent)
    return True


def _unsealed(path: Path, name: str) -> bytes | None:
    return _systemd_creds("decrypt", name, str(path), "-")


def _systemd_creds(verb: str, name: str, source: str, target: str, *, given: bytes = b"") -> bytes | None:
    """What the program says; None when it is not there or cannot.  Whoever is not root asks as a user."""
    program = shutil.which("systemd-creds")
    if program is None or sys.platform != "linux":
        return None
    as_user = [] if os.geteuid() == 0 else ["--user"]
    try:
        done = subprocess.run(
            [program, verb, *as_user, f"--name={name}", source, target],
            input=given,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it where they are missing, so that a power cut leaves their names.

    Raises `OSError`.  A file that is synced is found by nobody when the name of its folder is not.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for one in reversed(missing):
        # Whoever may make something in a folder may not always read it; then the disk does it in its time.
        with contextlib.suppress(OSError):
            sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """What was made or renamed in a folder is on the disk."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
