"""Builds what a GS1-128 says: a product, and how much of it there is or of which lot.

Sources: GS1 General Specifications 3 (application identifiers), 7.11 (letters of a lot), 7.8 (what stands in
brackets below the bars is for people and is not in the symbol).
"""

import re
from typing import Final

from pos_app.devices.barcode import GROUP_SEPARATOR, has_valid_check_digit
from pos_app.devices.errors import InvalidBarcode

#: Thousandths of a kilogram that six digits can say.
_MOST_WEIGHT: Final = 999_999
_LOT: Final = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
#: Identifiers that we write, and how many digits follow each (0: up to a separator).
_LENGTHS: Final = {"01": 14, "3103": 6, "37": 0, "10": 0}


def element_string(gtin: str, *, weight: int = 0, count: int = 0, lot: str = "") -> str:
    """What the bars say of a product: AI 01, with 3103 (`weight` in thousandths of a kilogram), 37 (so many
    pieces of it) and 10 where they are said.

    Raises InvalidBarcode for a number that is no GTIN and for what an identifier cannot hold.
    """
    digits = gtin.zfill(14)
    if len(digits) != 14 or not (gtin.isascii() and gtin.isdecimal()) or not has_valid_check_digit(digits):
        raise InvalidBarcode("gs1-128-needs-gtin", text=gtin, code=gtin[:60])
    if not 0 <= weight <= _MOST_WEIGHT:
        raise InvalidBarcode("gs1-128-weight", text=gtin)
    if lot and not _LOT.fullmatch(lot):
        raise InvalidBarcode("gs1-128-lot", text=lot, lot=lot[:60])
    said = f"01{digits}" + (f"3103{weight:06d}" if weight else "") + (f"10{lot}" if lot else "")
    return f"{said}{GROUP_SEPARATOR if lot else ''}37{count}" if count else said


def bracketed(text: str) -> str:
    """An element string as people read it: (01)04006381333931(10)LOT."""
    shown, rest = "", text
    while rest:
        known = next((one for one in _LENGTHS if rest.startswith(one)), None)
        if known is None:
            return f"{shown}{rest}"
        rest = rest[len(known) :]
        length = _LENGTHS[known]
        value, rest = (rest[:length], rest[length:]) if length else rest.partition(GROUP_SEPARATOR)[::2]
        shown += f"({known}){value}"
    return shown
