"""A receipt printer that Windows knows by name, fed with raw bytes through its spooler."""

from escpos.exceptions import DeviceNotFoundError
from escpos.printer import Win32Raw

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.escpos_library import printer_profile


class WindowsPrinter:
    """A Windows printer queue; an empty name is the default printer.

    What the queue accepts counts as printed: Windows keeps it and says itself what goes wrong later.
    """

    def __init__(self, queue: str = "") -> None:
        """Remember the name of the queue; nothing is opened yet."""
        self._queue = queue

    def send(self, job: bytes) -> None:
        """Hand the job to the spooler. See ReceiptPrinter."""
        if not Win32Raw.is_usable():
            raise PrinterUnavailable("windows-printing-missing")
        device = Win32Raw(self._queue, profile=printer_profile())
        try:
            device.open(job_name="Receipt")
        except (DeviceNotFoundError, OSError) as error:
            raise PrinterUnavailable("windows-printer-missing", queue=f"{self._queue!r}") from error
        try:
            device._raw(job)
            device.close()
        except Exception as error:
            # pywin32 raises an error class of its own that exists on Windows only, straight from Exception.
            raise PrintUncertain("windows-unconfirmed") from error

    def close(self) -> None:
        """Nothing is held open between two jobs."""
