"""Turns a text into the bars of a barcode: the one place that knows how a symbol is built.

Quiet zones are part of what is returned, because a symbol without them cannot be read.
"""

from pos_app.devices.barcode import check_digit, classify
from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.paper import BarcodeKind

QUIET_MODULES = {"code128": 10, "ean13": 11, "qr": 4}
"""Blank modules on each side (ISO/IEC 15417, 15420, 18004)."""

SMALLEST_MODULE_DOTS = {"code128": 2, "ean13": 2, "qr": 3}
"""Below these, at 203 dpi, hand scanners give up."""

LARGEST_MODULE_DOTS = {"code128": 3, "ean13": 3, "qr": 6}


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
    if not text or not all(32 <= ord(char) < 127 for char in text):
        raise InvalidBarcode("code128-characters", text=text)
    from barcode.codex import Code128

    return [quiet + str(Code128(text).build()[0]) + quiet]


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
