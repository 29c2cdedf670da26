"""What a person can reach: the window or a command calls every use case, and all that the demos do.

A use case is a public function or method in `pos_app/till` and `pos_app/office`.  Those that serve other use
cases need no way of their own: a name that is called anywhere else in these rooms counts as such.  Names are
compared, not what they are bound to: two methods of one name stand for each other.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FACES: Final = ("pos_app/ui", "pos_app/web", "pos_app/cli", "pos_app/bootstrap.py", "pos_app/support.py")
ROOMS: Final = ("pos_app/till", "pos_app/office")

#: What waits for the keys of the counter, with the reason; what is reached goes from here.
WAITING: Final[dict[str, str]] = {}
#: What no person is meant to do, and who calls it instead.
FOR_PROGRAMS: Final[dict[str, str]] = {}


def files(*places: str) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        yield from path.rglob("*.py") if path.is_dir() else [path] if path.exists() else []


def trees(*places: str) -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in files(*places)}


def uses(tree: ast.AST) -> Iterator[str]:
    """The names that code asks for: of attributes, and bare ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.ImportFrom):
            yield from (one.name for one in node.names)


def is_public(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def use_cases(rooms: dict[Path, ast.Module]) -> Iterator[tuple[str, str]]:
    """Every public function and method: its qualified name, and its own."""
    for path, tree in rooms.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and is_public(node):
                yield f"{path.stem}.{node.name}", node.name
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                for one in node.body:
                    if isinstance(one, ast.FunctionDef) and is_public(one):
                        yield f"{node.name}.{one.name}", one.name


def names_of(found: Iterable[ast.Module]) -> set[str]:
    return {name for tree in found for name in uses(tree)}


def test_every_use_case_is_reached_by_a_person() -> None:
    rooms = trees(*ROOMS)
    reached = names_of(trees(*FACES).values()) | names_of(rooms.values())
    unreached = {where for where, name in use_cases(rooms) if name not in reached}
    assert unreached - WAITING.keys() - FOR_PROGRAMS.keys() == set()
    assert (WAITING.keys() | FOR_PROGRAMS.keys()) - unreached == set(), "it is reached: take it off the list"


def test_the_demos_call_no_use_case_that_no_person_can_reach() -> None:
    reached = names_of(trees(*FACES).values())
    own = {name for _where, name in use_cases(trees(*ROOMS))}
    asked = names_of(trees("demo").values())
    waiting = {where.rpartition(".")[2] for where in WAITING}
    assert asked & own - reached - ONLY_ASKED == waiting & asked


#: What the demos ask of the till to know what to do next, as a person would look at the screen.
ONLY_ASKED: Final = frozenset({"on_account", "has_cash"})

#: Rooms of the store that write; what of them a demo calls, a command or a use case calls too.
WRITERS: Final = ("organisation", "master", "journal", "feed")


def test_the_demos_write_nothing_that_no_command_writes() -> None:
    through = names_of(trees(*FACES, *ROOMS).values())
    for path, tree in trees("demo").items():
        modules = {
            one.asname or one.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("pos_app.store.")
            and (node.module or "").split(".")[2] in WRITERS
            for one in node.names
        }
        called = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in modules
        }
        assert called <= through, path.name
