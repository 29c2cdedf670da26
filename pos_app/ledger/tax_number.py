"""Whom a tax office knows a business or a party as: the form of its number, told by the base currency.

Decisions
---------
2026-12-01  Kenya: a KRA PIN is A (a person) or P (a company), nine digits and a letter (KRA's own forms and
the eTIMS specifications: CHAR 11).  How the last letter follows from the digits is published nowhere, so it
is not computed: a check that somebody guessed would refuse a true PIN.

2026-12-01  Singapore: a GST number is the UEN of who is registered, or a number of the tax office's own
(M2, M9, MR and the like, seven digits, a sign: "M2-1234567-8").  ACRA describes the three forms of a UEN; its
last letter is computed as public validators do (weights modulo 11), since they agree with every published
UEN.  The last sign of an M number is published nowhere.

2026-12-01  A number of another country is written behind its two letters: "UG:1001234567".  A customer from
beyond the border has one and neither of our forms, and one that is typed wrongly must not pass for it.

2026-12-01  Numbers are kept without blanks and hyphens in capitals: two spellings are one customer, and the
tax office takes one of them.  What stands already is asked only when somebody changes it.
"""

import re
from typing import Final

from pos_app.ledger.errors import Refused

_PIN: Final = re.compile(r"[AP]\d{9}[A-Z]", re.ASCII)
_GST: Final = re.compile(r"M[A-Z0-9]\d{7}[A-Z0-9]", re.ASCII)
_FOREIGN: Final = re.compile(r"([A-Za-z]{2}):(.{1,36})")
_BETWEEN: Final = re.compile(r"[\s\-‐‑–]+")
#: The country of a base currency whose numbers have a form here.
COUNTRIES: Final = {"KES": "KE", "SGD": "SG"}

_UEN_BUSINESS: Final = re.compile(r"\d{8}[A-Z]", re.ASCII)
_UEN_COMPANY: Final = re.compile(r"(?:18|19|20)\d{7}[A-Z]", re.ASCII)
_UEN_OTHER: Final = re.compile(r"[RST]\d{2}[A-Z]{2}\d{4}[A-Z]", re.ASCII)
#: Of what each form computes its letter: weights of the signs before it, the letters by remainder.
_BUSINESS: Final = ((10, 4, 9, 3, 8, 2, 7, 1), "XMKECAWLJDB")
_COMPANY: Final = ((10, 8, 6, 4, 9, 7, 5, 3, 1), "ZKCMDNERGWH")
_OTHER: Final = (4, 3, 5, 3, 10, 2, 2, 5, 7)
_SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWX0123456789"


def tax_number(typed: str, base_currency: str, *, own: bool = False) -> str:
    """A tax number as it is kept; empty stays empty, where no form is known here it stays as it was typed.

    `own` is that of a business of ours, which no other country registers.  Raises `Refused`.
    """
    text = typed.strip()
    country = COUNTRIES.get(base_currency)
    if not text or country is None:
        return text
    foreign = None if own else _FOREIGN.fullmatch(text)
    if foreign is not None and foreign[1].upper() != country:
        return f"{foreign[1].upper()}:{foreign[2].strip()}"
    compact = _compact(text)
    if country == "KE":
        if not _PIN.fullmatch(compact):
            raise Refused("kra-pin-form", number=text[:40])
        return compact
    if _GST.fullmatch(compact):
        return compact
    if not _form(compact):
        raise Refused("gst-number-form", number=text[:40])
    return _checked(compact)


def uen(typed: str) -> str:
    """A UEN as it is kept; empty stays empty.  Raises `Refused`."""
    compact = _compact(typed)
    if not compact:
        return ""
    if not _form(compact):
        raise Refused("uen-form", number=typed.strip()[:40])
    return _checked(compact)


def is_uen(number: str) -> bool:
    """Whether a number, as it is kept, is a UEN whose letter is right."""
    return bool(_form(number)) and number[-1] == uen_letter(number)


def uen_letter(number: str) -> str:
    """The last letter that a UEN of a right form must have."""
    head = number[:-1]
    if head[0] in "RST":
        total = sum(weight * _SIGNS.index(sign) for weight, sign in zip(_OTHER, head, strict=True))
        return _SIGNS[(total - 5) % 11]
    weights, letters = _BUSINESS if len(head) == 8 else _COMPANY
    return letters[sum(weight * int(sign) for weight, sign in zip(weights, head, strict=True)) % 11]


def _form(number: str) -> bool:
    if _UEN_OTHER.fullmatch(number):
        # I, O, Y and Z stand in no UEN of this form: they are read as digits.
        return all(sign in _SIGNS for sign in number[:-1])
    return bool(_UEN_BUSINESS.fullmatch(number) or _UEN_COMPANY.fullmatch(number))


def _checked(number: str) -> str:
    if number[-1] != uen_letter(number):
        raise Refused("uen-letter", number=number)
    return number


def _compact(typed: str) -> str:
    return _BETWEEN.sub("", typed).upper()
