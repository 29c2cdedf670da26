"""A receipt printer on the network, port 9100, that can be silent, slow or gone and never hangs the till."""

import array
import socket
import struct
import sys
import time
from contextlib import suppress
from typing import Literal

from escpos.printer import Network

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.escpos_library import printer_profile
from pos_app.devices.printer_status import require_finished, require_ready

CHUNK_BYTES = 4096
SEND_BUFFER_BYTES = 16_384
"""Small, so that a printer that stops reading stops us too, instead of the receipt waiting in the kernel."""

FAREWELL_S = 0.25
"""How long to listen for a broken connection after the last byte, where the printer need not hang up."""

Confirmation = Literal["closed", "delivered", "status"]


class _Connection(Network):  # type: ignore[misc]  # the library ships no types
    """The library's network device, with a time limit for connecting apart, and IPv6."""

    _device: socket.socket | bool | None

    def __init__(self, host: str, port: int, connect_timeout_s: float, write_timeout_s: float) -> None:
        super().__init__(host, port, timeout=write_timeout_s, profile=printer_profile())
        self._connect_timeout_s = connect_timeout_s

    def open(self, raise_not_found: bool = True) -> None:
        """Connect. Unlike the library's own it lets OSError through and leaves no socket behind."""
        link = socket.create_connection((self.host, self.port), timeout=self._connect_timeout_s)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        link.settimeout(self.timeout)
        self.link = link
        self._device = link

    def write(self, job: bytes) -> None:
        """Write in chunks, each with the whole time limit: a slow printer may take long, a silent one not."""
        for start in range(0, len(job), CHUNK_BYTES):
            self._raw(job[start : start + CHUNK_BYTES])

    def ask(self, question: bytes) -> bytes:
        self._raw(question)
        try:
            return self.link.recv(1)
        except TimeoutError:
            return b""

    def require_delivered(self) -> None:
        """Wait until the printer's side has taken every byte. Raises TimeoutError or another OSError."""
        deadline = time.monotonic() + float(self.timeout)
        waiting = _undelivered_bytes(self.link)
        while waiting:
            time.sleep(0.005)
            if error_number := self.link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(error_number, "the printer broke the connection")
            now_waiting = _undelivered_bytes(self.link)
            if now_waiting < waiting:
                deadline = time.monotonic() + float(self.timeout)
            elif time.monotonic() > deadline:
                raise TimeoutError(f"{now_waiting} bytes were not taken")
            waiting = now_waiting

    def has_ended(self, wait_s: float) -> bool:
        """End our side and say whether the printer ends its own in time. Raises OSError if it resets."""
        self.link.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + wait_s
        while (left_s := deadline - time.monotonic()) > 0:
            self.link.settimeout(left_s)
            try:
                # No bytes are an orderly end. A status that nobody asked for is skipped.
                if not self.link.recv(64):
                    return True
            except TimeoutError:
                return False
        return False

    def discard(self) -> None:
        """Close at once and throw away what was not sent, so that it cannot come out of the printer later."""
        if self._device:
            with suppress(OSError):
                self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """Close the socket, whatever state it is in."""
        if self._device:
            self.link.close()
        self._device = False


class NetworkPrinter:
    """A printer at a host and port, connected for each job anew."""

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        connect_timeout_s: float = 3.0,
        write_timeout_s: float = 10.0,
        confirm: Confirmation = "closed",
    ) -> None:
        """Remember where the printer is; nothing is connected yet.

        `write_timeout_s` limits the time without progress, not the whole job. What counts as the confirmed
        end of a job is `confirm`: `closed`, the printer hangs up after us, as it does when all is read;
        `delivered`, its network card took every byte, for printers that never hang up; `status`, it
        answers before and after the job, for printers that can.
        """
        self._host = host
        self._port = port
        self._connect_timeout_s = connect_timeout_s
        self._write_timeout_s = write_timeout_s
        self._confirm = confirm

    def send(self, job: bytes) -> None:
        """Connect, send, wait until the bytes are delivered, disconnect. See ReceiptPrinter."""
        connection = _Connection(self._host, self._port, self._connect_timeout_s, self._write_timeout_s)
        try:
            self._open(connection)
            self._write(connection, job)
        except BaseException:
            connection.discard()
            raise
        # Not discarded: a reset could make the printer forget what it has taken and not yet printed.
        connection.close()

    def close(self) -> None:
        """Nothing is held open between two jobs."""

    def _open(self, connection: _Connection) -> None:
        try:
            connection.open()
            if self._confirm == "status":
                require_ready(connection)
        except (OSError, UnicodeError) as error:
            raise PrinterUnavailable(
                "network-printer-does-not-answer", host=self._host, port=self._port
            ) from error

    def _write(self, connection: _Connection, job: bytes) -> None:
        try:
            connection.write(job)
            if self._confirm == "status":
                require_finished(connection)
            connection.require_delivered()
            is_awaited = self._confirm == "closed"
            if not connection.has_ended(self._write_timeout_s if is_awaited else FAREWELL_S) and is_awaited:
                raise TimeoutError("the printer did not hang up")
        except TimeoutError as error:
            raise PrintUncertain("network-printer-unconfirmed", host=self._host, port=self._port) from error
        except OSError as error:
            raise PrintUncertain("network-printer-broke", host=self._host, port=self._port) from error


def _undelivered_bytes(link: socket.socket) -> int:
    """Bytes that the other side has not acknowledged; 0 where the system cannot tell (all but Linux)."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import termios

    waiting = array.array("i", [0])
    # On a TCP socket TIOCOUTQ is SIOCOUTQ (tcp(7)).
    fcntl.ioctl(link, termios.TIOCOUTQ, waiting)
    return waiting[0]
