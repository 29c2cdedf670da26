"""Opening the databases: the till's encrypted SQLite file and the centre's Postgres.

On SQLite every write is BEGIN IMMEDIATE in WAL mode with synchronous=FULL; the pragmas are read
back, because SQLite ignores what it does not know.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from pos_app.store.engine import commit_steps, letters, privacy, signing
from pos_app.store.engine.damage import Damage
from pos_app.store.engine.errors import DamagedDatabase, DatabaseBusy, DiskFull
from pos_app.store.engine.kept import KeptConnections
from pos_app.store.engine.page_check import PageCheck
from pos_app.store.engine.tenant_proof import TenantKey
from pos_app.store.engine.till_transaction import READ, WRITE, TillTransaction, told_of
from pos_app.store.engine.wal_check import lost_commits, set_aside
from pos_app.store.side import on_till

if TYPE_CHECKING:
    from pos_app.store.engine.listening import Listening

#: The first SQLite whose WAL cannot lose a commit when two connections write and checkpoint at once.
FIXED_SQLITE: Final = (3, 51, 3)
BUSY_TIMEOUT_MS: Final = 10_000
#: So many prepared statements a connection keeps, which is more than there are.  Once its cache is full the
#: driver drops the newest for each new one: two that came late are then prepared anew with every sale.
_KEPT_STATEMENTS: Final = 1_000
#: The roles of Postgres that requests and commands work as, and that COPY runs as (see `tenancy`).
APPLICATION: Final = "bohari_app"
WRITER: Final = "bohari_writer"


class Login(NamedTuple):
    """How the server and the office log in: a URL with a password, and the key of proofs.  Can be pickled.

    `pooled`: there pgbouncer gives each transaction a connection of Postgres (its transaction pooling).
    """

    url: str
    key: TenantKey
    pooled: bool = False

    def __repr__(self) -> str:
        return "Login(...)"


@dataclass
class _Application:
    """How transactions of one organisation are made: on which engine, and the key that proves them.

    Where nothing logs in for it, the owner does, and reads the key with the first transaction.
    """

    engine: Engine
    key: TenantKey | None = None
    pooled: bool = False
    #: Set at each beginning where a connection keeps nothing from one transaction to the next.
    limits: str = ""


class Database:
    """One database of either kind; `read` and `write` are the ways to a transaction."""

    def __init__(
        self,
        engine: Engine,
        confined_to: str | None = None,
        *,
        file: Path | None = None,
        key: bytes = b"",
        application: _Application | None = None,
        owner: "Database | None" = None,
    ) -> None:
        """`file` and `key` are a till's; `application` and `owner` the centre's."""
        self.engine = engine
        self.damage = Damage(file)
        self._file, self._key = file, key
        self.on_till = on_till(engine)
        self._confined_to = confined_to
        self._kept = KeptConnections(engine)
        self._application = application or _Application(engine)
        self._owner = owner

    @property
    def folder(self) -> Path | None:
        """Where a till's file lies, the till's home; None at the centre."""
        return None if self._file is None else self._file.parent

    def for_org(self, org_id: int) -> "Database":
        """At the centre: the same database as the application sees it for one organisation.

        Nothing of another organisation can be read or written through it; on a till, itself.
        """
        return self._confined(str(int(org_id)))

    def without_tenant(self) -> "Database":
        """At the centre: as the application sees it before an organisation is known: no tenant's row."""
        return self._confined("")

    def _confined(self, org_id: str) -> "Database":
        if self.on_till:
            return self
        made = self._application
        return Database(made.engine, org_id, application=made, owner=self.as_owner())

    def as_owner(self) -> "Database":
        """At the centre: the database as its owner sees it, all organisations; on a till, itself.

        Where only the application's login is known (a worker of the server), what sees nothing.
        """
        return self if self._owner is None else self._owner

    def log_in(self, login: Login, *, pool_size: int = 5, overflow: int = 20) -> None:
        """At the centre: from now on transactions of an organisation use connections of this login."""
        engine = _postgres_engine(login.url, pool_size, overflow, pooled=login.pooled)
        engine.update_execution_options(**self.engine.get_execution_options())
        self._application = _Application(engine, login.key, login.pooled)

    def listening(self) -> "Listening | None":
        """At the centre: a connection outside the pool that hears whose feed moved; None where all ways go
        through pgbouncer, which gives the news to whoever comes next.  Raises what the driver raises.
        """
        from pos_app.store.engine.listening import Listening

        made = self._application
        engine = self.engine if made.pooled else made.engine
        return None if made.pooled and engine is made.engine else Listening(engine)

    def read(self) -> AbstractContextManager[Connection]:
        """One consistent snapshot, for reading.  Raises `Unavailable` or `Damaged`."""
        return TillTransaction(self._kept, READ, self.damage) if self.on_till else self._read()

    def write(self) -> AbstractContextManager[Connection]:
        """One transaction: committed whole when the block ends, or not at all.

        Raises `Unavailable` (disk full, database busy) or `Damaged`.
        """
        return TillTransaction(self._kept, WRITE, self.damage) if self.on_till else self._write()

    @contextlib.contextmanager
    def note(self) -> Iterator[Connection]:
        """At the centre: a transaction that is not waited for until it is on the disk.  What a crash may take
        back for a second, and no more.
        """
        with self._write("; SET LOCAL synchronous_commit = off") as connection:
            yield connection

    @contextlib.contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._told(), self.engine.connect() as connection:
            connection.begin()
            self._confine(connection, " ISOLATION LEVEL REPEATABLE READ")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextlib.contextmanager
    def _write(self, also: str = "") -> Iterator[Connection]:
        with told(), self.engine.connect() as connection:
            # Begun explicitly: what runs straight on the driver does not make SQLAlchemy begin, and
            # a transaction that it does not know of would be rolled back instead of committed.
            connection.begin()
            self._confine(connection, also=also)
            try:
                yield connection
                steps = commit_steps.take(connection)
                for step in steps:
                    step.before(connection)
                connection.commit()
            except BaseException:
                # Of a connection that broke nothing is left, and to ask it would hide why it broke.
                if not connection.invalidated:
                    commit_steps.take(connection)
                connection.rollback()
                raise
            for step in steps:
                step.after()

    @contextlib.contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection without a transaction, for what must stand outside one (a pragma): the thread's own on
        a till, one of the pool's at the centre.
        """
        if not self.on_till:
            with self.engine.connect() as connection:
                yield connection
            return
        connection = self._kept.lend()
        try:
            yield connection
        finally:
            self._kept.take_back(connection)

    def _confine(self, connection: Connection, isolation: str = "", also: str = "") -> None:
        """Begin, with the role and the organisation of this transaction; both end with it, and so does
        what is set `also`.
        """
        # SET costs a tenth of SELECT set_config: it is not planned.
        if self._confined_to is None:
            _send(connection, f"BEGIN{isolation}; SET LOCAL app.whole = 'on'{also}")
            return
        begin = f"BEGIN{isolation}"
        made = self._application
        if made.key is None:
            _send(connection, begin)
            begin, made.key = "", _key_of(connection)
        begin += f"; SET LOCAL ROLE {APPLICATION}{made.limits}"
        backend = None
        if made.pooled:
            # Which process of Postgres works for this transaction, it alone can say.
            backend = _send(connection, f"{begin}; SELECT pg_backend_pid()".lstrip("; "))
            begin = ""
        if self._confined_to:
            begin += f"; SELECT tenancy_enter('{self._proof(connection, self._confined_to, backend)}')"
        if begin or also:
            _send(connection, f"{begin}{also}".lstrip("; "))

    def _proof(self, connection: Connection, org_id: str, backend: bytes | None) -> str:
        driver: Any = connection.connection.driver_connection
        if driver is None or self._application.key is None:
            raise DatabaseBusy("database-gone")
        return self._application.key.proof(
            org_id, driver.pgconn.backend_pid if backend is None else int(backend)
        )

    def _engines(self) -> set[Engine]:
        return {self.engine, self._application.engine}

    def checkpoint(self) -> bool:
        """Move what the write-ahead log holds into the database file; waits for nobody.

        False when another process is at it just now.
        """
        if not self.on_till:
            return True
        with self._told(), self.connection() as connection:
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()[0]

    def pages(self) -> PageCheck | None:
        """On a till: what looks at the pages of its file; None for a database without a file."""
        return None if self._file is None else PageCheck(self._file, self._key)

    def check_log(self) -> None:
        """On a till: raise `Damaged` where the write-ahead log holds commits that nothing reads any more.

        To be asked before anything is written: what is written next lies over them.
        """
        if self._file is None:
            return
        with self._told(), self.connection() as connection:
            lost = lost_commits(connection, self._file)
        if lost:
            # Whoever closes the file last moves what can be read of the log into it and deletes the log.
            kept = set_aside(self._file)
            damaged = DamagedDatabase("database-log-damaged", count=lost, kept=kept)
            self.damage.note(damaged, f"{lost} commits of the log")
            raise damaged

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """As `told`; damage is noted."""
        try:
            with told():
                yield
        except DamagedDatabase as found:
            self.damage.note(found)
            raise

    def cut_log(self) -> None:
        """On a till: bring what the write-ahead log holds into the file and cut it, as readers let us."""
        with told(), self.connection() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def keep_private(self, vault: privacy.Privacy) -> None:
        """At the centre: close and open personal values with these keys, on connections from now on."""
        for engine in self._engines():
            engine.update_execution_options(**{privacy.OPTION: vault})

    def keep_pepper(self, pepper: object) -> None:
        """On a till: what closes and opens the proofs of PINs (see `pepper`)."""
        self.engine.update_execution_options(pepper=pepper)

    def sign_with(self, signer: signing.Signing) -> None:
        """Sign what is recorded here, on connections from now on."""
        for engine in self._engines():
            engine.update_execution_options(**{signing.OPTION: signer})

    def limit(self, *, statement_s: float, lock_s: float) -> None:
        """At the centre: end every statement, and every wait for a lock, that takes longer, on
        connections from now on: a request that never ends would hold its place in the server.
        """

        def set_limits(connection: Any, _: object) -> None:
            connection.execute(f"SET statement_timeout = {int(statement_s * 1000)}")
            connection.execute(f"SET lock_timeout = {int(lock_s * 1000)}")
            connection.commit()

        made = self._application
        made.limits = (
            f"; SET LOCAL statement_timeout = {int(statement_s * 1000)}"
            f"; SET LOCAL lock_timeout = {int(lock_s * 1000)}"
            if made.pooled
            else ""
        )
        for engine in self._engines():
            if not (made.pooled and engine is made.engine):
                event.listen(engine, "connect", set_limits)
            engine.dispose()

    def close(self) -> None:
        """Close every connection."""
        self._kept.close()
        signer = signing.of(self.engine)
        if signer is not None:
            signer.close()
        for engine in self._engines():
            engine.dispose()


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn the driver's known failures into errors with a sentence; the rest stays a bug."""
    try:
        yield
    except (DBAPIError, sqlcipher.DatabaseError) as error:
        found = told_of(error)
        if found is None:
            raise
        raise found from error


def _send(connection: Connection, statements: str) -> bytes | None:
    """Several statements without values to Postgres in one go; gives the first value of the last.

    The driver would begin in a round trip of its own, which is a fifth of a short read.
    """
    # A till loads nothing of Postgres.
    import psycopg

    driver: Any = connection.connection.driver_connection
    if driver is None:
        raise DatabaseBusy("database-gone")
    result = driver.pgconn.exec_(statements.encode())
    if result.status not in (psycopg.pq.ExecStatus.COMMAND_OK, psycopg.pq.ExecStatus.TUPLES_OK):
        if driver.pgconn.status != psycopg.pq.ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message())
        raise psycopg.errors.error_from_result(result)
    value: bytes | None = result.get_value(0, 0) if result.ntuples else None
    return value


def quick(connection: Connection, statement: str, *values: Any) -> Any:
    """Run a statement with `?` marks straight on the driver; gives its cursor.

    The recording path uses it: SQLAlchemy's own execution costs several times the statement there.
    """
    # The driver's own connection, by the shortest way to it: this line runs a dozen times a checkout.
    driver: Any = connection.connection.dbapi_connection
    if driver is None:
        raise DatabaseBusy("database-gone")
    if not on_till(connection):
        statement = statement.replace("?", "%s")
    return driver.execute(statement, values)


def quick_many(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """On a till: run a statement with `?` marks for each of these rows, straight on the driver."""
    driver: Any = connection.connection.dbapi_connection
    if driver is None:
        raise DatabaseBusy("database-gone")
    driver.executemany(statement, rows)


def quick_rows(connection: Connection, statement: str, values: Mapping[str, Any]) -> list[Any]:
    """Rows by a statement with `:name` marks, on a till as by `quick`; the centre has the same statement."""
    driver: Any = connection.connection.dbapi_connection
    if driver is not None and on_till(connection):
        found: list[Any] = driver.execute(statement, values).fetchall()
        return found
    return list(connection.execute(text(statement), values))


def open_sqlite(path: Path, key: bytes, *, pool_size: int = 3) -> Database:
    """Open (or make) an encrypted database file with a raw 32-byte key.

    Raises `DamagedDatabase` when the file cannot be read with this key and `Unavailable` when it
    cannot be opened.
    """
    if len(key) != 32:
        raise DamagedDatabase("database-key-length")

    def connect() -> Any:
        connection = sqlcipher.connect(
            str(path), isolation_level=None, check_same_thread=False, cached_statements=_KEPT_STATEMENTS
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
    database = Database(engine, file=path, key=key)
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
    return _keyed(Database(_postgres_engine(url, pool_size, overflow)))


def open_application(login: Login, *, pool_size: int = 5, overflow: int = 20) -> Database:
    """Open the central database as the application alone: whoever has this cannot become the owner."""
    engine = _postgres_engine(login.url, pool_size, overflow, pooled=login.pooled)
    return _keyed(Database(engine, application=_Application(engine, login.key, login.pooled)))


def _postgres_engine(url: str, pool_size: int, overflow: int, *, pooled: bool = False) -> Engine:
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=overflow,
        pool_pre_ping=True,
        hide_parameters=True,
        # A statement that was prepared is known to one connection of Postgres, and the next transaction may
        # have another.
        connect_args={"prepare_threshold": None} if pooled else {},
    )


def _key_of(connection: Connection) -> TenantKey:
    """The key of proofs, which the owner can read."""
    inner, outer = connection.exec_driver_sql("SELECT inner_block, outer_block FROM tenant_key").one()
    return TenantKey(bytes(inner), bytes(outer))


def _keyed(database: Database) -> Database:
    from pos_app.store.engine.vault import Vault, key_of_environment

    key = key_of_environment()
    if key is not None:
        vault = Vault(key)
        database.keep_private(vault)
        database.sign_with(vault.signing())
    return database
