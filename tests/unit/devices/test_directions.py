"""Arabic and Hebrew run from the right on every paper, figures and prices beside them from the left."""

import shutil
import subprocess
from itertools import accumulate, groupby
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image, ImageChops, ImageDraw

from pos_app.devices import picture
from pos_app.devices.directions import in_shapes, parts_of
from pos_app.devices.escpos_layout import to_escpos, to_text
from pos_app.devices.paper import Columns, Paper, Row, Text
from pos_app.devices.pdf import to_pdf
from pos_app.devices.picture import draw_phrase, to_png
from pos_app.devices.typeset import Line, cells, typeset

#: A text as it is read, and its parts from left to right, each as it is read.
ORDERS = {
    "a name": ("شركة النور", ["شركة النور"]),
    "a name in Hebrew": ("מסעדת הים", ["מסעדת הים"]),
    "a measure behind a name": ("שלום 13 kg", ["13", "kg", "שלום"]),
    "a number inside a name": ("בלון גז 13 מלא", ["מלא", "13", "בלון גז"]),
    "figures of Arabic": ("غاز ١٣ كجم", ["كجم", "١٣", "غاز"]),
    "a name behind a label": ("Customer: شركة النور", ["Customer:", "شركة النور"]),
    "a telephone behind a name": (
        "Customer: شركة النور 0722 000 418",
        ["Customer:", "شركة النور", "0722", "000", "418"],
    ),
    "a telephone behind a name alone": ("שלום 0722 000 418", ["0722", "000", "418", "שלום"]),
    "brackets": ("فندق (Nairobi)", ["(Nairobi)", "فندق"]),
    "a word in brackets": ("Jumla (الإجمالي)", ["Jumla", "(", "الإجمالي", ")"]),
    "a price": ("KES 1,250.00 שלום", ["KES", "1,250.00", "שלום"]),
    "below nothing": ("שלום -250.50", ["-250.50", "שלום"]),
    "no such letter": ("LPG refill 13 kg", ["LPG", "refill", "13", "kg"]),
}


@pytest.mark.parametrize(("text", "parts"), ORDERS.values(), ids=ORDERS.keys())
def test_parts_stand_in_the_order_in_which_they_are_seen(text: str, parts: list[str]) -> None:
    found = parts_of(text)
    assert [part.text for part in found] == parts
    ends = [part.place + cells(part.text) for part in found]
    assert all(end <= part.place for end, part in zip(ends, found[1:], strict=False))
    assert ends[-1] == cells(text), "nothing is wider than what was set"


def test_marks_stay_with_their_letters() -> None:
    assert [part.text for part in parts_of("بِسْمِ الله")] == ["بِسْمِ الله"]


def lines_of(paper: Paper) -> list[Line]:
    return [piece for piece in typeset(paper) if isinstance(piece, Line)]


ROW = Row(("2", "غاز طبخ", "325.00", "650.00"), (4, 0, 8, 9), ("left", "left", "right", "right"))


@pytest.mark.parametrize("block", [Columns("شاي و سكر", "1,250.00"), ROW])
@pytest.mark.parametrize("width", [32, 42])
def test_a_price_stays_in_its_column(block: Columns | Row, width: Literal[32, 42]) -> None:
    (line,) = lines_of(Paper(width, (block,)))
    shown = [(begin + part.place, part.text) for begin, text in line.by_column() for part in parts_of(text)]
    price = block.right if isinstance(block, Columns) else block.cells[-1]
    assert shown[-1] == (width - len(price), price)
    assert shown[0][0] == 0


def ink(drawn: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(drawn).getbbox()
    assert box is not None
    return box


def phrase(words: str) -> Image.Image:
    drawn = Image.new("L", (400, 60), 255)
    draw_phrase(ImageDraw.Draw(drawn), (10, 42), words, 12.0)
    return drawn


@pytest.mark.parametrize("words", ["سسسسس ا", "שששששש ו"])
@pytest.mark.parametrize("shapes", [True, False])
def test_the_first_word_stands_at_the_right(
    monkeypatch: pytest.MonkeyPatch, words: str, shapes: bool
) -> None:
    """With FriBidi and without: a wide word, then a narrow one, so the blank between them is on the left."""
    if shapes and not picture.shapes_work():
        pytest.skip("this Pillow has no FriBidi")
    monkeypatch.setattr(picture, "shapes_work", lambda: shapes)
    drawn = phrase(words)
    left, top, right, bottom = ink(drawn)
    blank = [drawn.crop((x, top, x + 1, bottom)).getextrema() == (255, 255) for x in range(left, right)]
    widest = max(
        ((len(list(run)), at) for at, (white, run) in enumerate(groupby(blank)) if white), default=(0, 0)
    )
    runs = [(white, len(list(run))) for white, run in groupby(blank)]
    begins = list(accumulate((length for _white, length in runs), initial=0))
    assert begins[widest[1]] < (right - left) / 2


def test_letters_of_arabic_take_their_shapes_without_fribidi() -> None:
    """Beginning, middle and end of three letters alike (Unicode, Arabic Presentation Forms-B)."""
    assert in_shapes("ببب") == "\ufe90\ufe92\ufe91"


def test_text_mode_writes_what_the_printer_has_in_the_order_of_reading() -> None:
    paper = Paper(42, (Columns("شركة النور", "1,250.00"), Text("מסעדת הים")))
    job = to_escpos(paper, "text")
    assert b"shrk@" in job.lower() or b"shrk" in job.lower()
    assert job.lower().index(b"shrk") < job.lower().index(b"lnwr") < job.index(b"1,250.00")
    assert to_text(paper).startswith("شركة النور"), "for who reads it aloud"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not here")
def test_a_pdf_is_found_by_its_words(tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(to_pdf(Paper(42, (Columns("شركة النور", "1,250.00"), Text("Asante")))))
    said = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    for word in ("شركة", "النور", "1,250.00", "Asante"):
        assert word in said
    assert to_png(Paper(42, (Text("שלום"),)))
