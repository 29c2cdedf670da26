"""Reads barcodes back out of a picture of what is printed: a label counts only once it was read.

Decisions
---------
2026-12-01  zxing-cpp reads, not pyzbar: it comes as a wheel for every system on which a till runs, while
pyzbar wants libzbar installed beside it; it tells a GS1-128 from a Code 128, and reads as much on what is
printed here.  Tests read the same papers with pyzbar too, so that no label is good for one reader alone.
"""

from typing import TYPE_CHECKING, NamedTuple

from pos_app.devices.bars import caption, ean8_digits, ean13_digits
from pos_app.devices.paper import BarcodeKind

if TYPE_CHECKING:
    from PIL.Image import Image


class Read(NamedTuple):
    """A symbol as it was read: which kind, and its text (of GS1-128 as it stands below the bars)."""

    kind: BarcodeKind
    text: str


def symbols(picture: "Image") -> set[Read]:
    """Every symbol of our kinds in a grey picture."""
    from zxingcpp import BarcodeFormat, ContentType, read_barcodes

    kinds: dict[object, BarcodeKind] = {
        BarcodeFormat.EAN13: "ean13",
        BarcodeFormat.EAN8: "ean8",
        BarcodeFormat.Code128: "code128",
        BarcodeFormat.QRCode: "qr",
    }
    found = set()
    # A label stands upright and dark on light: looking for it in every way takes three times as long.
    for one in read_barcodes(picture, try_rotate=False, try_invert=False, try_downscale=False):
        kind = kinds.get(one.format)
        if kind is not None:
            is_gs1 = kind == "code128" and one.content_type == ContentType.GS1
            found.add(Read("gs1-128" if is_gs1 else kind, one.text))
    return found


def is_read(picture: "Image", text: str, kind: BarcodeKind) -> bool:
    """Whether a scanner that looks at the picture reads this symbol."""
    digits = {"ean13": ean13_digits, "ean8": ean8_digits}
    said = digits[kind](text) if kind in digits else caption(text, kind)
    return Read(kind, said) in symbols(picture)
