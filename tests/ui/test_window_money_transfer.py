"""Money between our own places in the real window: by figures and arrows, changed into dollars, approved."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import MoneyTransfer
from pos_app.till.till import Till
from pos_app.ui.depot.screen import DepotScreen
from pos_app.ui.treasury.transfer.screen import TransferScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_people import add_business, add_dollars

Key = Qt.Key
CASH, SAFE, BANK, MPESA = "1110", "1150", "1170", "1140"


def transfer_screen(window: MainWindow) -> TransferScreen:
    screen = window.current()
    assert isinstance(screen, TransferScreen)
    return screen


def moves(till: Till) -> list[MoneyTransfer]:
    """What was recorded, oldest first."""
    found = [till.receipts.document(entry.document_id) for entry in till.receipts.latest()[::-1]]
    return [one for one in found if isinstance(one, MoneyTransfer)]


@pytest.fixture
def moving(selling: Hands, till: Till, window: MainWindow) -> Hands:
    """Hands at the screen that moves money, with a rate of the dollar and a second business."""
    add_dollars(till)
    add_business(till)
    selling.press(Key.Key_F2)
    selling.type("b")
    assert isinstance(window.current(), TransferScreen)
    return selling


def choose(hands: Hands, start: str, end: str) -> None:
    """From where and to where, by their figures; Enter goes on."""
    for figure in (start, end):
        hands.type(figure)
        hands.press(Key.Key_Return)


def test_from_the_drawer_to_the_bank_by_keys(window: MainWindow, moving: Hands, till: Till) -> None:
    moving.press(Key.Key_Return)  # from the drawer
    moving.type("3")  # to the bank
    moving.press(Key.Key_Return)
    moving.type("2500.50")
    moving.press(Key.Key_Return)
    moving.type("slip 12")
    moving.press(Key.Key_Return)
    moving.press(Key.Key_Return)
    moving.press(Key.Key_Return)
    moving.approve("Joseph M.", "2222")
    (move,) = moves(till)
    assert (move.from_account, move.from_drawer, move.to_account, move.to_drawer) == (CASH, 1, BANK, None)
    assert (move.amount, move.reference, move.approver_id) == (250_050, "slip 12", 2)
    assert "2,500.50 moved from Drawer to Bank" in window.banner().text()
    screen = transfer_screen(window)
    assert not screen.busy()
    moving.press(Key.Key_F9)
    assert [job.copy_no for job in till.status().unprinted][-1] == 1


def test_arrows_choose_and_the_side_says_it(window: MainWindow, moving: Hands) -> None:
    screen = transfer_screen(window)
    moving.press(Key.Key_Right)
    moving.press(Key.Key_Right)
    moving.press(Key.Key_Right)
    moving.press(Key.Key_Down)
    moving.press(Key.Key_Left)
    moving.press(Key.Key_Down)
    moving.type("1000")
    assert [(fact.what.text(), fact.amount.text()) for fact in screen.side.facts if fact.isVisible()] == [
        ("From", "M-Pesa"),
        ("To", "Drawer"),
    ]
    assert screen.side.figure.text() == "1,000.00"
    assert screen.busy()


def test_to_the_same_place_is_refused(window: MainWindow, moving: Hands, till: Till) -> None:
    moving.type("2")
    moving.press(Key.Key_Return)
    moving.type("100")
    moving.press(Key.Key_F12)
    moving.approve("Joseph M.", "2222")
    assert "place that it comes from" in window.banner().text()
    assert moves(till) == []
    assert transfer_screen(window).amount.minor() == 10_000


def test_more_than_the_drawer_holds(window: MainWindow, moving: Hands, till: Till) -> None:
    choose(moving, "1", "2")
    moving.type("60000")
    moving.press(Key.Key_F12)
    moving.approve("Joseph M.", "2222")
    assert window.banner().text().startswith("The drawer holds less than that")
    assert moves(till) == []


def test_nothing_is_not_moved(window: MainWindow, moving: Hands, till: Till) -> None:
    till.sign_in.sign_in(2, "2222")
    moving.press(Key.Key_F12)
    assert "more than zero" in window.banner().text()
    assert moves(till) == []


def test_shillings_changed_into_dollars(window: MainWindow, moving: Hands, till: Till) -> None:
    screen = transfer_screen(window)
    choose(moving, "2", "3")  # from the safe to the bank
    moving.type("12950")
    moving.press(Key.Key_F6)
    moving.press(Key.Key_Down)
    moving.press(Key.Key_Return)
    assert screen.arrives.minor() == 10_000  # at the rate of today
    assert "129.50" in screen.side.facts[3].amount.text()
    moving.press(Key.Key_Return)
    assert screen.arrives.hasFocus()
    moving.type("99")
    moving.press(Key.Key_F12)
    moving.approve("Joseph M.", "2222")
    (move,) = moves(till)
    assert (move.currency, move.amount) == ("KES", 1_295_000)
    assert (move.to_currency, move.to_amount, move.to_account) == ("USD", 9_900, BANK)


def test_dollars_that_stay_dollars(window: MainWindow, moving: Hands, till: Till) -> None:
    choose(moving, "2", "3")
    moving.press(Key.Key_F7)
    moving.press(Key.Key_Down)
    moving.press(Key.Key_Return)
    moving.type("40")
    moving.press(Key.Key_F12)
    moving.approve("Joseph M.", "2222")
    (move,) = moves(till)
    assert (move.currency, move.amount, move.to_currency) == ("USD", 4_000, "")
    assert "USD 40.00 moved" in window.banner().text()


def test_what_arrives_follows_the_amount_until_it_is_typed(window: MainWindow, moving: Hands) -> None:
    screen = transfer_screen(window)
    choose(moving, "2", "3")
    moving.press(Key.Key_F6)
    moving.press(Key.Key_Down)
    moving.press(Key.Key_Return)
    moving.type("1295")
    assert screen.arrives.minor() == 1_000
    moving.type("0")
    assert screen.arrives.minor() == 10_000
    moving.press(Key.Key_Return)
    moving.type("98")
    moving.press(Key.Key_Up)
    moving.type("259")
    assert screen.arrives.minor() == 9_800


def test_nothing_that_arrives_is_refused(window: MainWindow, moving: Hands, till: Till) -> None:
    choose(moving, "2", "3")
    moving.type("1295")
    moving.press(Key.Key_F6)
    moving.press(Key.Key_Down)
    moving.press(Key.Key_Return)
    moving.press(Key.Key_Return)
    moving.type("0")
    moving.press(Key.Key_F12)
    moving.approve("Joseph M.", "2222")
    assert window.banner().text()
    assert moves(till) == []


def test_to_the_place_of_another_business(window: MainWindow, moving: Hands, till: Till) -> None:
    choose(moving, "4", "4")
    moving.type("700")
    moving.press(Key.Key_F5)
    moving.press(Key.Key_Down)
    moving.press(Key.Key_Return)
    assert "Water" in transfer_screen(window).side.facts[1].amount.text()
    moving.press(Key.Key_F12)
    moving.approve("Joseph M.", "2222")
    (move,) = moves(till)
    assert (move.to_business_id, move.to_account, move.from_account) == (2, "1141", MPESA)


def test_a_double_press_makes_one(window: MainWindow, moving: Hands, till: Till) -> None:
    choose(moving, "1", "2")
    moving.type("100")
    moving.press(Key.Key_F12)
    screen, sheet = transfer_screen(window), window.session.sheet
    screen.finish()
    assert window.session.sheet is sheet
    request = screen.request_id
    moving.approve("Joseph M.", "2222")
    assert len(moves(till)) == 1
    assert moves(till)[0].request_id == request
    assert screen.request_id != request


def test_esc_forgets_and_goes_back(window: MainWindow, moving: Hands, till: Till) -> None:
    choose(moving, "1", "2")
    moving.type("100")
    moving.press(Key.Key_Escape)
    assert isinstance(window.current(), DepotScreen)
    moving.type("b")
    assert transfer_screen(window).amount.minor() is None
    assert moves(till) == []


def test_the_pad_types_where_the_keyboard_is(window: MainWindow, moving: Hands) -> None:
    screen = transfer_screen(window)
    for digit in "250":
        moving.tap(screen.side.pad.pad_key(digit))
    assert screen.amount.minor() == 25_000
    moving.tap(screen.reference)
    moving.tap(screen.side.pad.pad_key("7"))
    assert screen.reference.text() == "7"
    moving.tap(screen.end.tiles[2])
    assert screen.side.facts[1].amount.text() == "Bank"
