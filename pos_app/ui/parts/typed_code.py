"""Reads what is typed before a code: ``3*`` makes three of it, ``2dz*`` two dozen, ``-1*`` takes one back."""

import re
from typing import Final, NamedTuple

from pos_app.ledger.quantity import ONE, parse_quantity

_TIMES: Final = re.compile(
    r"^\s*([-\u2212]?\d{1,9}(?:[.,]\d{1,3})?)\s*([^\W\d_][^\s*×]{0,11})?\s*[*×]\s*(.*)$", re.DOTALL
)


class TypedCode(NamedTuple):
    """How many (in thousandths) of what; in the unit of the product where none is said."""

    quantity: int
    code: str
    unit: str = ""


def read_typed(text: str) -> TypedCode:
    """The quantity and the code in the text.  Raises `Refused` for an absurd quantity."""
    found = _TIMES.match(text)
    if found is None:
        return TypedCode(ONE, text.strip())
    return TypedCode(parse_quantity(found[1].replace(",", ".")), found[3].strip(), found[2] or "")
