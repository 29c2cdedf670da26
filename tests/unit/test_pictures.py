"""Pictures that people bring: drawn anew and small, or refused by a sentence; on tiles and on papers."""

import io
import zlib
from base64 import b64decode
from pathlib import Path

import pytest
from PIL import Image

from pos_app.devices.escpos_layout import to_escpos, to_text
from pos_app.devices.paper import Cut, Paper, Picture, Text
from pos_app.devices.pdf import to_pdf
from pos_app.devices.picture import to_png
from pos_app.files import pictures
from pos_app.files.pictures import logo_picture, tile_picture
from pos_app.store.master.pictures import drawn as drawn_again
from tests.support.refused import refused


def drawn(path: Path, form: str, size: tuple[int, int] = (3_000, 1_000), mode: str = "RGB") -> Path:
    picture = Image.effect_noise(size, 90).convert(mode)
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    picture.save(path, form, **({"exif": exif} if form == "JPEG" else {}))
    return path


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK")])
def test_a_tile_gets_a_small_jpeg_of_ours(tmp_path: Path, form: str, mode: str) -> None:
    text = tile_picture(drawn(tmp_path / "a.picture", form, mode=mode))
    assert len(text) <= pictures.MOST_TILE
    made = Image.open(io.BytesIO(b64decode(text)))
    assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (144, 48), {})


@pytest.mark.parametrize("size", [(3_000, 1_000), (40, 4_000), (1, 1)])
def test_a_logo_fits_the_roll_and_is_no_page_of_the_feed(tmp_path: Path, size: tuple[int, int]) -> None:
    text = logo_picture(drawn(tmp_path / "logo.png", "PNG", size))
    made = Image.open(io.BytesIO(b64decode(text)))
    assert made.format == "PNG"
    assert made.width <= 576
    assert made.height <= 192
    assert len(text) <= pictures.MOST_LOGO


@pytest.mark.parametrize("kept", ["", "9", "%%%", "bm8gcGljdHVyZQ==", "Ä"])
def test_a_row_that_was_damaged_is_no_picture_and_stops_no_paper(kept: str) -> None:
    assert drawn_again(kept) == b""


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    made = Image.open(io.BytesIO(b64decode(logo_picture(tmp_path / "clear.png"))))
    assert made.convert("L").getextrema() == (255, 255)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "told", [SVG, b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 90, b"GIF89a" + b"\0" * 40, b"\xff\xd8\xff\xe0broken"]
)
def test_what_is_no_such_picture_is_a_sentence(tmp_path: Path, told: bytes) -> None:
    (tmp_path / "logo.png").write_bytes(told)
    for make in (tile_picture, logo_picture):
        with refused("picture-unreadable", file="logo.png"):
            make(tmp_path / "logo.png")
    with refused("picture-unreadable"):
        tile_picture(tmp_path)


def test_a_file_of_50_megabytes_and_a_bomb_are_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "logo.png").open("wb") as handle:
        handle.truncate(50_000_000)
    with refused("picture-too-large", most=10):
        logo_picture(tmp_path / "logo.png")
    # 100 million dots in a few kilobytes, and many more than anybody could hold.
    for side in (10_000, 60_000):
        small = io.BytesIO()
        Image.new("1", (16, 16)).save(small, "PNG")
        told = bytearray(small.getvalue())
        told[16:24] = side.to_bytes(4, "big") * 2
        told[29:33] = zlib.crc32(bytes(told[12:29])).to_bytes(4, "big")
        (tmp_path / "bomb.png").write_bytes(told)
        with refused("picture-too-large"):
            tile_picture(tmp_path / "bomb.png")


@pytest.mark.parametrize("width", [42, 32])
def test_a_logo_stands_on_paper_as_dots(tmp_path: Path, width: int) -> None:
    Image.new("L", (500, 100), 0).save(tmp_path / "logo.png")
    logo = b64decode(logo_picture(tmp_path / "logo.png"))
    bare, headed = (
        Paper(width, (*above, Text("Below"), Cut()))  # type: ignore[arg-type]
        for above in ((), (Picture(logo),))
    )
    seen = Image.open(io.BytesIO(to_png(headed)))
    dots = 576 if width == 42 else 384
    assert seen.width == dots
    assert seen.getpixel((dots // 2, 20)) == 0
    assert len(to_escpos(headed)) > len(to_escpos(bare))
    assert b"\x1dv0" in to_escpos(headed, "text")
    assert b"\x1dv0" not in to_escpos(bare, "text")
    assert to_text(headed) == to_text(bare)
    assert b"/Image" in to_pdf(headed)
