"""What is drawn on a label is read back by two readers; what cannot be read is refused."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar import pyzbar

from pos_app.devices.barcode import check_digit, classify
from pos_app.devices.bars import bars, best_kind, caption
from pos_app.devices.element_string import bracketed, element_string
from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.paper import BarcodeKind
from pos_app.devices.picture import draw_symbol
from pos_app.devices.preview import picture
from pos_app.devices.reading_back import Read, is_read, symbols
from pos_app.ledger.errors import Refused
from pos_app.reports.draw.labels import labels_pdf
from pos_app.reports.model.label import SHEETS, Label, Sheet, sheet_named
from pos_app.reports.slips.label_slip import label_job

GTIN = "4006381333931"


def drawn(text: str, kind: BarcodeKind) -> Image.Image:
    return draw_symbol(bars(text, kind), 3, 80)


def lone(body: str) -> str:
    return body + str(check_digit(body))


@given(st.from_regex(r"[1-9][0-9]{11}", fullmatch=True))
@settings(max_examples=30)
def test_every_ean_13_is_read_by_two_readers(body: str) -> None:
    code = lone(body)
    assert best_kind(code) == "ean13"
    assert is_read(drawn(code, "ean13"), code, "ean13")
    assert code.encode() in {one.data for one in pyzbar.decode(drawn(code, "ean13"))}


@given(st.from_regex(r"[1-9][0-9]{6}", fullmatch=True))
@settings(max_examples=30)
def test_an_ean_8_is_drawn_with_its_eight_digits_however_it_is_kept(body: str) -> None:
    code = lone(body)
    assert best_kind(code.zfill(13)) == "ean8"
    assert symbols(drawn(code.zfill(13), "ean8")) == {Read("ean8", code)}
    assert code.zfill(13) in classify(code).gtins


@given(
    st.integers(0, 999_999),
    st.from_regex(r"[A-Z0-9/.\-]{0,20}", fullmatch=True),
    st.integers(0, 50),
)
@settings(max_examples=30)
def test_a_gs1_128_says_weight_lot_and_count_to_our_own_scanner(weight: int, lot: str, count: int) -> None:
    code = element_string(GTIN, weight=weight, lot=lot, count=count)
    assert is_read(drawn(code, "gs1-128"), code, "gs1-128")
    heard = classify(f"]C1{code}")
    assert heard.gtin == GTIN
    assert heard.batch == lot
    wanted = ([weight] if weight else []) + ([1000 * count] if count else [])
    assert sorted(int(one.amount * 1000) for one in heard.measures) == sorted(wanted)
    assert classify(bracketed(code)).gtin == GTIN


def test_a_plain_code_128_is_not_taken_for_a_gs1_128() -> None:
    code = f"01{GTIN.zfill(14)}"
    assert not is_read(drawn(code, "code128"), code, "gs1-128")
    assert not is_read(drawn(code, "gs1-128"), code, "code128")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("LPG-13", "ean13"), ("4006381333932", "ean13"), ("12345", "ean8"), ("ÄÖ", "code128"), ("", "code128"),
     ("x" * 3000, "qr")],
)  # fmt: skip
def test_what_a_symbology_cannot_hold_is_refused_by_the_name_of_the_goods(
    code: str, kind: BarcodeKind
) -> None:
    label = Label("Cylinder 13 kg", "KES 1.00", "LPG13", code, kind)
    with pytest.raises(Refused) as told:
        labels_pdf([label], SHEETS["roll-80"], "x")
    assert told.value.said.code in ("label-code-unfit", "label-too-narrow")
    with pytest.raises((Refused, InvalidBarcode)):
        label_job(label)


@pytest.mark.parametrize(
    ("weight", "lot", "gtin"),
    [
        (1_000_000, "", GTIN),
        (-1, "", GTIN),
        (1, "lot with blanks", GTIN),
        (1, "L" * 21, GTIN),
        (1, "", "LPG-13"),
    ],
)
def test_what_a_gs1_128_cannot_say_is_refused(weight: int, lot: str, gtin: str) -> None:
    with pytest.raises(InvalidBarcode):
        element_string(gtin, weight=weight, lot=lot)


def test_a_label_that_is_not_read_stops_the_whole_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Label("Good", "KES 1.00", "A", GTIN, "ean13")
    # Bars that are drawn as those of another number: as a broken library or font would.
    real = bars

    def other(text: str, kind: BarcodeKind) -> list[str]:
        return real(lone("400638133394") if text == "2900000000018" else text, kind)

    monkeypatch.setattr("pos_app.reports.draw.labels.bars", other)
    labels_pdf([good] * 30, SHEETS["a4-24"], "x")
    with pytest.raises(Refused) as told:
        labels_pdf(
            [good] * 30 + [Label("Bad", "KES 1.00", "B", "2900000000018", "ean13")], SHEETS["a4-24"], "x"
        )
    assert told.value.said.code == "label-unreadable"
    assert told.value.said.facts["name"] == "Bad"


@pytest.mark.parametrize("mode", ["raster", "text"])
@pytest.mark.parametrize("width", [42, 32])
@pytest.mark.parametrize("kind", ["ean13", "code128", "qr"])
def test_a_label_on_the_receipt_roll_is_read_by_two_readers(mode: str, width: int, kind: BarcodeKind) -> None:
    label = Label("x" * 200, "KES 1,234,567,890.12", "LPG13 / pc", GTIN, kind)
    job = label_job(label, width, mode)  # type: ignore[arg-type]
    found = pyzbar.decode(picture(job, width))
    assert GTIN.encode() in {one.data for one in found}


def test_names_sheets_by_their_own_columns_and_by_millimetres() -> None:
    assert sheet_named("A4-4x10") == Sheet(210, 297, 4, 10)
    assert sheet_named("roll-50x30") == Sheet(50, 30)
    for none in ("", "a4-0x3", "a4-11x3", "a4-3x31", "roll-5x5", "roll-999x30", "letter", "a4-3x8x2"):
        with pytest.raises(Refused):
            sheet_named(none)
    assert caption(element_string(GTIN, lot="A1"), "gs1-128") == "(01)04006381333931(10)A1"
    assert BytesIO(labels_pdf([Label("N", "1", "", GTIN, "ean13")], sheet_named("a4-1x1"), "x")).getvalue()
