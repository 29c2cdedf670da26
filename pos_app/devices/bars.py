"""Turns a text into the bars of a barcode: the one place that knows how a symbol is built.

Quiet zones are part of what is returned, because a symbol without them cannot be read.
"""

from pos_app.devices.barcode import GROUP_SEPARATOR, check_digit, classify, has_valid_check_digit
from pos_app.devices.element_string import bracketed
from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.paper import BarcodeKind

QUIET_MODULES = {"code128": 10, "ean13": 11, "ean8": 7, "gs1-128": 10, "qr": 4}
"""Blank modules on each side (ISO/IEC 15417, 15420, 18004)."""

SMALLEST_MODULE_DOTS = {"code128": 2, "ean13": 2, "ean8": 2, "gs1-128": 2, "qr": 3}
"""Below these, at 203 dpi, hand scanners give up."""

LARGEST_MODULE_DOTS = {"code128": 3, "ean13": 3, "ean8": 3, "gs1-128": 3, "qr": 6}

#: How python-barcode is told of FNC1.
_FNC1 = "\xf1"
_EAN_8_DIGITS = 8


def bars(text: str, kind: BarcodeKind) -> list[str]:
    """The symbol as rows of `0` and `1`, one sign a module: one row for bars, a square for QR.

    Raises InvalidBarcode if the symbology cannot say the text, InvalidCheckDigit for a wrong EAN-13.
    """
    quiet = "0" * QUIET_MODULES[kind]
    if kind == "qr":
        return _qr(text)
    if kind == "ean13":
        from barcode.ean import EuropeanArticleNumber13

        # The library puts a right check digit in place of a wrong one and says nothing: look first.
        digits = ean13_digits(text)
        return [quiet + str(EuropeanArticleNumber13(digits).build()[0]) + quiet]
    if kind == "ean8":
        from barcode.ean import EuropeanArticleNumber8

        return [quiet + str(EuropeanArticleNumber8(ean8_digits(text)).build()[0]) + quiet]
    plain = text.replace(GROUP_SEPARATOR, "") if kind == "gs1-128" else text
    if not plain or not all(32 <= ord(char) < 127 for char in plain):
        raise InvalidBarcode("code128-characters", text=plain)
    if kind == "gs1-128":
        from barcode.codex import Gs1_128

        return [quiet + str(Gs1_128(text.replace(GROUP_SEPARATOR, _FNC1)).build()[0]) + quiet]
    from barcode.codex import Code128

    return [quiet + str(Code128(text).build()[0]) + quiet]


def best_kind(text: str) -> BarcodeKind:
    """What says a code on a label best: the bars of retail where it is a GTIN, else Code 128."""
    is_number = len(text) == 13 and text.isascii() and text.isdecimal()
    # As `classify` has it: with fewer digits it is a code of the shop's own that was padded.
    if not is_number or len(text.lstrip("0")) < _EAN_8_DIGITS or not has_valid_check_digit(text):
        return "code128"
    return "ean8" if text.startswith("0" * 5) else "ean13"


def caption(text: str, kind: BarcodeKind) -> str:
    """What stands below the bars for a person's eye."""
    if kind == "ean13":
        return ean13_digits(text)
    if kind == "ean8":
        return ean8_digits(text)
    return bracketed(text) if kind == "gs1-128" else text


def ean8_digits(text: str) -> str:
    """8 digits with the right check digit, also of the 13 under which a GTIN-8 is kept; 7 get one.

    Raises InvalidBarcode otherwise.
    """
    digits = text[5:] if len(text) == 13 and text.startswith("0" * 5) else text
    digits = digits + str(check_digit(digits)) if len(digits) == _EAN_8_DIGITS - 1 else digits
    if len(digits) != _EAN_8_DIGITS or not has_valid_check_digit(digits):
        raise InvalidBarcode("ean8-length", text=text, digits=digits[:60])
    return digits


def ean13_digits(text: str) -> str:
    """13 digits with the right check digit; 12 digits get one. Raises InvalidBarcode otherwise."""
    digits = text + str(check_digit(text)) if len(text) == 12 else text
    if len(digits) != 13 or classify(digits).gtin is None:
        raise InvalidBarcode("ean13-length", text=text, digits=text)
    return digits


def fitted_bars(text: str, kind: BarcodeKind, width_dots: int) -> tuple[list[str], int]:
    """The rows of `bars`, and the size of one module in dots: the largest that fits the paper.

    Raises what `bars` raises, and InvalidBarcode if the modules would be too small for a scanner.
    """
    rows = bars(text, kind)
    fit = min(width_dots // len(rows[0]), LARGEST_MODULE_DOTS[kind])
    if fit < SMALLEST_MODULE_DOTS[kind]:
        raise InvalidBarcode("barcode-too-wide", text=text)
    return rows, fit


def _qr(text: str) -> list[str]:
    from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]  # no stubs in the lock
    from qrcode.exceptions import DataOverflowError  # type: ignore[import-untyped]  # no stubs in the lock
    from qrcode.main import QRCode  # type: ignore[import-untyped]  # no stubs in the lock

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES["qr"])
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise InvalidBarcode("qr-too-long", text=text) from error
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]
