"""Pictures that people bring: PNG and JPEG alone, bounded before they are opened, and drawn anew, small.

Nothing of the file itself is kept: what travels to tills and onto paper is a picture that we wrote, without
the place where it was taken, without a script, and never larger than a tile or a letterhead needs.

Decisions
---------
2026-11-30  A picture is kept as text (base64), for a row of the feed carries integers and texts only.  SVG is
refused: it is a program, and who draws it runs it.
"""

import base64
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pos_app.ledger.errors import Refused, Unavailable

if TYPE_CHECKING:
    from PIL.Image import Image

#: A photograph of a telephone has 3 to 8 MB.
MOST_BYTES: Final = 10_000_000
#: And up to 50 million dots; a file of a few kilobytes may say that it has a million times more.
_MOST_DOTS: Final = 60_000_000
_TILE: Final = (144, 108)
#: As wide as a roll of 80 mm prints, and a third as high.
_LOGO: Final = (576, 192)
#: Of the text that is kept.
MOST_TILE: Final = 12_000
MOST_LOGO: Final = 60_000
_QUALITIES: Final = (80, 60, 40, 25)


def tile_picture(path: Path) -> str:
    """The picture of a product as it stands on a tile: a JPEG of at most 144 × 108 dots, as base64.

    Raises `Unavailable` for a file that cannot be read, `Refused` for one that is no such picture.
    """
    picture = _opened(path)
    picture.thumbnail(_TILE)
    for quality in _QUALITIES:
        text = _text(picture, "JPEG", quality=quality, optimize=True)
        if len(text) <= MOST_TILE:
            return text
    raise Refused("picture-unreadable", file=path.name)


def logo_picture(path: Path) -> str:
    """The logo of a business as papers have it: a grey PNG of at most 576 × 192 dots, as base64.

    Raises as `tile_picture`.
    """
    picture = _opened(path).convert("L")
    picture.thumbnail(_LOGO)
    text = _text(picture, "PNG", optimize=True)
    if len(text) > MOST_LOGO:
        # A photograph: fewer shades are a logo too.
        text = _text(picture.quantize(8), "PNG", optimize=True)
    if len(text) > MOST_LOGO:
        picture.thumbnail((_LOGO[0] // 2, _LOGO[1] // 2))
        text = _text(picture, "PNG", optimize=True)
    return text


def _opened(path: Path) -> "Image":
    """The picture of a file, upright, on white."""
    from PIL import Image, ImageOps

    try:
        if path.exists() and not path.is_file():
            raise Refused("picture-unreadable", file=path.name)
        with path.open("rb") as handle:
            told = handle.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unavailable("path-unreadable", path=path, why=error.strerror) from error
    if len(told) > MOST_BYTES:
        raise Refused("picture-too-large", file=path.name, most=MOST_BYTES // 1_000_000)
    try:
        with warnings.catch_warnings():
            # Pillow warns of a large one, and refuses one that is twice as large by another error.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            found = Image.open(io.BytesIO(told), formats=("PNG", "JPEG"))
            if found.width * found.height > _MOST_DOTS:
                raise Refused("picture-too-large", file=path.name, most=MOST_BYTES // 1_000_000)
            upright = ImageOps.exif_transpose(found).convert("RGBA")
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused("picture-too-large", file=path.name, most=MOST_BYTES // 1_000_000) from error
    except (OSError, ValueError, SyntaxError) as error:
        # Pillow says `SyntaxError` of a broken PNG.
        raise Refused("picture-unreadable", file=path.name) from error
    sheet = Image.new("RGBA", upright.size, "white")
    sheet.alpha_composite(upright)
    return sheet.convert("RGB")


def _text(picture: "Image", form: str, **how: int | bool) -> str:
    stream = io.BytesIO()
    picture.save(stream, form, **how)
    return base64.b64encode(stream.getvalue()).decode()
