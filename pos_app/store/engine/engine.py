"""Opening the databases: the till's encrypted SQLite file and the centre's Postgres.

On SQLite every write is BEGIN IMMEDIATE in WAL mode with synchronous=FULL; the pragmas are read
back, because SQLite ignores what it does not know.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from pos_app.store.engine import letters, privacy
from pos_app.store.engine.errors import DamagedDatabase, DatabaseBusy, DiskFull
from pos_app.store.engine.failures import known
from pos_app.store.side import on_till

#: The first SQLite whose WAL cannot lose a commit when two connections write and checkpoint at once.
FIXED_SQLITE: Final = (3, 51, 3)
BUSY_TIMEOUT_MS: Final = 10_000
#: The roles of Postgres that requests and commands work as, and that COPY runs as (see `tenancy`).
APPLICATION: Final = "bohari_app"
WRITER: Final = "bohari_writer"


class Database:
    """One database of either kind; `read` and `write` are the only ways to a connection."""

    def __init__(self, engine: Engine, confined_to: str | None = None) -> None:
        self.engine = engine
        self.on_till = on_till(engine)
        self._confined_to = confined_to

    def for_org(self, org_id: int) -> "Database":
        """At the centre: the same database as the application sees it for one organisation.

        Nothing of another organisation can be read or written through it; on a till, itself.
        """
        return self if self.on_till else Database(self.engine, str(int(org_id)))

    def without_tenant(self) -> "Database":
        """At the centre: as the application sees it before an organisation is known: no tenant's row."""
        return self if self.on_till else Database(self.engine, "")

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot, for reading.  Raises `Unavailable` or `Damaged`."""
        with told(), self.engine.connect() as connection:
            if self.on_till:
                connection.begin()
                quick(connection, "BEGIN")
            else:
                connection.begin()
                self._confine(connection, " ISOLATION LEVEL REPEATABLE READ")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed whole when the block ends, or not at all.

        Raises `Unavailable` (disk full, database busy) or `Damaged`.
        """
        with told(), self.engine.connect() as connection:
            # Begun explicitly: what runs straight on the driver does not make SQLAlchemy begin, and
            # a transaction that it does not know of would be rolled back instead of committed.
            connection.begin()
            if self.on_till:
                quick(connection, "BEGIN IMMEDIATE")
            else:
                self._confine(connection)
            try:
                yield connection
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    def _confine(self, connection: Connection, isolation: str = "") -> None:
        """Begin, with the role and the organisation of this transaction; both end with it."""
        # SET costs a tenth of SELECT set_config: it is not planned.
        if self._confined_to is None:
            settings = "SET LOCAL app.whole = 'on'"
        else:
            settings = f"SET LOCAL ROLE {APPLICATION}; SET LOCAL app.org_id = '{self._confined_to}'"
        _send(connection, f"BEGIN{isolation}; {settings}")

    def checkpoint(self) -> None:
        """Move what the write-ahead log holds into the database file; waits for nobody."""
        if self.on_till:
            with told(), self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def keep_private(self, vault: privacy.Privacy) -> None:
        """At the centre: close and open personal values with these keys, on connections from now on."""
        self.engine.update_execution_options(**{privacy.OPTION: vault})

    def limit(self, *, statement_s: float, lock_s: float) -> None:
        """At the centre: end every statement, and every wait for a lock, that takes longer, on
        connections from now on: a request that never ends would hold its place in the server.
        """

        def set_limits(connection: Any, _: object) -> None:
            connection.execute(f"SET statement_timeout = {int(statement_s * 1000)}")
            connection.execute(f"SET lock_timeout = {int(lock_s * 1000)}")
            connection.commit()

        event.listen(self.engine, "connect", set_limits)
        self.engine.dispose()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn the driver's known failures into errors with a sentence; the rest stays a bug."""
    try:
        yield
    except DBAPIError as error:
        found = known(error.orig or error)
        if found is None:
            raise
        raise found from error
    except sqlcipher.DatabaseError as error:
        found = known(error)
        if found is None:
            raise
        raise found from error


def _send(connection: Connection, statements: str) -> None:
    """Several statements without values to Postgres in one go.

    The driver would begin in a round trip of its own, which is a fifth of a short read.
    """
    driver: Any = connection.connection.driver_connection
    if driver is None:
        raise DatabaseBusy("database-gone")
    result = driver.pgconn.exec_(statements.encode())
    if result.status not in (psycopg.pq.ExecStatus.COMMAND_OK, psycopg.pq.ExecStatus.TUPLES_OK):
        if driver.pgconn.status != psycopg.pq.ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message())
        raise psycopg.errors.error_from_result(result)


def quick(connection: Connection, statement: str, *values: Any) -> Any:
    """Run a statement with `?` marks straight on the driver; gives its cursor.

    The recording path uses it: SQLAlchemy's own execution costs several times the statement there.
    """
    driver = connection.connection.driver_connection
    if driver is None:
        raise DatabaseBusy("database-gone")
    if not on_till(connection):
        statement = statement.replace("?", "%s")
    return driver.execute(statement, values)


def open_sqlite(path: Path, key: bytes, *, pool_size: int = 3) -> Database:
    """Open (or make) an encrypted database file with a raw 32-byte key.

    Raises `DamagedDatabase` when the file cannot be read with this key and `Unavailable` when it
    cannot be opened.
    """
    if len(key) != 32:
        raise DamagedDatabase("database-key-length")

    def connect() -> Any:
        connection = sqlcipher.connect(
            str(path), isolation_level=None, check_same_thread=False, cached_statements=256
        )
        _prepare(connection, key)
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=8,
        # An error says which statement failed and not with which values: errors end in logs.
        hide_parameters=True,
    )
    database = Database(engine)
    with told(), engine.connect() as connection:
        version = tuple(int(part) for part in _pragma(connection, "SELECT sqlite_version()").split("."))
        if version < FIXED_SQLITE:
            raise DamagedDatabase("sqlite-unsafe", version=".".join(map(str, version)))
    return database


def _pragma(connection: Connection, statement: str) -> str:
    return str(connection.exec_driver_sql(statement).scalar())


def _prepare(connection: Any, key: bytes) -> None:
    letters.register(connection)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    # Nothing is ever deleted from the ledger, so wiping freed memory pages buys little and costs much.
    cursor.execute("PRAGMA cipher_memory_security = OFF")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode is None or mode[0] != "wal":
        raise DiskFull("disk-unwritable")
    for name, value in (("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1)):
        cursor.execute(f"PRAGMA {name} = {value}")
        found = cursor.execute(f"PRAGMA {name}").fetchone()
        if found is None or int(found[0]) != value:
            raise sqlcipher.DatabaseError(f"the pragma {name} was not taken: {found}")
    # The recorder checkpoints when it is idle (Database.checkpoint); this is the ceiling.
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")
    cursor.execute("PRAGMA cache_size = -8192")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def open_postgres(url: str, *, pool_size: int = 5, overflow: int = 20) -> Database:
    """Open the central database at a `postgresql://` URL.

    At most `pool_size` + `overflow` connections.  The key of personal fields comes from
    BOHARI_PRIVACY_KEY, or later by `keep_private`.
    """
    from pos_app.store.engine.vault import Vault, key_of_environment

    driver_url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(
        driver_url,
        pool_size=pool_size,
        max_overflow=overflow,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    database = Database(engine)
    key = key_of_environment()
    if key is not None:
        database.keep_private(Vault(key))
    return database
