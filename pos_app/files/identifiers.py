"""Codes and telephone numbers as spreadsheets leave them: what is lost is refused, what is not is mended.

A spreadsheet takes a code of digits for a number and a code such as 12-3 for a day.  What it saves then is
another text, which imports well and is never found again.  Where all of the code is still there it is mended,
and whoever imports is told; where a part is gone the row is refused, for nobody can guess it.

Decisions
---------
2026-11-29  A number with an exponent is one that lost its digits, unless as many are written as the exponent
says (4.006381333931E+12 has all thirteen).  `1E5` and `5E-10` are codes that people give: a spreadsheet
writes a plus sign and two digits of exponent (1E+05), a program a decimal mark (1.0E5).

2026-11-29  A mark with nothing but zeros behind it (`4530.0`) is what a program makes of a column of numbers
with a gap in it.  Below three digits it is left alone: 1.0 beside 1.5 is a size.

2026-11-29  A day is refused although it could be a code that somebody chose: `12-Mar` was `12-3` or `3/12` or
`MAR12`, and each would be another product.  The same word in capitals is left alone: no spreadsheet
writes so.
"""

import re
import unicodedata
from enum import Enum
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused


class Kind(Enum):
    """What a column of identifiers holds."""

    CODE = "code"
    BARCODES = "barcodes"
    PHONE = "phone"
    NUMBER = "number"


#: In every file that we read, a column of one of these names holds identifiers.
IDENTIFIERS: Final = {
    "sku": Kind.CODE,
    "code": Kind.CODE,
    "customer": Kind.CODE,
    "party": Kind.CODE,
    "account": Kind.CODE,
    "barcode": Kind.BARCODES,
    "phone": Kind.PHONE,
    # The number of a document: of old, people write days and marks into it, and they stay.
    "number": Kind.NUMBER,
}
#: Several barcodes stand in one cell with this between them.
BETWEEN_BARCODES: Final = "|"
_SHOWN: Final = 40
_FORMULA: Final = re.compile(r'="?([^"]*)"?')
_EXPONENT: Final = re.compile(
    r"[+\-]?([0-9]+)(?:[.,]([0-9]+))?[eE]\+([0-9]{2,3})|[+\-]?([0-9]+)[.,]([0-9]+)[eE]([+\-]?[0-9]{1,3})"
)
_DECIMALS: Final = re.compile(r"(\+?[0-9]{3,})[.,]0{1,2}")
_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY_OF_MONTH: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_OF_YEAR: Final = "(?:0?[1-9]|1[0-2])"
_DAYS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY_OF_MONTH}[- ]{_MONTH}(?:[- ](?:[0-9]{{2}}|[0-9]{{4}}))?",
        rf"{_MONTH}[- ](?:[0-9]{{2}}|[0-9]{{4}})",
        rf"{_DAY_OF_MONTH}/{_DAY_OF_MONTH}/(?:19|20)[0-9]{{2}}",
        r"(?:0[1-9]|[12][0-9]|3[01])/(?:0[1-9]|[12][0-9]|3[01])/[0-9]{2}",
        rf"{_DAY_OF_MONTH}\.{_MONTH_OF_YEAR}\.(?:19|20)[0-9]{{2}}",
        rf"(?:19|20)[0-9]{{2}}-{_MONTH_OF_YEAR}-{_DAY_OF_MONTH}(?:[T ][0-9]{{1,2}}:[0-9]{{2}}(?::[0-9.]+)?)?",
    )
)
#: What a spreadsheet makes of yes and no, and what it puts where it has no answer.
_WORDS: Final = re.compile(
    r"TRUE|FALSE|True|False|WAHR|FALSCH|VRAI|FAUX|#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!)|#{2,}"
)
#: A spreadsheet keeps fifteen digits of a number and writes zeros for the others.
_DIGITS_KEPT: Final = 15


class Plain(NamedTuple):
    """An identifier as it was meant; `mended` where the file has it otherwise."""

    text: str
    mended: bool


def unspoilt(text: str, kind: Kind) -> Plain:
    """The identifier that a cell holds.  Raises `Refused` where a spreadsheet left only a part of it."""
    if kind is not Kind.BARCODES:
        plain = _unspoilt(text, kind)
        return Plain(plain, plain != text)
    parts = [part.strip() for part in text.split(BETWEEN_BARCODES)]
    plain = BETWEEN_BARCODES.join(_unspoilt(part, kind) for part in parts)
    return Plain(plain, plain != BETWEEN_BARCODES.join(parts))


def _unspoilt(text: str, kind: Kind) -> str:
    if text.isascii() and text.isalnum() and not text.isdecimal() and not _WORDS.fullmatch(text):
        # Letters with digits, as most codes are; what is left of a number has a sign or a mark.
        return text
    plain = _unwrapped(text)
    exponent = _EXPONENT.fullmatch(plain)
    if exponent is not None:
        return _written_out(text, exponent)
    decimals = _DECIMALS.fullmatch(plain)
    if decimals is not None and kind is not Kind.NUMBER:
        return decimals[1]
    if kind is Kind.CODE or kind is Kind.BARCODES:
        if any(form.fullmatch(plain) for form in _DAYS):
            raise Refused("identifier-became-day", text=text[:_SHOWN])
        if plain.isdecimal() and len(plain) > _DIGITS_KEPT + 1 and not plain[_DIGITS_KEPT:].strip("0"):
            raise Refused("identifier-lost-digits", text=text[:_SHOWN])
    if _WORDS.fullmatch(plain):
        raise Refused("identifier-became-word", text=text[:_SHOWN])
    return plain


def _unwrapped(text: str) -> str:
    """Without what says "this is text" to a spreadsheet, without letters that cannot be seen."""
    plain = text
    if not plain.isascii():
        plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
        plain = "".join(
            str(unicodedata.decimal(letter)) if unicodedata.category(letter) == "Nd" else letter
            for letter in plain
        )
    formula = _FORMULA.fullmatch(plain)
    if formula is not None:
        plain = formula[1]
    if plain[:1] in ("'", "\u2018", "\u2019") and plain[1:2].isalnum():
        # An apostrophe says to a spreadsheet that what follows is text; some send it along.
        plain = plain[1:].removesuffix(plain[0])
    return plain.strip()


def _written_out(text: str, number: re.Match[str]) -> str:
    """A number with an exponent as its digits.  Raises `Refused` when fewer are there than there were."""
    whole = number[1] or number[4]
    fraction = number[2] or number[5] or ""
    exponent = int(number[3] or number[6])
    if len(whole) != 1 or len(fraction) != exponent or text.lstrip().startswith("-"):
        raise Refused("identifier-lost-digits", text=text[:_SHOWN])
    return whole + fraction
