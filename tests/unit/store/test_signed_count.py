"""The count outside the database: what another program says there is heard, and a torn word is none."""

import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.store.engine.signed_count import Count, CountFile, Point


def _count(seq: int) -> Count:
    return Count(1, Point(seq - 1, bytes([seq - 1]) * 32), Point(seq, bytes([seq]) * 32))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = CountFile(tmp_path / "count")
    assert file.read() is None
    for seq in range(1, 6):
        file.write(_count(seq))
        assert file.read() == _count(seq)
    assert CountFile(tmp_path / "count").read() == _count(5)


def test_what_another_program_said_meanwhile_is_heard(tmp_path: Path) -> None:
    ours, other = CountFile(tmp_path / "count"), CountFile(tmp_path / "count")
    ours.write(_count(1))
    assert ours.read() == _count(1)
    for seq in (2, 4):
        other.write(_count(seq))
        assert ours.read() == _count(seq)
        ours.write(_count(seq + 1))
        assert other.read() == _count(seq + 1)


def test_a_file_that_was_put_back_under_a_running_program_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "count"
    file = CountFile(path)
    file.write(_count(1))
    file.write(_count(2))
    kept = path.read_bytes()
    file.write(_count(3))
    assert file.read() == _count(3)
    path.write_bytes(kept)
    assert file.read() == _count(2)


def test_a_torn_place_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "count"
    file = CountFile(path)
    file.write(_count(1))
    file.write(_count(2))
    raw = bytearray(path.read_bytes())
    raw[60] ^= 1  # in the first place, where the second turn stands
    path.write_bytes(raw)
    assert file.read() == _count(1)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file there")
def test_a_word_that_fits_in_part_only_was_not_said(tmp_path: Path) -> None:
    """The write gives no error then, and less than all of it stands there."""
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from pos_app.store.engine.errors import DiskFull\n"
        "from pos_app.store.engine.signed_count import Count, CountFile, Point\n"
        "end = Point(1, bytes(32))\n"
        "file = CountFile(Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (512 + 50, 512 + 50))\n"
        "try:\n"
        "    file.write(Count(1, end, end))\n"
        "except DiskFull as full:\n"
        "    print(full.code)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "count")], check=True, capture_output=True, text=True
    )
    assert said.stdout == "disk-full\n"
