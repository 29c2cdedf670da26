"""Money: integers in minor units, read from text and written to text, rounded on purpose.

No float ever enters: text goes through `Decimal`, arithmetic is on integers.
"""

from decimal import Decimal, InvalidOperation
from typing import Final

from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused

#: No amount of a depot comes near this; more is a typing error or an attack (and 64 bits stay safe).
MOST_MINOR: Final = 10**14

#: Arithmetic on `Decimal` rounds in silence beyond 28 digits; nobody writes so many.
_MOST_DIGITS: Final = 24
_WRITTEN: Final = frozenset("0123456789.+-")


def divide_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded half away from zero, the rounding of receipts and VAT.

    `denominator` must be positive.
    """
    quotient, remainder = divmod(abs(numerator), denominator)
    if remainder * 2 >= denominator:
        quotient += 1
    return quotient if numerator >= 0 else -quotient


def parse_decimal(text: str, what: str) -> Decimal:
    """A finite decimal number written with digits, an optional sign and a decimal point.

    Thousands separators by comma ("1,250.00") are read; raises `Refused` naming `what` otherwise.
    """
    cleaned = text.strip().replace("\u2212", "-")
    if "," in cleaned:
        whole, point, fraction = cleaned.partition(".")
        groups = whole.lstrip("+-").split(",")
        well_grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
        if not well_grouped or "," in fraction:
            raise Refused("not-a-number", what=what, text=text[:40])
        cleaned = whole.replace(",", "") + point + fraction
    try:
        # A spreadsheet's 6.16E+12 has lost digits already: only plain digits count as written.
        if len(cleaned) > 40 or not set(cleaned) <= _WRITTEN:
            raise InvalidOperation
        number = Decimal(cleaned)
    except InvalidOperation:
        raise Refused("not-a-number", what=what, text=text[:40]) from None
    if len(number.as_tuple().digits) > _MOST_DIGITS:
        raise Refused("not-a-number", what=what, text=text[:40])
    return number


def parse_money(text: str, currency: Currency, what: str = "The amount") -> int:
    """Minor units from text in major units: "8790.00" is 879000 in KES.

    Raises `Refused` for what is no number, is finer than the currency, or is absurdly large.
    """
    scaled = parse_decimal(text, what) * currency.scale
    if scaled != scaled.to_integral_value():
        raise Refused(
            "amount-too-fine",
            what=what,
            text=text.strip(),
            currency=currency.code,
            decimals=currency.exponent,
        )
    if abs(scaled) > MOST_MINOR:
        raise Refused("amount-too-large-of", what=what, text=text.strip()[:40])
    return int(scaled)


def decimal_text(minor: int, currency: Currency) -> str:
    """The amount as a plain decimal string in major units, for JSON and CSV: "-8790.00"."""
    return f"{Decimal(minor).scaleb(-currency.exponent):.{currency.exponent}f}"


def grouped_text(minor: int, currency: Currency) -> str:
    """The amount for a person's eye, with grouping and a true minus sign: "−12,480.00"."""
    number = Decimal(minor).scaleb(-currency.exponent)
    return f"{number:,.{currency.exponent}f}".replace("-", "\u2212")


def round_to_cash(minor: int, step_minor: int) -> int:
    """The nearest amount that coins can pay when the smallest coin is `step_minor`."""
    return divide_half_up(minor, step_minor) * step_minor
