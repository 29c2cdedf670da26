"""Names are found by their letters in every list of the window: é by e, and a space that nobody can type."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.quantity import ONE
from pos_app.till.till import Till
from pos_app.ui.entry.listing import ListingScreen
from pos_app.ui.goods.stock import StockScreen
from pos_app.ui.sheets.finding import FindingSheet
from pos_app.ui.treasury.expense.screen import ExpenseScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import EMPTY13, HOSE, WEST
from tests.support.worlds.money_builder import HOTEL
from tests.ui.typed_screens import laundry_of_otieno

Key = Qt.Key
#: As names come out of a web page: the space between the words does not break.
NAME = "Océan\u00a0Épices"
#: Where it lies: the table, its key and whose it is.
NAMED = {
    "product": ("product_id", HOSE),
    "party": ("party_id", HOTEL),
    "location": ("location_id", WEST),
}
WORDS = pytest.mark.parametrize("words", ["ocean epi", "OCÉAN ÉPICES", NAME.lower(), "epices ocean"])


@pytest.fixture
def named(till: Till, storing: Hands) -> Hands:
    """Hands, with a product, a party, a place and an account that are named so."""
    with till.database.write() as connection:
        for table, (key, value) in NAMED.items():
            connection.execute(
                text(f"UPDATE {table} SET name = :name WHERE {key} = :key"), {"name": NAME, "key": value}
            )
        connection.execute(
            text("UPDATE party SET name = :name WHERE name LIKE '%Otieno%'"), {"name": f"{NAME} Otieno"}
        )
        connection.execute(
            text("UPDATE account SET name = :name WHERE lower(name) LIKE 'petty%'"), {"name": NAME}
        )
    return storing


def titles(window: MainWindow) -> list[str]:
    """What the list in front shows."""
    sheet, screen = window.session.sheet, window.current()
    if isinstance(sheet, FindingSheet):
        return [row.title for row in sheet.list.rows()]
    if isinstance(screen, StockScreen):
        return [item.name for item in screen._shown]
    if isinstance(screen, ExpenseScreen):
        return [row.title for row in screen.accounts.list.rows()]
    assert isinstance(screen, ListingScreen)
    return [f"{row.title} {row.detail}" for row in screen.list.rows()]


def found(window: MainWindow, hands: Hands, words: str) -> None:
    """The words bring one row, of that name, and others none."""
    assert len(titles(window)) > 1
    hands.type(words)
    hands.until(lambda: len(titles(window)) == 1)
    assert NAME in titles(window)[0]


@WORDS
def test_stock_and_accounts(window: MainWindow, named: Hands, words: str) -> None:
    named.press(Key.Key_F2)
    named.type("7")
    screen = window.current()
    assert isinstance(screen, StockScreen)
    named.type(words)
    screen.look_up()
    assert titles(window) == [NAME]
    named.press(Key.Key_Escape)
    named.press(Key.Key_Escape)
    named.press(Key.Key_F2)
    named.type("a")
    found(window, named, words)


@WORDS
def test_places_and_who_holds_cylinders(window: MainWindow, named: Hands, till: Till, words: str) -> None:
    for party in (HOTEL, HOTEL + 2):
        till.returnables.move(party, {EMPTY13: -ONE})
    named.press(Key.Key_F2)
    named.type("3")
    named.press(Key.Key_F4)
    found(window, named, words)
    named.press(Key.Key_Escape)
    named.press(Key.Key_Escape)
    named.press(Key.Key_F2)
    named.type("8")
    found(window, named, words)


@WORDS
def test_laundry(window: MainWindow, named: Hands, till: Till, words: str) -> None:
    laundry_of_otieno(till)
    named.press(Key.Key_F2)
    named.type("9")
    for typed, rows in (("none such", 0), (f"{words} otieno", 1)):
        named.type(typed)
        named.until(lambda rows=rows: len(titles(window)) == rows)  # type: ignore[misc]
        screen = window.current()
        assert isinstance(screen, ListingScreen)
        screen.search.clear()
