"""A fleet of tills at one centre: documents per second, contention, a thousand tills at once, and delays.

The server runs in its own process (one, or two workers on one port), Postgres is the embedded one, and
the load comes from here: simulated tills with requests that were built and signed beforehand.  All three
share the machine's cores, so the figures are those of a server of half the size.  What is compared runs
in turns, so that both sides meet the same noise.

BOHARI_BENCH_FLEET=quick makes everything ten times smaller.
"""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.organisation import founding
from pos_app.store.schema import schema
from tests.bench import fleet_tills
from tests.bench.fleet_tills import FleetTill, Line, Tally
from tests.bench.served import Server, cpu_s, percentiles, serving
from tests.support.worlds.sync_fixtures import Centre, drift

QUICK = os.environ.get("BOHARI_BENCH_FLEET") == "quick"
ROUNDS = 1 if QUICK else 5
#: Tills at once, and documents of each: about as many altogether.
AT_ONCE = ((1, 1000), (4, 500), (16, 250))
PER_PUSH = 125
ORGANISATIONS = 2 if QUICK else 20
TILLS_EACH = 50
DOCUMENTS_EACH = 20 if QUICK else 100
POLL_EVERY_S = 5.0
POLL_FOR_S = 5.0 if QUICK else 15.0
SALE_EVERY_S = 0.2
SAMPLE_EVERY_S = 0.05


def run() -> dict[str, Any]:
    """The figures; raises `AssertionError` when a document is lost, doubled or refused."""
    with tempfile.TemporaryDirectory(prefix="bohari-fleet-") as name:
        folder = Path(name)
        embedded = EmbeddedPostgres(folder / "postgres")
        database = open_postgres(embedded.start())
        try:
            schema.prepare_central(database)
            bench = _Bench(database, embedded, folder)
            figures = bench.throughput() | bench.fleet()
            return figures | {"deadlocks": bench.deadlocks(), "deadlocks_aim": 0}
        finally:
            database.close()
            embedded.stop()


class _Bench:
    """One Postgres and what is measured on it, part after part."""

    def __init__(self, database: Database, embedded: EmbeddedPostgres, folder: Path) -> None:
        self._database = database
        self._embedded = embedded
        self._url = embedded.url()
        self._folder = folder

    # --- 1, 4 and 16 tills ----------------------------------------------------------------------

    def throughput(self) -> dict[str, Any]:
        """Documents per second on accounts of their own and on one hot account, with one process and two."""
        founded = fleet_tills.found(self._database, "Throughput")
        numbers = iter(range(1, 10**6))
        speeds: dict[str, list[float]] = {}
        with serving(self._url, 1, self._folder) as one, serving(self._url, 2, self._folder) as two:
            self._warm_up(founded, numbers, (one, two))
            for _ in range(ROUNDS):
                for tills, documents in AT_ONCE:
                    for kind in ("spread", "hot"):
                        built = self._built(founded, numbers, tills, documents, kind=kind)
                        speeds.setdefault(f"{kind}_{tills}", []).append(_speed(built, documents, one))
                tills, documents = AT_ONCE[-1]
                built = self._built(founded, numbers, tills, documents, kind="spread")
                speeds.setdefault("workers_2", []).append(_speed(built, documents, two))
            profile = one.profile(8)
        figures: dict[str, Any] = {}
        for tills, _ in AT_ONCE:
            spread, hot = speeds[f"spread_{tills}"], speeds[f"hot_{tills}"]
            figures[f"documents_per_s_{tills}_tills_spread"] = round(statistics.median(spread))
            figures[f"documents_per_s_{tills}_tills_hot"] = round(statistics.median(hot))
            figures[f"hot_to_spread_{tills}_tills"] = _ratio(hot, spread)
        figures["hot_to_spread_aim"] = 0.8
        figures["documents_per_s_16_tills_2_workers"] = round(statistics.median(speeds["workers_2"]))
        figures["two_workers_to_one"] = _ratio(speeds["workers_2"], speeds["spread_16"])
        figures["cores_for_server_postgres_and_load"] = os.cpu_count()
        figures["server_profile_16_tills"] = profile
        _agree(self._database, 0)
        return figures

    def _warm_up(self, founded: founding.Founded, numbers: Iterator[int], servers: Sequence[Server]) -> None:
        for server in servers:
            fleet_tills.push_all(self._built(founded, numbers, 4, 100, kind="spread"), server.port)

    def _built(
        self, founded: founding.Founded, numbers: Iterator[int], tills: int, documents: int, *, kind: str
    ) -> list[FleetTill]:
        first = next(numbers)
        for _ in range(tills - 1):
            next(numbers)
        made = fleet_tills.enrol(self._database, founded, first, tills)
        for till in made:
            if kind == "spread":
                # Nothing in common: a business, a stock and a customer of its own.
                till.business_id = till.location_id = till.customer = 1000 + till.who.terminal_no
        return fleet_tills.build(made, documents, PER_PUSH)

    # --- a thousand tills -----------------------------------------------------------------------

    def fleet(self) -> dict[str, Any]:
        """A thousand tills with full queues drain at once; then they only ask for news."""
        with serving(self._url, 2, self._folder) as server:
            centres = [Centre(self._database) for _ in range(ORGANISATIONS)]
            sisters = [centres[0].till(self._folder / f"sister{number}", server.url) for number in range(4)]
            for till in sisters:
                till.drain()
                till.database.close()
                till.transport.close()
            tills = [
                till
                for centre in centres
                for till in fleet_tills.enrol(self._database, centre.founded, 10, TILLS_EACH)
            ]
            tills = fleet_tills.build(tills, DOCUMENTS_EACH, PER_PUSH)
            before = cpu_s(self._postgres_pid()), cpu_s(server.process.pid), time.process_time()
            with self._sisters() as seen, _sampled(self._url) as activity:
                seconds, tally = fleet_tills.drain_all(tills, server.port)
            after = cpu_s(self._postgres_pid()), cpu_s(server.process.pid), time.process_time()
            polled = asyncio.run(_poll(tills, server.port))
            profile = server.profile(12)
        documents = len(tills) * DOCUMENTS_EACH
        if tally["documents"] != documents or tally["errors"]:
            raise AssertionError(f"of {documents} documents: {dict(tally)}")
        for centre in centres:
            _agree(self._database, centre.org_id)
        return {
            "fleet_tills": len(tills),
            "fleet_documents_each": DOCUMENTS_EACH,
            "fleet_drain_s": round(seconds, 1),
            "fleet_documents_per_s": round(documents / seconds),
            "fleet_errors": tally["errors"],
            "fleet_told_to_wait": tally["busy"],
            "fleet_rows_pulled": tally["rows"],
            **{
                f"fleet_cpu_s_{name}": round(late - early, 1)
                for name, early, late in zip(("postgres", "server", "load"), before, after, strict=True)
            },
            **seen,
            **polled,
            "fleet_server_profile": profile,
            "fleet_postgres_activity": activity,
        }

    @contextlib.contextmanager
    def _sisters(self) -> Iterator[dict[str, Any]]:
        """While the block runs two pairs of real tills sell and watch; the answer is there after it."""
        folders = [self._folder / f"sister{number}" for number in range(4)]
        pairs = [f"3:5.0:{folders[0]}:{folders[1]}", f"2:0.2:{folders[2]}:{folders[3]}"]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.sister", str(SALE_EVERY_S), *pairs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        figures: dict[str, Any] = {}
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise AssertionError("the sister tills do not start")
        try:
            yield figures
        finally:
            said, _ = process.communicate(timeout=120)
        found = json.loads(said)
        for customer, name in (("3", "sister_asking_every_5_s"), ("2", "sister_asking_every_200_ms")):
            pair = found[customer]
            if len(pair["latencies_s"]) != pair["sold"] or not pair["sold"]:
                raise AssertionError(f"{name}: of {pair['sold']} sales {len(pair['latencies_s'])} were seen")
            figures |= percentiles(name, pair["latencies_s"])

    def _postgres_pid(self) -> int:
        return self._embedded.pid() or 0

    def deadlocks(self) -> int:
        """As Postgres counts them."""
        with self._database.read() as connection:
            return int(
                connection.scalar(
                    text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                )
                or 0
            )


def _speed(tills: Sequence[FleetTill], documents: int, server: Server) -> float:
    seconds, _ = fleet_tills.push_all(tills, server.port)
    return len(tills) * documents / seconds


def _ratio(mine: Sequence[float], other: Sequence[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(mine, other, strict=True)), 2)


def _agree(database: Database, org_id: int) -> None:
    """No cached balance is wrong; looked at once for all organisations (0), or for the documents of one."""
    if org_id == 0:
        found = drift(database)
        if found:
            raise AssertionError(f"{len(found)} balances drifted: {found[:3]}")
        return
    with database.read() as connection:
        count = connection.scalar(
            text("SELECT count(*) FROM document WHERE org_id = :org AND terminal_no BETWEEN 10 AND :last"),
            {"org": org_id, "last": 9 + TILLS_EACH},
        )
    if count != TILLS_EACH * DOCUMENTS_EACH:
        raise AssertionError(f"organisation {org_id} has {count} documents")


async def _poll(tills: Sequence[FleetTill], port: int) -> dict[str, Any]:
    """Every till asks for news every few seconds, as idle tills do; how long the answers take."""
    loop, tally, took_s = asyncio.get_running_loop(), Tally(), []
    end_s = loop.time() + POLL_FOR_S + POLL_EVERY_S

    async def one(number: int, till: FleetTill) -> None:
        line = Line(port)
        with contextlib.closing(line):
            await asyncio.sleep(POLL_EVERY_S * number / len(tills))
            while loop.time() < end_s:
                start = loop.time()
                await fleet_tills.pull(till, line, tally)
                took_s.append(loop.time() - start)
                await asyncio.sleep(max(0.0, start + POLL_EVERY_S - loop.time()))

    await asyncio.gather(*(one(number, till) for number, till in enumerate(tills)))
    return {"idle_fleet_told_to_wait": tally["busy"], **percentiles("idle_fleet_pull", took_s)}


@contextlib.contextmanager
def _sampled(url: str) -> Iterator[dict[str, float]]:
    """What the backends of Postgres do meanwhile, as shares of their active moments."""
    seen: Counter[str] = Counter()
    stop = threading.Event()

    def look() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.wait(SAMPLE_EVERY_S):
                rows = connection.execute(
                    "SELECT coalesce(wait_event_type || ':' || wait_event, 'processor'), left(query, 36)"
                    " FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend'"
                )
                seen.update(f"{' '.join(query.split())} [{wait}]" for wait, query in rows)

    thread = threading.Thread(target=look)
    thread.start()
    shares: dict[str, float] = {}
    try:
        yield shares
    finally:
        stop.set()
        thread.join()
    total = max(1, seen.total())
    shares |= {label: round(count / total, 3) for label, count in seen.most_common(10)}
