"""Fleets in which everything fails, played from seeds (see `tests.simulate` and docs/simulator.md).

`BOHARI_SIMULATE_SALES` makes the fleets larger than the ordinary suite has time for.
"""

import os
import random
import re
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pos_app.store.documents import settings
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.feed import cursors
from sync.client import pull
from sync.client.backoff import Backoff
from sync.client.status import Status
from sync.protocol.messages import Page
from tests.simulate import plan as plans
from tests.simulate.__main__ import lives_of
from tests.simulate.fleet import play
from tests.simulate.home import torn
from tests.simulate.plan import EVERY, HARD, OF_REQUESTS, Event
from tests.simulate.shrink import shrunk

SALES = int(os.environ.get("BOHARI_SIMULATE_SALES", "120"))
LINE = ("lost", "answer lost", "late", "twice", "slow", "broken", "busy", "partition", "kill")
MENDABLE = tuple(fault for fault in (*EVERY, *OF_REQUESTS) if fault not in (*HARD, "revoke"))


def test_a_seed_plays_the_same_bit_for_bit() -> None:
    plan = plans.drawn(42, 60, tills=3, faults=[*EVERY, *OF_REQUESTS])
    first, second = play(plan), play(plan)
    assert first.broken is None, first.lines[-30:]
    assert first.digest == second.digest
    assert first.lines == second.lines


def test_a_seed_plays_the_same_in_another_process() -> None:
    """Or a seed that broke at night would be of no use to anybody in the morning."""
    command = [sys.executable, "-m", "tests.simulate", "--seed", "42", "--sales", "25", "--no-shrink"]
    digests = []
    for seed in ("1", "2"):
        hashing = {**os.environ, "PYTHONHASHSEED": seed}
        played = subprocess.run(command, env=hashing, capture_output=True, text=True, check=False)
        assert played.returncode == 0, played.stdout + played.stderr
        digests += re.findall(r"digest (\w+)", played.stdout)
    assert len(digests) == 2
    assert len(set(digests)) == 1


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_fleet_with_faults_of_a_swarm_keeps_every_receipt(seed: int) -> None:
    outcome = play(plans.drawn(seed, SALES))
    assert outcome.broken is None, outcome.lines[-30:]
    assert outcome.counts["booked"] > 0


def test_what_can_be_mended_loses_nothing() -> None:
    # Each kind of fault happens, or this would show nothing.
    kinds = {"kill inside", "torn write", "full disk", "power cut", "restart", "centre restore", "price"}
    drawn = (plans.drawn(seed, SALES, tills=2, faults=MENDABLE) for seed in range(1, 1000))
    plan = next(plan for plan in drawn if kinds <= {event.what for event in plan.events})
    outcome = play(plan)
    assert outcome.broken is None, outcome.lines[-30:]
    assert not {"lost with a disk", "frozen"} & outcome.counts.keys()


def test_a_mark_one_too_high_is_found_and_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Status.acknowledged

    def one_too_high(self: Status, seq: int, hash_: bytes, *more: Any) -> None:
        good(self, seq, hash_, *more)
        with self._database.write() as connection:
            settings.put(connection, acknowledged_seq=str(seq + 1))

    monkeypatch.setattr(Status, "acknowledged", one_too_high)
    plan = plans.drawn(1, 30, tills=2, faults=[])
    outcome = play(plan)
    assert outcome.broken is not None
    assert outcome.broken.rule == "mark"
    small, its = shrunk(plan, outcome, most=25)
    assert its.broken is not None
    assert its.broken.rule == "mark"
    assert len(small.events) < outcome.step


def test_a_backoff_that_never_begins_anew_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "succeeded", lambda _: None)
    drawn = (plans.drawn(seed, 60, tills=1, faults=LINE) for seed in range(1, 1000))
    outcome = play(next(plan for plan in drawn if sum(one.what == "turn" for one in plan.events) > 70))
    assert outcome.broken is not None
    assert outcome.broken.rule == "backoff"


def test_a_cursor_kept_before_its_rows_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    good = pull._take

    def cursors_first(database: Database, who: Terminal, pages: Sequence[Page]) -> int:
        with database.write() as connection:
            fresh = [one for one in pages if cursors.advance(connection, one.kind, one.before, one.after)]
        return good(database, who, [msgspec.structs.replace(one, before=one.after) for one in fresh])

    monkeypatch.setattr(pull, "_take", cursors_first)
    for seed in range(1, 12):
        plan = plans.drawn(seed, 40, tills=1, faults=["price"])
        killed = [
            one._replace(what="kill at news") if one.what == "turn" and one.draw % 2 else one
            for one in plan.events
        ]
        outcome = play(plan.with_events(killed))
        if outcome.broken is not None:
            break
    assert outcome.broken is not None
    assert outcome.broken.rule == "feed"


def test_what_a_disk_took_comes_back_from_the_second_medium() -> None:
    plan = plans.drawn(5, 90, tills=1, faults=["upgrade", "second medium"])
    third = len(plan.events) // 3
    # What is recorded after the copy is on this disk and its medium alone.
    alone = [one for one in plan.events[third : 2 * third] if one.what != "turn"]
    copy, restored = Event("copy", 0, 1, 1.0), Event("restore of all", 0, 2, 1.0)
    plan = plan.with_events((*plan.events[:third], copy, *alone, restored, *plan.events[2 * third :]))
    bare, kept = play(plan._replace(faults=())), play(plan)
    assert bare.broken is None, bare.lines[-30:]
    assert kept.broken is None, kept.lines[-30:]
    assert bare.counts["lost with a disk"] > 1
    assert kept.counts["rescued"] >= bare.counts["lost with a disk"] - 1
    assert "lost with a disk" not in kept.counts


def test_of_a_torn_write_some_sectors_are_lost() -> None:
    before, after = bytes(4096), b"\1" * 8192
    for seed in range(20):
        left = torn(before, after, random.Random(seed))
        assert left != after
        assert all(len(set(left[start : start + 512])) == 1 for start in range(0, len(left), 512))


def test_a_torn_write_takes_nothing_of_what_was_synced_before() -> None:
    before, after = b"\1" * 700, b"\1" * 700 + b"\2" * 900
    for seed in range(20):
        assert torn(before, after, random.Random(seed))[:700] == before


def test_more_sales_than_a_fleet_lives_are_played_by_further_seeds() -> None:
    def lives(sales: int, seeds: int = 1) -> list[tuple[int, int]]:
        return [*lives_of(Namespace(seed=7, seeds=seeds, sales=sales, life=1000))]

    assert lives(300) == [(7, 300)]
    assert lives(2500) == [(7, 1000), (8, 1000), (9, 500)]
    assert lives(300, seeds=2) == [(7, 300), (8, 300)]


def test_nothing_of_a_simulation_is_left_behind(tmp_path: Path) -> None:
    play(plans.drawn(3, 3, tills=1, faults=[]), shm=tmp_path)
    assert list(tmp_path.iterdir()) == []
