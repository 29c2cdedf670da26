"""Draws shelf labels as a PDF: what a thing is called, what it costs, and a barcode that a scanner reads.

Decisions
---------
2026-12-01  A bar is a rectangle in points, never a picture: a printer draws it at its own resolution.  A
module is as wide as the label has room for, at most that of GS1's full size; where it would be narrower than
half of a millimetre's third, the label says its code in letters alone, for no scanner would read it.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from pos_app.devices.barcode import classify
from pos_app.devices.bars import bars, ean13_digits
from pos_app.devices.errors import InvalidBarcode
from pos_app.ledger.errors import Refused
from pos_app.reports.draw.lettering import draw, register_fonts, width_of

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MM: Final = 72 / 25.4
#: GS1 General Specifications 5.2: full size, and the least that retail scanners must read.
_FULL_MODULE_MM: Final = 0.33
_LEAST_MODULE_MM: Final = 0.18
_MARGIN_MM: Final = 2.5
_EAN: Final = 13


class Label(NamedTuple):
    """What stands on one label; `price` as it is read, `barcode` as it is scanned (empty: none)."""

    name: str
    price: str
    below: str
    barcode: str


class Sheet(NamedTuple):
    """A page in millimetres with labels in columns and rows; on a roll each is a page of its own."""

    width: float
    height: float
    columns: int = 1
    rows: int = 1


#: What is sold everywhere: 24 and 65 labels on A4, and two rolls.
SHEETS: Final = {
    "a4-24": Sheet(210, 297, 3, 8),
    "a4-40": Sheet(210, 297, 4, 10),
    "roll-58": Sheet(58, 40),
    "roll-80": Sheet(80, 50),
}


def labels_pdf(labels: Sequence[Label], sheet: Sheet, title: str) -> bytes:
    """All labels in their order.  The same labels give the same bytes.  Raises `Refused` for none."""
    from reportlab.pdfgen.canvas import Canvas

    if not labels:
        raise Refused("labels-none")
    register_fonts()
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(sheet.width * _MM, sheet.height * _MM), invariant=True)
    canvas.setTitle(title)
    each = sheet.columns * sheet.rows
    size = sheet.width * _MM / sheet.columns, sheet.height * _MM / sheet.rows
    for number, label in enumerate(labels):
        place = number % each
        if number and not place:
            canvas.showPage()
        row, column = divmod(place, sheet.columns)
        corner = column * size[0], sheet.height * _MM - (row + 1) * size[1]
        _draw(canvas, label, corner, size)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw(canvas: "Canvas", label: Label, corner: tuple[float, float], size: tuple[float, float]) -> None:
    left, bottom = corner[0] + _MARGIN_MM * _MM, corner[1] + _MARGIN_MM * _MM
    width, height = size[0] - 2 * _MARGIN_MM * _MM, size[1] - 2 * _MARGIN_MM * _MM
    line = height / 8
    top = bottom + height
    for at, text in enumerate(_lines(label.name, line * 0.95, width)):
        draw(canvas, text, (left, top - line * (at + 0.9)), line * 0.95, bold=False)
    price = min(line * 1.7, line * 1.7 * width / max(width_of(label.price, line * 1.7, bold=True), 1))
    draw(canvas, label.price, (left, top - line * 3.7), price, bold=True)
    below = _fitted(label.below, line * 0.65, width)
    if not _bars(canvas, label.barcode, (left, bottom), (width, line * 3.05)):
        below = _fitted(f"{label.below}  {label.barcode}", line * 0.65, width)
    draw(canvas, below, (left, top - line * 4.7), line * 0.65, bold=False)


def _lines(text: str, size: float, width: float) -> list[str]:
    """At most two lines of a name; the second is cut where it is too long."""
    first = ""
    words = text.split()
    while words and width_of(f"{first} {words[0]}".strip(), size) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first and words:
        return [_fitted(text, size, width)]
    return [first, _fitted(" ".join(words), size, width)] if words else [first]


def _fitted(text: str, size: float, width: float) -> str:
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text}…"


def _bars(canvas: "Canvas", text: str, corner: tuple[float, float], size: tuple[float, float]) -> bool:
    """The symbol with its letters below it; False where there is none that could be read."""
    if not text:
        return True
    is_ean = len(text) == _EAN and classify(text).gtin is not None
    try:
        row = bars(text, "ean13" if is_ean else "code128")[0]
    except InvalidBarcode:
        return False
    module = min(size[0] / len(row), _FULL_MODULE_MM * _MM)
    if module < _LEAST_MODULE_MM * _MM:
        return False
    letters = size[1] * 0.2
    left, start = corner[0] + (size[0] - module * len(row)) / 2, 0
    while (begin := row.find("1", start)) >= 0:
        end = row.find("0", begin)
        canvas.rect(
            left + begin * module, corner[1] + letters * 1.2, (end - begin) * module, size[1] - letters * 1.2,
            stroke=0, fill=1,
        )  # fmt: skip
        start = end
    shown = ean13_digits(text) if is_ean else text
    draw(
        canvas,
        shown,
        (left + (module * len(row) - width_of(shown, letters)) / 2, corner[1]),
        letters,
        bold=False,
    )
    return True
