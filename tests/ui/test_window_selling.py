"""Selling in the real window, by keys, taps and scans: sign in, basket, tender, change."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.files.pictures import tile_picture
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.till.till import Till
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.kit.tile_grid import TileGrid
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sign_in.screen import SignInScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of, build_till
from tests.ui.conftest import Opener

Key = Qt.Key


def sell_screen(window: MainWindow) -> SellScreen:
    screen = window.current()
    assert isinstance(screen, SellScreen)
    return screen


def tender_screen(window: MainWindow) -> TenderScreen:
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    return screen


def last_sale(till: Till) -> Sale:
    document = till.receipts.document(till.receipts.latest(1)[0].document_id)
    assert isinstance(document, Sale)
    return document


def sales(till: Till) -> int:
    return sum(1 for entry in till.receipts.latest() if entry.kind == "sale")


# -- signing in --------------------------------------------------------------------------------------


def test_sign_in_by_keys_alone(window: MainWindow, hands: Hands, till: Till) -> None:
    assert isinstance(window.current(), SignInScreen)
    hands.press(Key.Key_Down)
    hands.press(Key.Key_Up)
    hands.type("1111")
    hands.press(Key.Key_Return)
    assert till.person is not None
    assert till.person.name == "Amina W."
    assert isinstance(window.current(), DrawerScreen)
    hands.type("5000")
    hands.press(Key.Key_F12)
    assert till.drawer.is_open()
    assert isinstance(window.current(), SellScreen)


@pytest.mark.parametrize("typed", ["50000000", "21474836.48", "999999999.99"])
def test_a_float_beyond_a_c_int_is_booked_as_it_was_typed(hands: Hands, till: Till, typed: str) -> None:
    hands.type("1111")
    hands.press(Key.Key_Return)
    hands.type(typed)
    hands.press(Key.Key_F12)
    with till.database.read() as connection:
        assert till._context.cash(connection) == round(Decimal(typed) * 100)


def test_sign_in_by_taps(window: MainWindow, hands: Hands, till: Till) -> None:
    screen = window.current()
    assert isinstance(screen, SignInScreen)
    hands.tap(screen.tiles[2])
    for digit in "2222":
        hands.tap(screen.pad.pad_key(digit))
    hands.tap(screen.pad.pad_key("enter"))
    assert till.person is not None
    assert till.person.name == "Joseph M."


def test_a_wrong_pin_says_how_long_to_wait(window: MainWindow, hands: Hands, till: Till) -> None:
    hands.type("9999")
    hands.press(Key.Key_Return)
    assert till.person is None
    assert "wrong" in window.banner().text()
    assert "1 s" in window.banner().text()
    hands.type("1111")
    hands.press(Key.Key_Return)
    assert till.person is None
    assert "Try again in" in window.banner().text()


def test_too_many_wrong_pins_lock_and_unlock(window: MainWindow, hands: Hands, till: Till) -> None:
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    for _attempt in range(5):
        hands.type("9999")
        hands.press(Key.Key_Return)
        clock.advance(timedelta(seconds=20))
    hands.type("1111")
    hands.press(Key.Key_Return)
    assert "Too many wrong PINs. Try again in 15 min." in window.banner().text()
    clock.advance(timedelta(minutes=16))
    hands.type("1111")
    hands.press(Key.Key_Return)
    assert till.person is not None


def test_a_scan_at_the_sign_in_types_nothing(window: MainWindow, hands: Hands) -> None:
    hands.scan(barcode_of(1))
    screen = window.current()
    assert isinstance(screen, SignInScreen)
    assert screen.pin.pin() == ""
    assert "Sign in first" in window.banner().text()


# -- the basket --------------------------------------------------------------------------------------


def test_scans_fill_the_basket_and_keys_change_it(window: MainWindow, selling: Hands) -> None:
    for number in (2, 7, 7):
        selling.scan(barcode_of(number))
    column = sell_screen(window).basket_column
    assert [row.amount for row in column.list.rows()] == ["3,250.00", "1,700.00"]
    assert column.total.text() == "4,950.00"
    selling.press(Key.Key_F4)
    selling.type("3")
    selling.press(Key.Key_Return)
    assert column.total.text() == "5,800.00"
    selling.press(Key.Key_Up)
    selling.press(Key.Key_Delete)
    assert [row.title for row in column.list.rows()] == ["Regulator compact"]


def test_a_typed_number_of_times(window: MainWindow, selling: Hands) -> None:
    selling.type("3*REG-C")
    selling.press(Key.Key_Return)
    assert window.session.basket.lines[0].quantity == 3000
    assert sell_screen(window).search.text() == ""
    selling.type("2*")
    selling.scan(barcode_of(11))
    assert window.session.basket.lines[1].quantity == 2000


def test_words_search_and_enter_takes_the_only_one(window: MainWindow, selling: Hands) -> None:
    selling.type("stove")
    selling.press(Key.Key_Return)
    assert window.session.basket.lines[0].description == "Stove service"


def test_typing_anywhere_searches(window: MainWindow, selling: Hands) -> None:
    sell_screen(window).basket_column.pay.setFocus()
    selling.type("lpg")
    assert sell_screen(window).search.text() == "lpg"
    assert sell_screen(window).search.hasFocus()


def test_several_found_are_chosen_by_keys(window: MainWindow, selling: Hands) -> None:
    selling.type("refill")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Right)
    selling.press(Key.Key_Return)
    assert window.session.basket.lines[0].description == "LPG refill 13 kg"


def test_tiles_are_tapped(window: MainWindow, selling: Hands) -> None:
    grid = sell_screen(window).shelf.grid
    selling.tap(grid.tile(0))
    assert window.session.basket.lines[0].description == "Burner, single"
    assert sell_screen(window).search.hasFocus()


def test_an_unknown_and_a_wrong_barcode_get_a_sentence(window: MainWindow, selling: Hands) -> None:
    selling.scan("9999999999994")
    assert "Nothing here has the code" in window.banner().text()
    selling.scan("6160000000017")
    assert window.banner().text()
    assert not window.session.basket.lines
    selling.scan(barcode_of(1))
    assert window.banner().text() == ""


def test_a_basket_is_parked_and_taken_up(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(1))
    selling.press(Key.Key_F6)
    selling.type("Otieno")
    selling.press(Key.Key_Return)
    assert not window.session.basket.lines
    selling.press(Key.Key_F6)
    selling.press(Key.Key_Return)
    assert [line.sku for line in window.session.basket.lines] == ["LPG-R6"]


def test_another_price_needs_a_manager(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F5)
    selling.type("700")
    selling.press(Key.Key_Return)
    assert window.session.basket.lines[0].unit_price == 85_000
    selling.approve("Joseph M.", "2222")
    assert window.session.basket.lines[0].unit_price == 70_000
    assert window.session.basket.lines[0].price_approver == 2


def test_more_of_what_a_manager_made_cheaper_asks_again(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F5)
    selling.type("700")
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F4)
    selling.type("50")
    selling.press(Key.Key_Return)
    assert window.session.basket.lines[0].quantity == 1_000
    assert window.session.sheet is not None
    assert "7,500.00" in window.session.sheet.accessibleDescription()
    selling.approve("Peter K.", "4444")
    line = window.session.basket.lines[0]
    assert (line.quantity, line.price_approver) == (50_000, 4)


def test_the_basket_is_there_after_a_restart(
    till_path: Path, window: MainWindow, selling: Hands, open_window: Opener
) -> None:
    selling.scan(barcode_of(2))
    selling.scan(barcode_of(5))
    again = build_till(till_path)
    second = open_window(again)
    hands = Hands(second)
    hands.sign_in("Amina W.", "1111")
    assert [row.title for row in sell_screen(second).basket_column.list.rows()] == [
        "LPG refill 13 kg",
        "Water 20 L refill",
    ]
    again.close()


# -- the money ---------------------------------------------------------------------------------------


def test_cash_and_change(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F12)
    selling.type("1000")
    assert tender_screen(window).taken_column.result.text() == "150.00"
    selling.press(Key.Key_Return)
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "150.00"
    assert last_sale(till).total == 85_000
    selling.scan(barcode_of(1))
    assert isinstance(window.current(), SellScreen)
    assert [line.sku for line in window.session.basket.lines] == ["LPG-R6"]


def test_the_tiles_show_the_stock_after_a_sale(window: MainWindow, selling: Hands, qtbot: QtBot) -> None:
    def stock() -> list[str]:
        grid = window.findChildren(TileGrid)[0]
        return [product.stock for product in grid.products() if product.name == "Regulator compact"]

    assert stock() == ["31"]
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    selling.scan(barcode_of(1))
    qtbot.waitUntil(lambda: stock() == ["30"])


def test_mixed_tender_cash_and_mpesa(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F3)
    selling.type("2000")
    selling.press(Key.Key_Return)
    assert "M-Pesa code" in window.banner().text()
    selling.type("skj4x8qp2m")
    selling.press(Key.Key_Return)
    selling.type("1500")
    selling.press(Key.Key_Return)
    sale = last_sale(till)
    assert [(one.kind, one.amount, one.reference) for one in sale.tenders] == [
        (TenderKind.MPESA, 200_000, "SKJ4X8QP2M"),
        (TenderKind.CASH, 150_000, ""),
    ]
    assert sale.change is not None
    assert sale.change.amount == 25_000


def test_a_used_mpesa_code_is_refused(window: MainWindow, selling: Hands, till: Till) -> None:
    for _round in range(2):
        selling.scan(barcode_of(11))
        selling.press(Key.Key_F12)
        selling.press(Key.Key_F3)
        selling.press(Key.Key_Return)
        selling.type("SKJ4X8QP2M")
        selling.press(Key.Key_Return)
    assert sales(till) == 1
    assert "was used on" in window.banner().text()
    assert isinstance(window.current(), TenderScreen)


def test_quick_amounts_by_tap(window: MainWindow, selling: Hands, qtbot: QtBot, till: Till) -> None:
    selling.scan(barcode_of(2))
    selling.tap(sell_screen(window).basket_column.pay)
    screen = tender_screen(window)
    assert [tile.text() for tile in screen.quick] == ["3,250", "3,500", "4,000", "5,000"]
    selling.tap(screen.quick[1])
    assert screen.taken_column.result.text() == "250.00"
    qtbot.waitUntil(screen.settled)
    selling.tap(screen.taken_column.finish)
    assert last_sale(till).total == 325_000


def test_an_absurd_sum_is_refused_and_the_basket_stays(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(11))
    selling.press(Key.Key_F12)
    selling.type("616000000001")
    selling.press(Key.Key_Return)
    assert "cannot be right" in window.banner().text()
    assert sales(till) == 0
    selling.press(Key.Key_Escape)
    assert len(window.session.basket.lines) == 1


def test_without_print_only_the_drawer_opens(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(7))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F10)
    assert sales(till) == 1
    assert [job.what for job in till.status().unprinted][-1] == "kick"


def test_nothing_in_the_basket_cannot_be_paid(window: MainWindow, selling: Hands) -> None:
    selling.press(Key.Key_F12)
    assert isinstance(window.current(), SellScreen)
    assert "nothing in the basket" in window.banner().text()


def test_more_back_than_out_is_handed_back(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.type("-1*REG-C")
    selling.press(Key.Key_Return)
    assert sell_screen(window).basket_column.pay.text() == "Hand back"
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    selling.approve("Peter K.", "4444")
    assert till.receipts.latest(1)[0].kind == "refund"


def test_a_changed_quantity_of_what_comes_back_stays_a_return(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.type("-1*REG-C")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F4)
    selling.type("2")
    selling.press(Key.Key_Return)
    assert [line.quantity for line in window.session.basket.lines] == [-2_000]


def test_no_money_is_taken_while_no_shift_runs(window: MainWindow, till: Till) -> None:
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    window.home()
    hands = Hands(window)
    hands.scan(barcode_of(7))
    with till.database.write() as connection:
        parked = connection.exec_driver_sql("SELECT count(*) FROM draft").scalar()
    till._context._shift = None
    hands.press(Key.Key_F12)
    assert isinstance(window.current(), SellScreen)
    assert "drawer is not open" in window.banner().text()
    assert parked == 1


@pytest.mark.parametrize("times", [2, 5])
def test_complaint_4_a_double_enter_or_tap_takes_the_money_once(
    window: MainWindow, selling: Hands, till: Till, times: int
) -> None:
    selling.scan(barcode_of(7))
    pay = sell_screen(window).basket_column.pay
    for _press in range(times):
        QTest.mouseClick(pay, Qt.MouseButton.LeftButton)
    finish = tender_screen(window).taken_column.finish
    QTest.mouseClick(finish, Qt.MouseButton.LeftButton)
    assert sales(till) == 0, "the second half of a double tap on Pay must not take the money"
    for _press in range(times):
        QTest.keyClick(QApplication.focusWidget() or window, Key.Key_Return)
    assert sales(till) == 1
    assert isinstance(window.current(), DoneScreen), "the change must stay to be read"
    assert not window.session.basket.lines


def test_a_picture_stands_on_its_tile_beside_the_name(
    window: MainWindow, selling: Hands, till: Till, tmp_path: Path
) -> None:
    Image.new("RGB", (90, 90), (255, 0, 0)).save(tmp_path / "red.png")
    screen = sell_screen(window)
    grid = window.findChild(TileGrid, "tiles")
    assert grid is not None
    first = grid.products()[0].key
    with till.database.write() as connection:
        connection.execute(
            text("INSERT INTO product_picture (org_id, product_id, picture) VALUES (1, :product, :picture)"),
            {"product": first, "picture": tile_picture(tmp_path / "red.png")},
        )
    screen.refreshed()
    assert [one.picture is not None for one in grid.products()][:2] == [True, False]
    seen = grid.tile(0).grab().toImage()
    colours = {seen.pixelColor(x, y).name() for x in range(seen.width()) for y in range(seen.height())}
    assert any(colour > "#f00000" and colour[3:] < "0f0f" for colour in colours)


def test_the_shelf_has_the_order_and_the_colours_of_the_categories(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    screen = sell_screen(window)
    before = list(screen.shelf.categories())
    last = before[-1]
    with till.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO category (org_id, category_id, name, place, colour) VALUES (1, 9, :name, 1, :of)"
            ),
            {"name": last, "of": "#2b6cb0"},
        )
    screen.refreshed()
    assert list(screen.shelf.categories()) == [last, *before[:-1]]
    coloured = {one.colour for one in screen.shelf.grid.products() if one.colour}
    assert {one for one in coloured if one.islower()} == {"#2b6cb0"}
    with till.database.write() as connection:
        connection.execute(text("UPDATE category SET active = 0"))
    screen.refreshed()
    assert list(screen.shelf.categories()) == before[:-1]
