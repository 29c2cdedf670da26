"""A receipt printer on a serial port, or on a USB cable that pretends to be one."""

import time
from contextlib import suppress
from typing import Literal

import serial
from escpos.printer import Serial

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.escpos_library import printer_profile
from pos_app.devices.printer_status import require_finished, require_ready

CHUNK_BYTES = 256
"""At 9600 baud a quarter of a second: the time limit then means a stop, not a slow line."""

Confirmation = Literal["delivered", "status"]

_SYSTEM_ERRORS = (OSError, serial.SerialException)


class _Port(Serial):  # type: ignore[misc]  # the library ships no types
    """The library's serial device, with a time limit for writing; its close never waits."""

    def __init__(self, devfile: str, baud: int, flow: str, write_timeout_s: float) -> None:
        super().__init__(devfile, baud, timeout=write_timeout_s, profile=printer_profile())
        self._flow = flow

    def open(self, raise_not_found: bool = True) -> None:
        """Open the port for this process alone. Lets SerialException, OSError and ValueError through."""
        self.port = serial.Serial(
            port=self.devfile,
            baudrate=self.baudrate,
            timeout=self.timeout,
            write_timeout=self.timeout,
            dsrdtr=self._flow == "dsr",
            rtscts=self._flow == "rts",
            xonxoff=self._flow == "xon",
            exclusive=True,
        )
        self._device = self.port

    def write(self, job: bytes) -> None:
        for start in range(0, len(job), CHUNK_BYTES):
            self._raw(job[start : start + CHUNK_BYTES])

    def ask(self, question: bytes) -> bytes:
        self.port.reset_input_buffer()
        self._raw(question)
        return bytes(self.port.read(1))

    def require_delivered(self) -> None:
        """Wait until the system has sent every byte. Raises TimeoutError if they stop moving."""
        # Not flush(): it waits for ever on a printer that holds the line.
        deadline = time.monotonic() + float(self.timeout)
        waiting = self.port.out_waiting
        while waiting:
            time.sleep(0.005)
            now_waiting = self.port.out_waiting
            if now_waiting < waiting:
                deadline = time.monotonic() + float(self.timeout)
            elif time.monotonic() > deadline:
                raise TimeoutError(f"{now_waiting} bytes were not taken")
            waiting = now_waiting

    def discard(self) -> None:
        """Close and drop what was not sent, so that it cannot come out of the printer later."""
        if self._device:
            with suppress(*_SYSTEM_ERRORS):
                self.port.reset_output_buffer()
        self.close()

    def close(self) -> None:
        """Close the port, without the library's waiting for a printer that may never take the rest."""
        if self._device:
            self.port.close()
        self._device = False


class SerialPrinter:
    """A printer at a serial port, opened for each job anew."""

    def __init__(
        self,
        port: str,
        *,
        baud: int = 9600,
        flow: str = "dsr",
        write_timeout_s: float = 5.0,
        confirm: Confirmation = "delivered",
    ) -> None:
        """Remember the port; nothing is opened yet.

        `flow` is how the printer says stop: `dsr`, `rts`, `xon` or `none`. `write_timeout_s` limits the time
        without progress. `confirm`: `delivered`, the system has sent every byte; `status`, the printer
        answers before and after the job, for printers that can.
        """
        self._port = port
        self._baud = baud
        self._flow = flow
        self._write_timeout_s = write_timeout_s
        self._confirm = confirm

    def send(self, job: bytes) -> None:
        """Open, send, wait until the bytes are out, close. See ReceiptPrinter."""
        port = _Port(self._port, self._baud, self._flow, self._write_timeout_s)
        try:
            self._open(port)
            self._write(port, job)
        except BaseException:
            port.discard()
            raise
        # Not discarded: the last bytes may still be on their way out of the chip.
        port.close()

    def close(self) -> None:
        """Nothing is held open between two jobs."""

    def _open(self, port: _Port) -> None:
        try:
            port.open()
            if self._confirm == "status":
                require_ready(port)
        except (*_SYSTEM_ERRORS, ValueError) as error:
            raise PrinterUnavailable("serial-printer-cannot-be-opened", port=self._port) from error

    def _write(self, port: _Port, job: bytes) -> None:
        try:
            port.write(job)
            if self._confirm == "status":
                require_finished(port)
            port.require_delivered()
        except (TimeoutError, serial.SerialTimeoutException) as error:
            raise PrintUncertain("serial-printer-stopped", port=self._port) from error
        except _SYSTEM_ERRORS as error:
            raise PrintUncertain("serial-line-broke", port=self._port) from error
