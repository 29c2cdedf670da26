"""A QR as a picture for a page: black on white, a few dots a module, with the quiet that readers want."""

from io import BytesIO
from typing import Final

from pos_app.devices.bars import bars

_DOTS: Final = 4


def code_picture(text: str) -> bytes:
    """The PNG of a QR that says a text.  Raises `InvalidBarcode` for what is too long for one."""
    # A till that draws no page loads no picture library.
    from PIL import Image

    rows = bars(text, "qr")
    image = Image.new("L", (len(rows[0]), len(rows)), 255)
    image.putdata([0 if module == "1" else 255 for row in rows for module in row])
    stream = BytesIO()
    size = (len(rows[0]) * _DOTS, len(rows) * _DOTS)
    image.resize(size, Image.Resampling.NEAREST).save(stream, "PNG")
    return stream.getvalue()
