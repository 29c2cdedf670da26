"""Recalculation while tills sell: nobody sees a wrong balance because of it, and nobody waits for it.

Waits are measured where they happen: Postgres says of each waiting lock since when it waits and who
holds it.  What counts is a till's request that waits for the recalculation; tills that wait for each
other at one customer's balance are another matter.
"""

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.balances.balances import drifts
from pos_app.store.balances.drift import Drift
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.tables.projections import PROJECTIONS, is_shared
from pos_app.store.upkeep.recalculation import Recalculation
from tests.support.worlds.sync_fixtures import CUSTOMERS, Centre, Till

RECALCULATION = "recalculation"
LONGEST_WAIT_MS = 1000
ROUNDS = 3
#: Wrong balances of nobody, so that a round takes its time; and one that every sale changes.
DAMAGE = (
    "INSERT INTO party_balance (org_id, party_role, party_id, currency, amount, base_amount)"
    " SELECT organisation_id, 'vendor', 5000 + n, 'KES', 11, 11 FROM organisation, generate_series(1, 150) n"
    " ON CONFLICT (org_id, party_role, party_id, currency) DO UPDATE SET amount = 11, base_amount = 11",
    "UPDATE party_balance SET amount = amount + 11 WHERE party_role = 'customer'",
    "UPDATE stock_level SET quantity = quantity + 11",
    "UPDATE account_balance SET amount = amount + 11, base_amount = base_amount + 11",
)
SHARED = [projection.name for projection in PROJECTIONS if is_shared(projection)]
_WAITS = (
    "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waiting.waitstart) * 1000), 0)::bigint"
    " FROM pg_locks AS waiting WHERE NOT waiting.granted AND waiting.waitstart IS NOT NULL AND EXISTS ("
    "SELECT FROM unnest(pg_blocking_pids(waiting.pid)) AS blocker (pid)"
    " JOIN pg_stat_activity AS holder ON holder.pid = blocker.pid AND holder.datname = current_database()"
    f" AND holder.application_name = '{RECALCULATION}')"
)


class Watch:
    """Looks again and again, from connections of its own, at waits and at balances."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.longest_wait_ms = 0
        self.looks = 0
        #: Drift of any other size than the damage: somebody saw what never was.
        self.unheard_of: list[Drift] = []

    def waits(self) -> None:
        with self._database.engine.connect() as connection:
            found = int(connection.scalar(text(_WAITS)) or 0)
        self.longest_wait_ms = max(self.longest_wait_ms, found)
        time.sleep(0.005)

    def balances(self) -> None:
        """One snapshot of each projection, as a till's feed reads it: right, or wrong as it was before."""
        for projection in PROJECTIONS:
            with self._database.read() as connection:
                for drift in drifts(connection, projection):
                    sizes = {drift.cached[name] - drift.expected[name] for name in projection.values}
                    if not sizes <= {0, 11}:
                        self.unheard_of.append(drift)
        self.looks += 1
        time.sleep(0.01)


@contextlib.contextmanager
def over_and_over(failures: list[BaseException], *works: Callable[[], None]) -> Iterator[None]:
    """Each work again and again in a thread of its own, while the block lasts."""
    stop = threading.Event()

    def run(work: Callable[[], None]) -> None:
        try:
            while not stop.is_set():
                work()
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's, whatever it is
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


@pytest.fixture
def recalculating(central_url: str) -> Iterator[Database]:
    """The same database on connections that say whose they are."""
    database = open_postgres(f"{central_url}&application_name={RECALCULATION}")
    yield database
    database.close()


def _seller(till: Till) -> None:
    """Sales of everything to the same customers, sent as soon as they are made."""
    for customer in CUSTOMERS:
        till.sell(customer=customer)
    till.drain()


def _damage(database: Database) -> int:
    """The damage at one moment; gives the rows.  Locks in the order of a recording: no deadlock of ours."""
    with database.write() as connection:
        connection.execute(text(f"LOCK TABLE {', '.join(SHARED)} IN SHARE ROW EXCLUSIVE MODE"))
        return sum(connection.execute(text(statement)).rowcount for statement in DAMAGE)


def test_no_till_waits_and_none_sees_a_wrong_balance(
    centre: Centre, server_url: str, recalculating: Database, tmp_path: Path
) -> None:
    tills = [centre.till(tmp_path / f"till{number}", server_url) for number in range(2)]
    for till in tills:
        _seller(till)
    run = Recalculation(
        recalculating, centre.clock, org_id=centre.org_id, terminal_no=SERVER_TERMINAL_NO, chunk_keys=40
    )
    watch = Watch(centre.database)
    failures: list[BaseException] = []
    sold_before = len(centre.documents())
    with over_and_over(
        failures, *(functools.partial(_seller, till) for till in tills), watch.waits, watch.balances
    ):
        for _ in range(ROUNDS):
            damaged = _damage(centre.database)
            found = [one for projection in PROJECTIONS for one in run.walk(projection).found]
            assert len(found) == damaged
            # A balance that was busy every time is left for the next walk.
            left = [one for one in found if not one.mended]
            while left:
                walked = [one for projection in PROJECTIONS for one in run.walk(projection).found]
                left = [one for one in walked if not one.mended]
            run.bring_up()
    assert failures == []
    assert watch.longest_wait_ms < LONGEST_WAIT_MS
    assert watch.looks > ROUNDS
    assert watch.unheard_of == []
    with centre.database.read() as connection:
        assert [drift for projection in PROJECTIONS for drift in drifts(connection, projection)] == []
        assert (
            connection.scalar(
                text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            )
            == 0
        )
    assert len(centre.documents()) > sold_before
    assert centre.quarantine() == []
