"""Refills at the real window, by keys and by scans: full ones out, and what comes back for them."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.devices.escpos_layout import to_text
from pos_app.ledger.chit import barcode_of as slip_of
from pos_app.ledger.document import DepositReturn, Refund, ReturnableMove, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.cylinders import (
    CYLINDERS,
    DEPOSIT,
    EMPTY13,
    FILL,
    FILLS,
    OTHER13,
    REFILL13,
    deal_in_cylinders,
    held,
)
from tests.support.worlds.money_builder import HOTEL, last
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


class Counted(Hands):
    """Hands whose presses are counted; a label that is scanned is none."""

    pressed = 0

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed += 1
        super().press(key, modifiers)


@pytest.fixture
def refilling(till: Till, window: MainWindow) -> Counted:
    """Hands at the sell screen of a depot that deals in cylinders."""
    return _at_work(till, window)


def _at_work(till: Till, window: MainWindow, **more: int) -> Counted:
    deal_in_cylinders(till, **more)
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    window.home()
    return Counted(window)


def sold(till: Till) -> Sale:
    made = last(till)
    assert isinstance(made, Sale)
    return made


def changed_hands(sale: Sale | Refund) -> dict[int, list[int]]:
    """By product what was given and what came back, in pieces."""
    found: dict[int, list[int]] = {}
    for one in sale.returnables:
        found.setdefault(one.product_id, []).append(one.quantity // ONE)
    return found


def details(window: MainWindow) -> list[str]:
    screen = window.current()
    assert isinstance(screen, SellScreen)
    return [row.detail for row in screen.basket_column.list.rows()]


def cap(window: MainWindow) -> str:
    """What F11 says that it does."""
    items = window.key_strip.items()
    return next((one.action.label for one in items if one.action.key == "F11"), "")


def test_a_refill_with_its_empty_is_one_line_and_two_keys(
    window: MainWindow, refilling: Counted, till: Till
) -> None:
    refilling.scan(barcode_of(REFILL13))
    (line,) = details(window)
    assert "full out 1, empty in 1" in line
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    assert refilling.pressed <= 2
    sale = sold(till)
    assert (sale.total, changed_hands(sale)) == (FILL, {EMPTY13: [1, -1]})
    assert (held(till, EMPTY13), held(till, EMPTY13, here=True)) == (0, CYLINDERS)
    assert held(till, REFILL13, here=True) == FILLS - 1


def test_without_an_empty_a_deposit_is_taken_with_its_slip_in_three_keys(
    window: MainWindow, refilling: Counted, till: Till
) -> None:
    refilling.scan(barcode_of(REFILL13))
    assert cap(window) == "No empty"
    refilling.press(Key.Key_F11)
    assert "deposit on 1" in details(window)[0]
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    assert refilling.pressed <= 3
    sale = sold(till)
    assert sale.total == FILL + DEPOSIT
    chit = sale.lines[1].chit
    assert chit is not None
    assert changed_hands(sale) == {EMPTY13: [1]}
    assert (held(till, EMPTY13), held(till, EMPTY13, here=True)) == (1, CYLINDERS - 1)
    # The empty comes back alone, with its slip: two scans, all of it in cash.
    window.home()
    refilling.scan(barcode_of(EMPTY13))
    assert "comes back" in details(window)[0]
    refilling.scan(slip_of(chit.role, chit.number))
    assert held(till, EMPTY13) == 0
    refilling.press(Key.Key_Return)
    refilling.press(Key.Key_Return)
    back = last(till)
    assert isinstance(back, DepositReturn)
    assert back.total == DEPOSIT


def test_the_quantity_moves_both_and_the_deposit_with_it(
    window: MainWindow, refilling: Counted, till: Till
) -> None:
    refilling.type("3*LPG-R13")
    refilling.press(Key.Key_Return)
    assert "full out 3, empty in 3" in details(window)[0]
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_F4)
    refilling.type("2")
    refilling.press(Key.Key_Return)
    lines = window.session.basket.lines
    assert [(one.sku, one.quantity) for one in lines] == [("LPG-R13", 2 * ONE), ("DEP-13", 2 * ONE)]
    # Another one of which the empty came is a line of its own.
    refilling.scan(barcode_of(REFILL13))
    assert [one.quantity for one in lines] == [2 * ONE, 2 * ONE, ONE]
    # The deposit has no quantity of its own.
    refilling.press(Key.Key_Up)
    refilling.press(Key.Key_F4)
    refilling.type("5")
    refilling.press(Key.Key_Return)
    sheet = window.session.sheet
    assert sheet is not None
    refilling.press(Key.Key_Escape)
    assert [one.quantity for one in lines] == [2 * ONE, 2 * ONE, ONE]
    # Taken out, the cylinders are lent; taken in again, the line is as it began.
    refilling.press(Key.Key_Delete)
    assert "lent" in details(window)[0]
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    assert changed_hands(sold(till)) == {EMPTY13: [3, -1]}
    assert held(till, EMPTY13) == 2


def test_full_ones_that_go_take_their_deposit_along(window: MainWindow, refilling: Counted) -> None:
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_Delete)
    assert window.session.basket.lines == []


def test_another_brands_empty_is_chosen(window: MainWindow, refilling: Counted, till: Till) -> None:
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_Up)
    refilling.press(Key.Key_Return)
    refilling.type("another")
    refilling.press(Key.Key_Return)
    (line,) = details(window)
    assert "another brand in 1" in line
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    assert changed_hands(sold(till)) == {EMPTY13: [1], OTHER13: [-1]}
    assert (held(till, OTHER13, here=True), held(till, EMPTY13, here=True)) == (1, CYLINDERS - 1)


def test_outright_the_cylinder_is_sold_with_its_fill(window: MainWindow, till: Till) -> None:
    hands = _at_work(till, window, cylinder_price=400_000)
    hands.scan(barcode_of(REFILL13))
    hands.press(Key.Key_F11)
    hands.press(Key.Key_F11)
    for _step in range(2):
        hands.press(Key.Key_Down)
    hands.press(Key.Key_Return)
    assert "sold with it" in details(window)[0]
    hands.press(Key.Key_F12)
    hands.press(Key.Key_Return)
    sale = sold(till)
    assert (sale.total, sale.returnables) == (FILL + 400_000, ())
    assert (held(till, EMPTY13), held(till, EMPTY13, here=True)) == (0, CYLINDERS - 1)


def test_without_a_price_no_cylinder_is_sold(window: MainWindow, refilling: Counted) -> None:
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_F11)
    sheet = window.session.sheet
    assert [row.title for row in sheet.list.rows()] == [  # type: ignore[union-attr]
        "Its empty",
        "Another brand's empty",
        "None: a deposit",
        "None: lent",
    ]


def test_empties_that_came_first_are_those_of_the_full_ones(
    window: MainWindow, refilling: Counted, till: Till
) -> None:
    refilling.scan(barcode_of(EMPTY13))
    refilling.scan(barcode_of(EMPTY13))
    refilling.scan(barcode_of(REFILL13))
    # One of the two is of the refill, the other one comes beyond it.
    assert [one.quantity for one in window.session.basket.state.returnables] == [-ONE]
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    assert changed_hands(sold(till)) == {EMPTY13: [1, -2]}
    assert held(till, EMPTY13) == -1


def test_an_empty_that_came_late_takes_the_deposit_off(window: MainWindow, refilling: Counted) -> None:
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.scan(barcode_of(EMPTY13))
    (line,) = details(window)
    assert "empty in 1" in line


def test_empties_of_a_customer_come_without_a_sale(
    window: MainWindow, refilling: Counted, till: Till
) -> None:
    till.returnables.move(HOTEL, {EMPTY13: 3 * ONE})
    refilling.press(Key.Key_F3)
    refilling.type("mama")
    refilling.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, SellScreen)
    assert "holds 3" in screen.basket_column.head.accessibleName()
    assert cap(window) == "Empty back"
    refilling.press(Key.Key_F11)
    refilling.type("2*13 kg")
    window.session.sheet.look_up()  # type: ignore[union-attr]
    refilling.press(Key.Key_Return)
    refilling.press(Key.Key_F12)
    move = last(till)
    assert isinstance(move, ReturnableMove)
    assert (move.party_id, held(till, EMPTY13, HOTEL)) == (HOTEL, 1)
    assert window.session.basket.state.returnables == []


def test_what_a_customer_holds_and_has_as_deposits_stands_in_the_head(
    window: MainWindow, refilling: Counted
) -> None:
    refilling.press(Key.Key_F3)
    refilling.type("mama")
    refilling.press(Key.Key_Return)
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    window.home()
    refilling.press(Key.Key_F3)
    refilling.type("mama")
    refilling.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, SellScreen)
    words = screen.basket_column.head.accessibleName()
    assert "holds 1" in words
    assert "deposits 3,500.00" in words


@pytest.mark.parametrize(("language", "wanted"), [("en", ("Full out", "Empty in", "DEPOSIT SLIP"))])
def test_the_receipt_says_what_went_and_came(
    refilling: Counted, till: Till, language: str, wanted: tuple[str, ...]
) -> None:
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    job = PrintJob(1, sold(till).document_id, "receipt", 0, False, "waiting", 0, "")
    paper = to_text(paper_of(till._context, job))
    for words in wanted:
        assert words in paper


def test_a_refund_of_a_refill_with_its_deposit_takes_the_cylinder_back(
    window: MainWindow, refilling: Counted, till: Till
) -> None:
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    number = till._context.printed(sold(till))
    receipt = till.refunds.find(number)
    till.sign_in.sign_in(2, "2222")
    # The fill alone first: who keeps the slip keeps the cylinder.
    till.refunds.complete(receipt, {0: ONE}, TenderKind.CASH, "leaks")
    assert last(till).returnables == ()
    till.refunds.complete(till.refunds.find(number), {1: ONE}, TenderKind.CASH, "its cylinder")
    assert changed_hands(last(till)) == {EMPTY13: [-1]}
    assert (held(till, EMPTY13), held(till, EMPTY13, here=True)) == (0, CYLINDERS)


def test_a_void_puts_every_cylinder_back(refilling: Counted, till: Till) -> None:
    refilling.scan(barcode_of(REFILL13))
    refilling.press(Key.Key_F11)
    refilling.press(Key.Key_F12)
    refilling.press(Key.Key_Return)
    till.sign_in.sign_in(2, "2222")
    till.voids.void(last(till).document_id, "wrong customer")
    assert (held(till, EMPTY13), held(till, EMPTY13, here=True)) == (0, CYLINDERS)
    assert held(till, REFILL13, here=True) == FILLS
