"""Labels from the depot's menu, by keys: what the roll gets is read back by another reader."""

import pytest
from PySide6.QtCore import Qt
from pyzbar import pyzbar

from demo.simulated_cashier import Hands
from pos_app.devices.errors import PrinterUnavailable
from pos_app.devices.preview import picture
from pos_app.store.journal import print_jobs
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.till import Till
from pos_app.ui.goods.labels import LabelsScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import HOSE, REGULATOR
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def jobs(till: Till) -> list[PrintJob]:
    with till.database.read() as connection:
        return [job for job in print_jobs.everything(connection) if job.what == "label"]


def read(till: Till, job: PrintJob) -> set[str]:
    return {one.data.decode() for one in pyzbar.decode(picture(till.label_bytes(job, 42, "raster")))}


def open_labels(hands: Hands, window: MainWindow) -> LabelsScreen:
    hands.press(Key.Key_F2)
    hands.type("e")
    screen = window.current()
    assert isinstance(screen, LabelsScreen)
    return screen


def test_labels_are_scanned_counted_and_printed(selling: Hands, window: MainWindow, till: Till) -> None:
    open_labels(selling, window)
    selling.scan(barcode_of(HOSE))
    selling.type("3")
    selling.press(Key.Key_Return)
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    assert window.current().banner.text() == "4 labels are printed."
    made = jobs(till)
    assert len(made) == 4
    assert [read(till, job) for job in made] == [{barcode_of(HOSE)}] * 3 + [{barcode_of(REGULATOR)}]


def test_a_roll_that_ends_keeps_what_is_not_printed(selling: Hands, window: MainWindow, till: Till) -> None:
    open_labels(selling, window)
    selling.scan(barcode_of(HOSE))
    selling.type("5")
    selling.press(Key.Key_F12)

    class Roll:
        """A roll with so many labels left."""

        def __init__(self, left: int) -> None:
            self.left, self.printed = left, 0

        def send(self, job: bytes) -> None:
            if self.left == self.printed:
                raise PrinterUnavailable("printer-out-of-paper")
            self.printed += 1

        def close(self) -> None:
            """Nothing is held open."""

    short, long = Roll(2), Roll(10)
    till.spool(short, lambda job: till.label_bytes(job, 42, "raster")).work_off()
    assert (short.printed, sum(1 for job in jobs(till) if job.state == "waiting")) == (2, 3)
    till.spool(long, lambda job: till.label_bytes(job, 42, "raster")).work_off()
    assert (long.printed, {job.state for job in jobs(till)}) == (3, {"printed"})


@pytest.mark.parametrize("case", [
    ("1.5", 0, "whole numbers"), ("100000", 0, "200"), ("201", 0, "200"), ("1", 2, "cannot be drawn"),
])  # fmt: skip
def test_what_cannot_be_printed_is_told_and_nothing_waits(
    selling: Hands, window: MainWindow, till: Till, case: tuple[str, int, str]
) -> None:
    typed, kind, words = case
    screen = open_labels(selling, window)
    if kind:
        selling.press(Key.Key_F4)
        for _ in range(kind):
            selling.press(Key.Key_Down)
        selling.press(Key.Key_Return)
    selling.scan(barcode_of(HOSE))
    selling.type(typed)
    selling.press(Key.Key_F12)
    assert words in screen.banner.text(), screen.banner.text()
    assert jobs(till) == []
