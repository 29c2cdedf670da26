"""`python -m tests.simulate --seed S --sales N`: see `docs/simulator.md`."""

import argparse
import functools
import gc
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import open_postgres
from pos_app.store.schema import schema
from tests.simulate import plan as plans
from tests.simulate.fleet import Outcome, play
from tests.simulate.plan import Plan
from tests.simulate.real_centre import RealCentre
from tests.simulate.shrink import shrunk

#: So many objects are made before somebody looks for circles among them.
_GARBAGE_AFTER: Final = 200_000


def main() -> int:
    """Play seeds; gives how many broke something."""
    asked = _asked()
    logging.disable(logging.CRITICAL)
    lives = lives_of(asked)
    failed, all_cpu_s, began_s = 0, 0.0, time.perf_counter()
    for one in _all_played(asked, lives):
        plan, outcome = one.plan, one.outcome
        all_cpu_s += one.cpu_s
        _say(
            f"seed {plan.seed}: {one.life.sales} sales, {plan.tills} tills, digest {outcome.digest},"
            f" {one.took_s:.1f} s, {_rate(one.life.sales, one.cpu_s)}"
        )
        if len(lives) == 1 or outcome.broken is not None:
            _say(f"  faults: {', '.join(plan.faults)}")
            _say("  " + ", ".join(f"{what} {count}" for what, count in sorted(outcome.counts.items())))
        if outcome.broken is not None:
            failed += 1
            _tell(one, asked)
    sales = sum(one.sales for one in lives)
    _say(
        f"{sales} sales of {len(lives)} seeds from {asked.seed}, {failed} broke something;"
        f" {time.perf_counter() - began_s:.0f} s, {_rate(sales, all_cpu_s)}"
    )
    return min(failed, 100)


def _rate(sales: int, cpu_s: float) -> str:
    """What a core does, whatever else the machine had to do meanwhile."""
    a_thousand_s, a_minute = cpu_s / sales * 1000, sales / cpu_s * 60
    return f"{a_thousand_s:.2f} s of a core for 1,000 sales: {a_minute:.0f} a minute"


class Life(NamedTuple):
    """A fleet from its beginning to its end: the seed, and how many sales that is."""

    seed: int
    sales: int


def lives_of(asked: argparse.Namespace) -> list[Life]:
    """As many as the sales of each seed that was asked for want, one seed after the other."""
    whole, rest = divmod(asked.sales, asked.life)
    sizes = [*[asked.life] * whole, *[rest] * bool(rest)] * asked.seeds
    return [Life(seed, sales) for seed, sales in enumerate(sizes, asked.seed)]


class Played(NamedTuple):
    """A life with its plan, how it went, and what it took on the clock and of a core."""

    life: Life
    plan: Plan
    outcome: Outcome
    took_s: float
    cpu_s: float


def _all_played(asked: argparse.Namespace, lives: Sequence[Life]) -> Iterator[Played]:
    """In their order, so many at once as were asked for."""
    if asked.jobs == 1 or asked.real:
        _begin()
        yield from (_played(asked, life) for life in lives)
        return
    with ProcessPoolExecutor(asked.jobs, initializer=_begin) as pool:
        yield from pool.map(functools.partial(_played, asked), lives)


def _begin() -> None:
    logging.disable(logging.CRITICAL)
    # What was imported lives as long as the process: nobody looks at it for garbage, and seldom at the rest.
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER, 20, 50)


def _played(asked: argparse.Namespace, life: Life) -> Played:
    faults = None if asked.faults is None else [one for one in asked.faults.split(",") if one]
    plan = plans.drawn(life.seed, life.sales, tills=asked.tills, faults=faults)
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    outcome = _played_real(plan) if asked.real else play(plan)
    return Played(life, plan, outcome, time.perf_counter() - began_s, time.process_time() - began_cpu_s)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="so many, one after the other")
    parser.add_argument("--jobs", type=int, default=1, help="so many seeds at once, a core for each")
    parser.add_argument("--sales", type=int, default=1000, help="so many sales; of each seed, with --seeds")
    parser.add_argument(
        "--life", type=int, default=1000, help="sales of one fleet: what is more is played by the next seeds"
    )
    parser.add_argument("--tills", type=int, default=0, help="tills of the fleet; left out, the seed says")
    parser.add_argument("--faults", help="only these faults, with commas; empty for none")
    parser.add_argument("--real", action="store_true", help="the real centre, on a Postgres of its own")
    parser.add_argument("--no-shrink", action="store_true", help="tell a failure as it was found")
    parser.add_argument("--lines", type=int, default=60, help="the most lines of a failure to print")
    return parser.parse_args()


def _tell(one: Played, asked: argparse.Namespace) -> None:
    """The failure, played again to see that it comes again, and made small."""
    plan, outcome = one.plan, one.outcome
    _say(f"seed {plan.seed} broke at event {outcome.step} of {len(plan.events)}: {outcome.broken}")
    _say(f"  python -m tests.simulate --seed {plan.seed} --sales {one.life.sales} plays it again")
    if not asked.no_shrink:
        played = _played_real if asked.real else play
        again = played(plan)
        _say(f"  played again: {'the same' if str(again.broken) == str(outcome.broken) else 'NOT THE SAME'}")
        small, outcome = shrunk(plan, outcome, played)
        _say(f"  the smallest that breaks the same has {len(small.events)} events:")
    for line in outcome.lines[-asked.lines :]:
        _say(f"    {line}")


def _played_real(plan: Plan) -> Outcome:
    """Play a plan with the real centre, on a fresh Postgres."""
    os.environ.setdefault("BOHARI_PRIVACY_KEY", bytes(range(32, 64)).hex())
    with tempfile.TemporaryDirectory(prefix="bohari-simulate-") as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            database = open_postgres(embedded.start())
            schema.prepare_central(database)
            try:
                return play(plan, real=RealCentre(database, plan.tills))
            finally:
                database.close()
        finally:
            embedded.stop()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
