"""What a till asks the centre for when a customer is to pay on their phone: pure, beside `asking`.

It travels as the other requests do (signed, numbered, once), and is no customer, product or price: nothing
stands in for it, no person decides it, and after two minutes nobody is asked any more.
"""

from typing import Final

import msgspec

from pos_app.ledger.asking import MOST_NUMBER, Request
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import MOST_MINOR

#: What such a request calls itself, where it stands and travels.
KIND: Final = "payment"
#: So long after it was asked for, in microseconds, the centre still asks the phone.
FRESH_US: Final = 120 * 1_000_000
#: So long a till waits for what becomes of it.
AWAITED_US: Final = 200 * 1_000_000
_COUNTRY: Final = "254"


class PaymentAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whose phone is asked for how much (minor units), for which business, and what their screen says."""

    phone: str
    amount: int
    business_id: int
    reference: str = ""


def content_of(request: Request) -> PaymentAsked:
    """What a request says.  Raises `Refused` for what no till sends."""
    try:
        asked = msgspec.json.decode(request.body, type=PaymentAsked)
    except msgspec.DecodeError:
        raise Refused("request-unreadable") from None
    is_sound = 0 < asked.amount <= MOST_MINOR and 0 < asked.business_id < MOST_NUMBER
    if not is_sound or asked.phone != phone_of(asked.phone) or not (asked.reference or " ").isprintable():
        raise Refused("request-unreadable")
    return asked


def phone_of(typed: str) -> str:
    """A telephone as M-Pesa wants it, 254712345678.  Raises `Refused` for what is none of Kenya's mobiles.

    >>> phone_of("0712 345-678"), phone_of("+254 112 345 678")
    ('254712345678', '254112345678')
    """
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if digits.startswith("0") and len(digits) == 10:
        digits = _COUNTRY + digits[1:]
    elif len(digits) == 9:
        digits = _COUNTRY + digits
    if len(digits) != 12 or not digits.startswith((_COUNTRY + "7", _COUNTRY + "1")):
        raise Refused("push-phone-none", phone=typed.strip()[:20])
    return digits
