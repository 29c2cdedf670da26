"""Why that much is expected in the drawer, in the real window: by reason, for who may close, never before."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.treasury import PartyReason
from pos_app.store.master import house_rules
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.till.drawer.expense import Spent
from pos_app.till.session.sign_in import Action
from pos_app.till.till import Till
from pos_app.ui.app import build_window
from pos_app.ui.drawer.flow_card import FlowCard, flow_name
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.kit.label import Label
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_people import EMPLOYEE, add_people

Key = Qt.Key


@pytest.fixture
def spent(selling: Hands, till: Till) -> Hands:
    """Hands at the basket after an expense and an advance."""
    add_people(till)
    till.expenses.pay([Spent("Tea", 10_000)], approval=till.sign_in.approve("2222", Action.EXPENSE))
    approval = till.sign_in.approve("2222", Action.PARTY_MONEY)
    till.party_money.record(PartyReason.EMPLOYEE_ADVANCE, EMPLOYEE, 150_000, approval=approval)
    return selling


def shown(card: FlowCard) -> list[tuple[str, str]]:
    return [(row.what.text(), row.amount.text()) for row in card.lines]


def is_told(window: QWidget) -> bool:
    return any(card.isVisible() for card in window.findChildren(FlowCard))


WANTED = [("Float", "5,000.00"), ("Expenses", "−100.00"), ("Advances to staff", "−1,500.00")]


def test_the_shift_so_far_is_for_who_may_close(window: MainWindow, spent: Hands) -> None:
    spent.press(Key.Key_F8)
    spent.press(Key.Key_F6)
    assert isinstance(window.session.sheet, ApprovalSheet)
    assert not is_told(window)
    spent.approve("Joseph M.", "2222")
    card = spent.find("flows")
    assert isinstance(card, FlowCard)
    assert shown(card) == WANTED
    spent.press(Key.Key_Return)
    assert window.session.sheet is None


def test_the_review_says_it_once_the_count_is_fixed(window: MainWindow, spent: Hands, till: Till) -> None:
    spent.press(Key.Key_F8)
    spent.press(Key.Key_F12)
    assert not is_told(window)
    spent.type("3")
    spent.press(Key.Key_F12)
    assert not is_told(window)
    spent.approve("Joseph M.", "2222")
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    assert shown(screen.review.flows) == WANTED
    spent.type("a note is missing")
    spent.press(Key.Key_F12)
    assert not till.drawer.is_open()
    assert shown(screen.review.flows) == WANTED


def test_every_reason_has_words_and_all_of_them_fit(till: Till, window: MainWindow) -> None:
    reasons = ["float", "sale", "payment", "refund", "pay_in", "pay_out", "expense"]
    reasons += [reason.value for reason in PartyReason]
    reasons += ["transfer_in", "transfer_out", "safe_drop", "reversal"]
    names = [flow_name(reason) for reason in reasons]
    assert "Other" not in names
    assert len(set(names)) == len(names)
    till.sign_in.sign_in(2, "2222")
    till.drawer.open(0)
    small = build_window(till)
    small.resize(1024, 768)
    small.show()
    screen = small.open(DrawerScreen)
    screen.show_review(0)
    screen.review.show_flows([Flow(reason, 99_999_999_00, 1_234) for reason in [*reasons, "other"]])
    QApplication.processEvents()
    assert (small.width(), small.height()) == (1024, 768)
    assert not any(row.amount.is_cut() for row in screen.review.flows.lines)
    small.close()
    small.deleteLater()


def test_a_depot_that_closes_openly_shows_what_is_expected_and_its_float(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    with till.database.write() as connection:
        for rule, value in ((HouseRule.BLIND_CLOSE, 0), (HouseRule.DRAWER_FLOAT, 4_000_00)):
            house_rules.put(connection, 1, rule, None, value)
        connection.execute(text("UPDATE feed_cursor SET stamp = stamp + 1"))
        connection.execute(
            text("INSERT OR IGNORE INTO feed_cursor (kind, stamp, last_key) VALUES ('house_rule', 99, '')")
        )
    till.refresh()
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    told = selling.find("expected-openly")
    assert isinstance(told, Label)
    assert (told.isVisible(), told.text()) == (True, "Expected: KES 5,000.00")
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    screen.show_opening()
    assert screen.opening.amount.minor() == 4_000_00
