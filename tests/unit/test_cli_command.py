"""The decorator of the commands, on commands of its own: options, bundles, printing."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import pytest
import typer
from typer.main import get_group

from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD, TOLD_NOTHING, Call, Code, Only, Opens, command, noun
from pos_app.cli.needs import needs, open_to_all
from pos_app.ledger.permission import Permission
from pos_app.log import setting_up as log

app: Final = noun()


@dataclass(frozen=True)
class Words:
    """Two that may be left out, and one that may not."""

    first: Annotated[str, typer.Option(help="One.")] = "nothing"
    second: Annotated[int | None, typer.Option("--again", help="Two.")] = None
    third: Annotated[list[str] | None, typer.Option(help="Three.")] = None


@dataclass(frozen=True)
class Needed:
    """One that must be there."""

    reason: Annotated[str, typer.Option(help="Why.")]


is_open: list[bool] = []


@contextlib.contextmanager
def _opened(call: Call) -> Iterator[Call]:
    is_open.append(True)
    try:
        yield call
    finally:
        is_open.clear()


@command(app, "say", Opens[Call](_opened, dates=True), needs(Permission.SELL))
def say(
    call: Call,
    code: Code,
    *,
    own: Annotated[str, typer.Option(help="Its own.")] = "",
    words: Annotated[Words, Only("second", "first")],
) -> Answer:
    """Say what it was told."""
    assert is_open == [True]
    assert call.needs.permissions == (Permission.SELL,)
    told = [str(call.home), call.org, call.told.by, call.as_json, call.allows_dates]
    values = {"call": told, "code": code, "own": own, "words": [words.first, words.second]}
    return Answer(values, [f"{code} {words.first}"])


@command(app, "fail", TOLD, open_to_all("A test."))
def fail(_: Call, why: Needed) -> Answer:
    """Not ok."""
    return Answer({"reason": why.reason}, [f"because {why.reason}"], ok=False)


@command(app, "nothing", TOLD_NOTHING, open_to_all("A test."))
def nothing(_: Call) -> Answer:
    """Has printed by itself."""
    return Answer()


@pytest.fixture(autouse=True)
def _one_log() -> Iterator[None]:
    """`--home` begins a log; none may be open when the next test begins."""
    yield
    log.end(0)


def run(*words: str) -> int:
    """Run a command; gives its exit code."""
    code = get_group(app)(list(words), prog_name="toy", standalone_mode=False)
    return code if isinstance(code, int) else 0


def test_what_all_commands_take_comes_with_the_call(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    home = str(tmp_path)
    words = (
        "say",
        "A",
        "--home",
        home,
        "--by",
        "OWNER",
        "--org",
        "two",
        "--own",
        "x",
        "--again",
        "3",
        "--json",
    )
    assert run(*words) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "call": [home, "two", "OWNER", True, False],
        "code": "A",
        "own": "x",
        "words": ["nothing", 3],
    }
    assert is_open == []
    assert run("say", "A", "--home", home, "--by", "OWNER", "--first", "y") == 0
    assert capsys.readouterr().out == "A y\n"


def test_the_options_stand_in_the_order_of_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    def names(of: str) -> list[Any]:
        return [one.opts[-1] for one in get_group(app).commands[of].params]

    shared = ["--allow-date", "--json", "--org"]
    assert names("say") == ["code", "--home", "--by", "--pin-file", "--own", "--again", "--first", *shared]
    assert names("fail") == ["--home", "--reason", "--json", "--org"]
    assert names("nothing") == ["--json"]


def test_a_field_without_a_default_must_be_said(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="Missing parameter: reason"):
        run("fail", "--home", str(tmp_path))


def test_what_is_not_ok_ends_with_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("fail", "--home", str(tmp_path), "--reason", "rain") == 1
    assert capsys.readouterr().out == "because rain\n"
    assert run("fail", "--home", str(tmp_path), "--reason", "rain", "--json") == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"ok": False, "reason": "rain"}
    assert printed.err == "because rain\n"


def test_an_answer_that_holds_nothing_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("nothing") == 0
    assert capsys.readouterr().out == ""


def test_a_command_stays_the_function_that_it_is() -> None:
    assert fail(Call(), Needed("rain")).lines == ["because rain"]
