"""Whether a test that a register names presses what the register says that it does."""

import ast
from pathlib import Path
from typing import Final

_UI: Final = Path(__file__).parent.parent / "ui"


def pressed_in(where: str) -> str:
    """The source of a test of the window (`test_file.py::test_name`) and of what it calls in its own file.

    Raises `LookupError` where there is no such test.
    """
    file, _, name = where.partition("::")
    tree = ast.parse((_UI / file).read_text(encoding="utf-8"))
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    if name not in functions or not name.startswith("test_"):
        raise LookupError(where)
    found, ahead = [], [name]
    for each in ahead:
        found.append(ast.unparse(functions[each]))
        called = {one.id for one in ast.walk(functions[each]) if isinstance(one, ast.Name)}
        ahead += sorted((called & functions.keys()) - set(ahead))
    return "\n".join(found)
