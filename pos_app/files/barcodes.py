"""The barcodes of a cell as a scan will look them up: GTINs, and codes of the shop's own.

What the file has and what a scanner reads must meet.  So a GTIN is stored with 13 digits (or 14), a code of
the shop's own as it stands, and one that was mended (a lost zero, the gaps of the printed digits) under both.

Decisions
---------
2026-11-29  A wrong check digit is a typing error only where the number could be a GTIN of somebody.  With
eight digits, with four zeros in front, or behind the prefixes 02, 04 and 20 to 29, which GS1 leaves to the
shop, it is a code of the shop's own: 1,868 of 100,000 products of real shops have such.  It is kept and said.

2026-11-30  Two GTINs with a semicolon, a comma, a slash or a space between them are two barcodes, and said;
as one code they would be stored well and never be scanned.
"""

import re
from typing import Final, NamedTuple

from pos_app.devices import barcode
from pos_app.devices.errors import InvalidBarcode, InvalidCheckDigit
from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.ledger.errors import Refused

_GTIN_LENGTHS: Final = (8, 12, 13, 14)
#: The gaps of the digits below the bars, and of an ISBN.
_GAPS: Final = re.compile(r"[ \-.,]")
#: What other programs put between the barcodes of a cell.
_APART: Final = re.compile(r"\s*[;,/\s]\s*")
#: How a GTIN begins that GS1 gives to nobody: padded numbers, and what shops use within their walls.
_OWN: Final = re.compile(r"0000|0[24]|2[0-9]")


class Barcodes(NamedTuple):
    """What a cell holds: `codes` to be stored; `mended` as it was and is; `own` which are no GTIN."""

    codes: tuple[str, ...]
    mended: tuple[tuple[str, str], ...]
    own: tuple[str, ...]


def read_barcodes(cell: str) -> Barcodes:
    """Several barcodes separated by |.  Raises `Refused` for one that no scanner can read."""
    codes: list[str] = []
    mended: list[tuple[str, str]] = []
    own: list[str] = []
    for part in (part.strip() for part in cell.split(BETWEEN_BARCODES)):
        if not part:
            continue
        several = _several(part)
        if several:
            codes += several
            mended.append((part, BETWEEN_BARCODES.join(several)))
            continue
        whole = _mended(part)
        if whole:
            codes += [*whole, part]
            mended.append((part, whole[0]))
            continue
        found, is_own = _as_scanned(part)
        codes += found
        own += found * is_own
    return Barcodes(tuple(dict.fromkeys(codes)), tuple(mended), tuple(own))


def _several(part: str) -> list[str]:
    """What is scanned of GTINs that something else than | keeps apart; nothing where any of them is none."""
    pieces = _APART.split(part)
    if len(pieces) < 2 or not all(one.isdecimal() and len(one) in _GTIN_LENGTHS for one in pieces):
        return []
    found = [_gtins(one) for one in pieces]
    return [code for one in found for code in one] if all(found) else []


def _mended(part: str) -> list[str]:
    """What is scanned of digits with gaps, or of digits that lost zeros on the left; nothing for others."""
    digits = _GAPS.sub("", part)
    if not (digits.isascii() and digits.isdecimal()):
        return []
    if len(digits) in _GTIN_LENGTHS:
        return _gtins(digits) if digits != part else []
    if len(digits) == 7:
        # An EAN-8 that begins with a zero is no GTIN of anybody, and is scanned as it is printed.
        whole = digits.zfill(8)
        is_whole = barcode.has_valid_check_digit(whole)
        return [*([whole] * is_whole), *_gtins(whole)]
    return _gtins(digits.zfill(12)) if 9 <= len(digits) <= 11 else []


def _gtins(digits: str) -> list[str]:
    try:
        return list(barcode.classify(digits).gtins)
    except InvalidBarcode:
        return []


def _as_scanned(part: str) -> tuple[list[str], bool]:
    """What a scan of it looks up, and whether it has the look of a GTIN and is none."""
    try:
        found = barcode.classify(part)
    except InvalidCheckDigit as error:
        if not _is_own(part):
            raise Refused(error.said) from error
        return [part], True
    except InvalidBarcode as error:
        raise Refused(error.said) from error
    # Eight digits may be two, an EAN-8 and a UPC-E.
    codes = list(found.gtins) or [found.text]
    return codes, not found.gtins and part.isdecimal() and len(part) in _GTIN_LENGTHS


def _is_own(part: str) -> bool:
    if not (part.isascii() and part.isdecimal()):
        return False
    return len(part) == 8 or _OWN.match(part.zfill(14)[1:]) is not None
