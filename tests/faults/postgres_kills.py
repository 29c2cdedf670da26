"""SIGKILL of Postgres, again and again, while many tills sell and sync: nothing lost, nothing doubled.

`python -m tests.faults.postgres_kills` is the long form: ten kills, sixteen tills; the test beside plays
two kills with four tills.  Real tills (their own encrypted ledgers, their own daemons), the real server in
its own process, which starts its Postgres again by itself.  The seed is printed: the same seed kills at
the same moments.
"""

import argparse
import json
import logging
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from pos_app.ledger.errors import BohariError
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import open_postgres
from pos_app.store.master import enrolment
from pos_app.store.schema import schema
from pos_app.store.tables.projections import ACCOUNT_BALANCE, PARTY_BALANCE, STOCK_LEVEL
from pos_app.store.upkeep import verification
from tests.faults import sync_process
from tests.faults.sync_process import is_healthy
from tests.support.worlds.sync_fixtures import Centre, Till, bodies, cached, drift, waiting

BACK_LIMIT_S = 60.0
#: A till sells this often: the queues are never empty, and ingest is at work at every kill.
SALE_EVERY_S = 0.02


def play(kills: int, tills: int, *, seed: int, folder: Path, workers: int = 1) -> dict[str, Any]:
    """Kill so often, let all tills drain, judge; gives what happened.  Raises `AssertionError`."""
    chance = random.Random(seed)
    with _centre(folder, workers) as (embedded, centre, url):
        depot = [centre.till(folder / f"till{number}", url) for number in range(tills)]
        recovery_s, taken_between = [], [0]
        with _selling(depot, chance):
            for _ in range(kills):
                time.sleep(chance.uniform(0.5, 2.0))
                _wait_for_progress(centre, taken_between[-1])
                taken_between.append(len(centre.documents()))
                recovery_s.append(_kill(embedded, centre, url))
        for till in depot:
            till.drain()
        return _judge(centre, depot) | {
            "kills": kills,
            "tills": tills,
            "workers": workers,
            "seed": seed,
            "taken_before_each_kill": taken_between[1:],
            "slowest_recovery_s": round(max(recovery_s, default=0.0), 2),
        }


@contextmanager
def _centre(folder: Path, workers: int) -> "Iterator[tuple[EmbeddedPostgres, Centre, str]]":
    embedded = EmbeddedPostgres(folder / "postgres")
    database = open_postgres(embedded.start())
    schema.prepare_central(database)
    centre = Centre(database)
    server = sync_process.start("server", str(embedded.data_dir), "0", str(workers))
    try:
        assert server.stdout is not None
        yield embedded, centre, server.stdout.readline().strip()
        assert server.poll() is None, "the server ended by itself"
    finally:
        server.terminate()
        server.wait(60)
        if server.stdout is not None:
            server.stdout.close()
        centre.close()
        database.close()
        embedded.stop()


@contextmanager
def _selling(depot: list[Till], chance: random.Random) -> Iterator[None]:
    """Every till sells and syncs, each in two threads, until the block ends."""
    stop, faults = threading.Event(), []

    def sell(till: Till, own: random.Random) -> None:
        try:
            while not stop.wait(own.uniform(0, 2 * SALE_EVERY_S)):
                sealed = till.sell(
                    customer=own.choice([None, 1, 2, 3]), products=own.sample((1, 2, 3, 4, 5), 3)
                )
                if own.random() < 0.05:
                    till.void(sealed)
        except BaseException as error:  # noqa: BLE001 - a till that cannot sell is what must not be
            faults.append(error)

    threads = [
        threading.Thread(target=sell, args=(till, random.Random(chance.random()))) for till in depot
    ] + [threading.Thread(target=till.daemon().run, args=(stop,)) for till in depot]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert faults == []


def _wait_for_progress(centre: Centre, before: int) -> None:
    """A kill between two outages would hit nothing: something must have been taken since."""
    deadline = time.monotonic() + BACK_LIMIT_S
    while len(centre.documents()) <= before:
        assert time.monotonic() < deadline, "the centre takes nothing any more"
        time.sleep(0.1)


def _kill(embedded: EmbeddedPostgres, centre: Centre, url: str) -> float:
    """Kill the postmaster; gives the seconds until the server answers for its database again.

    The database is asked first: the server's good news may be a second old, from before the kill.
    """
    pid = embedded.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    start = time.monotonic()
    while not (embedded.pid() != pid and embedded.is_running() and _answers(centre) and is_healthy(url)):
        assert time.monotonic() - start < BACK_LIMIT_S, "Postgres did not come back"
        time.sleep(0.05)
    return time.monotonic() - start


def _answers(centre: Centre) -> bool:
    """Whether Postgres does, over a new connection."""
    centre.database.engine.dispose()
    try:
        with centre.database.read() as connection:
            enrolment.epoch(connection)
    except (BohariError, DBAPIError):
        return False
    return True


def _judge(centre: Centre, depot: list[Till]) -> dict[str, Any]:
    """Both sides hold the same, byte for byte, each once; `verify` is content on every side."""
    recorded: dict[int, bytes] = {}
    for till in depot:
        assert waiting(till) == 0
        own = bodies(till.database)
        assert not recorded.keys() & own.keys()
        recorded |= own
        verdict = verification.verify(till.database, till.who.org_id, till.who.terminal_no)
        assert verdict.ok, verdict.problems
        assert drift(till.database) == []
    assert bodies(centre.database) == recorded
    assert centre.quarantine() == []
    assert drift(centre.database) == []
    verdict = verification.verify(centre.database, centre.org_id)
    assert verdict.ok, verdict.problems
    # Once more round, so that every till has heard of every sister's last sale.
    for till in depot:
        till.drain()
        for projection in (ACCOUNT_BALANCE, PARTY_BALANCE, STOCK_LEVEL):
            assert cached(till.database, projection) == cached(centre.database, projection)
    return {"documents": len(recorded), "verified_sides": len(depot) + 1}


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--tills", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    chosen = parser.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    # Sixteen daemons that say every try of theirs.
    logging.getLogger("bohari").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        outcome = play(
            chosen.kills, chosen.tills, seed=chosen.seed, folder=Path(folder), workers=chosen.workers
        )
    sys.stdout.write(f"{json.dumps(outcome)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
