"""A copy of the tree in a temporary folder, in which one text after the other is changed and put back."""

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
#: What tests run on; all else of the tree they only read.
_COPIED: Final = ("pos_app", "sync", "tests", "demo")
_READ: Final = ("resources", "migrations", "docs", "packaging", "findings")
#: A changed file is so much younger than it was, each by another second: no compiled form of another fits it.
_YOUNGER_S: Final = itertools.count(1000)


@contextlib.contextmanager
def scratch_copy() -> Iterator[Path]:
    """The folder of a copy, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="bohari-planted-", dir="/var/tmp") as folder:
        copy = Path(folder)
        for name in _COPIED:
            shutil.copytree(ROOT / name, copy / name)
        for name in _READ:
            (copy / name).symlink_to(ROOT / name)
        for path in ROOT.iterdir():
            if path.is_file():
                shutil.copy2(path, copy / path.name)
        yield copy


def edited(source: str, old: str, new: str, place: int = 0) -> str:
    """The source with the text in that place changed.  Raises `ValueError` when it is not there any more."""
    parts = source.split(old)
    if len(parts) < place + 2:
        raise ValueError(f"“{old}” does not stand there any more")
    return old.join(parts[: place + 1]) + new + old.join(parts[place + 1 :])


@contextlib.contextmanager
def changed(path: Path, old: str, new: str, place: int = 0) -> Iterator[None]:
    """The file with one text changed, for as long as the block lasts.  Raises `ValueError` as `edited`."""
    before = path.read_text(encoding="utf-8")
    stood = path.stat()
    path.write_text(edited(before, old, new, place), encoding="utf-8")
    os.utime(path, ns=(stood.st_atime_ns, stood.st_mtime_ns + next(_YOUNGER_S) * 10**9))
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, ns=(stood.st_atime_ns, stood.st_mtime_ns))
