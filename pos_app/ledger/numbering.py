"""Printed numbers: gapless for each terminal and series, read by people, told apart by their prefix.

Fiscal series must not be shared by devices that number offline (OCA/l10n-spain#4921), so the
terminal's own code leads every number: "K3-S000981" is receipt 981 of till 3 at Kilimani.
A series is one letter or two.
"""

import re
from typing import Final

from pos_app.ledger.errors import Refused

_PRINTED: Final = re.compile(r"^\s*([A-Za-z]{1,8})([0-9]{1,7})-([A-Za-z]{1,2})([0-9]{1,12})\s*$")


def printed_number(depot_code: str, terminal_no: int, series: str, number: int) -> str:
    """The number as printed: depot letters, terminal, series, six digits or more."""
    return f"{depot_code}{terminal_no}-{series}{number:06d}"


def parse_printed(text: str) -> tuple[int, str, int]:
    """Terminal number, series and number of a printed number, as typed or scanned.

    Raises `Refused` when the text is no such number.
    """
    found = _PRINTED.match(text)
    if found is None:
        raise Refused(f"“{text.strip()[:24]}” is not a receipt number; it looks like K3-S000981.")
    return int(found[2]), found[3].upper(), int(found[4])
