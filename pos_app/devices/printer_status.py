"""Asks an ESC/POS printer how it is, over any line on which it can answer.

Commands and bits: Epson ESC/POS reference, DLE EOT (real-time status) and GS r (status in sequence).
"""

from typing import Protocol

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain

_ASK_OFFLINE_CAUSE = b"\x10\x04\x02"
_ASK_PAPER = b"\x10\x04\x04"
_ASK_IN_SEQUENCE = b"\x1dr\x01"

_COVER_OPEN = 0x04
_STOPPED_FOR_PAPER = 0x20
_ERROR = 0x40
_PAPER_END = 0x60
_FIXED_BITS, _FIXED_VALUE = 0x93, 0x12
"""Every real-time status byte is 0xx1xx10: anything else is an echo or noise."""


class StatusLine(Protocol):
    """A connection that can be written to and read from, with time limits of its own."""

    def ask(self, question: bytes) -> bytes:
        """Write a question and return the one byte of the answer, or nothing if none came in time."""
        ...


def require_ready(line: StatusLine) -> None:
    """Raise PrinterUnavailable, with the reason in words, unless the printer says that it can print."""
    cause = _status(line, _ASK_OFFLINE_CAUSE)
    if cause & _COVER_OPEN:
        raise PrinterUnavailable("printer-cover-open")
    if cause & _STOPPED_FOR_PAPER or _status(line, _ASK_PAPER) & _PAPER_END == _PAPER_END:
        raise PrinterUnavailable("printer-out-of-paper")
    if cause & _ERROR:
        raise PrinterUnavailable("printer-fault")


def require_finished(line: StatusLine) -> None:
    """Raise PrintUncertain unless the printer has worked through everything sent before this question."""
    # Unlike DLE EOT this question waits its turn in the buffer: an answer means that all before it is done.
    if not line.ask(_ASK_IN_SEQUENCE):
        raise PrintUncertain("printer-unconfirmed")


def _status(line: StatusLine, question: bytes) -> int:
    answer = line.ask(question)
    if len(answer) != 1 or answer[0] & _FIXED_BITS != _FIXED_VALUE:
        raise PrinterUnavailable("printer-not-ready")
    return answer[0]
