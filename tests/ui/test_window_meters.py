"""Meters of a customer at the real window: offered when they are chosen, read by keys; why one is less."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.devices.escpos_layout import to_text
from pos_app.ledger.document import Sale
from pos_app.ledger.rules import rules
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.till import Till
from pos_app.ui.sell.meters import ReadingSheet
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.meters import FIRST, SECOND, put_meters
from tests.support.worlds.money_builder import last

Key = Qt.Key
RETURN = Key.Key_Return


def choose(hands: Hands) -> None:
    """F3, a part of the name, Enter."""
    hands.press(Key.Key_F3)
    hands.type("mama")
    hands.press(RETURN)


def reading(window: MainWindow) -> ReadingSheet:
    sheet = window.session.sheet
    assert isinstance(sheet, ReadingSheet), window.banner().text()
    return sheet


def paid(hands: Hands, till: Till) -> Sale:
    hands.press(Key.Key_F12)
    hands.press(RETURN)
    made = last(till)
    assert isinstance(made, Sale)
    rules.check(made)
    return made


def test_a_meter_is_four_keys_beside_name_and_reading(window: MainWindow, selling: Hands, till: Till) -> None:
    put_meters(till, second=False)
    selling.press(Key.Key_F3)
    selling.type("mama")
    selling.press(RETURN)
    sheet = reading(window)
    labels = [one.text() for one in sheet.findChildren(type(sheet.worth))]
    assert "Last reading 4,120.5" in labels
    selling.type("4133")
    assert sheet.worth.text() == "12.5 m3 × 4.2075 = 52.59"
    # The Enter behind what is typed belongs to it; then F12 and Enter: F3, Enter, F12, Enter.
    selling.press(RETURN)
    sale = paid(selling, till)
    (line,) = sale.lines
    assert (line.meter, line.meter_before, line.meter_after, line.quantity) == (
        "K-1",
        FIRST,
        4_133_000,
        12_500,
    )
    assert (line.gross, sale.party_id) == (5_259, 1)


def test_several_meters_come_one_after_the_other(window: MainWindow, selling: Hands, till: Till) -> None:
    put_meters(till)
    choose(selling)
    selling.type("4130.5")
    selling.press(RETURN)
    # The second by what was used: it is the figure on their paper.
    reading(window)
    selling.press(Key.Key_Tab)
    selling.type("3")
    selling.press(RETURN)
    assert window.session.sheet is None
    sale = paid(selling, till)
    assert [(one.meter, one.quantity) for one in sale.lines] == [("K-1", 10_000), ("K-2", 3_000)]
    # Next time they stand where they stood.
    window.home()
    choose(selling)
    assert reading(window)._meter.stood == 4_130_500
    # Enter alone leaves one as it stands, Esc the rest.
    selling.press(RETURN)
    assert reading(window)._meter.code == "K-2"
    selling.press(Key.Key_Escape)
    assert window.session.sheet is None
    assert window.session.basket.lines == []


def test_a_meter_that_turned_over(window: MainWindow, selling: Hands, till: Till) -> None:
    put_meters(till)
    choose(selling)
    selling.press(RETURN)
    selling.type("15.25")
    selling.press(RETURN)
    selling.press(Key.Key_Down)
    selling.press(RETURN)
    # The digits of the last reading stand there.
    selling.press(RETURN)
    (line,) = window.session.basket.lines
    assert (line.quantity, line.meter_turn) == (25_250, 100_000_000)
    sale = paid(selling, till)
    made = sale.lines[0]
    assert (made.meter_before, made.meter_after, made.meter_turn) == (SECOND, 15_250, 100_000_000)
    job = PrintJob(1, sale.document_id, "receipt", 0, False, "waiting", 0, "")
    paper = " ".join(to_text(paper_of(till._context, job)).split())
    assert "meter 99,990 to 15.25" in paper
    assert "it turned over at 100,000" in paper


def test_a_meter_that_was_changed(window: MainWindow, selling: Hands, till: Till) -> None:
    put_meters(till, second=False)
    choose(selling)
    selling.type("12")
    selling.press(RETURN)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Down)
    selling.press(RETURN)
    selling.type("4125")
    selling.press(Key.Key_Tab)
    selling.type("2.5")
    selling.press(RETURN)
    sale = paid(selling, till)
    assert [(one.meter_before, one.meter_after, one.meter_replaced) for one in sale.lines] == [
        (FIRST, 4_125_000, None),
        (2_500, 12_000, 4_125_000),
    ]
    assert [one.quantity for one in sale.lines] == [4_500, 9_500]
    window.home()
    choose(selling)
    assert reading(window)._meter.stood == 12_000


def test_read_wrong_is_read_again(window: MainWindow, selling: Hands, till: Till) -> None:
    put_meters(till, second=False)
    choose(selling)
    selling.type("412")
    selling.press(RETURN)
    selling.press(RETURN)
    reading(window)
    selling.type("4121")
    selling.press(RETURN)
    assert [one.quantity for one in window.session.basket.lines] == [500]


@pytest.mark.parametrize("typed", ["abc", "4120.5", "99999999999999", "-5"])
def test_what_is_no_reading_adds_nothing(window: MainWindow, selling: Hands, till: Till, typed: str) -> None:
    put_meters(till, second=False)
    choose(selling)
    selling.type(typed)
    selling.press(RETURN)
    assert window.session.basket.lines == []
    assert isinstance(window.current(), SellScreen)


def test_a_turn_that_cannot_be(window: MainWindow, selling: Hands, till: Till) -> None:
    put_meters(till, second=False)
    choose(selling)
    selling.type("5")
    selling.press(RETURN)
    selling.press(Key.Key_Down)
    selling.press(RETURN)
    for digits in ("3", "12", "0"):
        selling.type(digits)
        selling.press(RETURN)
        assert window.session.sheet is not None, "it stays and says why"
        assert window.session.basket.lines == []
        for _figure in digits:
            selling.press(Key.Key_Backspace)
