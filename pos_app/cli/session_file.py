"""Where `bohari login` leaves a session: a file of this account alone, outside of the home.

In the runtime folder of the account where the system has one (it goes with the last sign-out), else in the
folder for its state.
"""

import hashlib
import os
import sys
from pathlib import Path

from pos_app.ledger.errors import Unavailable


def write(home: Path, org_id: int, shown: str) -> Path:
    """Leave a session; gives where.  Raises `Unavailable` when the account has no place for it."""
    path = _path(home, org_id)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = path.with_suffix(f".{os.getpid()}")
        # Never open to others, not even for a moment.
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(shown)
        making.replace(path)
    except OSError as error:
        raise Unavailable("home-unwritable", home=path.parent, why=error.strerror) from error
    return path


def read(home: Path, org_id: int) -> str:
    """The session of this account with a home; empty for none, or where others could have left it."""
    path = _path(home, org_id)
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            state = os.fstat(file.fileno())
            if sys.platform != "win32" and (state.st_uid != os.geteuid() or state.st_mode & 0o077):
                return ""
            return file.read(200).strip()
    except OSError:
        return ""


def forget(home: Path, org_id: int) -> None:
    """No session of this account any more."""
    try:
        _path(home, org_id).unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable("home-unwritable", home=_path(home, org_id), why=error.strerror) from error


def _path(home: Path, org_id: int) -> Path:
    name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:24]
    return _folder() / f"{name}-{org_id}"


def _folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "Bohari" / "sessions"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / "bohari"
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if state else Path.home() / ".local" / "state") / "bohari"
