"""Chits: vouchers and deposit slips, papers with a number to whose holder we owe what is left on them.

A document issues one by a line that is no sale (`line.GoodsLine.chit`); its money is owed on the account of
vouchers or of deposits and open under the chit's number, as an invoice is open under its party.  What takes
from it (a tender, a deposit paid back, the return of the line) lowers that; what is left is a projection.

Decisions
---------
2026-11-29  The number is drawn from the request of the document that issues it, twelve digits of which the
last one checks the others: nobody guesses the number of somebody else's voucher from their own, a mistyped
one is noticed, and pressing Pay twice gives the same one.  It is no printed number of a document, because
those are counted.

2026-11-29  What is left of a chit is an open item (`posting.OpenItem`) whose party is the chit's number: it
is projected, brought to every till, verified, mended and explained as what is open of an invoice is, and a
till that is offline honours every chit that the feed brought.

2026-11-29  A deposit that a customer with a name paid is honoured as anybody's: by its slip.  It is apart
from what they have with us as a depositor, or it would be paid out twice.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pos_app.ledger.line import Chit, GoodsLine, PartyRole, Tender

#: As what the holder of a chit stands in the books.
ROLES: Final = (PartyRole.VOUCHER, PartyRole.DEPOSIT_SLIP)
#: Which letter stands before the number, on paper and in the bar code.
LETTERS: Final = {PartyRole.VOUCHER: "V", PartyRole.DEPOSIT_SLIP: "D"}
_ROLE_OF: Final = {letter: role for role, letter in LETTERS.items()}
_DIGITS: Final = 12
LEAST_NUMBER: Final = 10 ** (_DIGITS - 1)
MOST_NUMBER: Final = 10**_DIGITS - 1
_TYPED: Final = re.compile(r"^([VD])([0-9]{12})$", re.IGNORECASE | re.ASCII)
_BETWEEN: Final = re.compile(r"[\s\u00a0-]+")


class Numbered(NamedTuple):
    """A chit as its paper tells it."""

    role: PartyRole
    number: int


def drawn(request_id: str, place: int) -> int:
    """The number of the chit that the line at a place of a document issues."""
    digest = hashlib.sha256(f"chit/{request_id}/{place}".encode()).digest()
    tenth = LEAST_NUMBER // 10
    first = tenth + int.from_bytes(digest[:8], "big") % (9 * tenth)
    return first * 10 + _check_digit(str(first))


def _check_digit(digits: str) -> int:
    """The last digit that makes a number right (Luhn, ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def is_number(number: int) -> bool:
    """Whether a number is one that chits have."""
    return LEAST_NUMBER <= number <= MOST_NUMBER and _check_digit(str(number // 10)) == number % 10


def barcode_of(role: PartyRole, number: int) -> str:
    """The number as its bar code holds it, and as documents keep it: V471108152342."""
    return f"{LETTERS[role]}{number}"


def text_of(role: PartyRole, number: int) -> str:
    """The number as people read it: V 4711 0815 2342."""
    digits = str(number)
    return " ".join((LETTERS[role], digits[:4], digits[4:8], digits[8:]))


def read(text: str) -> Numbered | None:
    """The chit of a scanned or typed number; None for what is none, or is mistyped."""
    found = _TYPED.match(_BETWEEN.sub("", text.strip()))
    if found is None or not is_number(int(found[2])):
        return None
    return Numbered(_ROLE_OF[found[1].upper()], int(found[2]))


def looks_like_one(text: str) -> bool:
    """Whether a text has the shape of a chit's number, be it right or mistyped."""
    return _TYPED.match(_BETWEEN.sub("", text.strip())) is not None


class Moved(NamedTuple):
    """What a document adds to a chit (positive: it is issued, or given back to), in minor units."""

    chit: Chit
    amount: int


def moved(lines: Iterable[GoodsLine], tenders: Iterable[Tender], direction: int) -> Iterator[Moved]:
    """What the lines and the tenders of a document add to chits; `direction` 1 where goods go out.

    A line that goes out owes what it came to; a tender pays with what was owed.
    """
    for line in lines:
        if line.chit is not None:
            yield Moved(line.chit, direction * line.gross)
    for tender in tenders:
        if tender.chit is not None:
            yield Moved(tender.chit, -direction * tender.amount)
