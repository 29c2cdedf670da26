"""Which printers this machine knows of, each as an address that `printer.open_printer` takes.

Nothing is opened and nothing printed: what is found here is offered, and a test page shows which it is.
"""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

#: The class of printers among USB interfaces.
_USB_PRINTER: Final = 7
_DEVICES: Final = Path("/dev/usb")
_PATIENCE_S: Final = 5.0
_LONGEST: Final = 80


class FoundPrinter(NamedTuple):
    """A printer: its address, its name, and how it is joined (`usb`, `serial`, `queue`, `network`)."""

    address: str
    name: str
    how: str


def here() -> list[FoundPrinter]:
    """Printers at this machine's own sockets and in its system's list, each once.  A search that fails finds
    nothing: a library that is missing is no reason against the other ways.
    """
    found: dict[str, FoundPrinter] = {}
    for search in (_device_files, _usb, _queues, _serial):
        with contextlib.suppress(Exception):
            for one in search():
                found.setdefault(one.address, one._replace(name=_plain(one.name)))
    return list(found.values())


def network(name: str, host: str, port: int) -> FoundPrinter:
    """A printer that announced itself on the network."""
    return FoundPrinter(f"network://{host}:{port}", _plain(name) or host, "network")


def _plain(name: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:_LONGEST]


def _device_files() -> Iterator[FoundPrinter]:
    """Linux: the kernel's own files of USB printers, for whoever may write them."""
    if sys.platform == "linux" and _DEVICES.is_dir():
        for path in sorted(_DEVICES.glob("lp*")):
            yield FoundPrinter(f"file://{path}", f"USB {path.name}", "usb")


def _usb() -> Iterator[FoundPrinter]:
    import usb.core

    for device in usb.core.find(find_all=True) or ():
        ends = _ends(device)
        if ends is None:
            continue
        name = ""
        with contextlib.suppress(Exception):
            name = f"{device.manufacturer or ''} {device.product or ''}"
        number = f"{device.idVendor:04x}:{device.idProduct:04x}"
        yield FoundPrinter(f"usb://{number}?{ends}", name.strip() or f"USB {number}", "usb")


def _ends(device: Any) -> str | None:
    """Where a printer takes and gives bytes; None for a device that is none."""
    for configuration in device:
        for interface in configuration:
            if interface.bInterfaceClass != _USB_PRINTER:
                continue
            addresses = [one.bEndpointAddress for one in interface]
            into = next((one for one in addresses if one & 0x80), 0x82)
            out = next((one for one in addresses if not one & 0x80), 0x01)
            return f"in={into:#04x}&out={out:#04x}"
    return None


def _serial() -> Iterator[FoundPrinter]:
    from serial.tools import list_ports

    for port in list_ports.comports():
        # A socket on the board that nothing is known of is offered too: old printers say nothing.
        address = f"serial://{port.device}"
        yield FoundPrinter(address, f"{port.device} {port.product or ''}", "serial")


def _queues() -> Iterator[FoundPrinter]:
    """Printers that the system has a queue for."""
    if sys.platform == "win32":
        import win32print

        for entry in win32print.EnumPrinters(
            win32print.PRINTER_ENUM_LOCAL | win32print.PRINTER_ENUM_CONNECTIONS
        ):
            yield FoundPrinter(f"windows://{quote(entry[2])}", entry[2], "queue")
        return
    program = shutil.which("lpstat")
    if program is None:
        return
    told = subprocess.run([program, "-e"], capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    for name in told.stdout.split():
        yield FoundPrinter(f"cups://{quote(name)}", name, "queue")
