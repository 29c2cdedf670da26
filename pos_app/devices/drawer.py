"""The cash drawer: a lock that opens by a pulse, which nearly always comes through the receipt printer."""

from dataclasses import dataclass
from typing import Literal, Protocol

from pos_app.devices.errors import PrinterUnavailable
from pos_app.devices.printer import ReceiptPrinter

Pin = Literal[2, 5]


class CashDrawer(Protocol):
    """Something that opens."""

    def kick(self) -> None:
        """Open the drawer. Raises PrinterUnavailable or PrintUncertain, as its printer does."""
        ...


def kick_pulse(pin: Pin = 2, on_ms: int = 100, off_ms: int = 100) -> bytes:
    """ESC p m t1 t2 (Epson ESC/POS reference): a pulse on connector pin 2 or 5, in steps of 2 ms up to 510.

    Raises ValueError outside of that: a lock that is powered too long burns out.
    """
    if not (2 <= on_ms <= 510 and 2 <= off_ms <= 510):
        raise ValueError("The pulse of a cash drawer lasts from 2 to 510 ms.")
    return b"\x1bp" + bytes([0 if pin == 2 else 1, on_ms // 2, off_ms // 2])


@dataclass(frozen=True, slots=True)
class PrinterDrawer:
    """A drawer on the socket of a receipt printer."""

    printer: ReceiptPrinter
    pin: Pin = 2
    on_ms: int = 100
    off_ms: int = 100

    def kick(self) -> None:
        """Send the pulse as a job of its own."""
        self.printer.send(kick_pulse(self.pin, self.on_ms, self.off_ms))


@dataclass(slots=True)
class MemoryDrawer:
    """A stand-in that counts its kicks; `is_stuck` makes it fail like a printer that is gone."""

    kicks: int = 0
    is_stuck: bool = False

    def kick(self) -> None:
        """Count, or raise PrinterUnavailable."""
        if self.is_stuck:
            raise PrinterUnavailable("The cash drawer does not answer. Open it with its key.")
        self.kicks += 1


@dataclass(frozen=True, slots=True)
class NoDrawer:
    """For a till whose drawer has no cable."""

    def kick(self) -> None:
        """Do nothing."""
