"""Owns what a scale prints: 13 digits that hold an item's number and a weight, a price or a count.

Sources: GS1 General Specifications, 2.1.11 and 2.1.12 (restricted circulation numbers, prefixes 02 and 20 to
29).

Decisions
---------
2026-11-29  One label means another price in each country: GS1 leaves these prefixes to its members.  biip
knows the rules of nine countries; anywhere else a shop says how its own scale builds the digits.  Without the
setting such a number is a product's number like any other, as shops also give them out for goods by the
piece.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from pos_app.devices.errors import InvalidBarcode
from pos_app.ledger.errors import Refused

#: Countries whose rules biip knows.
COUNTRIES: Final = ("dk", "ee", "fi", "de", "gb", "lv", "lt", "no", "se")


class Measure(NamedTuple):
    """How much of the goods there is: of kilograms, litres, metres or pieces; or what they cost.

    `unit` is "kg", "l", "m", "pc" or "money" (in major units); empty for a measure that nobody here sells by.
    `currency_number` is the number of ISO 4217 where a price says its currency.
    """

    unit: str
    amount: Decimal
    currency_number: str = ""


class ScaleLabel(NamedTuple):
    """What a scale printed.  `gtin` has zeros in place of the measure; `item` is the number in the scale."""

    gtin: str
    item: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Layout:
    """How a scale of this shop builds its 13 digits.

    `pattern`: 13 signs, one for each digit. A digit stands for itself (the prefix), `I` is the item number,
    `P` the price, `W` the weight or `N` the count, `V` a verifier (not checked: each country has its own
    rule), `C` the check digit, last. Example: `21IIIIIWWWWWC`.
    `decimals`: how many digits of the measure stand behind the point.
    """

    pattern: str
    decimals: int

    def __post_init__(self) -> None:
        """Refuse a pattern that cannot be read without doubt."""
        shape = r"(?:2[0-9]|02)V*I+V*(?:P+|W+|N+)V*C"
        if not re.fullmatch(shape, self.pattern) or len(self.pattern) != 13:
            raise InvalidBarcode(
                "scale-layout-malformed",
                text=self.pattern,
            )
        if not 0 <= self.decimals <= sum(self.pattern.count(sign) for sign in "PWN"):
            raise InvalidBarcode("scale-layout-decimals", text=self.pattern)

    def read(self, digits: str) -> ScaleLabel | None:
        """What 13 digits say; None if their prefix is not the layout's."""
        pairs = list(zip(self.pattern, digits, strict=True))
        if any(sign.isdigit() and sign != digit for sign, digit in pairs):
            return None
        kind = next(sign for sign in "PWN" if sign in self.pattern)
        picked = {wanted: "".join(digit for sign, digit in pairs if sign == wanted) for wanted in ("I", kind)}
        amount = Decimal(picked[kind]).scaleb(-self.decimals)
        body = "".join("0" if sign in (kind, "V") else digit for sign, digit in pairs[:-1])
        unit = {"P": "money", "W": "kg", "N": "pc"}[kind]
        return ScaleLabel(body + _check_digit(body), picked["I"], Measure(unit, amount))


class ScaleLabels:
    """The scale labels of a shop, by its setting (see `Settings.scale_labels`)."""

    def __init__(self, setting: str = "") -> None:
        """Either a country (`se`), or layouts with their decimals: `21IIIIIWWWWWC/3 20IIIIIVPPPPC/2`.

        Raises `Refused` for anything else.
        """
        words = setting.split()
        self._country = words[0].lower() if len(words) == 1 and words[0].lower() in COUNTRIES else ""
        self._layouts = [] if self._country else [_layout(word) for word in words]

    def read(self, digits: str) -> ScaleLabel | None:
        """What 13 digits with a right check digit say as a scale's label; None when they are none.

        Raises `InvalidBarcode` where a country's verifier of the price does not hold.
        """
        if self._country:
            return _read_by_country(digits, self._country)
        return next((found for one in self._layouts if (found := one.read(digits)) is not None), None)


def _layout(word: str) -> Layout:
    pattern, _, decimals = word.partition("/")
    if not decimals.isascii() or not decimals.isdigit():
        raise Refused("scale-labels-unknown", countries=", ".join(COUNTRIES), word=word[:20])
    return Layout(pattern.upper(), int(decimals))


def _read_by_country(digits: str, country: str) -> ScaleLabel | None:
    from biip import ParseConfig, ParseError
    from biip.gtin import Gtin
    from biip.rcn import Rcn

    try:
        found = Gtin.parse(digits, config=ParseConfig(rcn_region=country))
    except ParseError as error:
        raise InvalidBarcode("scale-label-contradicts", text=digits) from error
    if not isinstance(found, Rcn):
        return None
    for unit, amount in (("kg", found.weight), ("money", found.price), ("pc", found.count)):
        if amount is not None:
            plain = found.without_variable_measure().as_gtin_13()
            return ScaleLabel(plain, found.item_reference or "", Measure(unit, Decimal(amount)))
    return None


def _check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)
