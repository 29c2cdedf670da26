"""What Qt carries between widgets: the `int` of a Signal is C's, so no amount, quantity or key passes one."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

import pos_app.ui

UI = Path(pos_app.ui.__file__).parent
#: Positions in a list, and single digits: small by nature.
SMALL = {
    "chip.py: chosen",
    "table.py: line_selected",
    "table.py: line_activated",
    "choice_row.py: stepped",
    "choice_row.py: worded",
}


def carriers_of_int(folder: Path) -> set[str]:
    """Every signal that is declared with a C type of numbers."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
                continue
            call = node.value
            if (
                isinstance(call.func, ast.Name)
                and call.func.id == "Signal"
                and isinstance(node.targets[0], ast.Name)
            ):
                names = {each.id for each in ast.walk(call) if isinstance(each, ast.Name)}
                if names & {"int", "float"}:
                    found.add(f"{path.name}: {node.targets[0].id}")
    return found


def test_no_amount_quantity_or_key_passes_through_a_c_int() -> None:
    assert carriers_of_int(UI) == SMALL


class Carrier(QObject):
    """What our signals of amounts are declared as."""

    said = Signal(object)


@pytest.mark.parametrize("amount", [2**31, 3_000_000_000, 50_000_000_00, 2**62, -(2**62)])
def test_a_large_amount_arrives_as_it_was_sent(amount: int) -> None:
    heard: list[object] = []
    carrier = Carrier()
    carrier.said.connect(heard.append)
    carrier.said.emit(amount)
    assert heard == [amount]
