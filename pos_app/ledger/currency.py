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
        notes_and_coins = _DENOMINATIONS.get(self.code, _OTHER_DENOMINATIONS)
        return tuple(int(Decimal(text).scaleb(self.exponent)) for text in notes_and_coins)


def currency(code: str) -> Currency:
    """The currency with this three-letter code.  Raises `Refused` for anything else."""
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise Refused(f"“{code[:12]}” is not a currency code; write three capitals such as KES.")
    return Currency(code, _EXPONENTS.get(code, 2))
