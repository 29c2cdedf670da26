"""Printed numbers: gapless for each terminal and series, read by people, told apart by their prefix.

Fiscal series must not be shared by devices that number offline (OCA/l10n-spain#4921), so the
terminal's own code leads every number: "K3-S000981" is receipt 981 of till 3 at Kilimani.
A series is one letter or two.
"""

import re
from collections.abc import Container
from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.head import TERMINAL_SPAN

#: So many digits are printed at least.
_DIGITS: Final = 6
#: A code with fewer digits than this is rather a product's than a receipt's.
_LEAST_DIGITS: Final = 4
_PRINTED: Final = re.compile(r"^\s*([A-Za-z]{1,8})([0-9]{1,7})-([A-Za-z]{1,2})([0-9]{1,12})\s*$")

#: A terminal of more digits is none, and its keys would be none of the database's.
_POSITION: Final = re.compile(r"^\s*([0-9]{1,9})/([0-9]{1,10})\s*$")


def printed_number(number_prefix: str, terminal_no: int, series: str, number: int) -> str:
    """The number as printed: depot letters, terminal, series, six digits or more."""
    return f"{number_prefix}{terminal_no}-{series}{number:0{_DIGITS}d}"


def parse_printed(text: str) -> tuple[int, str, int]:
    """Terminal number, series and number of a printed number, as typed or scanned.

    Raises `Refused` when the text is no such number.
    """
    found = _PRINTED.match(text)
    if found is None:
        raise Refused("not-a-receipt-number", text=text.strip()[:24])
    return int(found[2]), found[3].upper(), int(found[4])


def parse_position(text: str) -> tuple[int, int] | None:
    """Terminal and sequence of a document as lists name it, such as 3/17; None for what is no such place.

    A sequence that a key has no room for is none: it would be another terminal's document.
    """
    found = _POSITION.match(text)
    if found is None or int(found[2]) >= TERMINAL_SPAN:
        return None
    return int(found[1]), int(found[2])


def printed_series(text: str, series: Container[str]) -> str:
    """The series of a scanned or typed code that is a printed number of one of these; else empty.

    At least four of its digits must be there: a code such as "AB1-S1" may be a product's.
    """
    found = _PRINTED.match(text)
    if found is None or len(found[4]) < _LEAST_DIGITS:
        return ""
    return found[3].upper() if found[3].upper() in series else ""
