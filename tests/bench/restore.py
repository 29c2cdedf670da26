"""A centre put back to a moment from its backups, beside `pg_restore` of a dump of the same rows.

100,000 journal lines (`--lines` or BOHARI_BENCH_LINES for another number; ten million want some twenty
gigabytes that are gone afterwards).  A twentieth of them came after the whole copy and lie in the log alone.
Both are measured from files to a server that answers, the backups closed to a key as they are in use; the
dump is restored on all cores.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from pos_app.store.backups import base, log_archive, restoring
from pos_app.store.backups.place import PREFIX, Place
from pos_app.store.engine import age_files
from pos_app.store.engine.embedded import EmbeddedPostgres
from tests.bench import central_history
from tests.conftest import in_database

LINES: Final = int(os.environ.get("BOHARI_BENCH_LINES", "100000"))
#: Of the time that `pg_restore` takes.
AIM: Final = 1.5
_IN_COPY, _IN_LOG = "copied", "logged"
#: One line in so many is younger than the copy.
_PART_IN_LOG: Final = 20


def run() -> dict[str, Any]:
    """Seconds of both, how the one stands to the other, and how large the backups are."""
    with tempfile.TemporaryDirectory(prefix="bohari-bench-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        key = age_files.make_key(root / "backup.key")
        centre, found = (EmbeddedPostgres(root / name / "postgres") for name in ("centre", "found"))
        place = Place(root / "backups" / f"{PREFIX}bench")
        try:
            counted, moment = _lived(centre, place, age_files.recipients(key))
            dumps = _dumped(centre, root)
            restore_s = _by_restore(centre, dumps, counted)
            centre.stop()
            found.data_dir.parent.mkdir()
            began_s = time.perf_counter()
            put = restoring.put_back(place, found.data_dir, root / "backup.key", moment)
            url = found.start()
            back_s = time.perf_counter() - began_s
            _hold(url, (_IN_COPY, _IN_LOG), counted)
            if _is_there(url, "after_the_moment"):
                raise AssertionError("what came after the moment is there")
        finally:
            for postgres in (centre, found):
                postgres.stop()
        return {
            "lines": sum(counted),
            "copy_mb": put.base.size // 1_000_000,
            "log_segments": put.segments,
            "dump_mb": sum(one.stat().st_size for one in dumps) // 1_000_000,
            "to_a_moment_s": round(back_s, 2),
            "pg_restore_s": round(restore_s, 2),
            "ratio": round(back_s / restore_s, 2),
            "aim_ratio": AIM,
        }


def _lived(
    centre: EmbeddedPostgres, place: Place, to: Sequence[age_files.Recipient]
) -> tuple[tuple[int, ...], datetime]:
    """A centre's life with its backups: a whole copy, more of it in the log, a moment, and what came then.

    Gives how many lines each part has, and the moment.
    """
    url = centre.start()
    database = central_history.make(url, _IN_COPY, LINES - LINES // _PART_IN_LOG)
    place.make({})
    log_archive.begin(database)
    made = base.make(centre, place, to, datetime.now(UTC))
    central_history.make(url, _IN_LOG, LINES // _PART_IN_LOG).close()
    moment = datetime.now(UTC)
    with psycopg.connect(in_database(url, _IN_LOG), autocommit=True) as connection:
        connection.execute("CREATE TABLE after_the_moment (number integer)")
    log_archive.ship(database, centre.data_dir / "pg_wal", place, to, None)
    place.finish(made)
    log_archive.end(database)
    database.close()
    return tuple(_lines(url, name) for name in (_IN_COPY, _IN_LOG)), moment


def _dumped(centre: EmbeddedPostgres, root: Path) -> list[Path]:
    """Each part as `pg_dump` writes it, packed as the backups are."""
    files = []
    for name in (_IN_COPY, _IN_LOG):
        files.append(root / f"{name}.dump")
        _postgres(centre, "pg_dump", name, "--format=custom", "--compress=gzip:1", f"--file={files[-1]}")
    return files


def _by_restore(centre: EmbeddedPostgres, dumps: Sequence[Path], counted: Sequence[int]) -> float:
    """Seconds that `pg_restore` takes for the same, into fresh databases of the same server."""
    url = centre.url("postgres")
    names = [f"again_{file.stem}" for file in dumps]
    began_s = time.perf_counter()
    for name, file in zip(names, dumps, strict=True):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        _postgres(centre, "pg_restore", name, f"--jobs={os.cpu_count()}", "--exit-on-error", str(file))
    took_s = time.perf_counter() - began_s
    _hold(url, names, counted)
    return took_s


def _postgres(centre: EmbeddedPostgres, program: str, name: str, *words: str) -> None:
    url = make_url(centre.url(name))
    # A command line is seen by everybody on the machine: the password goes another way.
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    shown = url._replace(password=None).render_as_string()
    command = [str(centre.binaries / program), f"--dbname={shown}", "--no-password", *words]
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=True)


def _hold(url: str, names: Sequence[str], counted: Sequence[int]) -> None:
    """What is not all there is measured for nothing."""
    there = tuple(_lines(url, name) for name in names)
    if there != tuple(counted):
        raise AssertionError(f"{there} lines of {counted}")


def _lines(url: str, name: str) -> int:
    with psycopg.connect(in_database(url, name)) as connection:
        row = connection.execute("SELECT count(*) FROM journal_line").fetchone()
    return int(row[0]) if row else 0


def _is_there(url: str, table: str) -> bool:
    with psycopg.connect(in_database(url, _IN_LOG)) as connection:
        return connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,)
