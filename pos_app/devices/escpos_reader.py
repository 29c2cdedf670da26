"""Reads ESC/POS bytes back as a printer would, knowing nothing of how they were made.

It is strict: a command that it does not know is an error, because a real printer would print its bytes as
letters or swallow the next line. Commands and lengths: Epson ESC/POS command reference.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pos_app.devices.paper import Align
from pos_app.language import said

SymbolKind = Literal["code128", "ean13", "ean8", "gs1-128", "qr"]

_CODE_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858"}
_ALIGNS: dict[int, Align] = {0: "left", 1: "centre", 2: "right"}


class UnknownCommand(ValueError):
    """The job holds bytes that no command of this interpreter explains; says where."""


@dataclass(frozen=True, slots=True)
class Letters:
    """One printed line of characters; sizes are multiples of the normal width and height."""

    text: str
    bold: bool = False
    wide: int = 1
    high: int = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Dots:
    """A raster picture: rows of `width_dots // 8` bytes, the highest bit leftmost, a set bit is black."""

    width_dots: int
    height_dots: int
    rows: bytes
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A barcode that the printer itself draws."""

    text: str
    kind: SymbolKind
    module_dots: int
    height_dots: int
    align: Align = "left"
    has_text_below: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int


@dataclass(frozen=True, slots=True)
class CutMark:
    """The paper was cut here."""


@dataclass(frozen=True, slots=True)
class KickMark:
    """A drawer pulse on connector pin 2 or 5, in milliseconds."""

    pin: int
    on_ms: int
    off_ms: int


Printed = Letters | Dots | Symbol | Feed | CutMark | KickMark


@dataclass(frozen=True, slots=True)
class _State:
    """What the printer remembers from one command to the next."""

    bold: bool = False
    wide: int = 1
    high: int = 1
    align: Align = "left"
    page: str = "cp437"
    bars_height: int = 162
    bars_module: int = 3
    bars_text: int = 0
    qr_module: int = 3
    qr_text: str = ""


def read_back(job: bytes) -> list[Printed]:
    """What stands on the paper after this job, from top to bottom. Raises UnknownCommand."""
    return _Reader(job).read()


class _Reader:
    """Walks through the bytes of one job."""

    def __init__(self, job: bytes) -> None:
        self._job = job
        self._place = 0
        self._state = _State()
        self._printed: list[Printed] = []
        self._line = ""
        self._commands: dict[bytes, Callable[[], None]] = {
            b"\x1b@": self._reset,
            b"\x1bt": self._code_page,
            b"\x1bE": self._bold,
            b"\x1ba": self._align,
            b"\x1b!": self._style,
            b"\x1bd": self._feed,
            b"\x1bp": self._kick,
            b"\x1d!": self._size,
            b"\x1dh": self._bars_height,
            b"\x1dw": self._bars_module,
            b"\x1dH": self._bars_text,
            b"\x1dV": self._cut,
            b"\x1dv": self._raster,
            b"\x1dk": self._bars,
            b"\x1d(": self._function,
        }

    def read(self) -> list[Printed]:
        while self._place < len(self._job):
            byte = self._job[self._place]
            if byte == 0x0A:
                self._place += 1
                self._end_line()
            elif byte in (0x1B, 0x1D):
                self._command()
            elif byte < 0x20 or byte == 0x7F:
                raise UnknownCommand(said("printer-control-byte", byte=f"{byte:#04x}", place=self._place))
            else:
                self._line += self._take(1).decode(self._state.page)
        if self._line:
            self._end_line()
        return self._printed

    def _command(self) -> None:
        at = self._place
        name = self._take(2)
        command = self._commands.get(name)
        if command is None:
            raise UnknownCommand(said("printer-command-unknown", command=f"{name!r}", place=at))
        command()

    def _take(self, count: int) -> bytes:
        taken = self._job[self._place : self._place + count]
        if len(taken) < count:
            raise UnknownCommand(said("printer-job-cut", place=self._place))
        self._place += count
        return taken

    def _number(self) -> int:
        return self._take(1)[0]

    def _change(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]  # names are checked by replace

    def _end_line(self) -> None:
        state = self._state
        if self._line:
            self._printed.append(Letters(self._line, state.bold, state.wide, state.high, state.align))
        else:
            self._printed.append(Feed(1))
        self._line = ""

    def _reset(self) -> None:
        self._state = _State()

    def _code_page(self) -> None:
        number = self._number()
        if number not in _CODE_PAGES:
            raise UnknownCommand(said("code-page-unknown", number=number))
        self._change(page=_CODE_PAGES[number])

    def _bold(self) -> None:
        self._change(bold=bool(self._number() & 1))

    def _align(self) -> None:
        # A printer obeys this at the beginning of a line only.
        self._change(align=_ALIGNS[self._number() % 48])

    def _style(self) -> None:
        style = self._number()
        self._change(bold=bool(style & 8), high=2 if style & 16 else 1, wide=2 if style & 32 else 1)

    def _size(self) -> None:
        size = self._number()
        self._change(wide=(size >> 4) + 1, high=(size & 15) + 1)

    def _feed(self) -> None:
        lines = self._number()
        if self._line:
            self._end_line()
            lines -= 1
        self._printed.append(Feed(lines))

    def _kick(self) -> None:
        pin, on, off = self._take(3)
        self._printed.append(KickMark(2 if pin % 48 == 0 else 5, on * 2, off * 2))

    def _cut(self) -> None:
        if self._number() in (65, 66):
            self._number()
        self._printed.append(CutMark())

    def _raster(self) -> None:
        sign, mode, width_low, width_high, height_low, height_high = self._take(6)
        if sign != 0x30 or mode != 0:
            raise UnknownCommand(said("raster-mode-unknown", mode=mode))
        width_bytes, height = width_low + 256 * width_high, height_low + 256 * height_high
        rows = self._take(width_bytes * height)
        self._printed.append(Dots(width_bytes * 8, height, rows, self._state.align))

    def _bars_height(self) -> None:
        self._change(bars_height=self._number())

    def _bars_module(self) -> None:
        self._change(bars_module=self._number())

    def _bars_text(self) -> None:
        self._change(bars_text=self._number() % 48)

    def _bars(self) -> None:
        kind, length = self._take(2)
        data = self._take(length)
        if kind == 0x43:
            self._symbol(data.decode("ascii"), "ean13")
        elif kind == 0x44:
            self._symbol(data.decode("ascii"), "ean8")
        elif kind == 0x49 and data.startswith(b"{B{1"):
            said_of = data[4:].replace(b"{1", b"\x1d").replace(b"{{", b"{")
            self._symbol(said_of.decode("ascii"), "gs1-128")
        elif kind == 0x49 and data.startswith(b"{B"):
            self._symbol(data[2:].replace(b"{{", b"{").decode("ascii"), "code128")
        else:
            raise UnknownCommand(said("printer-barcode-unknown", kind=kind, data=f"{data!r}"))

    def _symbol(self, text: str, kind: SymbolKind) -> None:
        state = self._state
        below = state.bars_text == 2
        self._printed.append(Symbol(text, kind, state.bars_module, state.bars_height, state.align, below))

    def _function(self) -> None:
        group, low, high = self._take(3)
        data = self._take(low + 256 * high)
        if group != ord("k") or data[:1] != b"1":
            raise UnknownCommand(said("printer-function-unknown", group=group, data=f"{data[:2]!r}"))
        number, rest = data[1], data[2:]
        if number == 67:
            self._change(qr_module=rest[0])
        elif number == 80:
            self._change(qr_text=rest[1:].decode("utf-8"))
        elif number == 81:
            state = self._state
            self._printed.append(Symbol(state.qr_text, "qr", state.qr_module, 0, state.align))
        elif number not in (65, 69):
            raise UnknownCommand(said("qr-function-unknown", number=number))
