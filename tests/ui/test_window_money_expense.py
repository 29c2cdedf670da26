"""Expenses in the real window: by keys and taps, approved, paid once, refused in a sentence."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Expense
from pos_app.ledger.line import TenderKind
from pos_app.till.till import Till
from pos_app.ui.depot.screen import DepotScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.treasury.expense.line_sheet import LineSheet
from pos_app.ui.treasury.expense.screen import ExpenseScreen
from pos_app.ui.window import MainWindow

Key = Qt.Key


def expense_screen(window: MainWindow) -> ExpenseScreen:
    screen = window.current()
    assert isinstance(screen, ExpenseScreen)
    return screen


def expenses(till: Till) -> list[Expense]:
    """What was recorded, oldest first."""
    found = [till.receipts.document(entry.document_id) for entry in till.receipts.latest()[::-1]]
    return [one for one in found if isinstance(one, Expense)]


@pytest.fixture
def spending(selling: Hands, window: MainWindow) -> Hands:
    """Hands at the expense screen."""
    selling.press(Key.Key_F2)
    assert isinstance(window.current(), DepotScreen)
    selling.type("a")
    assert isinstance(window.current(), ExpenseScreen)
    return selling


def spend(hands: Hands, words: str, amount: str, what: str = "") -> None:
    hands.type(words)
    hands.press(Key.Key_Return)
    hands.type(amount)
    if what:
        hands.press(Key.Key_Tab)
        hands.type(what)
    hands.press(Key.Key_Return)


def test_petty_cash_stands_first(window: MainWindow, spending: Hands) -> None:
    rows = expense_screen(window).accounts.list.rows()
    assert rows[0].title == "Petty cash expenses"
    assert "Cost of goods, LPG & retail" not in [row.title for row in rows]
    assert "Cash over and short" not in [row.title for row in rows]


def test_two_lines_out_of_the_drawer_by_keys_alone(window: MainWindow, spending: Hands, till: Till) -> None:
    spend(spending, "transport", "1160", "Boda boda to town")
    spend(spending, "petty", "100")
    screen = expense_screen(window)
    assert [(row.title, row.amount) for row in screen.column.list.rows()] == [
        ("Boda boda to town", "1,160.00"),
        ("Petty cash expenses", "100.00"),
    ]
    assert screen.column.total.text() == "1,260.00"
    assert screen.busy()
    spending.press(Key.Key_F12)
    spending.press(Key.Key_Return)  # out of the drawer
    spending.type("R-5")
    spending.press(Key.Key_Return)
    spending.type("no change left")
    spending.press(Key.Key_Return)
    spending.press(Key.Key_Return)  # the green action
    spending.approve("Joseph M.", "2222")
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "1,260.00"
    (expense,) = expenses(till)
    assert [(line.description, line.account, line.net) for line in expense.lines] == [
        ("Boda boda to town", "6130", 116_000),
        ("Petty cash expenses", "6200", 10_000),
    ]
    assert (expense.reference, expense.note, expense.approver_id) == ("R-5", "no change left", 2)
    assert expense.tenders[0].drawer_id == 1
    till.sign_in.sign_in(2, "2222")
    assert till.drawer.expected() == 500_000 - 126_000
    job = till.status().unprinted[-1]
    assert (job.what, job.document_id, job.kick) == ("receipt", expense.document_id, True)


def test_tax_that_is_on_the_paper(window: MainWindow, spending: Hands, till: Till) -> None:
    spending.type("fuel")
    spending.press(Key.Key_Return)
    spending.type("1160")
    sheet = window.session.sheet
    assert isinstance(sheet, LineSheet)
    spending.press(Key.Key_Tab)
    spending.press(Key.Key_Tab)
    assert sheet.tax.has_keyboard()
    spending.press(Key.Key_Right)
    spending.press(Key.Key_Return)
    spending.press(Key.Key_F12)
    spending.press(Key.Key_F12)
    spending.approve("Joseph M.", "2222")
    (expense,) = expenses(till)
    assert (expense.subtotal, expense.tax_total, expense.lines[0].tax_code) == (100_000, 16_000, "V16")


def test_by_mpesa_the_code_is_asked_and_kept(window: MainWindow, spending: Hands, till: Till) -> None:
    spend(spending, "utilities", "2500")
    spending.press(Key.Key_F12)
    spending.type("2")  # M-Pesa; the code is the next field
    spending.press(Key.Key_F12)
    spending.approve("Joseph M.", "2222")
    assert "M-Pesa code" in window.banner().text()
    assert expenses(till) == []
    spending.tap(expense_screen(window).pay.how.reference)
    spending.type("SLK4AB9Z01")
    spending.press(Key.Key_F12)
    spending.approve("Joseph M.", "2222")
    (expense,) = expenses(till)
    assert (expense.tenders[0].kind, expense.tenders[0].reference) == (TenderKind.MPESA, "SLK4AB9Z01")


def test_more_than_lies_in_the_drawer_is_refused_and_nothing_is_lost(
    window: MainWindow, spending: Hands, till: Till
) -> None:
    spend(spending, "rent", "90000")
    spending.press(Key.Key_F12)
    spending.press(Key.Key_F12)
    spending.approve("Joseph M.", "2222")
    assert window.banner().text().startswith("The drawer holds less than that")
    assert expenses(till) == []
    assert len(expense_screen(window).spent) == 1
    # The keyboard is where it was before the manager was asked.
    assert expense_screen(window).pay.how.row.has_keyboard()
    spending.press(Key.Key_Escape)
    spending.press(Key.Key_Delete)
    assert not expense_screen(window).busy()
    spending.press(Key.Key_F12)
    assert "nothing in this expense" in window.banner().text()


def test_a_double_press_and_a_second_approval_make_one(
    window: MainWindow, spending: Hands, till: Till
) -> None:
    spend(spending, "petty", "50")
    spending.press(Key.Key_F12)
    spending.press(Key.Key_F12)
    first, request = window.session.sheet, expense_screen(window).request_id
    expense_screen(window).go_on()
    assert window.session.sheet is first
    spending.approve("Joseph M.", "2222")
    spending.press(Key.Key_F12)
    assert [one.request_id for one in expenses(till)] == [request]
    assert isinstance(window.current(), DoneScreen)


def test_an_approval_that_is_given_up_can_be_asked_again(
    window: MainWindow, spending: Hands, till: Till
) -> None:
    spend(spending, "petty", "50")
    spending.press(Key.Key_F12)
    spending.press(Key.Key_F12)
    spending.press(Key.Key_Escape)
    assert expenses(till) == []
    spending.press(Key.Key_F12)
    spending.approve("Joseph M.", "2222")
    assert len(expenses(till)) == 1


def test_no_amount_stays_in_the_sheet(window: MainWindow, spending: Hands) -> None:
    spending.type("petty")
    spending.press(Key.Key_Return)
    spending.press(Key.Key_Return)
    sheet = window.session.sheet
    assert isinstance(sheet, LineSheet)
    assert "more than zero" in sheet.banner.text()
    spending.press(Key.Key_Escape)
    assert expense_screen(window).spent == []


def test_lines_stay_while_the_basket_is_looked_at(window: MainWindow, spending: Hands) -> None:
    spend(spending, "petty", "50")
    spending.press(Key.Key_Escape)
    assert isinstance(window.current(), DepotScreen)
    spending.type("a")
    assert expense_screen(window).column.total.text() == "50.00"


def test_by_taps_alone(window: MainWindow, spending: Hands, till: Till) -> None:
    screen = expense_screen(window)
    screen.accounts.list.row_activated.emit("6110")
    sheet = window.session.sheet
    assert isinstance(sheet, LineSheet)
    for digit in "75":
        spending.tap(sheet.pad.pad_key(digit))
    spending.tap(sheet.tax.tiles[1])
    spending.tap(sheet.primary)
    spending.tap(screen.column.action)
    spending.tap(screen.pay.how.row.tiles[0])
    spending.tap(screen.column.action)
    spending.approve("Joseph M.", "2222")
    (expense,) = expenses(till)
    assert (expense.total, expense.lines[0].tax_code) == (7_500, "V16")


def test_out_of_the_drawer_it_is_what_coins_can_pay(window: MainWindow, spending: Hands, till: Till) -> None:
    spend(spending, "transport", "10.40")
    spend(spending, "petty", "0.20")
    screen = expense_screen(window)
    assert screen.column.total.text() == "10.60"
    spending.press(Key.Key_F12)
    assert screen.column.total.text() == "11.00"
    spending.type("2")  # M-Pesa pays to the cent
    assert screen.column.total.text() == "10.60"
    spending.press(Key.Key_Left)
    assert screen.column.total.text() == "11.00"
    spending.press(Key.Key_F12)
    spending.approve("Joseph M.", "2222")
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "11.00"
    (expense,) = expenses(till)
    assert (expense.total, expense.rounding, expense.tenders[0].amount) == (10_60, 40, 11_00)
