"""Plants one bug after the other in a copy of the tree, and asks whether a test finds it.

    python -m tests.planted                        # all of them
    python -m tests.planted backoff-never-resets   # by name, or the beginning of names
    python -m tests.planted --file sync/client     # those of a folder or file
    python -m tests.planted --shard 2/5            # the second fifth
    python -m tests.planted --list
    python -m tests.planted --results FILE         # keeps each answer there, and does not ask it again

Each bug stands in one of `tests.planted.lists`.  The copy lies in a temporary folder; the tree stays as is.
At the end the tests that failed are asked again with nothing planted: what fails then too has found nothing.
Ends with 1 when a bug survives that is not named as a survivor, or when one that is named is found.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.planted.asking import Asking, Told
from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.postgres import shared_postgres
from tests.planted.results import Results
from tests.planted.scratch import changed, scratch_copy


def main() -> int:
    """Plant the bugs that were chosen; gives the exit code."""
    asked = _asked()
    bugs = _chosen(asked)
    if asked.list:
        for bug in bugs:
            _say(f"{bug.name}: {bug.file}: {bug.why}")
        return 0
    # Whoever ends it finds no Postgres left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    told: dict[str, Told] = {}
    results = Results(asked.results)
    with shared_postgres() as environment, scratch_copy() as copy:
        os.environ.update(environment)
        asking = Asking(copy, limit_s=asked.limit)
        for bug in bugs:
            before = results.of(bug)
            if before is not None:
                told[bug.name] = before
                continue
            with changed(copy / bug.file, bug.old, bug.new, bug.place):
                told[bug.name] = asking.about(bug.found_by)
            results.keep(bug, told[bug.name])
            _say(_line(bug, told[bug.name]))
            if asked.lines and not told[bug.name].failed:
                _say(told[bug.name].lines)
        wrong = _wrong_without(asking, told)
    return _tally(bugs, told, wrong)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.planted", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--file", default="", help="only bugs of files whose path begins so")
    parser.add_argument("--shard", default="1/1", help="K/N: the K-th of N parts")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds that each has to be found in")
    parser.add_argument(
        "--results", type=Path, help="a file that keeps the answers of a round that was ended"
    )
    parser.add_argument("--list", action="store_true", help="only name them")
    parser.add_argument("--lines", action="store_true", help="show what the tests said of a survivor")
    return parser.parse_args()


def _chosen(asked: argparse.Namespace) -> list[Bug]:
    part, _, parts = asked.shard.partition("/")
    bugs = [bug for bug in BUGS if bug.file.startswith(asked.file)]
    if asked.names:
        # In the order in which they are named.
        named = (bug for name in asked.names for bug in bugs if bug.name.startswith(name))
        bugs = list(dict.fromkeys(named))
    return bugs[int(part) - 1 :: int(parts or 1)]


def _line(bug: Bug, told: Told) -> str:
    if told.failed:
        what = f"found by {told.failed}"
    elif told.late:
        what = "SURVIVED: no answer"
    else:
        what = "SURVIVED"
    return f"{time.strftime('%H:%M:%S')} {bug.name}: {what} ({told.seconds:.0f} s)"


def _wrong_without(asking: Asking, told: dict[str, Told]) -> list[str]:
    """Tests that fail with nothing planted too; what they found counts for nothing."""
    tests = {one.failed.split("[")[0] for one in told.values() if one.failed.startswith("tests/")}
    if not tests:
        return []
    names = tuple(sorted(name.removeprefix("tests/") for name in tests))
    again = asking.about(names, stop_at_first=False)
    if not again.failed and not again.late:
        return []
    _say(again.lines)
    return sorted(name for name in tests if name in again.lines) or ["the tests did not end"]


def _tally(bugs: Sequence[Bug], told: dict[str, Told], wrong: Sequence[str]) -> int:
    by = {name: one.failed.split("[")[0] for name, one in told.items()}
    found = [bug for bug in bugs if by[bug.name] and by[bug.name] not in wrong]
    survivors = [bug for bug in bugs if bug not in found]
    _say(f"{len(found)} of {len(bugs)} planted bugs were found, {len(survivors)} survived")
    for bug in survivors:
        _say(f"  survived: {bug.name}: {bug.why}{f' ({bug.survives})' if bug.survives else ''}")
    for name in wrong:
        _say(f"  fails with nothing planted: {name}")
    unexpected = any(not bug.survives for bug in survivors) or any(bug.survives for bug in found)
    return 1 if unexpected or wrong else 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
