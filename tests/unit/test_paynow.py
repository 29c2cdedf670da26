"""A PayNow QR: written as EMVCo says, read back from its picture field by field, with names of any script."""

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyzbar import pyzbar

from pos_app.devices import bars
from pos_app.payments import paynow
from pos_app.payments.paynow import Kind, Proxy
from tests.support.refused import refused

COMPANY = Proxy.of("201403121W")


def objects(text: str) -> dict[str, str]:
    """The objects of a payload, or of a template in it."""
    found: dict[str, str] = {}
    while text:
        name, length = text[:2], int(text[2:4])
        assert name not in found
        assert len(text) >= 4 + length
        found[name], text = text[4 : 4 + length], text[4 + length :]
    return found


def picture(text: str) -> Image.Image:
    """The code as it is printed, with its quiet zone."""
    lines = bars.bars(text, "qr")
    side = len(lines)
    image = Image.new("L", (side + 8, side + 8), 255)
    for row, line in enumerate(lines):
        for column, sign in enumerate(line):
            image.putpixel((column + 4, row + 4), 0 if sign == "1" else 255)
    return image.resize(((side + 8) * 6, (side + 8) * 6), Image.Resampling.NEAREST)


def test_two_readers_read_every_field_of_the_picture() -> None:
    text = paynow.payload(COMPANY, 1_250_05, "K3-7QX2 / 9", "Kedai Kopi", expires_on=20261231)
    image = picture(text)
    (zbar,) = pyzbar.decode(image)
    (zxing,) = zxingcpp.read_barcodes(image)
    assert zbar.data.decode() == zxing.text == text
    found = objects(text)
    assert list(found)[-1] == "63"
    assert found.pop("63") == f"{paynow.crc(text[:-4].encode()):04X}"
    assert objects(found.pop("26")) == {
        "00": "SG.PAYNOW", "01": "2", "02": "201403121W", "03": "0", "04": "20261231",
    }  # fmt: skip
    assert objects(found.pop("62")) == {"01": "K3-7QX29"}
    assert found == {
        "00": "01", "01": "12", "52": "0000", "53": "702", "54": "1250.05", "58": "SG", "59": "Kedai Kopi",
        "60": "Singapore",
    }  # fmt: skip


def test_the_check_of_a_published_code_holds() -> None:
    # From the public description of a real sign.
    told = (
        "00020101021126430009SG.PAYNOW010120210T04SS0129D030110502QS51810007SG.SGQR011221073031741D020701.0001"
        "03066003160402010503279060400000708202107305204000053037025802SG5925LOVING HEART MULTI-SERVIC6009"
        "Singapore6304A177"
    )
    assert f"{paynow.crc(told[:-4].encode()):04X}" == "A177"
    assert paynow.crc(b"123456789") == 0x29B1


@pytest.mark.parametrize(
    ("name", "plain", "language"),
    [("好味道咖啡店", "HaoWeiDaoKaFeiDian", "zh"), ("Café Añejo", "Cafe Anejo", "en"), ("தேநீர்", "", "ta")],
)
def test_a_name_of_another_script_stands_in_both(name: str, plain: str, language: str) -> None:
    text = paynow.payload(COMPANY, 500, "A", name)
    (zxing,) = zxingcpp.read_barcodes(picture(text))
    assert zxing.text == text
    found = objects(text)
    assert found["59"].isascii()
    assert not plain or found["59"] == plain
    assert objects(found["64"]) == {"00": language, "01": name}


def test_without_an_amount_the_customer_types_it() -> None:
    found = objects(paynow.payload(Proxy.of("9123 4567"), 0, "", "Stall"))
    assert "54" not in found
    assert "62" not in found
    assert found["01"] == "11"
    assert objects(found["26"]) == {"00": "SG.PAYNOW", "01": "0", "02": "+6591234567", "03": "1"}


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("201403121w", Kind.UEN, "201403121W"),
        ("53012345D", Kind.UEN, "53012345D"),
        ("T04SS0129D", Kind.UEN, "T04SS0129D"),
        ("201403121W001", Kind.UEN, "201403121W001"),
        ("+65 8123-4567", Kind.MOBILE, "+6581234567"),
    ],
)
def test_proxies_as_people_write_them(written: str, kind: Kind, value: str) -> None:
    assert Proxy.of(written) == Proxy(kind, value)


@pytest.mark.parametrize(
    "wrong", ["", "12345", "71234567", "201403121", "201403121W0011", "+254712345678", "家"]
)
def test_what_is_no_proxy_is_refused(wrong: str) -> None:
    with refused("paynow-proxy-none"):
        Proxy.of(wrong)


@settings(max_examples=100)
@given(st.integers(0, 10**11), st.text(max_size=60), st.text(min_size=1, max_size=60), st.integers(0, 1))
def test_any_names_and_references_make_a_code_that_can_be_read(
    amount: int, reference: str, name: str, expires: int
) -> None:
    text = paynow.payload(COMPANY, amount, reference, name, expires_on=20261231 * expires)
    found = objects(text)
    assert len(found["59"]) <= 25
    assert found["59"].isascii()
    assert found.get("54", "0.00") == f"{amount // 100}.{amount % 100:02d}"
