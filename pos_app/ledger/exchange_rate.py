"""Exchange rates: between people and documents, as text, and what an amount is worth at one.

A rate is what one unit of a currency is worth in the base currency, in millionths.  People write it per
unit (129.55 shillings to a dollar: `rate_micro` of the master data); documents carry it per minor unit
(`Head.rate_micro`).  The two differ where the currencies have unlike decimals.
"""

from decimal import Decimal
from typing import Final

from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up

#: The rate of a currency to itself, in millionths.
RATE_ONE: Final = 1_000_000


def minor_rate(rate_micro: int, foreign: Currency, base: Currency) -> int:
    """The rate between minor units, in millionths, that documents carry (`Head.rate_micro`).

    `rate_micro` is base currency per unit of the foreign one as people write it.  0.035 shillings to a
    Ugandan shilling (no cents) are 3.5 cents to one of its minor units.  Raises `Refused` where nothing
    is left of it.
    """
    rate = divide_half_up(rate_micro * base.scale, foreign.scale)
    if rate <= 0:
        raise Refused("rate-not-positive")
    return rate


def major_rate(minor: int, foreign: Currency, base: Currency) -> int:
    """The rate as people write it, from the one that documents carry: `minor_rate` backwards."""
    return divide_half_up(minor * foreign.scale, base.scale)


def rate_text(rate_micro: int) -> str:
    """A rate as people write it, with two decimals or as many as it has: "129.50", "0.0351"."""
    whole, _, fraction = f"{Decimal(rate_micro).scaleb(-6):.6f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def worth_of(amount: int, rate_micro: int) -> int:
    """An amount in base currency, rounded half away from zero; both in minor units."""
    return amount if rate_micro == RATE_ONE else divide_half_up(amount * rate_micro, RATE_ONE)
