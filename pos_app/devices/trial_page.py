"""The page that shows whether a printer prints: its width, its letters, a barcode, and the cut."""

from datetime import datetime

from pos_app.devices.escpos_layout import Mode, to_escpos
from pos_app.devices.paper import Barcode, Columns, Cut, Kick, Paper, Rule, Space, Text, WidthChars
from pos_app.language import printed

#: A barcode that no product has: to try the scanner on the very page.
TRIAL_CODE = "BOHARI-TEST-1"


def page(address: str, at: datetime, width: WidthChars = 42) -> Paper:
    """What is printed; `at` stands on it so that two tries are told apart."""
    return Paper(
        width,
        (
            Text(printed("Test page"), "centre", bold=True, size=2),
            Text("Bohari POS", "centre"),
            Rule(),
            Columns(printed("Printer"), address[-24:]),
            Columns(printed("Time"), at.strftime("%Y-%m-%d %H:%M:%S")),
            Columns(printed("Both edges must be seen"), "1,234.00", bold=True),
            Rule(),
            Text("ABCDEFGHIJ abcdefghij 0123456789", "centre"),
            Space(),
            Text(printed("The scanner can be tried on this:"), "centre"),
            Barcode(TRIAL_CODE),
            Space(),
            Cut(),
        ),
    )


def job(address: str, at: datetime, width: WidthChars, mode: Mode) -> bytes:
    """The page as the printer takes it."""
    return to_escpos(page(address, at, width), mode)


def kick(mode: Mode) -> bytes:
    """What opens the drawer that hangs on the printer, and prints nothing."""
    return to_escpos(Paper(42, (Kick(),)), mode)
