"""The house rules that import-linter does not check: sizes, names, and first sentences of modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("pos_app", "sync", "demo", "resources", "migrations", "packaging", "tests")
MOST_LINES_OF_A_FUNCTION = 70
MOST_LINES_OF_A_FILE = 500
#: Drawers that everything gets thrown into; a module is named for what it owns.
FORBIDDEN_NAMES = {"utils", "util", "misc", "helpers", "helper", "manager", "managers", "common", "stuff"}

#: Names that say of a parameter nothing that its type does not.
NAMELESS = {"one", "found"}

#: Not read as prose: caches, and migrations, which list tables and never change again.
SKIPPED = {"__pycache__", "versions"}


def sources() -> list[Path]:
    every = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted(path for path in every if not SKIPPED & set(path.parts))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function and its number of lines, without its decorators."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def parameters(path: Path) -> Iterator[tuple[str, str]]:
    """Every function with the name of each of its parameters."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            yield from ((node.name, argument.arg) for argument in arguments)


@pytest.fixture(scope="module")
def paths() -> list[Path]:
    found = sources()
    assert len(found) > 50
    return found


def test_functions_fit_on_a_screen(paths: list[Path]) -> None:
    long = [
        f"{name_of(path)}: {name} has {length} lines"
        for path in paths
        for name, length in functions(path)
        if length >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_files_are_read_in_one_sitting(paths: list[Path]) -> None:
    lengths = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert {name: length for name, length in lengths.items() if length >= MOST_LINES_OF_A_FILE} == {}


def test_a_parameter_says_what_it_is(paths: list[Path]) -> None:
    """ "one" and "found" serve within a function, beside what they are one of, and tell a caller nothing."""
    nameless = [
        f"{name_of(path)}: {function}({parameter})"
        for path in paths
        if not name_of(path).startswith("tests/")
        for function, parameter in parameters(path)
        if parameter in NAMELESS
    ]
    assert nameless == []


def test_no_module_is_a_drawer_for_everything(paths: list[Path]) -> None:
    parts = {part for path in paths for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert parts & FORBIDDEN_NAMES == set()


def test_the_folder_packaging_shadows_no_library() -> None:
    """`import packaging` must stay the library: an `__init__.py` here would break pip and pytest."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_only_the_till_looks_into_its_context(paths: list[Path]) -> None:
    """`Till` says what a screen or a command needs; what its use cases work with is its own."""
    reached = [
        name_of(path)
        for path in paths
        if path.relative_to(ROOT).parts[0] in ("pos_app", "sync", "demo")
        and "pos_app/till" not in name_of(path)
        and re.search(r"\btill\._context\b", path.read_text(encoding="utf-8"))
    ]
    assert reached == []


def test_every_module_says_what_it_owns(paths: list[Path]) -> None:
    silent = [
        name_of(path)
        for path in paths
        if (source := path.read_text(encoding="utf-8")).strip()
        and ast.get_docstring(ast.parse(source)) is None
    ]
    assert silent == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def short():\n    pass\n\n\ndef long():\n" + "    x = 1\n" * 80)
    assert dict(functions(path)) == {"short": 2, "long": 81}


def test_one_module_asks_which_engine_it_is(paths: list[Path]) -> None:
    """SQLite means till and Postgres centre; `store.side` says so, and nobody else looks at the dialect."""
    asking = [
        name_of(path)
        for path in paths
        if name_of(path).startswith(("pos_app/", "sync/"))
        and ("dialect.name ==" in (source := path.read_text(encoding="utf-8")) or "dialect.name !=" in source)
    ]
    assert asking == ["pos_app/store/side.py"]
