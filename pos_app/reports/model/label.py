"""A label as a value: what a thing is called, what it costs and what a scanner reads; and on which sheet."""

import re
from typing import Final, NamedTuple

from pos_app.devices.paper import BarcodeKind
from pos_app.ledger.errors import Refused

#: So many labels side by side, and one below the other, on one page.
MOST_COLUMNS: Final = 10
MOST_ROWS: Final = 30
_A4: Final = (210.0, 297.0)
#: Rolls of label printers, in millimetres.
_ROLL: Final = re.compile(r"roll-([0-9]{2,3})x([0-9]{2,3})")
_LEAST_MM, _MOST_MM = 20, 210
_GRID: Final = re.compile(r"a4-([0-9]{1,2})x([0-9]{1,2})")


class Label(NamedTuple):
    """What stands on one label; `price` as it is read, `barcode` as it is scanned.

    `below` is what else is said: the code and the unit, what one piece costs, from which day on.
    """

    name: str
    price: str
    below: str
    barcode: str
    kind: BarcodeKind = "code128"


class Sheet(NamedTuple):
    """A page in millimetres with labels in columns and rows; on a roll each is a page of its own."""

    width: float
    height: float
    columns: int = 1
    rows: int = 1

    @property
    def dots(self) -> int:
        """How many dots an inch what prints it has at least: a label printer 203, one of pages 300."""
        return 203 if (self.columns, self.rows) == (1, 1) and (self.width, self.height) != _A4 else 300


#: What is sold everywhere: 24 and 40 labels on A4, and two rolls.
SHEETS: Final = {
    "a4-24": Sheet(*_A4, 3, 8),
    "a4-40": Sheet(*_A4, 4, 10),
    "roll-58": Sheet(58, 40),
    "roll-80": Sheet(80, 50),
}


def sheet_named(name: str) -> Sheet:
    """A sheet by its name: one of `SHEETS`, a4-4x10 (columns and rows), roll-50x30 (millimetres).

    Raises `Refused` for what is none, and for labels too small or too many.
    """
    wanted = name.strip().lower()
    if wanted in SHEETS:
        return SHEETS[wanted]
    if found := _GRID.fullmatch(wanted):
        columns, rows = int(found[1]), int(found[2])
        if 1 <= columns <= MOST_COLUMNS and 1 <= rows <= MOST_ROWS:
            return Sheet(*_A4, columns, rows)
    if found := _ROLL.fullmatch(wanted):
        width, height = int(found[1]), int(found[2])
        if _LEAST_MM <= width <= _MOST_MM and _LEAST_MM <= height <= _MOST_MM:
            return Sheet(width, height)
    raise Refused("labels-sheet-unknown")
