"""What a receipt printer is to the rest of the program, and how a settings line becomes one.

A printer takes whole jobs, one at a time, and is honest about what became of each. It keeps no queue: the
spool owns jobs and decides when to send one again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain, UnknownPrinterAddress

__all__ = ["PrintUncertain", "PrinterUnavailable", "ReceiptPrinter", "open_printer"]


Word = TypeVar("Word", bound=str)


class ReceiptPrinter(Protocol):
    """Something that puts ESC/POS bytes on paper.

    `send` blocks for seconds when a device is slow: call it outside the thread of the window. It opens the
    device, sends and lets go of it again, so that a printer can be switched off and on between two receipts.
    """

    def send(self, job: bytes) -> None:
        """Print one job.

        Raises PrinterUnavailable if nothing was sent (safe to send again), PrintUncertain if something was
        sent and the end is not confirmed (a person looks at the paper; never sent again by itself).
        """
        ...

    def close(self) -> None:
        """Let go of whatever is held open. Harmless when called twice."""
        ...


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """The parts of a printer address, taken apart and unquoted."""

    url: str
    host: str
    port: int | None
    path: str
    options: dict[str, str]

    @classmethod
    def parse(cls, url: str) -> tuple[str, "PrinterAddress"]:
        """Scheme and parts. Raises UnknownPrinterAddress if the text is no address."""
        try:
            parts = urlsplit(url.strip())
            options = {
                name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=False).items()
            }
            # Not `hostname`, which loses capital letters: they matter in the name of a printer queue.
            host = unquote(parts.netloc.rpartition("@")[2])
            port = parts.port if parts.scheme.lower() == "network" else None
        except ValueError as error:
            raise UnknownPrinterAddress(
                "printer-address-unreadable", address=f"{url!r}", why=error
            ) from error
        if port is not None or parts.scheme.lower() == "network":
            host = parts.hostname or ""
        return parts.scheme.lower(), cls(url, host, port, unquote(parts.path), options)

    def number(self, name: str, default: float) -> float:
        """An option that is a positive number, such as `?timeout=5`."""
        try:
            value = float(self.options.get(name, default))
        except ValueError:
            value = -1.0
        if not 0 < value < 1_000_000:
            raise UnknownPrinterAddress(
                "printer-option-not-positive", name=name, value=self.options[name], address=self.url
            )
        return value

    def flag(self, name: str, choices: tuple[Word, ...]) -> Word:
        """An option that is one of some words; the first is the default."""
        value = self.options.get(name, choices[0])
        for choice in choices:
            if value == choice:
                return choice
        raise UnknownPrinterAddress(
            "printer-option-unknown", name=name, value=value, address=self.url, choices=", ".join(choices)
        )

    def needed(self, value: str, what: str) -> str:
        """The value, or UnknownPrinterAddress saying what is missing."""
        if not value:
            raise UnknownPrinterAddress("printer-address-incomplete", address=self.url, what=what)
        return value


def open_printer(url: str) -> ReceiptPrinter:
    """The printer that a settings line names. Nothing is connected before the first job.

    `network://HOST[:9100][?connect=3&timeout=10&confirm=closed|delivered|status]`
    `serial:///dev/ttyS0[?baud=9600&flow=dsr|rts|xon|none&timeout=5&confirm=delivered|status]`,
    on Windows `serial://COM3`
    `usb://04b8:0e15[?in=0x82&out=0x01&timeout=5]`
    `file:///dev/usb/lp0[?timeout=5]` a device or a file that grows
    `folder:///path` one file a job, `preview:///path[?width=42|32]` with a picture beside it
    `windows://QUEUE`, `cups://QUEUE` a printer of the system, `windows://` its default
    `memory://` keeps its jobs, `none://` prints nothing

    Times in seconds. `confirm` is what counts as the end of a job. `status` asks the printer, before and
    after the job, and is for printers that answer: it finds an empty roll before a job is lost on it. A
    network printer that reports every receipt as unconfirmed never hangs up by itself: give it `delivered`.
    Raises UnknownPrinterAddress.
    """
    scheme, address = PrinterAddress.parse(url)
    maker = _MAKERS.get(scheme)
    if maker is None:
        schemes = ", ".join(f"{known}://" for known in _MAKERS)
        raise UnknownPrinterAddress("printer-address-unknown", address=repr(url), schemes=schemes)
    return maker(address)


# Each back end is imported when it is named: a till with a network printer needs no USB library.


def _network(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_network import NetworkPrinter

    return NetworkPrinter(
        address.needed(address.host, "host"),
        9100 if address.port is None else address.port,
        connect_timeout_s=address.number("connect", 3),
        write_timeout_s=address.number("timeout", 10),
        confirm=address.flag("confirm", ("closed", "delivered", "status")),
    )


def _serial(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_serial import SerialPrinter

    return SerialPrinter(
        address.needed(address.host + address.path, "port"),
        baud=int(address.number("baud", 9600)),
        flow=address.flag("flow", ("dsr", "rts", "xon", "none")),
        write_timeout_s=address.number("timeout", 5),
        confirm=address.flag("confirm", ("delivered", "status")),
    )


def _usb(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_usb import UsbPrinter

    vendor, _, product = address.host.partition(":")
    try:
        return UsbPrinter(
            int(vendor, 16),
            int(product, 16),
            in_endpoint=int(address.options.get("in", "0x82"), 16),
            out_endpoint=int(address.options.get("out", "0x01"), 16),
            write_timeout_s=address.number("timeout", 5),
        )
    except ValueError as error:
        raise UnknownPrinterAddress("usb-address-incomplete", address=address.url) from error


def _file(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_file import DevicePrinter

    return DevicePrinter(_path(address), write_timeout_s=address.number("timeout", 5))


def _folder(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_file import FilePrinter

    return FilePrinter(_path(address))


def _preview(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.preview import PreviewPrinter

    return PreviewPrinter(_path(address), columns=int(address.flag("width", ("42", "32"))))


def _windows(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_windows import WindowsPrinter

    return WindowsPrinter((address.host + address.path).rstrip("/"))


def _cups(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_cups import CupsPrinter

    return CupsPrinter((address.host + address.path).rstrip("/"))


def _memory(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_memory import MemoryPrinter

    return MemoryPrinter()


def _none(address: PrinterAddress) -> ReceiptPrinter:
    from pos_app.devices.printer_memory import NoPrinter

    return NoPrinter()


def _path(address: PrinterAddress) -> Path:
    path = address.needed(address.host + address.path, "path")
    # file:///C:/receipts has the drive behind a slash that Windows does not want.
    return Path(path[1:] if path[2:3] == ":" else path)


_MAKERS: dict[str, Callable[[PrinterAddress], ReceiptPrinter]] = {
    "network": _network,
    "serial": _serial,
    "usb": _usb,
    "file": _file,
    "folder": _folder,
    "preview": _preview,
    "windows": _windows,
    "cups": _cups,
    "memory": _memory,
    "none": _none,
}
