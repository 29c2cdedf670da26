"""Sending, arriving, counting, adjusting, looking at stock, and lending cylinders, in the real window."""

import re
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from demo.simulated_cashier import Hands
from pos_app.ledger.document import (
    ReturnableMove,
    StockAdjustment,
    StockCount,
    TransferReceived,
    TransferSent,
)
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import AdjustmentReason
from pos_app.till.till import Till
from pos_app.ui.entry.entry import EntryScreen
from pos_app.ui.goods.arriving import ArrivingScreen
from pos_app.ui.goods.count import CountScreen
from pos_app.ui.goods.holders import HoldersScreen
from pos_app.ui.goods.returnables import ReturnablesScreen
from pos_app.ui.goods.stock import StockScreen
from pos_app.ui.kit.table import Cell
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.sheets.finding import FindingSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import (
    EMPTY13,
    FULL13,
    GRILL,
    HOSE,
    REFILL13,
    REGULATOR,
    VEHICLE,
    WEST,
    all_of,
    sent_to,
)
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def last(till: Till) -> Any:
    return all_of(till)[0]


def here(till: Till, product_id: int) -> int:
    return next((one.quantity for one in till.stock.levels() if one.product_id == product_id), 0)


def entry(window: MainWindow) -> EntryScreen:
    screen = window.current()
    assert isinstance(screen, EntryScreen)
    return screen


def go(hands: Hands, key: str) -> None:
    hands.press(Key.Key_F2)
    hands.type(key)


def text_of(cell: str | Cell) -> str:
    return cell if isinstance(cell, str) else cell.text


# -- sending and receiving ---------------------------------------------------------------------------


def test_goods_are_sent_and_the_books_say_what_is_short(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    go(storing, "3")
    storing.scan(barcode_of(GRILL))
    storing.type("5")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    assert "where the goods go" in window.banner().text()
    storing.press(Key.Key_F4)
    storing.type("west")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    sent = last(till)
    assert isinstance(sent, TransferSent)
    assert (sent.to_location, sent.lines[0].quantity) == (WEST, 5 * ONE)
    assert here(till, GRILL) == -3 * ONE
    assert "less than nothing now: Grill top −3" in window.banner().text()


def test_what_did_not_come_stays_on_its_way(window: MainWindow, storing: Hands, till: Till) -> None:
    sent = sent_to(till, VEHICLE)
    go(storing, "4")
    storing.press(Key.Key_Return)
    screen = entry(window)
    assert screen.lines.values() == {REGULATOR: None, REFILL13: None}
    storing.press(Key.Key_F6)
    screen.lines.go(REGULATOR)
    storing.type("3")
    storing.press(Key.Key_F12)
    received = last(till)
    assert isinstance(received, TransferReceived)
    assert received.sent_id == sent.document_id
    assert {line.product_id: line.received for line in received.lines} == {
        REGULATOR: 3 * ONE,
        REFILL13: 2 * ONE,
    }
    assert isinstance(window.current(), ArrivingScreen)
    assert "1 product did not come in full and stays on its way" in window.banner().text()
    storing.press(Key.Key_Return)
    assert entry(window).lines.values() == {REGULATOR: None, REFILL13: None}
    storing.scan(barcode_of(HOSE))
    assert "was not sent with this transfer" in window.banner().text()
    storing.press(Key.Key_F6)
    storing.press(Key.Key_Return)
    assert "All of it came" in window.banner().text()
    assert till.transfers.on_the_way() == []


def test_a_transfer_is_found_by_number_and_by_place(window: MainWindow, storing: Hands, till: Till) -> None:
    sent_to(till, VEHICLE)
    sent_to(till, WEST)
    go(storing, "4")
    screen = window.current()
    assert isinstance(screen, ArrivingScreen)
    for words in ("van", "T000001"):
        screen.search.setText(words)
        screen.look_up()
        assert [row.title for row in screen.list.rows()] == ["K3-T000001 · Kilimani depot → Van KBX 412D"]
    screen.search.setText("westlands")
    screen.look_up()
    assert [badge.text for row in screen.list.rows() for badge in row.badges] == ["sent from here"]


# -- counting ----------------------------------------------------------------------------------------


def test_a_count_is_blind_until_it_is_compared_and_asked_before_it_is_booked(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    go(storing, "5")
    screen = window.current()
    assert isinstance(screen, CountScreen)
    for product, found in ((REGULATOR, "28"), (HOSE, "57"), (GRILL, "4")):
        storing.scan(barcode_of(product))
        storing.type(found)
        storing.press(Key.Key_Return)
    storing.press(Key.Key_F3)
    sheet = window.session.sheet
    assert isinstance(sheet, FindingSheet)
    shown = [widget.accessibleName() for widget in window.findChildren(QWidget) if widget.isVisible()]
    shown += [row.spoken() for row in sheet.list.rows()]
    # 31 regulators and 42 refills lie here by the books.
    assert not [words for words in shown if {"31", "42"} & set(re.findall(r"[\d.,]+", words))]
    assert "Grill top, GRILL · pc" in shown
    storing.press(Key.Key_Escape)
    storing.press(Key.Key_F12)
    assert screen.showing_result()
    listed = screen.result.table.lines()
    # What differs stands first, and nothing of it is booked yet.
    assert [text_of(line[3]) for line in listed] == ["−3", "+2", "0"]
    assert [text_of(line[4]) for line in listed] == ["missing", "more than the books have", "as in the books"]
    assert here(till, REGULATOR) == 31 * ONE
    assert not all_of(till, "stock_count")
    storing.press(Key.Key_F6)
    # What differed is blind again, what was right stays.
    assert screen.lines.values() == {REGULATOR: None, HOSE: 57 * ONE, GRILL: None}
    storing.press(Key.Key_F12)
    assert "Say how many of “" in window.banner().text()
    screen.lines.go(REGULATOR)
    storing.type("31")
    screen.lines.go(GRILL)
    storing.type("4")
    storing.press(Key.Key_F12)
    assert [text_of(line[3]) for line in screen.result.table.lines()] == ["+2", "0", "0"]
    storing.press(Key.Key_F12)
    count = last(till)
    assert isinstance(count, StockCount)
    assert (here(till, REGULATOR), here(till, GRILL), count.areas) == (31 * ONE, 4 * ONE, ())
    assert not screen.showing_result()
    assert not screen.busy()


def test_a_count_shelf_by_shelf_adds_up_and_says_what_lay_where(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    go(storing, "5")
    screen = window.current()
    assert isinstance(screen, CountScreen)

    def area(name: str) -> None:
        storing.press(Key.Key_F7)
        storing.type(name)
        storing.press(Key.Key_Return)

    def count(product: int, many: str) -> None:
        storing.scan(barcode_of(product))
        storing.type(many)
        storing.press(Key.Key_Return)

    area("Shelf 1")
    count(REGULATOR, "20")
    count(GRILL, "2")
    area("Store")
    count(REGULATOR, "10")
    # Back to the first one, whatever its capitals: what was counted there still stands.
    area("shelf 1")
    assert screen.lines.values() == {REGULATOR: 20 * ONE, GRILL: 2 * ONE}
    storing.press(Key.Key_F12)
    (differs, right) = screen.result.table.lines()
    assert text_of(differs[0]).endswith("Shelf 1 20, Store 10")
    assert [text_of(one) for one in differs[1:4]] == ["30", "31", "−1"]
    assert text_of(right[3]) == "0"
    # A sale between the look and the booking moves what the books have, and is said.
    till.stock_adjustments.adjust(AdjustmentReason.DAMAGE, {REGULATOR: ONE})
    storing.press(Key.Key_F12)
    assert "moved since it was compared" in window.banner().text()
    booked = last(till)
    assert isinstance(booked, StockCount)
    assert [(one.area, one.product_id, one.counted) for one in booked.areas] == [
        ("Shelf 1", REGULATOR, 20 * ONE),
        ("Shelf 1", GRILL, 2 * ONE),
        ("Store", REGULATOR, 10 * ONE),
    ]
    assert {line.product_id: line.counted for line in booked.lines} == {REGULATOR: 30 * ONE, GRILL: 2 * ONE}
    assert here(till, REGULATOR) == 30 * ONE


def test_a_second_pile_of_the_same_product_is_said(window: MainWindow, storing: Hands) -> None:
    go(storing, "5")
    storing.scan(barcode_of(REGULATOR))
    storing.scan(barcode_of(REGULATOR))
    assert entry(window).lines.values() == {REGULATOR: 2 * ONE}
    assert window.banner().text() == "", "who scans piece by piece is not disturbed"
    storing.type("24")
    storing.press(Key.Key_Return)
    storing.scan(barcode_of(REGULATOR))
    assert "24 were entered before" in window.banner().text()
    assert entry(window).lines.values() == {REGULATOR: 25 * ONE}


def test_nothing_there_is_a_count_too_and_a_vehicle_is_counted(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    go(storing, "5")
    storing.press(Key.Key_F4)
    storing.press(Key.Key_Down)
    storing.press(Key.Key_Return)
    storing.scan(barcode_of(GRILL))
    storing.type("0")
    storing.press(Key.Key_F12)
    storing.press(Key.Key_F12)
    count = last(till)
    assert isinstance(count, StockCount)
    assert (count.location_id, count.lines[0].counted) == (VEHICLE, 0)


def test_the_key_pad_types_where_the_keyboard_is(window: MainWindow, storing: Hands) -> None:
    go(storing, "5")
    storing.scan(barcode_of(REGULATOR))
    screen = entry(window)
    for digit in "12":
        storing.tap(screen.pad.pad_key(digit))
    assert screen.lines.values() == {REGULATOR: 12 * ONE}
    storing.tap(screen.pad.pad_key("backspace"))
    assert screen.lines.values() == {REGULATOR: ONE}


# -- adjusting ---------------------------------------------------------------------------------------


def test_an_adjustment_needs_a_reason_and_a_manager(window: MainWindow, selling: Hands, till: Till) -> None:
    go(selling, "6")
    selling.scan(barcode_of(HOSE))
    selling.type("3")
    selling.press(Key.Key_F12)
    assert "why the stock is adjusted" in window.banner().text()
    selling.press(Key.Key_F4)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.approve("Joseph M.", "2222")
    adjusted = last(till)
    assert isinstance(adjusted, StockAdjustment)
    assert (adjusted.reason, adjusted.lines[0].quantity) == (AdjustmentReason.DAMAGE, -3 * ONE)


def test_any_other_reason_is_signed_and_said(window: MainWindow, storing: Hands, till: Till) -> None:
    go(storing, "6")
    storing.press(Key.Key_F4)
    for _step in range(5):
        storing.press(Key.Key_Down)
    storing.press(Key.Key_Return)
    storing.scan(barcode_of(HOSE))
    storing.press(Key.Key_F12)
    assert "Say why the stock is adjusted" in window.banner().text()
    storing.type("gift of the vendor")
    storing.press(Key.Key_F12)
    adjusted = last(till)
    assert isinstance(adjusted, StockAdjustment)
    assert (adjusted.reason, adjusted.lines[0].quantity) == (AdjustmentReason.OTHER, ONE)
    assert adjusted.note == "gift of the vendor"


# -- looking -----------------------------------------------------------------------------------------


def test_stock_shows_what_is_below_nothing_first_and_why(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    till.stock_adjustments.adjust(AdjustmentReason.LOSS, {HOSE: 60 * ONE})
    go(storing, "7")
    screen = window.current()
    assert isinstance(screen, StockScreen)
    first = [text_of(cell) for cell in screen.table.lines()[0]]
    assert first[:5] == ["Hose 1.5 m + clips", "HOSE-15", "−3 pc", "", "▼ below nothing"]
    states = {text_of(line[0]): (text_of(line[3]), text_of(line[4])) for line in screen.table.lines()}
    assert states["Regulator compact"] == ("40", "● order again")
    assert states["LPG refill 13 kg"] == ("30", ""), "it has a level, and more than that lies here"
    storing.press(Key.Key_Return)
    assert screen.explaining()
    steps = [[text_of(cell) for cell in line] for line in screen.why.table.lines()]
    assert [line[2:] for line in steps] == [
        ["Adjustment", "−60", "−3"],
        ["From the centre and other tills", "+57", "57"],
    ]
    assert screen.why.here.text() == "−3 pc here"
    storing.press(Key.Key_F6)
    assert isinstance(window.current(), CountScreen)
    storing.type("2")
    storing.press(Key.Key_F12)
    storing.press(Key.Key_F12)
    assert here(till, HOSE) == 2 * ONE


def test_stock_is_searched_and_cost_is_for_who_may_see_it(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    go(selling, "7")
    screen = window.current()
    assert isinstance(screen, StockScreen)
    assert len(screen.table.lines()[0]) == 5
    selling.type("lpg")
    selling.until(lambda: len(screen.table.lines()) == 4)
    selling.scan(barcode_of(HOSE))
    assert screen.table.selected() is not None
    selling.press(Key.Key_Return)
    assert screen.why.name.text() == "Hose 1.5 m + clips"
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_Escape)
    till.sign_in.sign_in(2, "2222")
    selling.type("7")
    assert len(screen.table.lines()[0]) == 7


# -- cylinders ---------------------------------------------------------------------------------------


def test_cylinders_come_back_and_go_out(window: MainWindow, storing: Hands, till: Till) -> None:
    till.returnables.move(1, {EMPTY13: 3 * ONE})
    go(storing, "8")
    screen = window.current()
    assert isinstance(screen, HoldersScreen)
    assert [(row.title, row.amount) for row in screen.list.rows()] == [("Mama Kanini Hotel", "3")]
    storing.press(Key.Key_Return)
    form = window.current()
    assert isinstance(form, ReturnablesScreen)
    storing.type("E13")
    storing.press(Key.Key_Return)
    assert form.lines.values(0) == {EMPTY13: ONE}
    storing.type("2")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_Return)
    assert form.search.hasFocus()
    storing.type("F13")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_Delete)
    storing.press(Key.Key_Return)
    storing.type("1")
    storing.press(Key.Key_F12)
    moved = last(till)
    assert isinstance(moved, ReturnableMove)
    assert {line.product_id: line.quantity for line in moved.lines} == {EMPTY13: -2 * ONE, FULL13: ONE}
    assert isinstance(window.current(), HoldersScreen)
    assert [row.detail for row in screen.list.rows()] == [
        "1 × Cylinder 13 kg, empty, 1 × Cylinder 13 kg, full"
    ]


def test_cylinders_of_somebody_without_a_name_and_of_another_customer(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    go(storing, "8")
    storing.press(Key.Key_F6)
    storing.type("E13")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    assert last(till).party_id is None
    storing.press(Key.Key_F4)
    storing.type("otieno")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    assert "Nothing is entered yet" in window.banner().text()
    storing.type("F13")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    assert last(till).party_id == 2
    screen = window.current()
    assert isinstance(screen, HoldersScreen)
    assert [badge.text for row in screen.list.rows() for badge in row.badges] == [
        "more came back than went out",
        "more came back than went out",
    ]
