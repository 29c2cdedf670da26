"""The file of a log: only in a home, private, rotated by one of several processes, and never in the way."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.log.files import HomeFile

WRITER = """
import logging, sys
from pathlib import Path
from pos_app.log.files import HomeFile
file = HomeFile(Path(sys.argv[1]), "commands", most_bytes=20_000, most_old=9)
for number in range(400):
    text = f"{sys.argv[2]} {number} " + "x" * 100
    file.emit(logging.LogRecord("bohari", logging.INFO, "", 0, text, (), None))
"""


def say(file: HomeFile, text: str, level: int = logging.INFO) -> None:
    file.emit(logging.LogRecord("bohari", level, "", 0, text, (), None))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "bohari.toml").touch()
    return tmp_path / "home"


@pytest.fixture
def file(home: Path) -> Iterator[HomeFile]:
    made = HomeFile(home, "till")
    yield made
    made.close()


def test_a_line_is_there_at_once_and_for_its_owner_alone(home: Path, file: HomeFile) -> None:
    say(file, "one")
    path = home / "logs" / "till.log"
    assert path.read_text() == "one\n"
    if sys.platform != "win32":
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_mistyped_path_gets_no_log_and_a_home_that_is_made_gets_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    file = HomeFile(tmp_path / "music", "commands")
    say(file, "started")
    HomeFile(tmp_path / "nowhere", "commands").emit(logging.makeLogRecord({"msg": "started"}))
    assert [path.name for path in tmp_path.rglob("*")] == ["music"]
    (tmp_path / "music" / "till.db").touch()
    say(file, "enrolled")
    assert file.path.read_text() == "started\nenrolled\n"
    file.close()


def test_several_processes_rotate_one_file_and_lose_no_line(home: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(home), name]) for name in ("first", "second")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    files = sorted((home / "logs").glob("commands.log*"))
    assert len(files) > 4
    assert all(path.stat().st_size <= 20_000 + 200 for path in files)
    lines = [line.split() for path in files for line in path.read_text().splitlines()]
    assert sorted((name, int(number)) for name, number, _ in lines) == [
        (name, number) for name in ("first", "second") for number in range(400)
    ]


def test_so_many_old_files_are_kept_and_no_more(home: Path) -> None:
    file = HomeFile(home, "till", most_bytes=100, most_old=2)
    for number in range(20):
        say(file, f"{number:02} " + "x" * 60)
    assert [path.name for path in sorted((home / "logs").glob("till.log*"))] == [
        "till.log",
        "till.log.1",
        "till.log.2",
    ]
    assert file.path.read_text().startswith("19 ")
    file.close()


def test_a_log_that_somebody_removed_is_made_anew(home: Path, file: HomeFile) -> None:
    say(file, "one")
    file.path.unlink()
    say(file, "two")
    assert file.path.read_text() == "two\n"


def test_a_log_that_cannot_be_written_hurts_nobody(
    home: Path, file: HomeFile, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "logs").write_text("a file where the folder should be")
    say(file, "fine")
    say(file, "trouble", logging.WARNING)
    assert capsys.readouterr().err == "trouble\n"


def test_text_that_is_no_text_is_written_all_the_same(file: HomeFile) -> None:
    say(file, os.fsdecode(b"\xff till"))
    assert file.path.read_bytes() == b"\\udcff till\n"
    assert json.dumps(file.path.read_text())
