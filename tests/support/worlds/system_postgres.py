"""A Postgres of the system, where one is installed: a cluster of its own in a temporary folder.

Debian keeps each major version in /usr/lib/postgresql/N/bin; PATH is looked at too.  Postgres refuses to
run as root, so as root it runs as the user `postgres`.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


def binaries(version: int) -> Path | None:
    """The folder with `initdb` and `pg_ctl` of a major version, or None."""
    debian = Path(f"/usr/lib/postgresql/{version}/bin")
    if (debian / "initdb").exists():
        return debian
    found = shutil.which("pg_ctl")
    if found is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    return Path(found).resolve().parent if f" {version}." in said else None


@contextlib.contextmanager
def running(version: int) -> Iterator[str]:
    """The URL of a fresh cluster of this version.  Raises `LookupError` when none is installed."""
    place = binaries(version)
    if place is None:
        raise LookupError(f"PostgreSQL {version} is not installed here")
    folder = Path(tempfile.mkdtemp(prefix=f"pg{version}-"))
    as_root = os.geteuid() == 0
    if as_root:
        shutil.chown(folder, "postgres", "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [str(place / program), *arguments]
        if as_root:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program} of PostgreSQL {version} failed ({done.returncode})")

    data = folder / "data"
    settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c timezone=UTC"
    try:
        run("initdb", "-k", "-D", str(data), "-U", "postgres", "-E", "UTF8", "--no-locale", "-A", "trust")
        run("pg_ctl", "start", "-D", str(data), "-w", "-o", settings, "-l", str(folder / "log"))
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(folder))}"
        finally:
            run("pg_ctl", "stop", "-D", str(data), "-m", "immediate", "-w")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
