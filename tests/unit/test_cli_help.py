"""The lazy list of commands: every name loads, and its line is the first sentence of its own help."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pos_app import VERSION
from pos_app.cli.lazy_group import LazyGroup
from pos_app.cli.program import main, root


def groups(group: LazyGroup) -> Iterator[LazyGroup]:
    yield group
    for name in group.commands:
        below = group.load(name)
        if isinstance(below, LazyGroup):
            yield from groups(below)


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("limit", [45, 500])
def test_the_line_of_every_command_is_what_it_says_itself(limit: int) -> None:
    seen = 0
    for group in groups(root()):
        for name, stub in group.commands.items():
            loaded = group.load(name)
            assert loaded.name == name
            assert stub.get_short_help_str(limit) == loaded.get_short_help_str(limit)
            seen += 1
    assert seen > 45


def test_the_page_of_all_commands_is_what_the_commands_say() -> None:
    """Run `make docs` when this fails."""
    script = [sys.executable, str(ROOT / "packaging" / "command_reference.py"), "--check"]
    assert subprocess.run(script, cwd=ROOT, check=False).returncode == 0


def test_the_list_of_commands_imports_none_of_their_modules() -> None:
    seen = "import sys; from pos_app import cli\ntry: cli.main(['--help'])\nfinally: print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=False)
    loaded = set(ran.stdout.splitlines()[-1].split())
    assert "pos_app.cli.program" in loaded
    assert not loaded & {"sqlalchemy", "msgspec", "httpx", "pos_app.bootstrap", "pos_app.store", "pos_app.ui"}


def test_the_version_is_told_and_loads_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in ((["--version"], f"bohari {VERSION}"), (["--version", "--json"], f'"{VERSION}"')):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
        assert told in capsys.readouterr().out


def test_a_command_of_the_centre_on_a_till_without_it_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The package of a till has no Postgres: what only a centre does cannot be imported there."""

    real = importlib.import_module

    def missing(name: str, *more: str) -> ModuleType:
        if name == "pos_app.cli.server":
            raise ImportError("No module named psycopg")
        return real(name, *more)

    monkeypatch.setattr("pos_app.cli.lazy_group.importlib.import_module", missing)
    monkeypatch.setattr("pos_app.cli.lazy_group.importlib.util.find_spec", lambda _: None)
    with pytest.raises(SystemExit) as ended:
        main(["server", "--json"])
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert '"own-centre-not-installed"' in told.out
    assert "Traceback" not in told.err
