"""What keeping organisations apart costs: the hot paths under the policies against explicit WHERE alone.

Two databases with the same rows: in one everything is as it is, the other has no policies and works as
the owner, whose COPY nothing refuses.  In turns, so that both meet the same noise of the machine, and
all on one core (see `one_core`).
"""

import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from pos_app.ledger import canonical
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.travel import Cursor, Packet
from pos_app.store.balances import balances
from pos_app.store.documents.rows import Sealed
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres, told
from pos_app.store.feed import feed
from pos_app.store.journal import centre_journal, journal
from pos_app.store.master import enrolment
from pos_app.store.organisation import founding
from pos_app.store.schema import schema, tenancy
from pos_app.store.tables import master
from pos_app.store.tables.projections import PARTY_BALANCE
from sync.server.ingest import Rejected, prepare
from tests.bench.one_core import one_core
from tests.conftest import in_database
from tests.support.worlds.sync_fixtures import product, sale

BATCH = 500
BATCHES = 24
READS = 240
#: Of one side, before it is the other's turn: the first after a change of process is slow.
AT_ONCE = 25
FEEDS = 120
CUSTOMERS = 3


@dataclass
class Side:
    """One of the two databases, as it is asked, with the chain of its terminal."""

    owner: Database
    database: Database
    who: Terminal
    seq: int = 0
    head: bytes = b""


def run(batches: int = BATCHES) -> dict[str, Any]:
    """p50 in ms with and without policies, and the ratios, of ingest, a balance read and a feed page."""
    with one_core(), tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        url = postgres.start()
        try:
            walled, plain = _side(url, "walled", walled=True), _side(url, "plain", walled=False)
            ingest = _compared(walled, plain, batches, _ingest)
            for side in (walled, plain):
                with side.owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
                    one.exec_driver_sql("VACUUM ANALYZE")
            balance = _compared(walled, plain, READS, _balance)
            query = _compared(walled, plain, READS, _query)
            page = _compared(walled, plain, FEEDS, _feed)
            walled.owner.close()
            plain.owner.close()
        finally:
            postgres.stop()
    figures: dict[str, Any] = {}
    measured = {"ingest": ingest, "balance": balance, "balance_query": query, "feed": page}
    for name, (with_walls, without, ratio) in measured.items():
        figures[f"{name}_p50_ms"] = round(with_walls, 3)
        figures[f"{name}_without_policies_p50_ms"] = round(without, 3)
        figures[f"{name}_ratio"] = round(ratio, 2)
    return {**figures, "ratio_aim": 1.1, "documents_in_a_batch": BATCH}


def _compared(
    walled: Side, plain: Side, rounds: int, prepare_one: Callable[[Side], Callable[[], object]]
) -> tuple[float, float, float]:
    """The median of each side and of the ratios of each round; the first tenth of the rounds warms up.

    What else the machine does meets both halves of a round alike, not both medians.
    """
    took: dict[int, list[float]] = {0: [], 1: []}
    for number in range(rounds):
        sides = [(0, walled), (1, plain)]
        for place, side in sides if number % 2 else reversed(sides):
            action = prepare_one(side)
            start = time.perf_counter()
            action()
            took[place].append((time.perf_counter() - start) * 1000)
    first = max(2, rounds // 10)
    pairs = list(zip(took[0], took[1], strict=True))[first:]
    ratio = statistics.median(one / other for one, other in pairs)
    return statistics.median(took[0][first:]), statistics.median(took[1][first:]), ratio


# --- what is measured -------------------------------------------------------------------------------


def _ingest(side: Side) -> Callable[[], object]:
    """A batch from bytes to commit, as the fast road of the server takes it."""
    packets = _packets(side)
    who = side.who

    def take() -> None:
        prepared = [prepare(who.org_id, who.terminal_no, packet) for packet in packets]
        sealed = [one for one in prepared if not isinstance(one, Rejected)]
        with side.database.write() as connection:
            centre_journal.lock_terminal(connection, who.org_id, who.terminal_no)
            centre_journal.append(connection, sealed)
            centre_journal.advance_mark(
                connection, who.org_id, who.terminal_no, packets[-1].seq, packets[-1].hash
            )

    return take


def _packets(side: Side) -> list[Packet]:
    made: list[Sealed] = []
    head = side.head or canonical.genesis(side.who.org_id, side.who.terminal_no)
    for number in range(BATCH):
        draft = sale(side.who, products=(1, 2, 3, 4, 5), customer=1 + number % CUSTOMERS)
        placed = msgspec.structs.replace(
            draft, terminal_no=side.who.terminal_no, seq=side.seq + 1, number=side.seq + 1
        )
        made.append(journal.seal(placed, head))
        head, side.seq = made[-1].hash, side.seq + 1
    side.head = head
    return [Packet(one.document.seq, one.prev_hash, one.hash, one.posting_digest, one.body) for one in made]


def _key(side: Side) -> dict[str, Any]:
    return {"org_id": side.who.org_id, "party_role": "customer", "party_id": 1, "currency": "KES"}


def _balance(side: Side) -> Callable[[], object]:
    """Balances, each in a transaction of its own."""
    key = _key(side)

    def read() -> None:
        for _ in range(AT_ONCE):
            with side.database.read() as connection:
                balances.current(connection, PARTY_BALANCE, key)

    return read


def _query(side: Side) -> Callable[[], object]:
    """The same query alone, many times in one transaction."""
    key = _key(side)

    def read() -> None:
        with side.database.read() as connection:
            for _ in range(AT_ONCE * 4):
                balances.current(connection, PARTY_BALANCE, key)

    return read


def _feed(side: Side) -> Callable[[], object]:
    start = {kind: Cursor(0, "") for kind in feed.SOURCES}

    def read() -> None:
        with side.database.read() as connection:
            feed.read(connection, side.who.org_id, side.who.terminal_no, start)

    return read


# --- the two databases ------------------------------------------------------------------------------


def _side(url: str, name: str, *, walled: bool) -> Side:
    admin = open_postgres(url)
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.close()
    owner = open_postgres(in_database(url, name), pool_size=1, overflow=2)
    schema.prepare_central(owner)
    clock = SystemClock()
    made = [founding.found(owner, f"Depot {number}", "KES", clock, owner_pin_hash="") for number in (1, 2)]
    who = Terminal(made[0].org_id, 1, made[0].depot_id, 1)
    with owner.write() as connection:
        enrolment.add_terminal(connection, who, bytes(32), clock.now())
        for founded in made:
            connection.execute(
                master.product.insert(),
                [product(founded, number) for number in range(1, 2_001)],
            )
        if not walled:
            connection.execute(text(f"ALTER DATABASE {name} SET app.whole = 'on'"))
            for table in (*(one.name for one in tenancy.tenant_tables()), *tenancy.partitions(connection)):
                connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    owner.engine.dispose()
    return Side(owner, owner.for_org(who.org_id) if walled else Open(owner.engine), who)


class Open(Database):
    """As it was before there were roles: the driver begins, and says nothing else."""

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot."""
        with told(), self.engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.begin()
            try:
                yield connection
            finally:
                connection.rollback()

    def _confine(self, connection: Connection, isolation: str = "", also: str = "") -> None:
        """The driver begins with the first statement."""
