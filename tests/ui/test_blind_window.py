"""What a cashier sees of the window while they count blind: on no screen stands the sum of the drawer."""

import inspect
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.till.till import Till
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow
from tests.support.painted_text import painted_texts
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


@pytest.fixture
def drawer_sum(selling: Hands, window: MainWindow, till: Till) -> int:
    """A sale, and what lies in the drawer after it, which stands nowhere by chance."""
    person = till.person
    assert person is not None
    assert Permission.CLOSE_DRAWER.value not in person.may
    for number in (1, 2, 3):
        selling.scan(barcode_of(number))
    taking = till.checkout(window.session.basket)
    taking.add_tender(TenderKind.CASH, taking.exact_due())
    taking.complete()
    window.session.renew_basket()
    window.home()
    return _cash(till)


def _cash(till: Till) -> int:
    with till.database.read() as connection:
        return till._context.cash(connection)


def shown(window: MainWindow) -> str:
    return " | ".join(painted_texts(window))


def _parameters(way: Callable[..., object]) -> list[inspect.Parameter]:
    return list(inspect.signature(way).parameters.values())


def ways(window: MainWindow) -> Iterator[str]:
    """Every way of the window that needs no choice."""
    for name, way in inspect.getmembers(window.session.ways, inspect.ismethod):
        if not name.startswith("_") and all(one.default is not one.empty for one in _parameters(way)):
            yield name


def test_no_screen_and_no_sheet_shows_a_cashier_what_the_drawer_should_hold(
    drawer_sum: int, selling: Hands, window: MainWindow, till: Till
) -> None:
    told = grouped_text(drawer_sum, till.currency)
    names = list(ways(window))
    assert "drawer" in names
    for name in names:
        window.session.attempt(getattr(window.session.ways, name))
        assert told not in shown(window), name
        sheet = window.session.sheet
        if sheet is not None:
            sheet.give_up()
        window.home()


def test_the_close_asks_for_a_manager_before_it_tells(
    drawer_sum: int, selling: Hands, window: MainWindow, till: Till
) -> None:
    told = grouped_text(drawer_sum, till.currency)
    window.session.ways.drawer()
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    screen.begin_count()
    assert told not in shown(window)
    screen.fix_count()
    assert isinstance(window.session.sheet, ApprovalSheet)
    assert told not in shown(window)
    with till.database.read() as connection:
        counted = connection.exec_driver_sql(
            "SELECT count(*) FROM audit_log WHERE action = 'drawer.counted'"
        ).scalar_one()
    # It lies sealed before a manager's PIN has told anybody the sum.
    assert counted == 1
    window.session.sheet.give_up()
    assert told not in shown(window)
