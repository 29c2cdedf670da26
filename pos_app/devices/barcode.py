"""Reads the text of a barcode: which product it may name, and what it says of the goods beside that.

biip reads what is more than a product's number: GS1 element strings and Digital Links, UPC-E.
Sources: GS1 General Specifications, 7.9 (check digit), 2.1 (GTIN formats), 3 (application identifiers).

Decisions
---------
2026-11-29  biip is loaded by the first scan that needs it: that costs a tenth of a second, a quarter on a
busy machine, and most tills never scan more than plain numbers, of which the check digit is all there is to
say.

2026-11-29  Digits of which the last seven at most are no zeros are no GTIN, whatever their last one is: GS1
gives no such prefix out. Real catalogues hold codes of the shop's own that were padded so ("0000000004530"):
they are kept as they are written.

2026-11-29  Eight digits are an EAN-8 or a UPC-E, which have unlike check digits; one UPC-E in ten passes as
an EAN-8 by chance.  Both readings are given where both hold, and the catalogue decides.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pos_app.devices.errors import InvalidBarcode, InvalidCheckDigit
from pos_app.devices.scale_label import Measure, ScaleLabels

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementStrings

#: How a scanner transmits FNC1 inside a GS1 element string.
GROUP_SEPARATOR: Final = "\x1d"
#: A scan longer than this is no product label; it keeps a stuck scanner out of the catalogue search.
LONGEST_TEXT: Final = 400

#: What a scanner may send before the text (ISO/IEC 15424): which symbology it was.
_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_GS1: Final = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
_EAN_8: Final = "]E4"
_EAN_13: Final = frozenset({"]E0", "]E3", "]X0"})
_SEPARATORS: Final = re.compile(f"{GROUP_SEPARATOR}+")
_BRACKETED: Final = re.compile(r"\((\d{2,4})\)")
_LINK: Final = re.compile(r"https?://", re.IGNORECASE)
_GTIN_IN_PATH: Final = re.compile(r"/gtin/(?=[0-9]{8,14}(?:[/?#]|$))", re.IGNORECASE)
_PATH_END: Final = re.compile(r"^([^?#]*?)/+(?=[?#]|$)")
# ASCII digits only: str.isdigit also takes digits of other scripts and superscripts.
_DIGITS: Final = re.compile(r"[0-9]+")
_GTIN_LENGTHS: Final = (8, 12, 13, 14)
_OWN_DIGITS: Final = 7
_NO_LABELS: Final = ScaleLabels()
#: Measures of trade items by the first three digits of their identifier; those that are left out of
#: 31nn, 32nn, 35nn and 36nn are areas, and measures in pounds, yards or gallons.
_UNITS: Final = {"310": "kg", "311": "m", "315": "l", "30": "pc", "37": "pc", "392": "money", "393": "money"}
_OTHER_MEASURE: Final = re.compile(r"31[0-6]|32\d|35[0-7]|36[01456]")


@dataclass(frozen=True, slots=True)
class Barcode:
    """What a scan says.

    `text`: the scan without blanks and symbology; look this up first, labels are often stored as printed.
    `gtins`: the products that it may name, likeliest first: 13 digits (EAN-8 and UPC-A with zeros on the
    left), or 14 for a trade unit whose indicator digit is not 0; empty where the text holds none.
    `item`: a number in the shop's scale.  `measures`: how much of the goods there is, or what they cost: who
    sells by this scan must use or refuse that.  `batch`: AI 10. `serial`: AI 21. `expires`: AI 17, or else
    AI 15 (a day 00 is the last of its month: GS1 General Specifications 3.4; the century: 7.12).
    """

    text: str
    gtins: tuple[str, ...] = ()
    item: str = ""
    measures: tuple[Measure, ...] = ()
    batch: str = ""
    serial: str = ""
    expires: date | None = None

    @property
    def gtin(self) -> str | None:
        """The likeliest product."""
        return self.gtins[0] if self.gtins else None


def check_digit(digits: str) -> int:
    """The check digit that belongs after `digits` (GS1 General Specifications 7.9).

    From the right, the digits weigh 3, 1, 3, 1, ...; the check digit fills the sum up to a multiple of ten.
    Raises InvalidBarcode if there is anything but digits.
    """
    if not _DIGITS.fullmatch(digits):
        raise InvalidBarcode("check-digit-needs-digits", text=digits)
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def has_valid_check_digit(digits: str) -> bool:
    """Whether the last of `digits` is the check digit of the others."""
    return len(digits) > 1 and check_digit(digits[:-1]) == int(digits[-1])


def classify(text: str, labels: ScaleLabels = _NO_LABELS) -> Barcode:
    """Say what a scanned or typed text is; `labels` are those of the shop's scales.

    Digits of the length of a GTIN (8, 12, 13, 14) are taken for one and must have the right check digit.
    Raises InvalidCheckDigit if they do not, InvalidBarcode if the text is empty, too long, or a GS1 element
    string that contradicts itself.
    """
    text = text.strip(" \r\n\t")
    aim = _AIM.match(text)
    symbology = aim[0] if aim else ""
    text = text[len(symbology) :].strip(" ")
    if not text:
        raise InvalidBarcode("barcode-empty", text=text)
    if len(text) > LONGEST_TEXT:
        raise InvalidBarcode("barcode-too-long", text=text, length=len(text))
    if _LINK.match(text):
        return _read_link(text)
    if symbology in _GS1 or GROUP_SEPARATOR in text or _BRACKETED.match(text):
        return _read_element_string(text)
    if _DIGITS.fullmatch(text):
        if len(text) in _GTIN_LENGTHS and len(text.lstrip("0")) > _OWN_DIGITS:
            return _read_number(text, symbology, labels)
        # Element strings reach us without their mark when a scanner is set up plainly: a GTIN-14 whose check
        # digit holds behind an "01", and more behind it, is no accident.
        if len(text) >= 16 and text.startswith("01") and has_valid_check_digit(text[2:16]):
            return _read_element_string(text)
        return _read_upc_e(text, symbology)
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise InvalidBarcode("barcode-control-characters", text=text)
    return Barcode(text)


def _read_number(text: str, symbology: str, labels: ScaleLabels) -> Barcode:
    readings = [] if len(text) == 8 and symbology in _EAN_13 else [text]
    if len(text) == 8 and symbology != _EAN_8:
        readings += _read_upc_e(text, symbology).gtins
    right = tuple(dict.fromkeys(_normalised(one) for one in readings if has_valid_check_digit(one)))
    if not right:
        expected = check_digit(text[:-1])
        raise InvalidCheckDigit(
            "check-digit-wrong",
            text=text,
            barcode=text,
            found=text[-1],
            expected=expected,
        )
    label = labels.read(right[0]) if len(text) in (12, 13) else None
    if label is not None:
        return Barcode(text, (label.gtin,), label.item, (label.measure,))
    return Barcode(text, right)


def _read_upc_e(text: str, symbology: str) -> Barcode:
    """Digits that may be a UPC-E: eight, or fewer where a scanner drops some and says what it read."""
    if len(text) == 8 or (len(text) in (6, 7) and symbology in _EAN_13):
        from biip import ParseError
        from biip.upc import Upc

        try:
            return Barcode(text, (_normalised(Upc.parse(text).as_upc_a()),))
        except ParseError:
            pass
    return Barcode(text)


def _normalised(digits: str) -> str:
    """13 digits where possible; 14 where the indicator digit says that it is another trade unit."""
    padded = digits.zfill(14)
    return padded[1:] if padded.startswith("0") else padded


def _read_link(text: str) -> Barcode:
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI

    # Older labels say "gtin" for 01, and servers of links put a slash behind the path.
    plain = _PATH_END.sub(r"\1", _GTIN_IN_PATH.sub("/01/", text, count=1))
    try:
        return _of_elements(text, GS1DigitalLinkURI.parse(plain).element_strings)
    except ParseError:
        # The address of any page; a shop may have such a code on its own labels.
        return Barcode(text)


def _read_element_string(text: str) -> Barcode:
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    if _BRACKETED.match(text):
        # Brackets may stand in a batch number too: what has no number in them is part of it.
        text_sent = _BRACKETED.sub(rf"{GROUP_SEPARATOR}\1", "".join(text.split()))
    else:
        text_sent = text
    try:
        # A scanner that types the separator in two ways at once sends it twice.
        message = GS1Message.parse(_SEPARATORS.sub(GROUP_SEPARATOR, text_sent).strip(GROUP_SEPARATOR))
    except ParseError as error:
        raise InvalidBarcode("gs1-damaged", text=text) from error
    return _of_elements(text, message.element_strings)


def _of_elements(text: str, elements: "GS1ElementStrings") -> Barcode:
    found = {element.ai.ai: element for element in elements}
    goods, last = found.get("01") or found.get("02"), found.get("17") or found.get("15")
    if goods is not None and not has_valid_check_digit(goods.value):
        raise InvalidCheckDigit("gs1-check-digit-wrong", text=text, value=goods.value)
    measures = []
    for identifier, element in found.items():
        unit = _UNITS.get(identifier) or _UNITS.get(identifier[:3])
        if len(identifier) == 4 and unit and element.decimal is not None:
            number = element.pattern_groups[0] if identifier.startswith("393") else ""
            measures.append(Measure(unit, element.decimal, number))
        elif unit:
            if not element.value:
                raise InvalidBarcode("gs1-damaged", text=text)
            measures.append(Measure(unit, Decimal(element.value)))
        elif len(identifier) == 4 and _OTHER_MEASURE.match(identifier):
            measures.append(Measure("", element.decimal or Decimal(0)))
    return Barcode(
        text,
        () if goods is None else (_normalised(goods.value),),
        measures=tuple(measures),
        batch=found["10"].value if "10" in found else "",
        serial=found["21"].value if "21" in found else "",
        expires=last.date if last is not None else None,
    )
