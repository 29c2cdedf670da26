"""Printers that fail: real sockets, a real terminal line, real files. Complaint 13 of the peers."""

import os
import select
import socket
import stat
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from escpos.printer import Usb
from usb.core import USBTimeoutError

from pos_app.devices.errors import PrinterUnavailable, PrintUncertain, UnknownPrinterAddress
from pos_app.devices.printer import ReceiptPrinter, open_printer
from pos_app.devices.printer_cups import CupsPrinter
from pos_app.devices.printer_file import DevicePrinter, FilePrinter
from pos_app.devices.printer_memory import MemoryPrinter, NoPrinter
from pos_app.devices.printer_network import Confirmation, NetworkPrinter
from pos_app.devices.printer_serial import SerialPrinter
from pos_app.devices.printer_usb import UsbPrinter
from pos_app.devices.printer_windows import WindowsPrinter
from pos_app.ledger.errors import Unavailable
from tests.support.refused import raises

LONG_JOB = bytes(range(256)) * 4000
"""One megabyte: more than the buffers of both sides can hide."""

SHORT_JOB = b"\x1b@Total 7,305.00\n"

Handler = Callable[[socket.socket], None]


@contextmanager
def network_printer(handler: Handler, confirm: Confirmation = "closed") -> Iterator[NetworkPrinter]:
    """A real listening socket whose first connection is given to `handler` in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

        def serve() -> None:
            connection, _ = server.accept()
            with connection, suppress(ConnectionError):
                handler(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield NetworkPrinter(
                "127.0.0.1",
                server.getsockname()[1],
                connect_timeout_s=1,
                write_timeout_s=0.3,
                confirm=confirm,
            )
        finally:
            thread.join(timeout=60)
            assert not thread.is_alive()


def collect(into: bytearray, pause_s: float = 0.0) -> Handler:
    def handler(connection: socket.socket) -> None:
        while part := connection.recv(4096):
            into.extend(part)
            time.sleep(pause_s)

    return handler


def test_network_printer_gets_every_byte() -> None:
    got = bytearray()
    with network_printer(collect(got)) as printer:
        printer.send(LONG_JOB)
    assert bytes(got) == LONG_JOB


def test_complaint_13_slow_printer_is_waited_for() -> None:
    got = bytearray()
    began = time.monotonic()
    with network_printer(collect(got, pause_s=0.01)) as printer:
        printer.send(LONG_JOB[:200_000])
    # Slower as a whole than the limit, which is about standing still.
    assert time.monotonic() - began > 0.3
    assert bytes(got) == LONG_JOB[:200_000]


@pytest.mark.parametrize(
    ("job", "confirm"), [(LONG_JOB, "delivered"), (LONG_JOB, "closed"), (SHORT_JOB, "closed")]
)
def test_complaint_13_silent_printer_times_out_and_is_uncertain(job: bytes, confirm: Confirmation) -> None:
    """A long job fills the buffers; a short one fits them, and only the printer's silence tells."""
    done = threading.Event()
    began = time.monotonic()
    with network_printer(lambda connection: assert_set(done), confirm) as printer:
        with raises(PrintUncertain, "network-printer-unconfirmed") as caught:
            printer.send(job)
        took_s = time.monotonic() - began
        done.set()
    assert isinstance(caught.value, Unavailable)
    assert 0.3 <= took_s < 2


def assert_set(event: threading.Event) -> None:
    assert event.wait(10)


def test_printer_that_never_hangs_up_may_be_set_so() -> None:
    done = threading.Event()
    with network_printer(lambda connection: assert_set(done), "delivered") as printer:
        printer.send(SHORT_JOB)
        done.set()


def test_complaint_13_refused_connection_is_safe_to_retry() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with raises(PrinterUnavailable, "network-printer-does-not-answer"):
        NetworkPrinter("127.0.0.1", port, connect_timeout_s=1).send(SHORT_JOB)


def test_complaint_13_unknown_host_is_safe_to_retry() -> None:
    for host in ("printer.invalid", "x" * 70 + ".example"):
        with pytest.raises(PrinterUnavailable):
            NetworkPrinter(host, connect_timeout_s=1).send(SHORT_JOB)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count the backlog differently")
def test_complaint_13_full_backlog_times_out_on_connecting() -> None:
    """A printer busy with another till neither accepts nor refuses."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for other in waiting:
            other.setblocking(False)
            other.connect_ex(server.getsockname())
        began = time.monotonic()
        with pytest.raises(PrinterUnavailable):
            NetworkPrinter("127.0.0.1", server.getsockname()[1], connect_timeout_s=0.3).send(SHORT_JOB)
        assert time.monotonic() - began < 2
        for other in waiting:
            other.close()


def test_complaint_13_printer_that_closes_midway_is_uncertain() -> None:
    with (
        network_printer(lambda connection: assert_bytes(connection.recv(1000))) as printer,
        raises(PrintUncertain, "network-printer-broke"),
    ):
        printer.send(LONG_JOB)


def assert_bytes(received: bytes) -> None:
    assert received


def test_complaint_13_short_receipt_cut_off_is_uncertain_too() -> None:
    """All bytes fit the buffers; only the reset afterwards tells that the printer dropped them."""
    with network_printer(lambda connection: None) as printer, pytest.raises(PrintUncertain):
        printer.send(SHORT_JOB * 100)


def answering(answers: dict[bytes, bytes], got: bytearray) -> Handler:
    """A printer that answers status questions and keeps the rest."""

    def handler(connection: socket.socket) -> None:
        while part := connection.recv(16_384):
            for question, answer in answers.items():
                if part.endswith(question):
                    part = part.removesuffix(question)
                    connection.sendall(answer)
            got.extend(part)

    return handler


READY = {b"\x10\x04\x02": b"\x12", b"\x10\x04\x04": b"\x12"}


def test_printer_that_answers_confirms_the_receipt() -> None:
    got = bytearray()
    with network_printer(answering({**READY, b"\x1dr\x01": b"\x00"}, got), confirm="status") as printer:
        printer.send(SHORT_JOB)
    assert bytes(got) == SHORT_JOB


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({b"\x10\x04\x02": b"\x16"}, "printer-cover-open"),
        ({b"\x10\x04\x02": b"\x32"}, "printer-out-of-paper"),
        ({b"\x10\x04\x02": b"\x12", b"\x10\x04\x04": b"\x72"}, "printer-out-of-paper"),
        ({b"\x10\x04\x02": b"\x52", b"\x10\x04\x04": b"\x12"}, "printer-fault"),
        ({b"\x10\x04\x02": b"\xff"}, "printer-not-ready"),
        ({}, "printer-not-ready"),
    ],
)
def test_complaint_13_printer_that_says_no_gets_no_byte(answers: dict[bytes, bytes], code: str) -> None:
    got = bytearray()
    with (
        network_printer(answering(answers, got), confirm="status") as printer,
        raises(PrinterUnavailable, code),
    ):
        printer.send(SHORT_JOB)
    assert SHORT_JOB not in bytes(got)


def test_complaint_13_printer_that_falls_silent_after_the_job_is_uncertain() -> None:
    got = bytearray()
    with (
        network_printer(answering(READY, got), confirm="status") as printer,
        raises(PrintUncertain, "printer-unconfirmed"),
    ):
        printer.send(SHORT_JOB)
    assert SHORT_JOB in bytes(got)


@contextmanager
def terminal_line() -> Iterator[tuple[int, str]]:
    """Both ends of a pseudo terminal: the printer's as a number, the till's as a path."""
    printer_end, till_end = os.openpty()
    tty.setraw(till_end)
    try:
        yield printer_end, os.ttyname(till_end)
    finally:
        os.close(printer_end)
        os.close(till_end)


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are POSIX")
def test_serial_printer_gets_every_byte() -> None:
    with terminal_line() as (printer_end, path):
        got = bytearray()

        def read() -> None:
            while len(got) < 20_000 and select.select([printer_end], [], [], 5)[0]:
                got.extend(os.read(printer_end, 4096))

        thread = threading.Thread(target=read)
        thread.start()
        SerialPrinter(path, write_timeout_s=2).send(LONG_JOB[:20_000])
        thread.join(timeout=60)
        assert bytes(got) == LONG_JOB[:20_000]


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are POSIX")
def test_complaint_13_serial_printer_that_holds_the_line_is_uncertain() -> None:
    with terminal_line() as (_, path):
        began = time.monotonic()
        with raises(PrintUncertain, "serial-printer-stopped"):
            SerialPrinter(path, write_timeout_s=0.3).send(LONG_JOB)
        assert time.monotonic() - began < 2


def test_complaint_13_missing_serial_port_is_safe_to_retry(tmp_path: Path) -> None:
    with raises(PrinterUnavailable, "serial-printer-cannot-be-opened"):
        SerialPrinter(str(tmp_path / "ttyS9")).send(SHORT_JOB)


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are POSIX")
def test_complaint_13_serial_printer_that_does_not_answer_gets_no_byte() -> None:
    with terminal_line() as (printer_end, path):
        with raises(PrinterUnavailable, "printer-not-ready"):
            SerialPrinter(path, write_timeout_s=0.2, confirm="status").send(SHORT_JOB)
        assert SHORT_JOB not in os.read(printer_end, 4096)


class StuckCable:
    """The part of a USB device that the printer uses; takes `room` bytes and then nothing more."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.got = b""
        self.is_open = True
        self._ctx = self  # what pyusb disposes of

    def dispose(self, device: object) -> None:
        self.is_open = False

    def write(self, endpoint: int, data: bytes, timeout_ms: int) -> int:
        assert (endpoint, timeout_ms) == (0x01, 5000)
        taken = data[: self.room - len(self.got)]
        if not taken:
            raise USBTimeoutError("Operation timed out")
        self.got += taken
        return len(taken)


class UsbPrinterOnCable(UsbPrinter):
    """The real back end, with the cable given instead of searched on the bus."""

    def __init__(self, cable: StuckCable) -> None:
        super().__init__(0x04B8, 0x0E15)
        self.cable = cable

    def _claim(self, device: Usb) -> None:
        device.device = self.cable


@pytest.mark.parametrize(
    ("room", "outcome"),
    [(0, PrinterUnavailable), (1, PrintUncertain), (5000, PrintUncertain), (10_000, None)],
)
def test_complaint_13_usb_printer_tells_nothing_sent_from_something_sent(
    room: int, outcome: type[Exception] | None
) -> None:
    cable = StuckCable(room)
    if outcome is None:
        UsbPrinterOnCable(cable).send(LONG_JOB[:10_000])
    else:
        with pytest.raises(outcome):
            UsbPrinterOnCable(cable).send(LONG_JOB[:10_000])
    assert cable.got == LONG_JOB[:room]
    assert not cable.is_open


def test_device_file_without_device_is_not_created() -> None:
    path = Path("/dev/bohari-no-such-printer")
    with pytest.raises(PrinterUnavailable):
        DevicePrinter(path).send(SHORT_JOB)
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX")
def test_complaint_13_device_file_that_nobody_reads_never_hangs(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    with pytest.raises(PrinterUnavailable):
        DevicePrinter(path).send(SHORT_JOB)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        DevicePrinter(path).send(SHORT_JOB)
        assert os.read(reader, 100) == SHORT_JOB
        with pytest.raises(PrintUncertain):
            DevicePrinter(path, write_timeout_s=0.2).send(LONG_JOB)
        with pytest.raises(PrinterUnavailable):
            DevicePrinter(path, write_timeout_s=0.2).send(LONG_JOB)
    finally:
        os.close(reader)


def test_plain_file_grows_like_a_paper_roll(tmp_path: Path) -> None:
    path = tmp_path / "roll.bin"
    printer = DevicePrinter(path)
    printer.send(b"one")
    printer.send(b"two")
    assert path.read_bytes() == b"onetwo"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_is_safe_to_retry() -> None:
    with raises(PrinterUnavailable, "printer-takes-no-data"):
        DevicePrinter(Path("/dev/full")).send(SHORT_JOB)


def test_folder_collects_whole_jobs(tmp_path: Path) -> None:
    printer = FilePrinter(tmp_path / "jobs")
    printer.send(b"one")
    printer.send(b"two")
    assert {path.name: path.read_bytes() for path in (tmp_path / "jobs").iterdir()} == {
        "000001.bin": b"one",
        "000002.bin": b"two",
    }


def test_folder_that_is_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("in the way")
    with raises(PrinterUnavailable, "receipt-folder-unwritable"):
        FilePrinter(tmp_path / "jobs").send(SHORT_JOB)


def test_memory_printer_fails_on_demand() -> None:
    printer = MemoryPrinter()
    printer.send(SHORT_JOB)
    for condition in ("offline", "paper_out"):
        printer.condition = condition
        with pytest.raises(PrinterUnavailable):
            printer.send(SHORT_JOB)
    printer.condition = "silent"
    with pytest.raises(PrintUncertain):
        printer.send(SHORT_JOB)
    assert (printer.jobs, printer.unconfirmed) == ([SHORT_JOB], [SHORT_JOB])


@pytest.mark.parametrize(
    ("printer", "code"),
    [
        (WindowsPrinter("POS-80"), "windows-printing-missing"),
        (CupsPrinter("POS-80"), "cups-package-missing"),
        (UsbPrinter(0x04B8, 0x0E15), "libusb-missing"),
    ],
)
def test_missing_library_or_device_is_said_in_a_sentence(printer: ReceiptPrinter, code: str) -> None:
    with raises(PrinterUnavailable, code):
        printer.send(SHORT_JOB)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("network://127.0.0.1:9100", NetworkPrinter),
        ("network://[::1]?timeout=3&confirm=status", NetworkPrinter),
        ("serial:///dev/ttyS0?baud=9600", SerialPrinter),
        ("serial://COM3?flow=rts", SerialPrinter),
        ("usb://04b8:0e15", UsbPrinter),
        ("file:///dev/usb/lp0", DevicePrinter),
        ("folder:///tmp/receipts", FilePrinter),
        ("windows://POS-80", WindowsPrinter),
        ("cups://Receipt_Printer", CupsPrinter),
        ("memory://", MemoryPrinter),
        ("none://", NoPrinter),
    ],
)
def test_settings_line_becomes_a_printer(url: str, kind: type) -> None:
    printer = open_printer(url)
    assert isinstance(printer, kind)
    printer.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "printer-address-unknown"),
        ("printer", "printer-address-unknown"),
        ("lpt://1", "printer-address-unknown"),
        ("network://", "printer-address-incomplete"),
        ("network://host:99999", "printer-address-unreadable"),
        ("network://host:abc", "printer-address-unreadable"),
        ("network://[::1", "printer-address-unreadable"),
        ("network://host?timeout=soon", "printer-option-not-positive"),
        ("network://host?timeout=nan", "printer-option-not-positive"),
        ("network://host?confirm=maybe", "printer-option-unknown"),
        ("serial://", "printer-address-incomplete"),
        ("usb://epson", "usb-address-incomplete"),
        ("usb://04b8", "usb-address-incomplete"),
        ("file://", "printer-address-incomplete"),
        ("preview:///tmp/x?width=50", "printer-option-unknown"),
    ],
)
def test_settings_line_that_is_wrong_is_refused(url: str, code: str) -> None:
    with raises(UnknownPrinterAddress, code):
        open_printer(url)


def test_none_prints_nothing_and_file_makes_private_files(tmp_path: Path) -> None:
    open_printer("none://").send(SHORT_JOB)
    open_printer(f"file://{tmp_path}/roll.bin").send(SHORT_JOB)
    assert stat.S_IMODE((tmp_path / "roll.bin").stat().st_mode) == 0o600
