"""`python -m tests.losses`: tried, survived, lost, doubled, out of the books, for every kind of fault.

Below the table stands what a manager is told of each.  Ends with the number of rows in which something came
to harm.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.crash_points.__main__ import LIVES, try_out
from tests.losses import damaged_files, fleets
from tests.losses.counted import Row, table


def rows(folder: Path, *, sales: int, seeds: int, times: int, points: int) -> Iterator[Row]:
    """Every row: fleets of so many sales and seeds, files damaged so many times, so many points a deed."""
    yield from fleets.tried(sales, seeds)
    yield from damaged_files.tried(folder / "files", times)
    (folder / "points").mkdir()
    yield _crash_points(folder / "points", points)


def _crash_points(folder: Path, points: int) -> Row:
    """The power goes at a write or a sync, a checkpoint's, a restore's and a new key's among them."""
    row = Row("power cut at a write or sync")
    for name, live in LIVES.items():
        for one, faults in try_out(name, live(folder), folder, most=points):
            row.tried += one.states
            row.survived += one.states - len(faults)
            row.lost += one.lost
            row.doubled += one.doubled
            row.broken += map(str, faults)
    return row


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.losses", description=__doc__)
    parser.add_argument("--sales", type=int, default=400, help="Sales of each fleet.")
    parser.add_argument("--seeds", type=int, default=3, help="Fleets for each kind of fault.")
    parser.add_argument("--times", type=int, default=40, help="So often each file is damaged.")
    parser.add_argument("--points", type=int, default=20, help="Crash points of each deed; 0: all.")
    chosen = parser.parse_args()
    logging.disable()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Path(folder), **vars(chosen)):
            sys.stderr.write(f"{row.fault}\n")
            found.append(row)
    sys.stdout.write(table(found) + "\n\nWhat is said:\n")
    for row in found:
        for code, words in sorted(row.words.items()):
            sys.stdout.write(f"{row.fault}: {words} ({code})\n")
    for row in found:
        for broken in row.broken:
            sys.stdout.write(f"BROKEN {row.fault}: {broken}\n")
    return sum(not row.ok for row in found)


if __name__ == "__main__":
    sys.exit(main())
