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
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.posting_mutations import MUTATIONS, Mutation

_ROOT: Final = Path(__file__).resolve().parent.parent
_COPIED: Final = ("pos_app", "sync", "resources", "migrations", "tests")
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
    with tempfile.TemporaryDirectory(prefix="bohari-mutations-", dir="/var/tmp") as folder:
        copy = Path(folder)
        _copy_tree(copy)
        _say("nothing changed", *_noticed(copy, asked), expected="")
        for number in numbers:
            mutation = MUTATIONS[number]
            with _Changed(copy, mutation):
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


def _copy_tree(copy: Path) -> None:
    for name in _COPIED:
        shutil.copytree(_ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy2(_ROOT / name, copy / name)


class _Changed:
    """The copy with one change in it, for as long as the block lasts."""

    def __init__(self, copy: Path, mutation: Mutation) -> None:
        self._path = copy / "pos_app" / "ledger" / f"{mutation.file}.py"
        self._before = self._path.read_text(encoding="utf-8")
        self._mutation = mutation

    def __enter__(self) -> None:
        self._path.write_text(mutated(self._before, self._mutation), encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self._path.write_text(self._before, encoding="utf-8")


def mutated(source: str, mutation: Mutation) -> str:
    """The source with the change.  Raises `ValueError` when what it changes is not there any more."""
    parts = source.split(mutation.old)
    if len(parts) < mutation.place + 2:
        raise ValueError(f"{mutation.file} has no “{mutation.old}” any more: {mutation.what}")
    head = mutation.old.join(parts[: mutation.place + 1])
    return head + mutation.new + mutation.old.join(parts[mutation.place + 1 :])


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
