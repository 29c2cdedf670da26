"""Changes one line of a posting rule at a time, in a copy of the tree, and asks whether a test notices.

    python -m tests.mutate_postings                # all of them
    python -m tests.mutate_postings --every 4      # the first and every fourth after it
    python -m tests.mutate_postings --only 7,12    # by number
    python -m tests.mutate_postings --histories    # ask the histories against the independent model alone

Each change stands in `posting_mutations`.  The copy lies in a temporary folder; the tree is never touched.
The stored bytes of released versions (`golden`) are left out: they notice any change and judge none.
Ends with 1 when a change survives.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.planted.scratch import changed, scratch_copy
from tests.posting_mutations import MUTATIONS

Asked = tuple[tuple[str, ...], ...]

#: What asks, the quickest first; histories with every type of document against the independent model last.
_ASKED: Final[Asked] = (
    ("tests/unit/ledger", "-k", "posting"),
    ("tests/contract/test_model_histories.py", "-k", "sqlite and seed"),
    ("tests/contract/test_model_histories.py", "-k", "sqlite and pencil"),
)
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def main() -> int:
    """Try the changes that were chosen; gives the exit code."""
    numbers, asked = _chosen()
    survivors = []
    with scratch_copy() as copy:
        _say("nothing changed", *_noticed(copy, asked), expected="")
        for number in numbers:
            mutation = MUTATIONS[number]
            path = copy / "pos_app" / "ledger" / f"{mutation.file}.py"
            with changed(path, mutation.old, mutation.new, mutation.place):
                by, seconds = _noticed(copy, asked)
            if not by:
                survivors.append(number)
            _say(f"{number:2} {mutation.file}: {mutation.what}", by, seconds)
    print(f"{len(numbers) - len(survivors)} of {len(numbers)} were noticed")  # noqa: T201
    return 1 if survivors else 0


def _chosen() -> tuple[list[int], Asked]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--histories", action="store_true")
    said = parser.parse_args()
    asked = _ASKED[1:] if said.histories else _ASKED
    if said.only:
        return [int(one) for one in said.only.split(",")], asked
    return list(range(0, len(MUTATIONS), said.every)), asked


def _noticed(copy: Path, asked: Asked) -> tuple[str, float]:
    """The first test that fails (empty: none does) and how long it took to find."""
    began = time.monotonic()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    for one in asked:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *one],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1, 2):
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
        if done.returncode:
            found = _FAILED.search(done.stdout)
            return (found[1] if found else "collection"), time.monotonic() - began
    return "", time.monotonic() - began


def _say(what: str, by: str, seconds: float, expected: str = "SURVIVED") -> None:
    print(f"{what}: {f'noticed by {by}' if by else expected or 'all pass'} ({seconds:.0f} s)", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
