"""The events of printing: what becomes of the jobs of the spool (see `events`)."""

from logging import ERROR, INFO, WARNING
from typing import Final

from pos_app.log.event import Event

PRINTER_UNAVAILABLE: Final = Event(
    "printer-unavailable",
    "printing",
    WARNING,
    "The printer takes nothing; receipts wait until it does. A line when what is wrong changes.",
    ("job",),
)
PRINTER_BACK: Final = Event("printer-back", "printing", INFO, "The printer takes receipts again.")
PRINT_UNCERTAIN: Final = Event(
    "print-uncertain",
    "printing",
    WARNING,
    "Nobody knows whether this was printed; the till asks a person before it prints again.",
    ("job",),
)
RECEIPT_NOT_DRAWN: Final = Event(
    "receipt-not-drawn", "printing", ERROR, "A receipt cannot be drawn; the sale is recorded.", ("job",)
)
SPOOL_TROUBLE: Final = Event(
    "spool-trouble", "printing", WARNING, "The spool could not read or write its jobs; it tries again."
)
