"""Reads the text of a barcode: which kind it is, whether its check digit holds, what is embedded in it.

Sources: GS1 General Specifications, section 7.9 (check digit), 2.1 (GTIN formats), 3 (application
identifiers), 2.1.12 and 1.4.2 (restricted circulation numbers, prefixes 20 to 29 and 02).
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pos_app.devices.errors import InvalidBarcode, InvalidCheckDigit

Kind = Literal["ean13", "ean8", "upca", "gtin14", "restricted", "gs1", "code"]

GROUP_SEPARATOR = "\x1d"
"""How a scanner transmits FNC1 inside a GS1 element string."""

LONGEST_TEXT = 400
"""A scan longer than this is no product label; it keeps a stuck scanner out of the catalogue search."""

_GS1_SYMBOLOGIES = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
_GTIN_KINDS: dict[int, Kind] = {8: "ean8", 12: "upca", 13: "ean13", 14: "gtin14"}
_BRACKETED = re.compile(r"\(\d{2,4}\)")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Barcode:
    """What a scan says.

    `text`: the scan without surrounding blanks; look this up first, labels are often stored as printed.
    `gtin`: 13 digits (EAN-8 and UPC-A padded with zeros on the left), or 14 for a trade unit whose indicator
    digit is not 0; None where the text holds no GTIN. A `restricted` number is a GTIN in form only: the shop
    gave it out, and it may have a price or weight inside (see `parse_variable_measure`).
    `weight_kg`: net weight, AI 310n. `price`: amount payable in major units, AI 392n or 393n;
    `currency_number`: ISO 4217 number of AI 393n. `batch`: AI 10. `serial`: AI 21. `expires`: AI 17.
    """

    kind: Kind
    text: str
    gtin: str | None = None
    weight_kg: Decimal | None = None
    price: Decimal | None = None
    currency_number: str | None = None
    batch: str | None = None
    serial: str | None = None
    expires: date | None = None


def check_digit(digits: str) -> int:
    """The check digit that belongs after `digits` (GS1 General Specifications 7.9).

    From the right, the digits weigh 3, 1, 3, 1, ...; the check digit fills the sum up to a multiple of ten.
    Raises InvalidBarcode if there is anything but digits.
    """
    if not _DIGITS.fullmatch(digits):
        raise InvalidBarcode("A check digit can only be worked out from digits.", digits)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def has_valid_check_digit(digits: str) -> bool:
    """Whether the last of `digits` is the check digit of the others."""
    return len(digits) > 1 and check_digit(digits[:-1]) == int(digits[-1])


def classify(text: str, symbology: str = "") -> Barcode:
    """Say what a scanned or typed text is.

    `symbology` is the AIM identifier of the scan if the scanner sends one, such as `]E0` or `]C1`.
    Digits of the length of a GTIN (8, 12, 13, 14) are taken for one and must have the right check digit.
    Raises InvalidCheckDigit if they do not, InvalidBarcode if the text is empty, too long, or a GS1 element
    string that contradicts itself.
    """
    text = text.strip(" \r\n\t")
    if not text:
        raise InvalidBarcode("There is no barcode to read.", text)
    if len(text) > LONGEST_TEXT:
        raise InvalidBarcode(f"This is longer than any barcode ({len(text)} characters).", text)
    if symbology in _GS1_SYMBOLOGIES or GROUP_SEPARATOR in text or _BRACKETED.match(text):
        return _classify_element_string(text)
    # ASCII digits only: str.isdigit also takes digits of other scripts and superscripts.
    if _DIGITS.fullmatch(text):
        if len(text) in _GTIN_KINDS:
            return _classify_gtin(text)
        # Element strings reach us without their mark when a scanner is set up plainly: a GTIN-14 whose check
        # digit holds behind an "01", and more behind it, is no accident.
        if len(text) >= 16 and text.startswith("01") and has_valid_check_digit(text[2:16]):
            return _classify_element_string(text)
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise InvalidBarcode("The barcode holds control characters; scan it again.", text)
    return Barcode(kind="code", text=text)


def _classify_gtin(text: str) -> Barcode:
    expected = check_digit(text[:-1])
    if expected != int(text[-1]):
        raise InvalidCheckDigit(
            f"The barcode {text} ends in {text[-1]} but should end in {expected}: scan it again, "
            "or check the digits you typed.",
            text,
        )
    gtin = _normalised(text)
    is_restricted = len(text) in (12, 13) and (gtin.startswith("2") or gtin.startswith("02"))
    return Barcode(kind="restricted" if is_restricted else _GTIN_KINDS[len(text)], text=text, gtin=gtin)


def _normalised(digits: str) -> str:
    """13 digits where possible; 14 where the indicator digit says that it is another trade unit."""
    padded = digits.zfill(14)
    return padded[1:] if padded.startswith("0") else padded


def _classify_element_string(text: str) -> Barcode:
    # Imported here: the tables of all application identifiers are only needed by shops that scan them.
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    try:
        message = (
            GS1Message.parse_hri(text)
            if _BRACKETED.match(text)
            else GS1Message.parse(text.lstrip(GROUP_SEPARATOR))
        )
    except ParseError as error:
        raise InvalidBarcode("The GS1 barcode is damaged or incomplete; scan it again.", text) from error
    found = {element.ai.ai: element for element in message.element_strings}
    gtin: str | None = None
    for identifier in ("01", "02"):
        if identifier in found and gtin is None:
            element = found[identifier]
            if not has_valid_check_digit(element.value):
                raise InvalidCheckDigit(f"The check digit of {element.value} is wrong; scan it again.", text)
            gtin = _normalised(element.value)
    weight_kg = next((e.decimal for ai, e in found.items() if ai.startswith("310")), None)
    price = next((e.decimal for ai, e in found.items() if ai.startswith(("392", "393"))), None)
    currency = next((e.pattern_groups[0] for ai, e in found.items() if ai.startswith("393")), None)
    return Barcode(
        kind="gs1",
        text=text,
        gtin=gtin,
        weight_kg=weight_kg,
        price=price,
        currency_number=currency,
        batch=found["10"].value if "10" in found else None,
        serial=found["21"].value if "21" in found else None,
        expires=found["17"].date if "17" in found else None,
    )


@dataclass(frozen=True, slots=True)
class VariableLayout:
    """How a scale of this shop builds its 13 digits.

    `pattern`: 13 signs, one for each digit. A digit stands for itself (the prefix), `I` is the item number,
    `P` the price or `W` the weight, `V` a verifier of the price (not checked: each country has its own rule),
    `C` the check digit, last. Example: `21IIIIIWWWWWC`.
    `decimals`: how many of the `P` or `W` digits stand behind the point.
    """

    pattern: str
    decimals: int

    def __post_init__(self) -> None:
        """Refuse a pattern that cannot be read without doubt."""
        if not re.fullmatch(r"(?:2[0-9]|02)(?:V*I+V*(?:P+|W+)V*)C", self.pattern) or len(self.pattern) != 13:
            raise InvalidBarcode(
                "A scale layout has 13 signs: a prefix from 20 to 29 (or 02), I for the item, "
                "P for the price or W for the weight, and C for the check digit.",
                self.pattern,
            )
        if not 0 <= self.decimals <= self.pattern.count("P") + self.pattern.count("W"):
            raise InvalidBarcode("A scale layout has no more decimals than digits.", self.pattern)


@dataclass(frozen=True, slots=True)
class VariableMeasure:
    """What a scale printed: the `item` number, and either a price in major units or a weight in kilograms."""

    item: str
    price: Decimal | None = None
    weight_kg: Decimal | None = None


def parse_variable_measure(text: str, layout: VariableLayout) -> VariableMeasure | None:
    """Read a scale label by the shop's own layout; None if its prefix is not the layout's.

    Raises InvalidCheckDigit, or InvalidBarcode if the text is not 13 digits (a 12-digit UPC is padded).
    """
    digits = text.strip().zfill(13)
    if len(digits) != 13 or not _DIGITS.fullmatch(digits):
        raise InvalidBarcode("A scale label has 13 digits.", text)
    _classify_gtin(digits)
    if any(sign.isdigit() and sign != digit for sign, digit in zip(layout.pattern, digits, strict=True)):
        return None

    def pick(wanted: str) -> str:
        return "".join(d for sign, d in zip(layout.pattern, digits, strict=True) if sign == wanted)

    if prices := pick("P"):
        return VariableMeasure(item=pick("I"), price=Decimal(prices).scaleb(-layout.decimals))
    return VariableMeasure(item=pick("I"), weight_kg=Decimal(pick("W")).scaleb(-layout.decimals))
