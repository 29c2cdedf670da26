"""A Saturday at a depot in the real window, by keys and scanner alone: trade, money, goods, close."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.document import DrawerClose, GoodsReceipt, TransferSent
from pos_app.ledger.quantity import ONE
from pos_app.store.balances import balances
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.till.paper.paperwork import paper_of
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.tender.done import DoneScreen
from tests.journeys.test_window_day import Day
from tests.support.worlds.goods_rows import HOSE, REGULATOR, VEHICLE, add_goods_rows, all_of, order_of
from tests.support.worlds.money_people import add_people
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key

#: What lies in the drawer at the close: float, change for the dollars, a lighter, the boda boda, an advance,
#: the bank.
EXPECTED = 5_000_00 - 445_00 + 60_00 - 350_00 - 1_500_00 - 1_000_00


def prepare(day: Day) -> None:
    """The feed came, and on Friday the manager ordered regulators and hoses."""
    add_goods_rows(day.till)
    add_people(day.till)
    day.till.sign_in.sign_in(2, "2222")
    order_of(day.till)
    day.till.sign_in.sign_out()


def approve(day: Day) -> None:
    day.hands.approve("Joseph M.", "2222")


def depot(day: Day, key: str) -> None:
    """From wherever the person is to an entry of the depot's menu."""
    if isinstance(day.window.current(), DoneScreen):
        day.next_sale()
    while not isinstance(day.window.current(), SellScreen):
        day.press(Key.Key_Escape)
    day.press(Key.Key_F2)
    day.hands.type(key)


def sell_for_dollars_and_for_shillings(day: Day) -> None:
    day.hands.scan(barcode_of(REGULATOR))
    day.press(Key.Key_F12, Key.Key_F7)
    day.hands.type("10")
    day.press(Key.Key_Return)
    day.next_sale()
    day.hands.scan(barcode_of(11))
    day.press(Key.Key_F12, Key.Key_Return)


def pay_for_the_boda_boda(day: Day) -> None:
    depot(day, "a")
    day.hands.type("transport")
    day.press(Key.Key_Return)
    day.hands.type("350")
    day.press(Key.Key_Return, Key.Key_F12, Key.Key_F12)
    approve(day)


def advance_to_juma(day: Day) -> None:
    depot(day, "c")
    day.hands.type("juma")
    day.press(Key.Key_Return)
    day.hands.type("1500")
    day.press(Key.Key_F12)
    approve(day)


def receive_the_order(day: Day) -> None:
    depot(day, "1")
    day.press(Key.Key_Return, Key.Key_F6, Key.Key_F5)
    day.hands.type("DN 12")
    day.press(Key.Key_F12)
    approve(day)


def load_the_van(day: Day) -> None:
    depot(day, "3")
    day.press(Key.Key_F4)
    day.hands.type("van")
    day.press(Key.Key_Return)
    day.hands.scan(barcode_of(REGULATOR))
    day.hands.type("3")
    day.press(Key.Key_F12)
    approve(day)


def bring_money_to_the_bank(day: Day) -> None:
    depot(day, "b")
    day.hands.type("1")
    day.press(Key.Key_Return)
    day.hands.type("3")
    day.press(Key.Key_Return)
    day.hands.type("1000")
    day.press(Key.Key_F12)
    approve(day)


def count_and_close(day: Day) -> None:
    while not isinstance(day.window.current(), SellScreen):
        day.press(Key.Key_Escape)
    day.press(Key.Key_F8, Key.Key_F12)
    screen = day.window.current()
    assert isinstance(screen, DrawerScreen)
    # It comes to what the books expect, which nobody was told.
    for value, pieces in (
        (1_000_00, "1"),
        (500_00, "1"),
        (200_00, "1"),
        (50_00, "1"),
        (10_00, "1"),
        (5_00, "1"),
    ):
        field = screen.counting.fields[screen.counting.currency.denominations().index(value)]
        while not field.hasFocus():
            day.press(Key.Key_Down)
        day.hands.type(pieces)
    day.press(Key.Key_F12)
    dollars = screen.order[1]
    field = dollars.fields[dollars.currency.denominations().index(10_00)]
    while not field.hasFocus():
        day.press(Key.Key_Down)
    day.hands.type("1")
    day.press(Key.Key_F12)
    approve(day)
    shown = [(row.what.text(), row.amount.text()) for row in screen.review.flows.lines]
    assert shown == [
        ("Float", "5,000.00"),
        ("Sales in cash (2)", "−385.00"),
        ("Expenses", "−350.00"),
        ("Advances to staff", "−1,500.00"),
        ("Moved out of the drawer", "−1,000.00"),
    ]
    day.press(Key.Key_F12, Key.Key_F12)


def test_a_saturday_at_a_depot(tmp_path: Path, qtbot: QtBot) -> None:
    day = Day(tmp_path / "till.db", qtbot)
    day.begin()
    prepare(day)
    day.hands.sign_in("Amina W.", "1111")
    day.hands.type("5000")
    day.press(Key.Key_F12)
    for part in (
        sell_for_dollars_and_for_shillings,
        pay_for_the_boda_boda,
        advance_to_juma,
        receive_the_order,
        load_the_van,
        bring_money_to_the_bank,
        count_and_close,
    ):
        part(day)
    till = day.till
    assert not till.drawer.is_open()
    assert till.person is None
    close, dollars = all_of(till, "drawer_close")
    assert isinstance(close, DrawerClose)
    assert isinstance(dollars, DrawerClose)
    assert (close.expected, close.counted, dollars.expected, dollars.counted) == (
        EXPECTED,
        EXPECTED,
        10_00,
        10_00,
    )
    receipt, sent = all_of(till, "goods_receipt")[0], all_of(till, "transfer_sent")[0]
    assert isinstance(receipt, GoodsReceipt)
    assert isinstance(sent, TransferSent)
    assert {line.product_id: line.quantity for line in receipt.lines} == {REGULATOR: 10 * ONE, HOSE: 4 * ONE}
    assert (sent.to_location, sent.lines[0].quantity) == (VEHICLE, 3 * ONE)
    job = next(job for job in till.status().unprinted if job.document_id == close.document_id)
    paper = [
        " ".join(one.text.split()) for one in typeset(paper_of(till._context, job)) if isinstance(one, Line)
    ]
    assert {"Expenses −350.00", "Employee advance −1,500.00"} <= set(paper)
    with till.database.read() as connection:
        assert [drift for one in PROJECTIONS for drift in balances.drifts(connection, one)] == []
