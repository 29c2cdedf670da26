"""Turns a paper into what a device understands: plain text, ESC/POS bytes; picture and PDF are next door.

Raster mode sends a picture: it looks the same on every printer. Text mode sends letters: a tenth of the
bytes, for slow serial lines, in the letters that the printer happens to have.

Commands follow the Epson ESC/POS command reference.
"""

from typing import TYPE_CHECKING, Literal

from pos_app.devices.bars import caption, ean8_digits, ean13_digits, fitted_bars
from pos_app.devices.escpos_library import printer_profile
from pos_app.devices.paper import Barcode, Cut, Kick, Paper, Picture, Rule, Space
from pos_app.devices.pdf import to_pdf
from pos_app.devices.picture import BARS_HEIGHT_DOTS, draw_pieces, to_dots, to_png
from pos_app.devices.transliteration import encoded, printable
from pos_app.devices.typeset import Line, Piece, cells, pad, typeset, wrap

if TYPE_CHECKING:
    from escpos.printer import Dummy
    from PIL import Image

__all__ = ["Mode", "to_escpos", "to_pdf", "to_png", "to_text"]

Mode = Literal["raster", "text"]

INITIALISE = b"\x1b@"
FRAGMENT_DOTS = 256
"""Rows of one raster command. Small printers choke on a picture longer than their buffer."""

_KICK_PIN = 2


def to_text(paper: Paper) -> str:
    """The paper in plain characters, for a screen reader, an SMS or a test; lines end with a newline.

    A line of size 2 is spread: its blanks are doubled, so that the right edge stays the right edge.
    """
    lines: list[str] = []
    for piece in typeset(paper):
        match piece:
            case Line(size=2):
                lines.append(_spread(piece.text, paper.width_chars))
            case Line():
                lines.append(piece.text.rstrip())
            case Rule():
                lines.append("-" * paper.width_chars)
            case Space():
                lines.extend([""] * piece.lines)
            case Barcode():
                shown = f"[{caption(piece.text, piece.kind)}]"
                parts = wrap(shown, paper.width_chars)
                lines.extend(pad(part, paper.width_chars, "centre").rstrip() for part in parts)
            case Picture() | Cut() | Kick():
                pass
    return "".join(f"{line}\n" for line in lines)


def to_escpos(paper: Paper, mode: Mode = "raster") -> bytes:
    """The paper as one print job, beginning with a reset of the printer.

    Raises UnprintablePaper or InvalidCheckDigit, as `typeset` does.
    """
    from escpos.printer import Dummy

    device = Dummy(profile=printer_profile())
    device._raw(INITIALISE)
    pieces = list(typeset(paper))
    if mode == "raster":
        _raster(device, pieces, paper)
    else:
        _letters(device, pieces, paper)
    return bytes(device.output)


def _spread(text: str, width: int) -> str:
    content = text.strip()
    left, right = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    if left and not right:
        return content.rjust(width)
    if left and right:
        return (" " * ((width - cells(content)) // 2)) + content
    if "  " in content:
        # Columns: what the halved grid left blank between the two sides is where the missing width belongs.
        before, _, after = content.rpartition("  ")
        return before.rstrip() + " " * (width - cells(before.rstrip()) - cells(after)) + after
    return content


def _raster(device: "Dummy", pieces: list[Piece], paper: Paper) -> None:
    waiting: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Cut | Kick):
            _picture(device, waiting, paper)
            waiting = []
            _act(device, piece)
        else:
            waiting.append(piece)
    _picture(device, waiting, paper)


def _picture(device: "Dummy", pieces: list[Piece], paper: Paper) -> None:
    if pieces:
        dots: Image.Image = to_dots(draw_pieces(pieces, paper))
        device.image(dots, impl="bitImageRaster", fragment_height=FRAGMENT_DOTS)


def _act(device: "Dummy", piece: Cut | Kick) -> None:
    if isinstance(piece, Cut):
        device.cut()
    else:
        device.cashdraw(_KICK_PIN)


def _letters(device: "Dummy", pieces: list[Piece], paper: Paper) -> None:
    page = "cp437"
    for piece in pieces:
        match piece:
            case Line():
                page = _line(device, piece, paper, page)
            case Rule():
                device._raw(b"-" * paper.width_chars + b"\n")
            case Space():
                device._raw(b"\n" * piece.lines)
            case Barcode():
                _native_barcode(device, piece, paper)
            case Picture():
                _picture(device, [piece], paper)
            case Cut() | Kick():
                _act(device, piece)


def _line(device: "Dummy", line: Line, paper: Paper, page: str) -> str:
    """Send one line; returns the code page that is then in force."""
    text = _refitted(printable(line.text), paper.width_chars // line.size)
    job, page = encoded(text.rstrip(), page)
    if line.bold or line.size == 2:
        device.set(bold=line.bold, custom_size=True, width=line.size, height=line.size)
    device._raw(job + b"\n")
    if line.bold or line.size == 2:
        device.set(bold=False, custom_size=True, width=1, height=1)
    return page


def _refitted(text: str, width: int) -> str:
    """Take blanks out where a stand-in of several letters made the line longer than the paper."""
    while len(text) > width and "  " in text:
        head, _, tail = text.rpartition("  ")
        text = f"{head} {tail}"
    return text


def _native_barcode(device: "Dummy", block: Barcode, paper: Paper) -> None:
    _, module = fitted_bars(block.text, block.kind, paper.width_dots)
    device.set(align="center")
    if block.kind == "qr":
        from escpos.constants import QR_ECLEVEL_M

        device.qr(block.text, ec=QR_ECLEVEL_M, size=module, native=True)
    else:
        # GS h, GS w, GS H 2 (text below), GS k. Not the library's own call: it talks on standard output.
        device._raw(b"\x1dh" + bytes([BARS_HEIGHT_DOTS]) + b"\x1dw" + bytes([module]) + b"\x1dH\x02")
        device._raw(_bars_command(block))
    device.set(align="left")
    device._raw(b"\n")


def _bars_command(block: Barcode) -> bytes:
    if block.kind == "ean13":
        return b"\x1dk\x43\x0d" + ean13_digits(block.text).encode("ascii")
    if block.kind == "ean8":
        return b"\x1dk\x44\x08" + ean8_digits(block.text).encode("ascii")
    # Code set B for everything; pairs of digits in set C would be narrower, but some printers get it wrong.
    # A brace is the escape sign of the command and stands doubled for itself.
    # FNC1 is {1: first of all where it is a GS1-128, and behind a value whose length is not fixed.
    first = b"{B{1" if block.kind == "gs1-128" else b"{B"
    data = first + block.text.encode("ascii").replace(b"{", b"{{").replace(b"\x1d", b"{1")
    return b"\x1dk\x49" + bytes([len(data)]) + data
