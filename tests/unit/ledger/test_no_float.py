"""Invariant 9: no float in the ledger, the store or the wire; asked of the source itself."""

import ast
from pathlib import Path

import msgspec
import pytest

from pos_app.ledger.document import Document
from sync.protocol import messages

ROOT = Path(__file__).parents[3]
ROOMS = ("pos_app/ledger", "pos_app/store", "sync")
#: Files that know no amount at all, only how long to wait.
WAITS_ONLY = {
    "pos_app/store/engine/copies.py",
    "pos_app/store/engine/embedded.py",
    "pos_app/store/medium/keeper.py",
    "sync/client/backoff.py",
    "sync/client/daemon.py",
    "sync/client/news.py",
    "sync/client/transport.py",
    "sync/server/news.py",
    "sync/server/news_watch.py",
}
#: Seconds to wait are not money: a name that says its unit may be a float.
_SPANS = ("_s", "_ms", "_seconds", "_minutes")


def sources() -> list[Path]:
    every = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return sorted(path for path in every if path.relative_to(ROOT).as_posix() not in WAITS_ONLY)


class _Floats(ast.NodeVisitor):
    """Collects float literals, `float` as a call or a type, and true division."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._span = False

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, float | complex) and not self._span:
            self.found.append(f"line {node.lineno}: {node.value!r}")

    def visit_Name(self, node: ast.Name) -> None:
        if node.id == "float" and not self._span:
            self.found.append(f"line {node.lineno}: float")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._division(node.op, node.left, node.right, node.lineno)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._division(node.op, node.target, node.value, node.lineno)
        self.generic_visit(node)

    def _division(self, operator: ast.operator, left: ast.expr, right: ast.expr, line: int) -> None:
        if isinstance(operator, ast.Div) and not _is_path(left) and not _is_path(right) and not self._span:
            self.found.append(f"line {line}: {ast.unparse(left)} / {ast.unparse(right)}")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._inside(node.target, node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._inside(node.targets[0], node)

    def visit_keyword(self, node: ast.keyword) -> None:
        self._inside(ast.Name(node.arg or ""), node)

    def visit_arg(self, node: ast.arg) -> None:
        self._inside(ast.Name(node.arg), node)

    def visit_Call(self, node: ast.Call) -> None:
        # A wait, a timeout or a random jitter in seconds is a span of time, not an amount.
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in {"wait", "sleep", "uniform", "join", "Timeout", "random", "settimeout"}:
            return
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        was, self._span = self._span, self._span or node.name.lower().endswith(_SPANS)
        self.generic_visit(node)
        self._span = was

    def _inside(self, target: ast.expr, node: ast.AST) -> None:
        name = ast.unparse(target).rpartition(".")[2].lower()
        was = self._span
        self._span = was or name.endswith(_SPANS) or name == "timeout"
        self.generic_visit(node)
        self._span = was


def _is_path(node: ast.expr) -> bool:
    """A text on either side, or a folder's name: joining a path is no division of money."""
    if (isinstance(node, ast.Constant) and isinstance(node.value, str)) or isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return _is_path(node.left) or _is_path(node.right)
    words = ast.unparse(node).lower()
    return any(word in words for word in ("path(", "path", "_dir", "folder", "home", "parent"))


def floats_in(source: str) -> list[str]:
    visitor = _Floats()
    visitor.visit(ast.parse(source))
    return visitor.found


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_float_anywhere(path: Path) -> None:
    assert floats_in(path.read_text(encoding="utf-8")) == []


def test_the_search_finds_what_it_looks_for() -> None:
    for source in ("total = 0.5", "x = float(total)", "def f(a: float): ...", "y = total / 2", "total /= 2"):
        assert floats_in(source), source
    for source in ("p = folder / 'x'", "retry_after_s = 0.5", "event.wait(0.5)", "n = total // 2"):
        assert not floats_in(source), source


def kinds_in(type_: object, seen: set[int]) -> set[str]:
    """The names of all types that a value of this type can hold, however deep."""
    if id(type_) in seen:
        return set()
    seen.add(id(type_))
    names = {type(type_).__name__}
    for name in ("types", "item_types", "fields"):
        for inner in getattr(type_, name, ()):
            names |= kinds_in(getattr(inner, "type", inner), seen)
    for name in ("item_type", "key_type", "value_type", "type"):
        inner = getattr(type_, name, None)
        if isinstance(inner, msgspec.inspect.Type):
            names |= kinds_in(inner, seen)
    return names


def test_no_float_can_travel() -> None:
    structs = [
        one for one in vars(messages).values() if isinstance(one, type) and issubclass(one, msgspec.Struct)
    ]
    assert len(structs) > 5
    assert {"IntType", "StrType"} <= kinds_in(msgspec.inspect.type_info(Document), set())
    for struct in (Document, *structs):
        kinds = kinds_in(msgspec.inspect.type_info(struct), set())
        assert not kinds & {"FloatType", "DecimalType", "AnyType"}, struct
