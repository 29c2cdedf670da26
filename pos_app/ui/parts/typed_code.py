"""Owns the reading of what is typed before a code: ``3*`` makes three of it, ``-1*`` takes one back."""

import re
from typing import Final, NamedTuple

from pos_app.ledger.quantity import ONE, parse_quantity

_TIMES: Final = re.compile(r"^\s*([-\u2212]?\d{1,9}(?:[.,]\d{1,3})?)\s*[*×]\s*(.*)$", re.DOTALL)


class TypedCode(NamedTuple):
    """How many (in thousandths) of what."""

    quantity: int
    code: str


def read_typed(text: str) -> TypedCode:
    """The quantity and the code in the text.  Raises `Refused` for an absurd quantity."""
    found = _TIMES.match(text)
    if found is None:
        return TypedCode(ONE, text.strip())
    return TypedCode(parse_quantity(found[1].replace(",", ".")), found[2].strip())
