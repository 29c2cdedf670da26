"""The notes and coins of each currency, and the smallest sum that can be paid in them.

Notes and coins are those that the central banks issue and shops take (their own lists, 2026); a coin that is
legal tender but out of use is left out, since nobody can be given it.  The smallest coin is the step to which
cash is rounded (so has CLDR's `_cashRounding` for CHF, CAD, DKK and HUF, so has MAS for Singapore's five
cents); an organisation may be founded with another.

Decision 2026-11-29: a currency that is not listed is counted in steps of 1, 2 and 5 from its minor unit on
and is not rounded: whoever trades in it can count every sum, and nobody is asked for more than is due.
"""

from decimal import Decimal
from typing import Final

#: Major units, largest first.
_MONEY: Final = {
    "AED": "1000 500 200 100 50 20 10 5 1 0.50 0.25",
    "AUD": "100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    "BDT": "1000 500 200 100 50 20 10 5 2 1",
    "BHD": "20 10 5 1 0.500 0.100 0.050 0.025 0.010 0.005",
    "BIF": "10000 5000 2000 1000 500 100 50 10",
    "BRL": "200 100 50 20 10 5 2 1 0.50 0.25 0.10 0.05",
    "BWP": "200 100 50 20 10 5 2 1 0.50 0.25 0.10 0.05",
    "CAD": "100 50 20 10 5 2 1 0.25 0.10 0.05",
    "CDF": "20000 10000 5000 1000 500 200 100 50",
    "CHF": "1000 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05",
    "CNY": "100 50 20 10 5 1 0.50 0.10",
    "CZK": "5000 2000 1000 500 200 100 50 20 10 5 2 1",
    "DJF": "10000 5000 2000 1000 500 250 100 50 20 10",
    "DKK": "500 200 100 50 20 10 5 2 1 0.50",
    "EGP": "200 100 50 20 10 5 1 0.50 0.25",
    "ETB": "200 100 50 10 5 1 0.50 0.25 0.10 0.05",
    "EUR": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "GBP": "50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "GHS": "200 100 50 20 10 5 2 1 0.50 0.20 0.10",
    "HKD": "1000 500 150 100 50 20 10 5 2 1 0.50 0.20 0.10",
    "HUF": "20000 10000 5000 2000 1000 500 200 100 50 20 10 5",
    "IDR": "100000 50000 20000 10000 5000 2000 1000 500 200 100",
    "INR": "500 200 100 50 20 10 5 2 1",
    "JOD": "50 20 10 5 1 0.500 0.250 0.100 0.050",
    "JPY": "10000 5000 2000 1000 500 100 50 10 5 1",
    "KES": "1000 500 200 100 50 40 20 10 5 1",
    "KRW": "50000 10000 5000 1000 500 100 50 10",
    "KWD": "20 10 5 1 0.500 0.250 0.100 0.050 0.020 0.010 0.005",
    "LKR": "5000 2000 1000 500 100 50 20 10 5 2 1",
    "MAD": "200 100 50 20 10 5 2 1 0.50 0.20 0.10",
    "MUR": "2000 1000 500 200 100 50 25 20 10 5 1 0.50 0.20 0.05",
    "MWK": "5000 2000 1000 500 200 100 50 20 10 5 1",
    "MXN": "1000 500 200 100 50 20 10 5 2 1 0.50",
    "MYR": "100 50 20 10 5 1 0.50 0.20 0.10 0.05",
    "MZN": "1000 500 200 100 50 20 10 5 2 1 0.50",
    "NAD": "200 100 50 30 20 10 5 1 0.50 0.10 0.05",
    "NGN": "1000 500 200 100 50 20 10 5",
    "NOK": "1000 500 200 100 50 20 10 5 1",
    "NPR": "1000 500 100 50 20 10 5 2 1",
    "NZD": "100 50 20 10 5 2 1 0.50 0.20 0.10",
    "OMR": "50 20 10 5 1 0.500 0.100 0.050 0.025 0.010 0.005",
    "PHP": "1000 500 200 100 50 20 10 5 1 0.25 0.05 0.01",
    "PKR": "5000 1000 500 100 75 50 20 10 5 2 1",
    "PLN": "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
    "QAR": "500 200 100 50 10 5 1 0.50 0.25",
    "RWF": "5000 2000 1000 500 100 50 20 10 5",
    "SAR": "500 200 100 50 20 10 5 2 1 0.50 0.25 0.10 0.05",
    "SEK": "1000 500 200 100 50 20 10 5 2 1",
    "SGD": "1000 100 50 10 5 2 1 0.50 0.20 0.10 0.05",
    "SOS": "1000 500 100",
    "SSP": "1000 500 100 50 25 20 10 5 2 1",
    "THB": "1000 500 100 50 20 10 5 2 1 0.50 0.25",
    "TND": "50 20 10 5 2 1 0.500 0.200 0.100 0.050 0.020 0.010",
    "TRY": "200 100 50 20 10 5 1 0.50 0.25 0.10 0.05",
    "TWD": "2000 1000 500 200 100 50 20 10 5 1",
    "TZS": "10000 5000 2000 1000 500 200 100 50",
    "UGX": "50000 20000 10000 5000 2000 1000 500 200 100 50",
    "USD": "100 50 20 10 5 2 1 0.50 0.25 0.10 0.05 0.01",
    "VND": "500000 200000 100000 50000 20000 10000 5000 2000 1000 500",
    "XAF": "10000 5000 2000 1000 500 100 50 25 10 5",
    "XOF": "10000 5000 2000 1000 500 250 200 100 50 25 10 5",
    "ZAR": "200 100 50 20 10 5 2 1 0.50 0.20 0.10",
    "ZMW": "500 200 100 50 20 10 5 2 1 0.50 0.10 0.05",
}

LISTED: Final = tuple(_MONEY)

#: The largest coin in use, in major units, where we know it: what is larger is a note.
_LARGEST_COIN: Final = {
    "AED": "1", "AUD": "2", "BDT": "5", "BHD": "0.100", "BRL": "1", "BWP": "5", "CAD": "2", "CHF": "5",
    "CZK": "50", "DKK": "20", "EUR": "2", "GBP": "2", "HKD": "10", "HUF": "200", "IDR": "1000",
    "INR": "20", "JPY": "500", "KES": "40", "KRW": "500", "KWD": "0.100", "LKR": "20", "MAD": "10",
    "MUR": "20", "MYR": "0.50", "MZN": "10", "NOK": "20", "NZD": "2", "OMR": "0.050", "PHP": "20",
    "PLN": "5", "RWF": "100", "SEK": "10", "SGD": "1", "THB": "10", "TWD": "50", "TZS": "500",
    "UGX": "1000", "USD": "1", "XAF": "500", "XOF": "500", "ZAR": "5",
}  # fmt: skip


def denominations(code: str, exponent: int) -> tuple[int, ...]:
    """Notes and coins of a currency in minor units, largest first; `exponent` is how many decimals it has."""
    listed = _MONEY.get(code)
    if listed is not None:
        return tuple(int(Decimal(text).scaleb(exponent)) for text in listed.split())
    most = 10 ** (exponent + 3)
    series = (digit * 10**power for power in range(exponent + 4) for digit in (1, 2, 5))
    return tuple(sorted((value for value in series if value <= most), reverse=True))


def cash_step(code: str, exponent: int) -> int:
    """The smallest sum in cash, in minor units: what a total is rounded to when coins pay it."""
    return denominations(code, exponent)[-1]


def largest_coin(code: str, exponent: int) -> int | None:
    """The largest coin of a currency, in minor units; None where we do not know it."""
    listed = _LARGEST_COIN.get(code)
    return None if listed is None else int(Decimal(listed).scaleb(exponent))
