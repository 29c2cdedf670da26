"""Owns the graph of our own imports: who names whom, inside functions and for the type checker too."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Graph = dict[str, set[str]]


def module_name(root: Path, path: Path) -> str:
    """The dotted name of a file; a package is named by its `__init__.py`."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources(root: Path, packages: Iterable[str]) -> dict[str, Path]:
    """Every module below these packages, by its name."""
    return {
        module_name(root, path): path
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
    }


def import_graph(root: Path, packages: Iterable[str]) -> Graph:
    """Each module and the modules of these packages that it imports, wherever in the file it does.

    `from package import name` is an arrow to the module `package.name` where there is one, else to the
    package.  What Python runs by the way, the packages above a module, is no arrow: nobody asked for it.
    """
    modules = sources(root, packages)
    return {
        name: {
            target
            for target in _imported(ast.parse(path.read_text(encoding="utf-8")), name, path, modules.keys())
            if target != name
        }
        for name, path in modules.items()
    }


def _imported(tree: ast.AST, name: str, path: Path, modules: Iterable[str]) -> Iterator[str]:
    known = set(modules)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([node.module] if node.module else [])])
            for one in node.names:
                full = f"{base}.{one.name}"
                if full in known:
                    yield full
                elif base in known:
                    yield base


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """The circles of a graph: each as the modules of one strongly connected part, in order of their names.

    Tarjan's algorithm, without recursion: a chain of imports is longer than Python's stack is deep.
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for start in sorted(graph):
        if start in number:
            continue
        work = [(start, iter(sorted(graph[start])))]
        number[start] = low[start] = len(number)
        stack.append(start)
        while work:
            node, rest = work[-1]
            after = next(rest, None)
            if after is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    at = stack.index(node)
                    part, stack[at:] = stack[at:], []
                    if len(part) > 1:
                        found.append(sorted(part))
            elif after not in number:
                number[after] = low[after] = len(number)
                stack.append(after)
                work.append((after, iter(sorted(graph.get(after, set())))))
            elif after in stack:
                low[node] = min(low[node], number[after])
    return found


def told(graph: Mapping[str, set[str]], part: list[str]) -> str:
    """The shortest ring within one circle, as text: "a -> b -> a"."""
    best: list[str] = []
    for start in part:
        way = _shortest(graph, part, start)
        if way and (not best or len(way) < len(best)):
            best = way
    more = len(set(part) - set(best))
    return " -> ".join(best) + (f" (and {more} more modules in the same circle)" if more else "")


def _shortest(graph: Mapping[str, set[str]], part: list[str], start: str) -> list[str]:
    before: dict[str, str] = {}
    wave = [start]
    while wave:
        after_wave = []
        for node in wave:
            for after in sorted(graph[node] & set(part)):
                if after == start:
                    way = [node]
                    while way[0] != start:
                        way.insert(0, before[way[0]])
                    return [*way, start]
                if after not in before:
                    before[after] = node
                    after_wave.append(after)
        wave = after_wave
    return []
