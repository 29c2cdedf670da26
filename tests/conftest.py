"""Fixtures that every test may use: a real Postgres for the session, databases of both kinds.

The Postgres is the embedded one, or what BOHARI_TEST_POSTGRES_URL names, or, with
BOHARI_TEST_POSTGRES_VERSION=15, a fresh cluster of the system's.  A test's central database
is a copy of a prepared template, so that each has its own and starts in milliseconds.
"""

import base64
import contextlib
import gc
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.schema import schema
from tests.support.worlds import system_postgres
from tests.support.worlds.prepared import open_prepared

# A shared runner is slow, and slower while branches are counted: a slow example is no wrong one.  Where CI is
# set, the same commit gets the same answer; everywhere else each run looks at other examples.
settings.register_profile("bohari", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("bohari")

#: What `--quick` runs, less all that needs a Postgres: by what a test uses, so that nobody has to mark it.
QUICK_FOLDERS = ("unit", "contract")
#: Their processes start an embedded Postgres of their own, which no fixture shows.
PROCESSES = frozenset(
    f"tests.support.worlds.{name}" for name in ("command_line", "office_line", "system_postgres")
)
TILL_KEY = bytes(range(32))
#: Every central database of the tests, those of other processes too, closes personal fields with it.
os.environ.setdefault("BOHARI_PRIVACY_KEY", bytes(range(32, 64)).hex())
#: And every server signs its answers with it.
os.environ.setdefault("BOHARI_SERVER_KEY", base64.b64encode(bytes(range(64, 96))).decode())


#: Where a machine keeps files in memory, and how much of both must be free: a whole run holds up to 4 GB.
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 6_000_000_000


def _room_in_memory() -> bool:
    try:
        known = Path("/proc/meminfo").read_text(encoding="ascii")
        free = next(int(line.split()[1]) * 1024 for line in known.splitlines() if "MemAvailable" in line)
        return min(shutil.disk_usage(_MEMORY).free, free) >= _ROOM_BYTES
    except (OSError, StopIteration):
        return False


def pytest_configure(config: pytest.Config) -> None:
    """Keep what the tests write in memory, where there is room and TMPDIR names no other place.

    A database is some 900 files, made and dropped for each test by the thousand.  ext4 walks past every
    file deleted within the last minutes whenever it makes one (`recently_deleted` in fs/ext4/ialloc.c), which
    took a whole core; and what is synced to a disk that nobody pulls the plug of is waited for in vain.
    """
    if hasattr(config, "workerinput") or "TMPDIR" in os.environ or not _room_in_memory():
        return
    for left in _MEMORY.glob("bohari-tests-*"):
        # Of a run that was killed.
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"bohari-tests-{os.getpid()}-", dir=_MEMORY))
    # The workers and every process of a test inherit it.
    os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)
    tempfile.tempdir = None
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_finish() -> None:
    """Look no more at eleven thousand tests and all that they import: each whole collection walked them."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect between tests, in this thread, once a window was built: from then on Python does not."""
    garbage = sys.modules.get("pos_app.ui.garbage")
    if garbage is not None and not gc.isenabled():
        garbage.collect_due()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--quick`: see `make quick`."""
    parser.addoption("--quick", action="store_true", help="Unit and contract tests that need no Postgres.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not quick."""
    if not config.getoption("--quick"):
        return
    left_out = [item for item in items if not _is_quick(item)]
    if items and len(left_out) == len(items):
        # Whoever names a file would take its silence for success.
        raise pytest.UsageError("--quick leaves out all of these: they need Postgres, processes or a window")
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _is_quick(item)]


def _is_quick(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    used = vars(item.module).values()
    # Of a function or class the module that it is from, of a module its own name.
    rooms = {getattr(one, "__module__", None) for one in used} | {
        getattr(one, "__name__", None) for one in used
    }
    return (
        folder in QUICK_FOLDERS
        and "postgres_url" not in item.fixturenames
        and EmbeddedPostgres not in used
        and not rooms & PROCESSES
    )


def _admin(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def in_database(url: str, name: str) -> str:
    """The same server's URL with another database."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a Postgres in which the session may make databases."""
    if request.config.getoption("--quick"):
        # Asked for by name in the middle of a test or of a fixture with parameters.
        pytest.skip("needs Postgres")
    given = os.environ.get("BOHARI_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    version = os.environ.get("BOHARI_TEST_POSTGRES_VERSION")
    if version:
        with system_postgres.running(int(version)) as url:
            yield url
        return
    # Not among pytest's own folders: another run that clears those would take the server along.
    folder = Path(tempfile.mkdtemp(prefix="bohari-test-"))
    embedded = EmbeddedPostgres(folder / "postgres")
    try:
        url = embedded.start()
        # Its files live as long as the session; tests that pull the plug start one of their own.
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def central_template(postgres_url: str) -> Iterator[str]:
    """The name of a prepared central database, to be copied; BOHARI_TEST_TEMPLATE may name one."""
    given = os.environ.get("BOHARI_TEST_TEMPLATE")
    if given:
        yield given
        return
    name = f"template_{secrets.token_hex(4)}"
    _admin(postgres_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database = open_postgres(in_database(postgres_url, name))
    schema.prepare_central(database)
    database.close()
    yield name
    _admin(postgres_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def fresh_central(postgres_url: str, central_template: str) -> Iterator[str]:
    """The URL of a prepared, empty central database that lives as long as the block."""
    name = f"test_{secrets.token_hex(6)}"
    _admin(
        postgres_url,
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(central_template)
        ),
    )
    yield in_database(postgres_url, name)
    _admin(postgres_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def central_url(postgres_url: str, central_template: str) -> Iterator[str]:
    """The URL of this test's own prepared, empty central database."""
    with fresh_central(postgres_url, central_template) as url:
        yield url


@pytest.fixture
def central(central_url: str) -> Iterator[Database]:
    """This test's own prepared, empty central database."""
    database = open_postgres(central_url)
    yield database
    database.close()


def prepared_till(folder: Path, name: str = "till.db") -> Database:
    """A till's database in a folder, with its tables."""
    return open_prepared(folder / name, TILL_KEY)


@pytest.fixture
def till_database(tmp_path: Path) -> Iterator[Database]:
    """This test's own prepared, empty till database."""
    database = prepared_till(tmp_path)
    yield database
    database.close()
