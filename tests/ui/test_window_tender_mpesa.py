"""M-Pesa at the window: each business is asked for by its number, with its own sum and code."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.store.master import place
from pos_app.till.till import Till
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import last
from tests.support.worlds.money_people import add_business
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
REGULATOR, WATER = 7, 5


@pytest.fixture
def two_numbers(till: Till) -> None:
    """The gas shop's number, and the water's of another business."""
    add_business(till)
    with till.database.write() as connection:
        connection.execute(text("UPDATE business SET mpesa_till = '174444' WHERE business_id = 1"))
        connection.execute(text("UPDATE business SET mpesa_till = '522533' WHERE business_id = 2"))
        connection.execute(text("UPDATE product SET business_id = 2 WHERE product_id = 5"))
        till._context.place = place.load(connection, till._context.terminal)


def number_nobody(till: Till) -> None:
    """No business has a number."""
    with till.database.write() as connection:
        connection.execute(text("UPDATE business SET mpesa_till = '', mpesa_paybill = ''"))
        till._context.place = place.load(connection, till._context.terminal)


def test_without_a_number_there_is_no_mpesa(window: MainWindow, selling: Hands, till: Till) -> None:
    number_nobody(till)
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    assert not screen.tiles[TenderKind.MPESA].isEnabled()
    selling.press(Key.Key_F3)
    assert "No business of these goods has an M-Pesa number" in window.banner().text()
    assert screen._kind is TenderKind.CASH


def test_only_what_a_number_is_for_is_asked_there(
    two_numbers: None, window: MainWindow, selling: Hands, till: Till
) -> None:
    with till.database.write() as connection:
        connection.execute(text("UPDATE business SET mpesa_till = '' WHERE business_id = 1"))
        till._context.place = place.load(connection, till._context.terminal)
    selling.scan(barcode_of(WATER))
    selling.press(Key.Key_F12)
    assert window.current().tiles[TenderKind.MPESA].isEnabled()  # type: ignore[attr-defined]
    selling.press(Key.Key_Escape)
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F3)
    # The water's number is asked for the water alone; the gas is paid another way.
    assert asked(window) == ("M-Pesa · 522533, still due 180.00", "180.00")


def asked(window: MainWindow) -> tuple[str, str]:
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    return screen.amount_words.text(), screen.amount.text()


def test_each_business_is_paid_at_its_number(
    two_numbers: None, window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(REGULATOR))
    selling.scan(barcode_of(WATER))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F3)
    gas, water = "M-Pesa · LPG & retail, 174444, still due ", "M-Pesa · Water, 522533, still due "
    assert asked(window) == (gas + "850.00", "850.00")
    # Pressed again it is the other number; and once more the first.
    selling.press(Key.Key_F3)
    assert asked(window) == (water + "180.00", "180.00")
    selling.press(Key.Key_F3)
    assert asked(window) == (gas + "850.00", "850.00")
    selling.press(Key.Key_Return)
    selling.type("SKJ4X8QP2M")
    selling.press(Key.Key_Return)
    assert asked(window) == (water + "180.00", "180.00")
    selling.press(Key.Key_Return)
    selling.type("SKJ4X8QP2N")
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert [(one.amount, one.business_id, one.paid_to) for one in sale.tenders] == [
        (85_000, 0, "174444"),
        (18_000, 2, "522533"),
    ]


def test_cash_for_the_one_and_mpesa_for_the_other(
    two_numbers: None, window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(REGULATOR))
    selling.scan(barcode_of(WATER))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F3)
    selling.press(Key.Key_F3)
    selling.press(Key.Key_Return)
    selling.type("SKJ4X8QP2M")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F2)
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert [(one.kind, one.amount, one.business_id) for one in sale.tenders] == [
        (TenderKind.MPESA, 18_000, 2),
        (TenderKind.CASH, 85_000, 0),
    ]
