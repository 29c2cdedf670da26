"""Printers that are a path: a device file that leads to a printer, and a folder that collects jobs."""

import os
import select
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from escpos.printer import File

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.escpos_library import printer_profile

DEVICE_FOLDER = Path("/dev")
#: Lies among the devices and holds plain files.
_FILES_IN_MEMORY = DEVICE_FOLDER / "shm"


class _DeviceFile(File):  # type: ignore[misc]  # the library ships no types
    """The library's file device, opened without waiting and, for a plain file, at its end."""

    _device: IO[bytes] | bool | None

    def __init__(self, path: Path, write_timeout_s: float) -> None:
        super().__init__(str(path), profile=printer_profile())
        self._path = path
        self._write_timeout_s = write_timeout_s
        self.sent = 0

    def open(self, raise_not_found: bool = True) -> None:
        """Open for appending. Lets OSError through."""
        flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        # A printer that is unplugged has no device file. Creating one would fill the disk with receipts and
        # report each of them as printed.
        if DEVICE_FOLDER not in self._path.parents or _FILES_IN_MEMORY in self._path.parents:
            flags |= os.O_CREAT
        descriptor = os.open(self._path, flags, 0o600)
        self._stream = os.fdopen(descriptor, "wb", buffering=0)
        self._device = self._stream

    def write(self, job: bytes) -> None:
        """Write all of the job; `sent` counts. Raises TimeoutError after a time without progress."""
        descriptor = self._stream.fileno()
        deadline = time.monotonic() + self._write_timeout_s
        while self.sent < len(job):
            # Windows can only select sockets; its plain files never make anybody wait.
            if os.name == "posix":
                select.select([], [descriptor], [], max(deadline - time.monotonic(), 0))
            try:
                self.sent += os.write(descriptor, job[self.sent : self.sent + 4096])
                deadline = time.monotonic() + self._write_timeout_s
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise TimeoutError("the device takes no more") from error

    def close(self) -> None:
        """Close the file."""
        if self._device:
            self._stream.close()
        self._device = False


class DevicePrinter:
    """A printer behind a path such as `/dev/usb/lp0`; also a plain file, which grows like a paper roll."""

    def __init__(self, path: Path, *, write_timeout_s: float = 5.0) -> None:
        """Remember the path; nothing is opened yet. `write_timeout_s` limits the time without progress."""
        self._path = path
        self._write_timeout_s = write_timeout_s

    def send(self, job: bytes) -> None:
        """Open, write, close. See ReceiptPrinter."""
        device = _DeviceFile(self._path, self._write_timeout_s)
        try:
            device.open()
            length = self._plain_length()
            try:
                device.write(job)
            except OSError as error:
                self._undo_or_doubt(device.sent, length, error)
        except OSError as error:
            raise PrinterUnavailable("printer-cannot-be-opened", path=self._path) from error
        finally:
            device.close()

    def close(self) -> None:
        """Nothing is held open between two jobs."""

    def _plain_length(self) -> int | None:
        """Bytes in the file if it is a plain one, None for a device."""
        found = self._path.stat()
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def _undo_or_doubt(self, sent: int, length: int | None, error: OSError) -> None:
        if length is not None:
            # A full disk: half a receipt in a file is no receipt, and taking it out again is certain.
            os.truncate(self._path, length)
            sent = 0
        if sent == 0:
            raise PrinterUnavailable("printer-takes-no-data", path=self._path) from error
        raise PrintUncertain("printer-stopped", path=self._path) from error


class FilePrinter:
    """Collects jobs in a folder, one file `000001.bin` each, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; it is made with the first job."""
        self._folder = folder

    def send(self, job: bytes) -> None:
        """Write the job as the next file. Raises PrinterUnavailable if the folder cannot take it."""
        self.store({".bin": job})

    def close(self) -> None:
        """Nothing is held open."""

    def store(self, contents: dict[str, bytes]) -> Path:
        """Write files of the next free number, by suffix, the `.bin` last; returns its path."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            number = self._next_number()
            for suffix in sorted(contents, key=lambda suffix: suffix == ".bin"):
                self._write_whole(self._folder / f"{number:06}{suffix}", contents[suffix])
        except OSError as error:
            raise PrinterUnavailable(
                "receipt-folder-unwritable", folder=self._folder, why=error.strerror
            ) from error
        return self._folder / f"{number:06}.bin"

    def _next_number(self) -> int:
        numbers = (int(path.stem) for path in self._folder.glob("*.bin") if path.stem.isdecimal())
        return max(numbers, default=0) + 1

    def _write_whole(self, path: Path, content: bytes) -> None:
        # Under another name first: whoever watches the folder never sees half a file.
        descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            Path(temporary).replace(path)
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
