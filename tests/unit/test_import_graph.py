"""The graph of imports has no ring, and no screen names another: wherever in a file an import stands."""

import ast
from pathlib import Path

import pytest

from tests.support.import_graph import Graph, circles, import_graph, sources, told

ROOT = Path(__file__).parents[2]
#: What leads down to screens by their classes: the list of the depot's menu.
LEAD_DOWN = {"pos_app.ui.depot.entries"}
#: What opens screens and is none: the window with the first two, and its list of ways.
OPEN_SCREENS = {"pos_app.ui.window", "pos_app.ui.window_ways"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    found = import_graph(ROOT, ("pos_app", "sync"))
    assert len(found) > 400
    return found


def screens() -> set[str]:
    """The modules with a class that is a screen of its own: made of `Screen`, and nothing is made of it."""
    bases: dict[str, set[str]] = {}
    module_of: dict[str, str] = {}
    for name, path in sources(ROOT, ("pos_app/ui",)).items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
                module_of[node.name] = name
    derived, wave = set[str](), {"Screen"}
    while wave:
        wave = {name for name, above in bases.items() if above & wave} - derived
        derived |= wave
    frames = set[str]().union(*(bases[name] for name in derived))
    return {module_of[name] for name in derived - frames}


def test_nothing_imports_itself_by_a_detour(graph: Graph) -> None:
    assert [told(graph, part) for part in circles(graph)] == []


def test_no_screen_names_another(graph: Graph) -> None:
    every = screens()
    assert len(every) > 25
    known = [
        f"{name} -> {target}"
        for name in graph
        if name.startswith("pos_app.ui.") and name not in LEAD_DOWN | OPEN_SCREENS
        for target in graph[name] & every
    ]
    assert known == []


def test_each_screen_is_led_to(graph: Graph) -> None:
    led_to = set[str]().union(*(graph[name] for name in LEAD_DOWN | OPEN_SCREENS))
    assert screens() - led_to == set(), "a screen that nobody can open"


# -- the search finds what it looks for --------------------------------------------------------------


def _package(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / "house" / Path(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_imports_in_functions_and_for_the_type_checker_count(tmp_path: Path) -> None:
    _package(
        tmp_path,
        a="def late():\n    from house import b\n",
        b="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.c import Name\n",
        c="import house.a\n",
        d="import house.a\nimport os\n",
    )
    graph = import_graph(tmp_path, ("house",))
    assert graph["house.d"] == {"house.a"}
    assert circles(graph) == [["house.a", "house.b", "house.c"]]
    assert told(graph, circles(graph)[0]) == "house.a -> house.b -> house.c -> house.a"


def test_a_package_is_meant_only_by_what_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "house" / "room").mkdir(parents=True)
    (tmp_path / "house" / "room" / "__init__.py").write_text("from house.room.one import Thing\n")
    _package(
        tmp_path,
        room__one="import house.room.two\nThing = 1\n",
        room__two="",
        three="from house.room import Thing\n",
        four="from house.room import two\n",
        room__five="from . import two\nfrom .one import Thing\n",
    )
    graph = import_graph(tmp_path, ("house",))
    assert graph["house.three"] == {"house.room"}
    assert graph["house.four"] == {"house.room.two"}
    assert graph["house.room.five"] == {"house.room.two", "house.room.one"}
    assert circles(graph) == [], "that a package is run before its modules is no circle"
    (tmp_path / "house" / "room" / "two.py").write_text("from house.room import Thing\n")
    (part,) = circles(import_graph(tmp_path, ("house",)))
    assert part == ["house.room", "house.room.one", "house.room.two"]
