"""Owns the contact sheets: many pictures of screens on one, each with its name, to look at all of them."""

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter

#: Pictures beside one another, rows on one sheet, and how wide a picture is drawn.
_COLUMNS: Final = 3
_ROWS: Final = 3
_WIDE: Final = 620
_GAP: Final = 16
_CAPTION: Final = 26
_GROUND: Final = "#3A424A"


def contact_sheets(pictures: Sequence[Path], out: Path, name: str) -> list[Path]:
    """Put pictures of one size on as many sheets as they need; gives the files, `NAME-1.png` and on."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for number, some in enumerate(_sheetfuls(pictures), 1):
        path = out / f"{name}-{number}.png"
        if not _sheet(some).save(str(path)):
            raise OSError(f"cannot write {path}")
        made.append(path)
    return made


def _sheetfuls(pictures: Sequence[Path]) -> Iterator[Sequence[Path]]:
    most = _COLUMNS * _ROWS
    for start in range(0, len(pictures), most):
        yield pictures[start : start + most]


def _sheet(pictures: Sequence[Path]) -> QImage:
    shown = [(path, QImage(str(path))) for path in pictures]
    high = max(round(_WIDE * picture.height() / max(1, picture.width())) for _path, picture in shown)
    rows = -(-len(shown) // _COLUMNS)
    cell = high + _CAPTION + _GAP
    sheet = QImage(_GAP + _COLUMNS * (_WIDE + _GAP), _GAP + rows * cell, QImage.Format.Format_RGB32)
    sheet.fill(QColor(_GROUND))
    painter = QPainter(sheet)
    painter.setPen(QColor("#FFFFFF"))
    lettering = QFont()
    lettering.setPixelSize(_CAPTION - 10)
    painter.setFont(lettering)
    for number, (path, picture) in enumerate(shown):
        row, column = divmod(number, _COLUMNS)
        left, top = _GAP + column * (_WIDE + _GAP), _GAP + row * cell
        painter.drawText(QRectF(left, top, _WIDE, _CAPTION), Qt.AlignmentFlag.AlignVCenter, path.stem)
        small = picture.scaledToWidth(_WIDE, Qt.TransformationMode.SmoothTransformation)
        painter.drawImage(left, top + _CAPTION, small)
    painter.end()
    return sheet


def main(folder: Path) -> list[Path]:
    """Make sheets of every folder of pictures below this one, in its `sheets`; gives the files."""
    application = QGuiApplication.instance() or QGuiApplication([])
    made = []
    for below in sorted(one for one in folder.iterdir() if one.is_dir() and one.name != "sheets"):
        for name, pictures in groupby(sorted(below.rglob("*.png")), _look):
            made += contact_sheets(list(pictures), folder / "sheets", f"{below.name}-{name}")
    del application
    return made


def _look(picture: Path) -> str:
    """How a picture is drawn: its folder's name, or what stands before the page's (`en-light-phone-work`)."""
    if picture.parent.parent.name == "window":
        return picture.parent.name
    return "-".join(picture.stem.split("-")[:3])


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for sheet in main(Path(sys.argv[1])):
        sys.stdout.write(f"{sheet}\n")
