"""Papers: nothing is lost in the layout, columns never overlap, and what is printed reads back the same."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar import pyzbar

from pos_app.devices.errors import InvalidCheckDigit, PrinterUnavailable, UnprintablePaper
from pos_app.devices.escpos_layout import Mode, to_escpos, to_pdf, to_png, to_text
from pos_app.devices.escpos_reader import (
    CutMark,
    Dots,
    Feed,
    KickMark,
    Letters,
    Printed,
    Symbol,
    UnknownCommand,
    read_back,
)
from pos_app.devices.paper import (
    Align,
    Barcode,
    BarcodeKind,
    Block,
    Columns,
    Cut,
    Kick,
    Paper,
    Row,
    Rule,
    Space,
    Text,
    WidthChars,
)
from pos_app.devices.preview import PreviewPrinter, picture
from pos_app.devices.printer import open_printer
from pos_app.devices.transliteration import CODE_PAGES, printable
from pos_app.devices.typeset import Line, cells, typeset, wrap
from tests.support.refused import raises

from .sample_receipts import PRODUCT_EAN, RECEIPT_NUMBER, VERIFY_URL, sample_receipt

WIDTHS: tuple[WidthChars, ...] = get_args(WidthChars)
MODES: tuple[Mode, ...] = get_args(Mode)

any_text = st.text(max_size=80)
paper_blocks = st.lists(
    st.one_of(
        st.builds(Text, any_text, st.sampled_from(get_args(Align)), st.booleans(), st.sampled_from([1, 2])),
        st.builds(Columns, any_text, st.text(max_size=20), st.booleans(), st.sampled_from([1, 2])),
        st.builds(
            Row,
            st.tuples(any_text, any_text, st.text(max_size=14)),
            st.just((4, 0, 10)),
            st.just(("right", "left", "right")),
        ),
        st.just(Rule()),
        st.builds(Space, st.integers(0, 3)),
        st.just(Cut()),
        st.just(Kick()),
    ),
    max_size=5,
)


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(st.sampled_from(WIDTHS), paper_blocks)
def test_every_line_is_exactly_as_wide_as_the_paper(width: WidthChars, blocks: list[Block]) -> None:
    for piece in typeset(Paper(width, tuple(blocks))):
        if isinstance(piece, Line):
            assert cells(piece.text) == width // piece.size


@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=200), st.integers(1, 42))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert letters("".join(lines)) == letters("".join(wrap(text, 10_000)))


def test_long_names_wrap_and_amounts_stay_whole() -> None:
    name = "Burner and grill set, stainless steel, with regulator hose 2 m"
    text = to_text(Paper(32, (Columns(name, "999,999,999.00"),)))
    assert [line for line in text.splitlines() if "999,999,999.00" in line] == [text.splitlines()[-1]]
    assert letters(text) == letters(name + "999,999,999.00")
    assert all(len(line) <= 32 for line in text.splitlines())


def test_large_sum_fits_in_large_letters() -> None:
    lines = list(typeset(Paper(32, (Columns("Total", "999,999,999.00", size=2),))))
    assert lines == [Line("Total           ", size=2), Line("  999,999,999.00", size=2)]


def test_row_aligns_its_columns() -> None:
    row = Row(("2", "LPG refill 13 kg", "5,700.00"), (3, 0, 10), ("right", "left", "right"))
    assert to_text(Paper(32, (row,))) == "  2 LPG refill 13 kg    5,700.00\n"


def test_row_with_an_amount_too_wide_goes_on_two_lines() -> None:
    row = Row(("Refill", "2", "999,999,999.00"), (0, 3, 10), ("left", "right", "right"))
    assert to_text(Paper(32, (row,))) == "Refill\n" + "2  999,999,999.00".rjust(32) + "\n"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (Row(("a", "b"), (30, 30), ("left", "left")), "receipt-row-too-wide"),
        (Row(("a",), (3, 4), ("left", "left")), "receipt-row-cells"),
        (Row(("a", "b"), (0, 0), ("left", "left")), "receipt-row-two-widths"),
        (Row((), (), ()), "receipt-row-cells"),
        (Row(("a", "b"), (0, 31), ("left", "left")), "receipt-row-too-wide"),
    ],
)
def test_row_that_cannot_fit_is_refused(row: Row, code: str) -> None:
    with raises(UnprintablePaper, code):
        to_text(Paper(32, (row,)))


def test_product_name_cannot_open_the_drawer() -> None:
    evil = "Soap\x1bp\x00\x32\x32\x1b@\x00 5 kg\u202e\u200b"
    for mode in MODES:
        printed = read_back(to_escpos(Paper(42, (Text(evil),)), mode))
        assert not [item for item in printed if isinstance(item, KickMark)]
    assert to_text(Paper(42, (Text(evil),))) == "Soapp22@ 5 kg\n"


@pytest.mark.parametrize("width", WIDTHS)
def test_text_mode_reads_back_line_by_line(width: WidthChars) -> None:
    paper = sample_receipt(width)
    printed = lines_of(read_back(to_escpos(paper, "text")))
    expected: list[str] = []
    for piece in typeset(paper):
        match piece:
            case Line():
                expected.append(piece.text.rstrip())
            case Rule():
                expected.append("-" * width)
            case Space():
                expected.extend([""] * piece.lines)
    assert [line for line in printed if line] == [line for line in expected if line]


@pytest.mark.parametrize("width", WIDTHS)
def test_emphasis_reads_back(width: WidthChars) -> None:
    printed = [
        item for item in read_back(to_escpos(sample_receipt(width), "text")) if isinstance(item, Letters)
    ]
    assert (printed[0].text.strip(), printed[0].bold, printed[0].wide, printed[0].high) == (
        "Kilimani Depot",
        True,
        2,
        2,
    )
    assert not printed[1].bold
    total = next(item for item in printed if item.text.startswith("Total"))
    assert (total.bold, total.wide, total.text.split()[1]) == (True, 2, "7,305.00")


@given(st.sampled_from(WIDTHS), paper_blocks)
@settings(max_examples=40, deadline=None)
def test_any_paper_is_understood_by_the_interpreter(width: WidthChars, blocks: list[Block]) -> None:
    paper = Paper(width, tuple(blocks))
    for mode in MODES:
        printed = read_back(to_escpos(paper, mode))
        assert sum(isinstance(item, CutMark) for item in printed) == blocks.count(Cut())
        assert sum(isinstance(item, KickMark) for item in printed) == blocks.count(Kick())
        for item in printed:
            if isinstance(item, Letters):
                assert len(item.text) <= width // item.wide


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("mode", MODES)
def test_codes_on_the_printed_paper_can_be_scanned(width: WidthChars, mode: Mode) -> None:
    paper = picture(to_escpos(sample_receipt(width), mode), width)
    assert {found.text for found in zxingcpp.read_barcodes(paper)} == {RECEIPT_NUMBER, VERIFY_URL}
    assert {found.data.decode() for found in pyzbar.decode(paper)} == {RECEIPT_NUMBER, VERIFY_URL}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        (PRODUCT_EAN, "ean13", PRODUCT_EAN),
        ("{a} $%/+", "code128", "{a} $%/+"),
        ("0123456789", "code128", "0123456789"),
        ("Wäsche für Müller, 1.200,00 €", "qr", "Wäsche für Müller, 1.200,00 €"),
    ],
)
def test_every_kind_of_code_can_be_scanned(
    width: WidthChars, mode: Mode, text: str, kind: BarcodeKind, says: str
) -> None:
    paper = picture(to_escpos(Paper(width, (Barcode(text, kind),)), mode), width)
    assert [found.text for found in zxingcpp.read_barcodes(paper)] == [says]


def test_ean_without_check_digit_gets_one_and_a_wrong_one_is_refused() -> None:
    printed = read_back(to_escpos(Paper(42, (Barcode(PRODUCT_EAN[:-1], "ean13"),)), "text"))
    assert [item.text for item in printed if isinstance(item, Symbol)] == [PRODUCT_EAN]
    with pytest.raises(InvalidCheckDigit):
        to_escpos(Paper(42, (Barcode("6161100000008", "ean13"),)))


@pytest.mark.parametrize(
    "block", [Barcode("W" * 60), Barcode("Wäsche"), Barcode("x" * 3000, "qr"), Barcode("12", "ean13")]
)
@pytest.mark.parametrize("mode", MODES)
def test_what_no_bars_can_say_is_printed_as_text(block: Barcode, mode: Mode) -> None:
    paper = Paper(32, (block,))
    assert letters(to_text(paper)) == block.text
    assert not [item for item in read_back(to_escpos(paper, mode)) if isinstance(item, Symbol)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Müller & Søn – 5 €", "Müller & Søn - 5 €"),
        ("“Café” …", '"Café" ...'),
        ("Chai ya Tangawizi 250g × 4", "Chai ya Tangawizi 250g x 4"),
        ("₦500 Ọṣun ǹ", "N500 Osun n"),
        ("Вода 20 л", "Вода 20 л"),
        ("ﬁne ½ Łódź", "fine ½ Łódź"),
        ("水", "Shui"),
    ],
)
def test_letters_that_a_printer_lacks_are_written_with_similar_ones(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert lines_of(read_back(to_escpos(Paper(42, (Text(text),)), "text"))) == [shown]


@given(st.text())
def test_transliteration_never_asks(text: str) -> None:
    shown = printable(text)
    assert shown.count("?") <= text.count("?") + sum("?" in printable(char) for char in text if char != "?")
    assert all(any(_fits(char, page) for page in CODE_PAGES) for char in shown)


def _fits(char: str, page: str) -> bool:
    try:
        return len(char.encode(page)) == 1
    except UnicodeEncodeError:
        return False


@pytest.mark.parametrize(("width", "dots"), [(42, 576), (32, 384)])
def test_picture_is_as_wide_as_the_paper(width: WidthChars, dots: int) -> None:
    paper = sample_receipt(width)
    assert Image.open(BytesIO(to_png(paper))).width == dots
    assert Image.open(BytesIO(to_png(paper, dpi=406))).width == 2 * dots
    assert Image.open(BytesIO(to_png(paper, margin_dots=20))).width == dots + 40
    rasters = [item for item in read_back(to_escpos(paper)) if isinstance(item, Dots)]
    assert {item.width_dots for item in rasters} == {dots}


@pytest.mark.parametrize("width", WIDTHS)
def test_pdf_is_one_page_the_same_every_time(width: WidthChars) -> None:
    pdf = to_pdf(sample_receipt(width), title=RECEIPT_NUMBER)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") == 1
    assert pdf == to_pdf(sample_receipt(width), title=RECEIPT_NUMBER)


@pytest.mark.parametrize("blocks", [(), (Space(0),), (Cut(),), (Kick(),), (Text(""),)])
def test_almost_nothing_can_be_printed(blocks: tuple[Block, ...]) -> None:
    paper = Paper(32, blocks)
    for mode in MODES:
        picture(to_escpos(paper, mode), 32)
    assert to_png(paper)
    assert to_pdf(paper)
    assert to_text(paper).strip() == ""


def test_preview_printer_writes_bytes_and_picture(tmp_path: Path) -> None:
    job = to_escpos(sample_receipt(32))
    printer = open_printer(f"preview://{tmp_path}?width=32")
    printer.send(job)
    printer.send(job)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "000001.bin",
        "000001.png",
        "000002.bin",
        "000002.png",
    ]
    assert (tmp_path / "000002.bin").read_bytes() == job
    with Image.open(tmp_path / "000001.png") as shown:
        assert shown.width == 384 + 2 * 24
    printer.close()


def test_preview_printer_keeps_what_it_cannot_draw(tmp_path: Path) -> None:
    printer = PreviewPrinter(tmp_path)
    printer.send(b"\x1bp\x00\x32\x32")
    with pytest.raises(UnknownCommand):
        printer.send(b"\x1bZ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000001.bin", "000002.bin"]


def test_narrow_print_head_loses_no_amount() -> None:
    usual = sample_receipt(42)
    narrow = Paper(42, usual.blocks, printable_dots=512)
    rasters = [item for item in read_back(to_escpos(narrow)) if isinstance(item, Dots)]
    assert {item.width_dots for item in rasters} == {512}
    assert to_text(narrow) == to_text(usual)
    assert {found.text for found in zxingcpp.read_barcodes(picture(to_escpos(narrow)))} == {
        RECEIPT_NUMBER,
        VERIFY_URL,
    }
    with pytest.raises(UnprintablePaper):
        Paper(42, (), printable_dots=1000)


def test_preview_printer_without_a_folder_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PrinterUnavailable):
        PreviewPrinter(tmp_path / "file").send(b"\x1b@")


@pytest.mark.parametrize(
    "job", [b"\x1bZ", b"\x1d(A\x02\x00\x00\x00", b"\x07", b"\x1dv0\x00\x08\x00", b"\x1dk\x02x", b"\x1bt\x63"]
)
def test_interpreter_refuses_what_it_does_not_know(job: bytes) -> None:
    with pytest.raises(UnknownCommand):
        read_back(job)


def test_printing_says_nothing_on_standard_output() -> None:
    """Commands with `--json` print one object there; the library would add remarks of its own."""
    program = (
        "from pos_app.devices.escpos_layout import to_escpos\n"
        "from pos_app.devices.paper import Barcode, Cut, Paper, Text\n"
        "paper = Paper(42, (Text('x'), Barcode('4711'), Barcode('x', 'qr'), Cut()))\n"
        "assert to_escpos(paper, 'raster') and to_escpos(paper, 'text')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=200)
    assert (done.stdout, done.stderr) == (b"", b"")


def lines_of(printed: list[Printed]) -> list[str]:
    """The text lines alone, without trailing blanks; empty lines are kept."""
    lines: list[str] = []
    for item in printed:
        if isinstance(item, Letters):
            lines.append(item.text.rstrip())
        elif isinstance(item, Feed):
            lines.extend([""] * item.lines)
    return lines


def test_no_word_is_broken_for_an_amount_beside_it() -> None:
    """The Swahili of "received", in large letters on a narrow roll: the amount goes below."""
    paper = Paper(32, (Columns("Zimepokelewa", "700.00", bold=True, size=2),))
    lines = [piece.text.strip() for piece in typeset(paper) if isinstance(piece, Line)]
    assert lines == ["Zimepokelewa", "700.00"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("amount", ["7,305.00", "100,000,000,397.99", "9,999,999,999,999,999.99"])
def test_no_sum_is_broken_for_the_size_of_its_letters(width: WidthChars, amount: str) -> None:
    """Half a sum at the end of a line reads as a whole one."""
    lines = list(typeset(Paper(width, (Columns("Jumla KES", amount, bold=True, size=2),))))
    assert any(isinstance(one, Line) and one.text.endswith(amount) for one in lines)
    assert all(isinstance(one, Line) and cells(one.text) == width // one.size for one in lines)
