"""Draws labels as a PDF: what a thing is called, what it costs, and a barcode that was read back.

Decisions
---------
2026-12-01  A bar is a rectangle in points, never a picture: a printer draws it at its own resolution.  A
module is as wide as the label has room for, at most that of GS1's full size; where it would be narrower than
half of a millimetre's third, no scanner would read it, and the label is refused by its name.  (Before, it was
printed with its code in letters alone, and who stood at the till with it found out.)

2026-12-01  A sheet counts as good once every label on it was read back from its own bytes, drawn as the
coarsest printer it is for would draw it: 203 dots an inch on a roll, 300 on a page.  One label that is not
read refuses all, with its name, for a sheet with a hole in it is put on the shelf all the same.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

from pos_app.devices.bars import bars, caption
from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.reading_back import is_read
from pos_app.ledger.errors import Refused
from pos_app.reports.draw.lettering import draw, register_fonts, width_of
from pos_app.reports.model.label import Label, Sheet

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MM: Final = 72 / 25.4
#: GS1 General Specifications 5.2: full size, and the least that retail scanners must read.
_FULL_MODULE_MM: Final = 0.33
_LEAST_MODULE_MM: Final = 0.18
#: Of QR codes: larger is only more paper, smaller no telephone reads.
_FULL_DOT_MM: Final = 0.8
_LEAST_DOT_MM: Final = 0.25
_MARGIN_MM: Final = 2.5
_INCH: Final = 72


def labels_pdf(labels: Sequence[Label], sheet: Sheet, title: str) -> bytes:
    """All labels in their order, each read back.  The same labels give the same bytes.

    Raises `Refused` for none, and for a label that this sheet cannot hold or that is not read.
    """
    from reportlab.pdfgen.canvas import Canvas

    if not labels:
        raise Refused("labels-none")
    register_fonts()
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(sheet.width * _MM, sheet.height * _MM), invariant=True)
    canvas.setTitle(title)
    size = sheet.width * _MM / sheet.columns, sheet.height * _MM / sheet.rows
    for number, label in enumerate(labels):
        place = number % (sheet.columns * sheet.rows)
        if number and not place:
            canvas.showPage()
        row, column = divmod(place, sheet.columns)
        corner = column * size[0], sheet.height * _MM - (row + 1) * size[1]
        _draw(canvas, label, corner, size)
    canvas.showPage()
    canvas.save()
    _read_back(stream.getvalue(), labels, sheet)
    return stream.getvalue()


def _read_back(pdf: bytes, labels: Sequence[Label], sheet: Sheet) -> None:
    """Read every label off the pages.  Raises `Refused` for the first that is not read."""
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]  # it has no stubs

    each, checked = sheet.columns * sheet.rows, set[Label]()
    document = PdfDocument(pdf)
    try:
        for start in range(0, len(labels), each):
            on_page = labels[start : start + each]
            if checked.issuperset(on_page):
                continue
            picture = document[start // each].render(scale=sheet.dots / _INCH, grayscale=True).to_pil()
            width, height = picture.width / sheet.columns, picture.height / sheet.rows
            for place, label in enumerate(on_page):
                if label in checked:
                    continue
                row, column = divmod(place, sheet.columns)
                box = column * width, row * height, (column + 1) * width, (row + 1) * height
                if not is_read(picture.crop(tuple(map(round, box))), label.barcode, label.kind):
                    raise Refused("label-unreadable", name=label.name[:60], barcode=label.barcode[:60])
                checked.add(label)
    finally:
        document.close()


def _draw(canvas: "Canvas", label: Label, corner: tuple[float, float], size: tuple[float, float]) -> None:
    margin = min(_MARGIN_MM * _MM, size[0] * 0.06, size[1] * 0.08)
    left, bottom = corner[0] + margin, corner[1] + margin
    width, height = size[0] - 2 * margin, size[1] - 2 * margin
    line = height / 8
    top = bottom + height
    for at, text in enumerate(_lines(label.name, line * 0.95, width)):
        draw(canvas, text, (left, top - line * (at + 0.9)), line * 0.95, bold=False)
    price = min(line * 1.7, line * 1.7 * width / max(width_of(label.price, line * 1.7, bold=True), 1))
    draw(canvas, label.price, (left, top - line * 3.7), price, bold=True)
    draw(canvas, _fitted(label.below, line * 0.65, width), (left, top - line * 4.7), line * 0.65, bold=False)
    symbol = _square if label.kind == "qr" else _bars
    symbol(canvas, label, (left, bottom), (width, line * 3.05))


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


def _bars(canvas: "Canvas", label: Label, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """The symbol with its letters below it.  Raises `Refused` where it could not be read."""
    row = _modules(label)[0]
    module = min(size[0] / len(row), _FULL_MODULE_MM * _MM)
    if module < _LEAST_MODULE_MM * _MM:
        raise Refused("label-too-narrow", name=label.name[:60], barcode=label.barcode[:60])
    letters = size[1] * 0.2
    left = corner[0] + (size[0] - module * len(row)) / 2
    _dark(canvas, row, (left, corner[1] + letters * 1.2), (module, size[1] - letters * 1.2))
    shown = caption(label.barcode, label.kind)
    letters = min(letters, letters * size[0] / max(width_of(shown, letters), 1))
    beginning = left + (module * len(row) - width_of(shown, letters)) / 2
    draw(canvas, shown, (beginning, corner[1]), letters, bold=False)


def _square(canvas: "Canvas", label: Label, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """A QR code with its text beside it.  Raises `Refused` where it could not be read."""
    rows = _modules(label)
    dot = min(size[1] / len(rows), _FULL_DOT_MM * _MM)
    if dot < _LEAST_DOT_MM * _MM:
        raise Refused("label-too-narrow", name=label.name[:60], barcode=label.barcode[:60])
    for number, row in enumerate(rows):
        _dark(canvas, row, (corner[0], corner[1] + (len(rows) - number - 1) * dot), (dot, dot))
    beside = len(rows) * dot
    letters = size[1] * 0.2
    shown = _fitted(label.barcode, letters, max(size[0] - beside, 0))
    draw(canvas, shown, (corner[0] + beside, corner[1] + size[1] * 0.4), letters, bold=False)


def _dark(canvas: "Canvas", row: str, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """The dark runs of a row as rectangles; `size` of one module."""
    start = 0
    while (begin := row.find("1", start)) >= 0:
        end = row.find("0", begin)
        end = len(row) if end < 0 else end
        left = corner[0] + begin * size[0]
        canvas.rect(left, corner[1], (end - begin) * size[0], size[1], stroke=0, fill=1)
        start = end


def _modules(label: Label) -> list[str]:
    try:
        return bars(label.barcode, label.kind)
    except InvalidBarcode as error:
        raise Refused("label-code-unfit", name=label.name[:60], why=str(error.sentence)) from error
