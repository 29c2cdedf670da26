"""The model of everything that goes on receipt paper: an immutable column of blocks, no device in sight.

Widths are in characters of the paper's smallest size: 42 on 80 mm paper, 32 on 58 mm. A block of `size` 2 is
twice as wide and twice as high, so half as many characters fit.
"""

from dataclasses import dataclass
from typing import Literal

from pos_app.devices.errors import UnprintablePaper

Align = Literal["left", "centre", "right"]
Size = Literal[1, 2]
WidthChars = Literal[42, 32]
BarcodeKind = Literal["code128", "ean13", "ean8", "gs1-128", "qr"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; wraps at words, and inside a word only if the word alone is wider than the paper."""

    text: str
    align: Align = "left"
    bold: bool = False
    size: Size = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """Something on the left, an amount on the right, such as `Total` and `7,305.00`.

    The left side wraps; the right side stands whole on the last line, and on a line of its own if need be.
    """

    left: str
    right: str
    bold: bool = False
    size: Size = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    `widths` in characters, one blank between columns; a width of 0 takes what the others leave (one at most).
    Left-aligned cells wrap. A right-aligned cell is an amount and is never broken: where one is wider than
    its column, the row is printed on two lines.
    """

    cells: tuple[str, ...]
    widths: tuple[int, ...]
    aligns: tuple[Align, ...]
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class Space:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode, centred, its text below. What no bars can say on this width is printed as text instead.

    The text of a GS1-128 is its element string, as `devices.element_string` builds it.
    """

    text: str
    kind: BarcodeKind = "code128"


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey PNG, centred, one of its dots for each of the paper's; smaller where the paper is narrower."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed past the cutter and cut."""


@dataclass(frozen=True, slots=True)
class Kick:
    """Open the cash drawer that hangs on the printer."""


Block = Text | Columns | Row | Rule | Space | Barcode | Picture | Cut | Kick


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper: its width and its blocks from top to bottom.

    `printable_dots` is for printers that print less than others on the same paper, such as 512 dots on 80 mm:
    a picture of the usual 576 would lose its right edge, and with it the amounts.
    """

    width_chars: WidthChars
    blocks: tuple[Block, ...]
    printable_dots: int | None = None

    def __post_init__(self) -> None:
        """Refuse widths that no receipt printer has."""
        if self.printable_dots is not None and not 256 <= self.printable_dots <= 576:
            raise UnprintablePaper("paper-width-wrong")

    @property
    def width_dots(self) -> int:
        """Printable dots; by default at 203 dpi 72 mm on 80 mm paper and 48 mm on 58 mm paper."""
        return self.printable_dots or (576 if self.width_chars == 42 else 384)
