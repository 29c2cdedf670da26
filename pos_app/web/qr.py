"""A QR code as the path of an SVG: no picture of its own, so that no policy must allow one."""

import io

from qrcode.main import QRCode  # type: ignore[import-untyped]  # no stubs in the lock


def drawn(text: str) -> str:
    """Its size in modules and the path of its dark ones, four units of quiet around it."""
    code = QRCode(border=4, box_size=1)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    out = io.StringIO()
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                out.write(f"M{x} {y}h1v1h-1z")
    return f"{len(rows)} {out.getvalue()}"
