"""Points at the window: the customer's stand at the head of the basket, and pay by the keys."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.store.tables.loyalty_table import loyalty_programme
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds import money_builder
from tests.support.worlds.till_builder import ORG

Key = Qt.Key


@pytest.fixture(autouse=True)
def _stars(till: Till) -> None:
    """One point for every 100.00, each pays 1.00."""
    values = {"programme_id": 1, "code": "STAR", "name": "Stars", "points": 1, "per_amount": 100_00}
    with till.database.write() as connection:
        connection.execute(loyalty_programme.insert().values(org_id=ORG, worth=1_00, stamp=1, **values))


def sale(till: Till) -> Sale:
    found = money_builder.last(till)
    assert isinstance(found, Sale)
    return found


def begin(hands: Hands, what: str) -> None:
    """A basket for a customer, and the screen where is paid."""
    hands.press(Key.Key_F3)
    hands.type("kanini")
    hands.press(Key.Key_Return)
    hands.type(what)
    hands.press(Key.Key_Return)


def test_points_are_earned_said_and_spent_by_the_keys(window: MainWindow, selling: Hands, till: Till) -> None:
    begin(selling, "10*REG-C")
    screen = window.current()
    assert isinstance(screen, SellScreen)
    assert "0 points" in screen.basket_column.head.accessibleName()
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    earned = sale(till)
    assert earned.points is not None
    assert earned.points.points == earned.total // 100_00 > 0
    window.home()
    begin(selling, "REG-C")
    assert f"{earned.points.points} points" in screen.basket_column.head.accessibleName()
    selling.press(Key.Key_F12)
    assert isinstance(window.current(), TenderScreen)
    for _ in range(4):
        selling.press(Key.Key_F5)
    selling.press(Key.Key_Return)  # all that the points pay
    selling.press(Key.Key_Return)  # the rest in cash
    assert [one.kind for one in sale(till).tenders] == [TenderKind.POINTS, TenderKind.CASH]
    assert sale(till).tenders[0].amount == earned.points.amount


def test_more_than_there_is_is_said(window: MainWindow, selling: Hands, till: Till) -> None:
    begin(selling, "10*REG-C")
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    window.home()
    begin(selling, "REG-C")
    selling.press(Key.Key_F12)
    for _ in range(4):
        selling.press(Key.Key_F5)
    selling.type("500")
    selling.press(Key.Key_Return)
    assert "points pay" in window.current().banner.text()


def test_who_has_none_is_not_asked(window: MainWindow, selling: Hands) -> None:
    begin(selling, "REG-C")
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    for _ in range(5):
        selling.press(Key.Key_F5)
    assert screen._kind is TenderKind.BANK
