"""Documents are put together in one place each, out of typed fields: the ledger's makers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pos_app
from pos_app.ledger.document import SERIES

_ROOT = Path(pos_app.__file__).parent
_KINDS = {kind.__name__ for kind in SERIES}


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KINDS:
            yield node


def test_no_document_is_built_of_fields_without_types() -> None:
    """`Kind(**fields)` stands in a maker only, and no maker knows `Any`."""
    spread = {
        f"{path.relative_to(_ROOT)}: {call.func.id}"
        for path in _ROOT.rglob("*.py")
        if path.parent.name != "making"
        for call in _calls(path)
        if isinstance(call.func, ast.Name) and any(one.arg is None for one in call.keywords)
    }
    assert spread == set()
    makers = sorted((_ROOT / "ledger" / "making").glob("*.py"))
    assert len(makers) > 5
    for path in (*makers, _ROOT / "ledger" / "head.py", _ROOT / "ledger" / "totals.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
        assert "Any" not in names, path.name
    assert sum(1 for path in makers for _ in _calls(path)) >= 20


def test_tax_is_shared_out_in_one_place() -> None:
    """Rules check it and parts of lines divide it; everybody else asks `totals`."""
    found = {
        f"{path.parent.name}/{path.stem}"
        for path in _ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "share_out"
    }
    assert found == {"ledger/totals", "ledger/line_parts", "rules/lines", "rules/service_orders"}
