"""Currencies: how many decimals each has, and the cash it is paid in (see `denominations`)."""

from dataclasses import dataclass
from typing import Final

from pos_app.ledger import denominations
from pos_app.ledger.errors import Refused

#: Minor-unit exponents that are not 2, from ISO 4217 (list one, 2026).
_EXPONENTS: Final = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}


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
        return denominations.denominations(self.code, self.exponent)

    @property
    def cash_step(self) -> int:
        """The smallest sum that can be paid in cash, in minor units: 100 for KES, 5 for SGD."""
        return denominations.cash_step(self.code, self.exponent)

    @property
    def largest_coin(self) -> int | None:
        """The largest coin in minor units; None where we do not know it."""
        return denominations.largest_coin(self.code, self.exponent)


def currency(code: str) -> Currency:
    """The currency with this three-letter code.  Raises `Refused` for anything else."""
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise Refused("not-a-currency-code", code=code[:12])
    return Currency(code, _EXPONENTS.get(code, 2))
