"""A receipt printer on USB, found by its vendor and product number."""

from typing import Any

from escpos.exceptions import DeviceNotFoundError
from escpos.printer import Usb

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.escpos_library import printer_profile

CHUNK_BYTES = 4096


class _Cable(Usb):  # type: ignore[misc]  # the library ships no types
    """The library's USB device, telling how many bytes the printer took."""

    def write(self, chunk: bytes) -> int:
        """Bytes taken. Raises USBError only if none were: the library reports a part that got through."""
        device: Any = self.device
        return int(device.write(self.out_ep, chunk, self.timeout))


class UsbPrinter:
    """A printer on USB, claimed for each job anew, so that it may be unplugged in between."""

    def __init__(
        self,
        vendor: int,
        product: int,
        *,
        in_endpoint: int = 0x82,
        out_endpoint: int = 0x01,
        write_timeout_s: float = 5.0,
    ) -> None:
        """Remember which device; nothing is opened yet. `write_timeout_s` limits each chunk of 4 KiB."""
        self._vendor = vendor
        self._product = product
        self._in_endpoint = in_endpoint
        self._out_endpoint = out_endpoint
        self._timeout_ms = int(write_timeout_s * 1000)

    def send(self, job: bytes) -> None:
        """Claim the device, send, release it. See ReceiptPrinter."""
        cable = self._open()
        try:
            self._write(cable, job)
        finally:
            cable.close()

    def close(self) -> None:
        """Nothing is held open between two jobs."""

    def _open(self) -> _Cable:
        from usb.core import NoBackendError, USBError

        name = f"{self._vendor:04x}:{self._product:04x}"
        cable = _Cable(
            # A dictionary of our own: the library writes into its shared default argument.
            usb_args={"idVendor": self._vendor, "idProduct": self._product},
            timeout=self._timeout_ms,
            in_ep=self._in_endpoint,
            out_ep=self._out_endpoint,
            profile=printer_profile(),
        )
        try:
            self._claim(cable)
        except NoBackendError as error:
            raise PrinterUnavailable("libusb-missing") from error
        except (DeviceNotFoundError, USBError, NotImplementedError, OSError) as error:
            raise PrinterUnavailable("usb-printer-missing", name=name) from error
        return cable

    def _claim(self, cable: _Cable) -> None:
        cable.open()

    def _write(self, cable: _Cable, job: bytes) -> None:
        from usb.core import USBError

        sent = 0
        while sent < len(job):
            try:
                taken = cable.write(job[sent : sent + CHUNK_BYTES])
            except (USBError, OSError) as error:
                if sent == 0:
                    raise PrinterUnavailable("usb-printer-takes-no-data") from error
                raise PrintUncertain("usb-printer-stopped") from error
            if taken == 0:
                raise PrintUncertain("usb-printer-stopped")
            sent += taken
