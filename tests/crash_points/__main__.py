"""Cut the power at every point of a till's life and look what is left: `python -m tests.crash_points`.

Prints a table, a line for each deed, and every fault with what to type to see it again.  Ends with the number
of faults, at most 100.
"""

import argparse
import itertools
import logging
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.crash_points import disk, life, newcomer, rotation
from tests.crash_points.life import Life
from tests.crash_points.newcomer import Newcomer
from tests.crash_points.recording import Call, FolderSynced, Said, Synced, Written

#: What is recorded, by name.
LIVES: Final[dict[str, Callable[[Path], Life | Newcomer]]] = {
    "day": life.day,
    "migration": life.migration,
    "rotation": rotation.rotation,
    "enrolment": newcomer.enrolment,
    "restore": newcomer.restore,
}
_MOST_SHOWN: Final = 20
_COUNTS: Final = ("writes", "syncs", "points", "states", "lost", "doubled", "other")
#: What is tried here need not survive this machine.
_MEMORY: Final = Path("/dev/shm")


@dataclass
class Row:
    """What was tried of one deed."""

    deed: str
    writes: int = 0
    syncs: int = 0
    points: int = 0
    states: int = 0
    #: States with a document lost, with one printed or recorded twice, with another fault.
    lost: int = 0
    doubled: int = 0
    other: int = 0


@dataclass(frozen=True)
class Fault:
    """One state with something wrong."""

    life: str
    point: int
    tear: str
    deed: str
    what: list[str]

    def __str__(self) -> str:
        again = f"--life {self.life} --only {self.point}"
        return f"{self.deed}, {self.tear} ({again}): " + "; ".join(self.what)


def try_out(
    name: str,
    one: Life | Newcomer,
    folder: Path,
    *,
    deed: str = "",
    only: int = 0,
    most: int = 0,
    seed: int = 0,
) -> Iterator[tuple[Row, list[Fault]]]:
    """For each deed, or one: the states after every call, or after `only` one, or after so many drawn by the
    seed, and then one state of each.
    """
    judge = one.judge(folder / "left")
    for (begin, done), (end, _) in itertools.pairwise([*one.deeds(), (len(one.calls), "")]):
        own = [point for point in range(begin, end) if not isinstance(one.calls[point], Said)]
        if deed not in ("", done) or (only and only not in own):
            continue
        if only:
            own = [only]
        elif most:
            own = random.Random(f"{seed} {done}").sample(own, min(most, len(own)))
        row, faults = _row(one.calls[begin:end], done, len(own)), list[Fault]()
        for state in disk.states(one.calls, frozenset(own), seed, one_each=bool(most)):
            row.states += 1
            found = judge.faults(state, one.calls)
            if found:
                _count(row, found)
                faults.append(Fault(name, state.point, state.tear, done, found))
        yield row, faults


def _row(calls: Sequence[Call], deed: str, points: int) -> Row:
    writes = sum(isinstance(call, Written) for call in calls)
    syncs = sum(isinstance(call, Synced | FolderSynced) for call in calls)
    return Row(deed, writes, syncs, points)


def _count(row: Row, found: list[str]) -> None:
    words = " ".join(found)
    row.lost += "lost: document" in words
    row.doubled += "twice" in words or "made by nobody" in words
    row.other += not any(word in words for word in ("lost: document", "twice", "made by nobody"))


def _line(row: Row) -> str:
    whole = row.states - row.lost - row.doubled - row.other
    return (
        f"{row.deed:<26}{row.writes:>7}{row.syncs:>7}{row.points:>8}{row.states:>8}{whole:>10}"
        f"{row.lost:>7}{row.doubled:>9}{row.other:>7}\n"
    )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash_points", description=__doc__)
    parser.add_argument("--life", choices=[*LIVES, "all"], default="all")
    parser.add_argument("--deed", default="", help="One line of the table.")
    parser.add_argument("--only", type=int, default=0, help="One point, as a fault names it.")
    parser.add_argument("--most", type=int, default=0, help="So many points a deed, one state each; 0: all.")
    parser.add_argument("--seed", type=int, default=0, help="Draws what of the unsynced is on the disk.")
    chosen = parser.parse_args()
    logging.disable()
    total, faults = Row("together"), list[Fault]()
    sys.stdout.write(
        f"{'deed':<26}{'writes':>7}{'syncs':>7}{'points':>8}{'states':>8}{'survived':>10}"
        f"{'lost':>7}{'doubled':>9}{'other':>7}\n"
    )
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as made:
        for name, live in LIVES.items():
            if chosen.life not in (name, "all"):
                continue
            told = {"deed": chosen.deed, "only": chosen.only, "most": chosen.most, "seed": chosen.seed}
            for row, found in try_out(name, live(Path(made)), Path(made), **told):
                faults += found
                sys.stdout.write(_line(row))
                sys.stdout.flush()
                for count in _COUNTS:
                    setattr(total, count, getattr(total, count) + getattr(row, count))
    sys.stdout.write(_line(total))
    for fault in faults[:_MOST_SHOWN]:
        sys.stdout.write(f"{fault}\n")
    return min(len(faults), 100)


if __name__ == "__main__":
    sys.exit(main())
