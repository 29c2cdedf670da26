"""What can go wrong with a device, and what the till may do about it.

BohariError
├── Unavailable
│   ├── PrinterUnavailable     nothing was sent: safe to send again
│   └── PrintUncertain         bytes were sent, the end is not confirmed: look at the paper first
└── Refused
    ├── InvalidBarcode         the text is no barcode that this room can read
    │   └── InvalidCheckDigit  the digits contradict each other: scanned or typed wrongly
    ├── UnknownPrinterAddress  the settings name a printer that no back end understands
    └── UnprintablePaper       the receipt asks for something that no printer can lay out
"""

from pos_app.ledger.errors import Refused, Unavailable


class PrinterUnavailable(Unavailable):
    """The printer could not be reached, or said before the job that it cannot print.

    Not one byte of the job was sent, so the spool may send it again by itself.
    """


class PrintUncertain(Unavailable):
    """Bytes of the job were sent, but nobody knows whether all of it is on paper.

    A person has to look. Sending again by itself would print a second receipt.
    """


class InvalidBarcode(Refused):
    """The scanned or typed text cannot be a barcode: it is empty, too long, or malformed."""

    def __init__(self, code: str, /, text: str = "", **facts: object) -> None:
        """Keep the offending `text` beside the code, so that a till can still look it up."""
        super().__init__(code, **facts)
        self.text = text


class InvalidCheckDigit(InvalidBarcode):
    """The last digit of a GTIN is not the one that its other digits ask for."""


class UnknownPrinterAddress(Refused):
    """The printer address in the settings has an unknown scheme or a malformed part."""


class UnprintablePaper(Refused):
    """A receipt block cannot be laid out, for example a row whose columns do not fit the paper."""
