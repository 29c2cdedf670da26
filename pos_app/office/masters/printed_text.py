"""Texts that papers carry: of how many letters and lines, and what they are called in a sentence."""

from collections.abc import Mapping
from typing import Final

from pos_app.ledger.errors import Refused

_MOST_CODE: Final = 64
_MOST_NAME: Final = 200
#: A telephone, a tax number, a till: what stands on one line of a roll.
_MOST_SHORT: Final = 40
#: Lines of an address, of a bank account: more push the goods off a receipt.
_MOST_LINES: Final = 6
_SEVERAL_LINES: Final = frozenset({"address", "bank_details", "receipt_head", "receipt_footer"})
_LONG: Final = frozenset({"name", "legal_name"})


def check_code_and_name(code: str, name: str) -> None:
    """Raise `Refused` for a code or a name that is empty or cannot be printed."""
    for what, text, most in (("code", code.strip(), _MOST_CODE), ("name", name.strip(), _MOST_NAME)):
        if not text:
            raise Refused("party-needs", what=what)
        if len(text) > most or not text.isprintable():
            raise Refused("party-text-unusable", what=what)


def check_code(code: str) -> None:
    """Raise `Refused` for a code that is empty or cannot be printed."""
    _check("code", code, _MOST_CODE)


def check_tax_name(name: str) -> None:
    """Raise `Refused` for what a tax cannot be called on paper."""
    _check(_WORDS["printed_name"], name, _MOST_SHORT)


def clean(said: Mapping[str, str]) -> dict[str, str]:
    """Columns as they are kept: lines without blanks at their ends, none empty.  Raises `Refused`."""
    if not said:
        raise Refused("letterhead-nothing-said")
    found = {}
    for column, written in said.items():
        lines = [line.strip() for line in written.split("\n") if line.strip()]
        if len(lines) > (_MOST_LINES if column in _SEVERAL_LINES else 1):
            raise Refused("letterhead-too-many-lines", what=_WORDS[column], most=_MOST_LINES)
        long = column in _LONG or column in _SEVERAL_LINES
        for line in lines:
            _check(_WORDS[column], line, _MOST_NAME if long else _MOST_SHORT)
        if column == "name" and not lines:
            raise Refused("letterhead-needs", what="name")
        found[column] = "\n".join(lines)
    return found


def _check(what: str, text: str, most: int) -> None:
    if not text.strip():
        raise Refused("letterhead-needs", what=what)
    if len(text) > most or not text.isprintable():
        raise Refused("party-text-unusable", what=what)


#: What a column is called in a sentence.
_WORDS: Final = {
    "name": "name",
    "legal_name": "legal name",
    "address": "address",
    "phone": "telephone",
    "tax_number_name": "name of the tax number",
    "tax_number": "tax number",
    "company_number": "company number",
    "paynow": "PayNow",
    "bank_details": "bank account",
    "mpesa_till": "till number",
    "mpesa_paybill": "paybill number",
    "printed_name": "name of the tax",
    "receipt_head": "head of the receipts",
    "receipt_footer": "foot of the receipts",
}
