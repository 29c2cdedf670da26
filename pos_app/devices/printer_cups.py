"""A receipt printer that CUPS knows by name (Linux, macOS), fed with raw bytes through its spooler."""

from escpos.exceptions import DeviceNotFoundError
from escpos.printer import CupsPrinter as EscposCups

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.escpos_library import printer_profile


class CupsPrinter:
    """A CUPS queue; an empty name is the default printer. What the queue accepts counts as printed."""

    def __init__(self, queue: str = "") -> None:
        """Remember the name of the queue; nothing is opened yet."""
        self._queue = queue

    def send(self, job: bytes) -> None:
        """Hand the job to the spooler. See ReceiptPrinter."""
        if not EscposCups.is_usable():
            raise PrinterUnavailable("cups-package-missing")
        device = EscposCups(self._queue, profile=printer_profile())
        try:
            device.open(job_name="Receipt")
        except (DeviceNotFoundError, OSError) as error:
            raise PrinterUnavailable("cups-printer-missing", queue=f"{self._queue!r}") from error
        try:
            device._raw(job)
            device.send()
            device.close()
        except Exception as error:
            # pycups raises an error class of its own, straight from Exception, that is not there without it.
            raise PrintUncertain("cups-unconfirmed") from error

    def close(self) -> None:
        """Nothing is held open between two jobs."""
