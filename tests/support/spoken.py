"""Owns what the code says: every code with which it refuses, every text of window, paper and pages.

Read from the syntax tree, so that a text which is put together before it is looked up is a failing test
and no hole in a catalogue.  `tests.catalogues` keeps the catalogues by this, and the tests hold them to it.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment
from jinja2.ext import extract_from_ast

ROOT: Final = Path(__file__).parents[2]
TOPS: Final = ("pos_app", "sync", "demo")
CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


class Raised(NamedTuple):
    """One place where something is refused: its code, its facts by name, and where."""

    code: str
    facts: frozenset[str]
    where: str


class Text(NamedTuple):
    """A text under its English, with the English for many when it counts."""

    one: str
    many: str = ""


@lru_cache(maxsize=1)
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of the product with its tree.  A module that does not parse is an error, no silence."""
    paths = (path for top in TOPS for path in sorted((ROOT / top).rglob("*.py")))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"), str(path))) for path in paths)


@lru_cache(maxsize=1)
def errors() -> dict[str, frozenset[str]]:
    """The classes below `BohariError`, by name, each with the attributes that its maker takes by keyword."""
    classes = [node for _, tree in modules() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    known: dict[str, frozenset[str]] = {"BohariError": frozenset()}
    while True:
        further = {
            one.name: _own(one) | known[base.id]
            for one in classes
            for base in one.bases
            if isinstance(base, ast.Name) and base.id in known and one.name not in known
        }
        if not further:
            return known
        known |= further


def _own(class_: ast.ClassDef) -> frozenset[str]:
    makers = (node for node in class_.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    return frozenset(
        argument.arg for maker in makers for argument in (*maker.args.args, *maker.args.kwonlyargs)
    )


def raised() -> Iterator[Raised]:
    """Every code in the house with the facts that stand beside it."""
    speakers = {
        **errors(),
        "said": frozenset[str](),
        "misused": frozenset[str](),
        "kept_code": frozenset[str](),
    }
    for path, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or _name(node.func) not in speakers:
                if isinstance(node, ast.Call) and _is_super(node):
                    yield from _codes(path, node, frozenset())
                continue
            yield from _codes(path, node, speakers[_name(node.func)])


def uncoded() -> Iterator[str]:
    """Where an error is made of a sentence instead of a code."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in {*errors(), "said", "misused"}:
                for argument in node.args:
                    if isinstance(argument, ast.JoinedStr) or any(
                        not CODE.fullmatch(text) for text in _constants(argument)
                    ):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}"


def _codes(path: Path, call: ast.Call, own: frozenset[str]) -> Iterator[Raised]:
    facts = frozenset(keyword.arg for keyword in call.keywords if keyword.arg) - own
    where = f"{path.relative_to(ROOT)}:{call.lineno}"
    if _name(call.func) == "kept_code":
        code, *names = (text for argument in call.args for text in _constants(argument))
        yield Raised(code, frozenset(names), where)
        return
    for argument in call.args:
        for text in _constants(argument):
            if CODE.fullmatch(text):
                yield Raised(text, facts, where)


def _constants(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be: itself, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _is_super(call: ast.Call) -> bool:
    """Whether it is `super().__init__(...)`, as an error with one sentence calls it."""
    maker = call.func
    return (
        isinstance(maker, ast.Attribute)
        and maker.attr == "__init__"
        and isinstance(maker.value, ast.Call)
        and _name(maker.value.func) == "super"
    )


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


#: Who hands a text to a catalogue, and at which places of its call the text stands.
_WINDOW: Final[dict[str, tuple[int, ...]]] = {"_": (0,), "plural": (1, 2)}
_PAPER: Final[dict[str, tuple[int, ...]]] = {"printed": (0,)}
_WEB: Final[dict[str, tuple[int, ...]]] = {"web_text": (0,), "web_words": (0,), "web_count": (1, 2)}
#: As pages call the two of them.
_IN_PAGES: Final = ("_", "counted")


def window_texts() -> set[Text]:
    """Every text of the window."""
    return _texts(_WINDOW)


def paper_texts() -> set[Text]:
    """Every text that is printed."""
    return _texts(_PAPER)


def web_texts() -> set[Text]:
    """Every text of the pages in a browser: of the code, and of the templates."""
    found = _texts(_WEB)
    pages = Environment(autoescape=True)
    for path in sorted((ROOT / "resources" / "web" / "pages").glob("*.html")):
        tree = pages.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for _, _, said in extract_from_ast(tree, _IN_PAGES, babel_style=False):
            parts = said if isinstance(said, tuple) else (said,)
            found.add(Text(*[str(part) for part in parts]))
    return found


def _texts(speakers: dict[str, tuple[int, ...]]) -> set[Text]:
    found: set[Text] = set()
    for path, tree in modules():
        if path.name == "language.py":
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            places = speakers.get(node.func.id)
            if places:
                found.add(Text(*(_whole(path, node, place) for place in places)))
    return found


def _whole(path: Path, call: ast.Call, place: int) -> str:
    argument = call.args[place]
    if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
        raise TypeError(f"{path.relative_to(ROOT)}:{call.lineno}: say it in one piece")
    return argument.value
