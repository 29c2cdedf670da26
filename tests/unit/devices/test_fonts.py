"""No paper shows a box where a letter belongs, on any renderer and in any script."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from pos_app.devices.escpos_layout import to_escpos, to_text
from pos_app.devices.fonts import REGULAR, font_of, in_letters, runs
from pos_app.devices.paper import Paper, Text
from pos_app.devices.pdf import to_pdf
from pos_app.devices.picture import draw_word, font, to_png
from pos_app.devices.typeset import cells, clean

ROOT = Path(__file__).parents[3]
CELL = 12.0
#: A word of each script that a depot's names come in, and signs that the face of receipts lacks.
WORDS = {
    "Hausa": "ɓaƙin", "naira": "₦1,500", "third": "⅓", "rupee": "₹", "cedi": "₵", "Vietnamese": "phở",
    "Greek": "Ελιές", "Cyrillic": "масло", "Amharic": "ነዳጅ", "Arabic": "غاز", "Hebrew": "גז", "Hindi": "गैस",
    "Bengali": "গ্যাস", "Tamil": "எரிவாயு", "Thai": "แก๊ส", "Georgian": "გაზი", "Armenian": "գազ",
    "Gujarati": "ગેસ", "Punjabi": "ਗੈਸ", "Telugu": "గ్యాస్", "Kannada": "ಅನಿಲ", "Malayalam": "വാതകം",
    "Sinhala": "ගෑස්", "Khmer": "ឧស្ម័ន", "Lao": "ກາສ", "Burmese": "ဓာတ်ငွေ့", "N'Ko": "ߒߞߏ", "Tifinagh": "ⵖⴰⵣ",
    "Vai": "ꕙꔤ",
}  # fmt: skip


def drawn(word: str) -> Image.Image:
    picture = Image.new("L", (round(CELL * max(cells(word), 1)) + 20, 60), 255)
    draw_word(ImageDraw.Draw(picture), (10, 42), word, CELL, bold=False)
    return picture


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.invert(picture).getbbox()


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS.keys())
def test_every_script_is_drawn_with_letters_and_no_boxes(word: str) -> None:
    assert "".join(part for _, part in runs(clean(word))) == clean(word)
    for name, part in runs(clean(word)):
        face = font(name, 20.0)
        box = bytes(face.getmask("\U0010ffff"))
        for sign in part:
            assert bytes(face.getmask(sign)) != box or not face.getlength(sign), (name, sign)
    assert ink(drawn(word)) is not None


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS.keys())
def test_what_is_drawn_stays_in_the_cells_that_it_was_given(word: str) -> None:
    shown = ink(drawn(word))
    assert shown is not None
    # Overhang of a glyph beyond its advance: less than half a cell.
    assert shown[0] >= 10 - CELL / 2
    assert shown[2] <= 10 + CELL * cells(word) + CELL / 2


@pytest.mark.parametrize(
    ("word", "letters"), [("叉烧包", "ChaShaoBao"), ("가스", "GaSeu"), ("🍕", ":pizza:")]
)
def test_what_no_font_has_is_written_in_letters(word: str, letters: str) -> None:
    paper = Paper(42, (Text(f"Gas {word}"),))
    assert to_text(paper).strip() == f"Gas {letters}"
    for render in (to_png, to_pdf, to_escpos):
        assert render(paper)


def test_signs_that_the_font_would_join_stay_as_they_were_typed() -> None:
    for pair in ("!=", "<=", "->", "=>"):
        apart = Image.new("L", drawn(pair).size, 255)
        pen = ImageDraw.Draw(apart)
        for place, sign in enumerate(pair):
            draw_word(pen, (10 + place * CELL, 42), sign, CELL, bold=False)
        difference = ImageChops.difference(drawn(pair), apart)
        # Anti-aliasing of a fraction of a dot, no other sign.
        assert sum(value * count for value, count in enumerate(difference.histogram())) < 255 * 12


@given(st.text(max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_text_is_drawn_by_every_renderer(text: str) -> None:
    paper = Paper(42, (Text(text),))
    assert all(
        font_of(sign) is not None or not in_letters(sign) for word in clean(text).split() for sign in word
    )
    for render in (to_png, to_pdf, to_escpos):
        assert render(paper)


def test_the_face_of_receipts_draws_what_it_can() -> None:
    assert runs("GAS-13") == [(REGULAR, "GAS-13")]
    assert font_of("₦") != REGULAR


def coverage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage", ROOT / "packaging" / "font_coverage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_signs_is_what_the_fonts_hold() -> None:
    assert coverage().main(["--check"]) == 0
