"""Currencies: how many decimals each has, and the notes and coins a drawer is counted in."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pos_app.ledger.errors import Refused

#: Minor-unit exponents that are not 2, from ISO 4217 (list one, 2026).
_EXPONENTS: Final = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}

#: The rate of a currency to itself, in millionths.
RATE_ONE: Final = 1_000_000

#: Notes and coins in major units, largest first, for the drawer count.
_DENOMINATIONS: Final = {
    "KES": ("1000", "500", "200", "100", "50", "40", "20", "10", "5", "1"),
    "TZS": ("10000", "5000", "2000", "1000", "500", "200", "100", "50"),
    "UGX": ("50000", "20000", "10000", "5000", "2000", "1000", "500", "200", "100", "50"),
    "USD": ("100", "50", "20", "10", "5", "2", "1", "0.50", "0.25", "0.10", "0.05", "0.01"),
    "EUR": ("500", "200", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05"),
}
_OTHER_DENOMINATIONS: Final = ("1000", "500", "200", "100", "50", "20", "10", "5", "2", "1")


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency: `exponent` is the number of decimals of its minor unit."""

    code: str
    exponent: int

    @property
    def scale(self) -> int:
        """Minor units in one major unit: 100 for KES, 1 for UGX, 1000 for KWD."""
        return int(10**self.exponent)

    def denominations(self) -> tuple[int, ...]:
        """Notes and coins in minor units, largest first."""
        from pos_app.ledger.money import parse_money

        return tuple(parse_money(text, self) for text in _DENOMINATIONS.get(self.code, _OTHER_DENOMINATIONS))


def currency(code: str) -> Currency:
    """The currency with this three-letter code.  Raises `Refused` for anything else."""
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise Refused(f"“{code[:12]}” is not a currency code; write three capitals such as KES.")
    return Currency(code, _EXPONENTS.get(code, 2))


def minor_rate(rate_micro: int, foreign: Currency, base: Currency) -> int:
    """The rate between minor units, in millionths, that documents carry (`Head.rate_micro`).

    `rate_micro` is base currency per unit of the foreign one as people write it: 129.55 shillings to a
    dollar.  It differs where the currencies have unlike decimals: 0.035 shillings to a Ugandan shilling
    (no cents) are 3.5 cents to one of its minor units.  Raises `Refused` where nothing is left of it.
    """
    numerator, denominator = rate_micro * base.scale, foreign.scale
    rate = (2 * numerator + denominator) // (2 * denominator)
    if rate <= 0:
        raise Refused("The exchange rate must be more than zero.")
    return rate


def exchanged(amount: int, from_rate_micro: int, to_rate_micro: int) -> int:
    """What an amount of one currency is in another, in minor units, rounded half away from zero.

    Both rates are of minor units to the base currency (`minor_rate`; the base currency's own is a
    million): twenty dollars at 129.55 settle 2,591 shillings of a sale, and a payment in shillings
    settles as many dollars of an invoice.  Raises `Refused` for a rate that is none.
    """
    if from_rate_micro <= 0 or to_rate_micro <= 0:
        raise Refused("The exchange rate must be more than zero.")
    worth = abs(amount) * from_rate_micro
    found = (2 * worth + to_rate_micro) // (2 * to_rate_micro)
    return found if amount >= 0 else -found


def major_rate(minor: int, foreign: Currency, base: Currency) -> int:
    """The rate as people write it, from the one that documents carry: `minor_rate` backwards."""
    return (2 * minor * foreign.scale + base.scale) // (2 * base.scale)


def rate_text(rate_micro: int) -> str:
    """A rate as people write it, with two decimals or as many as it has: "129.50", "0.0351"."""
    whole, _, fraction = f"{Decimal(rate_micro).scaleb(-6):.6f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
