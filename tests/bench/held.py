"""A thousand idle tills at one server: what they cost by asking every few seconds, and by holding a request.

Beside it pairs of real tills: how long until a sale at one is seen at the other, whose daemon asks, or holds.
All of it in one run on one server, one after the other; the tills are of twenty organisations.

BOHARI_BENCH_FLEET=quick makes everything ten times smaller.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.schema import schema
from sync.client.news import LONGEST_S
from tests.bench import fleet_tills
from tests.bench.fleet import ORGANISATIONS, POLL_EVERY_S, QUICK, TILLS_EACH
from tests.bench.fleet_tills import FleetTill, Line, Tally
from tests.bench.served import Server, cpu_s, percentiles, resident_mb, serving
from tests.support.worlds.sync_fixtures import Centre

#: How long each way is measured, after as long as it takes until all tills are at it.
FOR_S = 5.0 if QUICK else 30.0
#: Until every request of the beginning was answered once.
WARM_S = 8.0 if QUICK else LONGEST_S + 5.0
SALE_EVERY_S = 1.0
SELL_FOR_S = 5.0 if QUICK else 40.0
#: The pairs: how their sister hears, and so often it asks; 0 holds.
PAIRS = (("asking_every_5_s", 5.0), ("asking_every_200_ms", 0.2), ("held", 0.0))


def run() -> dict[str, Any]:
    """The figures."""
    with tempfile.TemporaryDirectory(prefix="bohari-held-") as name:
        folder = Path(name)
        embedded = EmbeddedPostgres(folder / "postgres")
        database = open_postgres(embedded.start())
        try:
            schema.prepare_central(database)
            with serving(embedded.url(), 1, folder, is_sampled=False) as server:
                return _measured(database, embedded, server, folder)
        finally:
            database.close()
            embedded.stop()


def _measured(database: Database, embedded: EmbeddedPostgres, server: Server, folder: Path) -> dict[str, Any]:
    centres = [Centre(database) for _ in range(ORGANISATIONS)]
    pairs = []
    for number, (_, every_s) in enumerate(PAIRS):
        folders = [folder / f"{who}{number}" for who in ("seller", "sister")]
        for one in folders:
            till = centres[0].till(one, server.url)
            till.drain()
            till.database.close()
            till.transport.close()
        pairs.append(f"{number + 1}:{every_s}:{folders[0]}:{folders[1]}")
    tills = [till for one in centres for till in fleet_tills.enrol(database, one.founded, 10, TILLS_EACH)]
    tills = fleet_tills.build(tills, 0)
    fleet_tills.drain_all(tills, server.port)
    figures: dict[str, Any] = {
        "idle_tills": len(tills),
        "cost_held_aim_core": 0.05,
        "memory_held_aim_mb": 200,
    }
    pids = server.process.pid, embedded.pid() or 0
    for name, way in (("asking", _asks), ("held", _holds)):
        figures |= asyncio.run(_cost(name, way, tills, server.port, pids))
    with _idle(tills, server.port):
        figures |= _seen(pairs)
    return figures | {"sister_held_p99_aim_ms": 1000}


Way = Callable[[int, FleetTill, Line, Tally], Awaitable[None]]


async def _asks(number: int, till: FleetTill, line: Line, tally: Tally) -> None:
    """As tills did before: a question every few seconds."""
    await asyncio.sleep(POLL_EVERY_S * number / (ORGANISATIONS * TILLS_EACH))
    while True:
        began_s = time.monotonic()
        await fleet_tills.pull(till, line, tally)
        await asyncio.sleep(max(0.0, began_s + POLL_EVERY_S - time.monotonic()))


async def _holds(number: int, till: FleetTill, line: Line, tally: Tally) -> None:
    """A held request, and a question when it is answered; begun as if it were at it for long."""
    wait_s = 1 + LONGEST_S * number // (ORGANISATIONS * TILLS_EACH)
    while True:
        if await fleet_tills.hold(till, line, tally, wait_s) > till.horizon:
            await fleet_tills.pull(till, line, tally)
        wait_s = LONGEST_S


async def _cost(
    name: str, way: Way, tills: Sequence[FleetTill], port: int, pids: tuple[int, int]
) -> dict[str, Any]:
    """What server and Postgres use while all tills are at it, as parts of a core; and the server's memory."""
    tally, before_mb = Tally(), resident_mb(pids[0])
    tasks = [
        asyncio.ensure_future(_closing(way, number, till, port, tally)) for number, till in enumerate(tills)
    ]
    await asyncio.sleep(WARM_S)
    requests, began, began_s = tally["requests"], [cpu_s(pid) for pid in pids], time.monotonic()
    await asyncio.sleep(FOR_S)
    spent_s = time.monotonic() - began_s
    used = [round((cpu_s(pid) - early) / spent_s, 3) for pid, early in zip(pids, began, strict=True)]
    after_mb = resident_mb(pids[0])
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {
        f"{name}_core_server": used[0],
        f"{name}_core_postgres": used[1],
        f"{name}_requests_per_s": round((tally["requests"] - requests) / spent_s, 1),
        f"{name}_server_grew_mb": round(after_mb - before_mb, 1),
        f"{name}_server_mb": after_mb,
    }


async def _closing(way: Way, number: int, till: FleetTill, port: int, tally: Tally) -> None:
    with contextlib.closing(Line(port)) as line:
        await way(number, till, line, tally)


@contextlib.contextmanager
def _idle(tills: Sequence[FleetTill], port: int) -> Iterator[None]:
    """All tills hold a request open while the block lasts, in a thread."""
    loop = asyncio.new_event_loop()
    tally = Tally()

    async def all_of_them() -> None:
        work = (_closing(_holds, number, till, port, tally) for number, till in enumerate(tills))
        await asyncio.gather(*work, return_exceptions=True)

    def live() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    task = loop.create_task(all_of_them())
    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()


def _seen(pairs: Sequence[str]) -> dict[str, Any]:
    """How long until a sale is seen at the sister, by how it hears; one pair after the other."""
    figures: dict[str, Any] = {}
    for (name, _), pair in zip(PAIRS, pairs, strict=True):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.sister", str(SALE_EVERY_S), pair],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise AssertionError("the sister tills do not start")
        time.sleep(SELL_FOR_S)
        said, _ = process.communicate(timeout=120)
        (found,) = json.loads(said).values()
        if len(found["latencies_s"]) != found["sold"] or not found["sold"]:
            raise AssertionError(f"{name}: of {found['sold']} sales {len(found['latencies_s'])} were seen")
        figures |= percentiles(f"sister_{name}", found["latencies_s"])
    return figures
