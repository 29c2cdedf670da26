"""Every kind of flag is raised by a test: its code stands in what a test of a judge expects."""

import ast
from collections.abc import Iterator
from pathlib import Path

from pos_app.ledger.flagging import KINDS

#: Where tills are edited, or are offline for a week, and the centre finds it odd.
TESTS = ("test_judges.py", "test_approvals.py", "test_goods_judged.py", "test_promotion_judge.py",
         "test_points_judge.py", "test_deposit_judge.py", "test_z_judge.py",
         "test_close_judge.py")  # fmt: skip


def expected(tree: ast.Module) -> Iterator[str]:
    """The texts in assertions, and in the tables that tests are run by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) or (isinstance(node, ast.FunctionDef) and node.decorator_list):
            inside = [node] if isinstance(node, ast.Assert) else node.decorator_list
            for part in inside:
                yield from (
                    one.value
                    for one in ast.walk(part)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_every_kind_is_raised_by_a_test() -> None:
    found: set[str] = set()
    for name in TESTS:
        found |= set(expected(ast.parse((Path(__file__).parent / name).read_text(encoding="utf-8"))))
    missing = [code for code in KINDS if code.removeprefix("flag-") not in found]
    assert missing == []
