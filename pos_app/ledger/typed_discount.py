"""What somebody typed as a discount: an amount, a per cent, or what it shall come to; pure."""

from enum import Enum
from typing import Final, NamedTuple

from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up, parse_decimal, parse_money

_WHOLE_BP: Final = 10_000
_WHAT: Final = "The discount"


class How(Enum):
    """In which of the three ways it was said."""

    AMOUNT = "amount"
    PER_CENT = "per cent"
    TARGET = "target"


class TypedDiscount(NamedTuple):
    """A discount as it was said: minor units, or basis points of a per cent."""

    how: How
    value: int

    def off(self, whole: int) -> int:
        """How much it takes off so many minor units.  Raises `Refused` for a target above them."""
        if self.how is How.AMOUNT:
            return self.value
        if self.how is How.PER_CENT:
            return divide_half_up(whole * self.value, _WHOLE_BP)
        if self.value > whole:
            raise Refused("target-above-price")
        return whole - self.value


def typed_discount(text: str, currency: Currency) -> TypedDiscount:
    """Read “50” as an amount, “10%” as a per cent, “=900” as what it shall come to.

    Raises `Refused` for anything else, for less than nothing, and for more than all of it.
    """
    typed = text.strip()
    if "%" in typed:
        scaled = parse_decimal(typed.removesuffix("%").removeprefix("%"), _WHAT) * 100
        if scaled != scaled.to_integral_value() or not 0 <= scaled <= _WHOLE_BP:
            raise Refused("per-cent-implausible", text=typed[:40])
        return TypedDiscount(How.PER_CENT, int(scaled))
    how = How.TARGET if typed.startswith("=") else How.AMOUNT
    value = parse_money(typed.removeprefix("="), currency, _WHAT)
    if value < 0:
        raise Refused("discount-below-nothing", text=typed[:40])
    return TypedDiscount(how, value)
