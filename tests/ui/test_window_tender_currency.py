"""Dollars at the window: keyed in dollars, said in shillings, changed in shillings, counted by themselves."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from demo.simulated_cashier import Hands
from pos_app.ledger.document import DrawerClose, Payment, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.till import Till
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import kinds, last, put_rate
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def tender(window: MainWindow) -> TenderScreen:
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    return screen


def begin(hands: Hands, window: MainWindow, number: int = 7) -> TenderScreen:
    hands.scan(barcode_of(number))
    hands.press(Key.Key_F12)
    return tender(window)


def test_dollars_are_keyed_and_the_change_is_in_shillings(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    screen = begin(selling, window)
    selling.press(Key.Key_F7)
    assert screen.amount.text() == "6.57"
    assert "still due USD 6.57" in screen.amount_words.text()
    selling.type("10")
    assert screen.worth_words.text() == "USD 10.00 at 129.50 = KES 1,295.00"
    assert screen.taken_column.result.text() == "445.00"
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    (one,) = sale.tenders
    assert (one.amount, one.paid, one.paid_currency) == (129_500, 1_000, "USD")
    assert sale.change is not None
    assert sale.change.amount == 44_500
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "445.00"


def test_part_in_dollars_the_rest_is_said_in_both(window: MainWindow, selling: Hands, till: Till) -> None:
    put_rate(till)
    screen = begin(selling, window, 2)
    selling.press(Key.Key_F7)
    selling.type("20")
    assert screen.taken_column.result.text() == "660.00"
    assert "Still due in USD" in screen.taken_column._other.what.text()
    assert screen.taken_column._other.amount.text() == "USD 5.10"
    selling.press(Key.Key_Return)
    (row,) = screen.taken_column.list.rows()
    assert (row.amount, row.detail) == ("2,590.00", "USD 20.00 at 129.50")
    assert screen.amount.text() == "660.00", "the rest is taken in our own money"
    assert screen.worth_words.isHidden()
    selling.press(Key.Key_Return)
    assert kinds(till) == ["sale"]
    assert [one.paid_currency for one in last(till).tenders] == ["USD", ""]


def test_the_notes_of_the_currency_are_offered_by_touch(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    screen = begin(selling, window)
    selling.tap(window.key_strip.item("F7"))
    assert [tile.text() for tile in screen.quick if tile.isVisible()] == ["6.57", "7", "8", "10"]
    selling.tap(screen.quick[3])
    assert screen.taken_column.result.text() == "445.00"
    selling.tap(screen.tiles[TenderKind.CASH])
    assert screen.amount.text() == "850.00"


def test_no_change_of_cents_that_no_drawer_has(window: MainWindow, selling: Hands, till: Till) -> None:
    put_rate(till, rate_micro=129_557_000)
    screen = begin(selling, window)
    selling.press(Key.Key_F7)
    selling.type("10")
    assert screen.taken_column.result.text() == "446.00"
    selling.press(Key.Key_Return)
    sale = last(till)
    assert sale.change.amount == 44_600
    assert sale.rounding == 129_557 - 44_600 - 85_000


def test_without_a_rate_there_is_a_sentence(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = begin(selling, window)
    selling.press(Key.Key_F7)
    assert "No other currency has a rate today" in window.banner().text()
    assert screen.amount.text() == "850.00"


def test_one_of_several_currencies_is_chosen_by_keys(window: MainWindow, selling: Hands, till: Till) -> None:
    put_rate(till)
    put_rate(till, "UGX", 35_000)
    screen = begin(selling, window)
    selling.press(Key.Key_F7)
    assert isinstance(window.session.sheet, ChoiceSheet)
    selling.press(Key.Key_Return)
    assert screen.amount.text() == "24,286", "a currency without cents"
    selling.type("25000")
    assert screen.worth_words.text() == "UGX 25,000 at 0.035 = KES 875.00"


def test_mpesa_is_in_shillings_and_a_card_may_be_in_dollars(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    screen = begin(selling, window)
    selling.press(Key.Key_F7)
    selling.press(Key.Key_F3)
    assert screen.amount.text() == "850.00"
    selling.press(Key.Key_F5)
    selling.press(Key.Key_F5)
    selling.press(Key.Key_F7)
    assert screen.amount.text() == "6.57"
    selling.press(Key.Key_Return)
    (one,) = last(till).tenders
    assert (one.kind, one.amount, one.paid) == (TenderKind.CARD, 85_000, 657)
    assert last(till).change is None


def test_money_is_handed_back_in_shillings(window: MainWindow, selling: Hands, till: Till) -> None:
    put_rate(till)
    selling.type("-1*REG-C")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F7)
    assert "Hand money back in KES" in window.banner().text()


def test_no_shillings_for_the_change_is_refused_and_can_be_mended(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    till.sign_in.sign_in(2, "2222")
    from pos_app.ledger.document import CashReason

    till.drawer.move(CashReason.SAFE_DROP, 500_000, "")
    till.sign_in.sign_in(1, "1111")
    screen = begin(selling, window)
    selling.press(Key.Key_F7)
    selling.type("10")
    selling.press(Key.Key_Return)
    assert kinds(till) == []
    assert "The drawer holds" in window.banner().text()
    selling.press(Key.Key_Delete)
    assert not screen.taken_column.list.rows()


@pytest.mark.parametrize("times", [2, 4])
def test_a_double_press_takes_the_dollars_once(
    window: MainWindow, selling: Hands, till: Till, times: int
) -> None:
    put_rate(till)
    begin(selling, window)
    selling.press(Key.Key_F7)
    selling.type("10")
    for _press in range(times):
        QTest.keyClick(QApplication.focusWidget() or window, Key.Key_Return)
    assert kinds(till) == ["sale"]


def test_a_payment_is_received_in_dollars(window: MainWindow, selling: Hands, till: Till) -> None:
    put_rate(till)
    selling.press(Key.Key_F3)
    selling.type("mama")
    selling.press(Key.Key_F4)
    selling.press(Key.Key_F3)
    selling.type("1295")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F7)
    assert tender(window).amount.text() == "10.00"
    selling.press(Key.Key_Return)
    payment = last(till)
    assert isinstance(payment, Payment)
    assert (payment.total, payment.tenders[0].paid, payment.change) == (129_500, 1_000, None)


# -- the drawer ---------------------------------------------------------------------------------------


def test_each_currency_is_counted_in_a_step_of_its_own(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    begin(selling, window)
    selling.press(Key.Key_F7)
    selling.type("10")
    selling.press(Key.Key_Return)
    selling.until(lambda: isinstance(window.current(), DoneScreen) and window.current().settled())  # type: ignore[attr-defined]
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    assert screen.counting.fix_button.text() == "Now count USD"
    selling.type("4")
    selling.press(Key.Key_F12)
    dollars = screen.order[1]
    assert dollars.isVisible()
    for _note in range(3):
        selling.press(Key.Key_Return)
    selling.type("2")
    assert dollars.total() == 2_000
    selling.press(Key.Key_Escape)
    assert screen.counting.isVisible()
    assert screen.counting.total() == 400_000
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    assert screen.review.isVisible()
    (line,) = screen.review.other_sums
    assert "Counted USD · over 10.00" in line.what.text()
    selling.type("a note too many")
    selling.press(Key.Key_F12)
    assert not till.drawer.is_open()
    with till.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT document_id FROM document WHERE kind = 'drawer_close' ORDER BY document_id"
        ).fetchall()
    closes = [till.receipts.document(int(row[0])) for row in rows]
    assert [(one.currency, one.counted, one.expected) for one in closes if isinstance(one, DrawerClose)] == [
        ("USD", 2_000, 1_000),
        ("KES", 400_000, 455_500),
    ]


def test_dollars_taken_after_the_count_was_fixed_are_counted_still(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    selling.type("5")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_Escape)
    begin(selling, window)
    selling.press(Key.Key_F7)
    selling.type("10")
    selling.press(Key.Key_Return)
    selling.until(lambda: isinstance(window.current(), DoneScreen) and window.current().settled())  # type: ignore[attr-defined]
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    assert till.drawer.is_open()
    # The sale ended what was allowed; what was counted of ours is there still, and the dollars come after it.
    assert screen.counting.total() == 5_000_00
    selling.press(Key.Key_F12)
    assert screen.order[1].isVisible()
    for _note in range(4):
        selling.press(Key.Key_Return)
    selling.type("1")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    selling.type("sold after the count")
    selling.press(Key.Key_F12)
    assert not till.drawer.is_open()


def test_dollars_taken_at_another_window_during_the_review_are_counted_still(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_rate(till)
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    selling.type("5")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    other = Till(till.database, till._context.clock)
    other.sign_in.sign_in(2, "2222")
    basket = other.baskets.new()
    basket.add(other.catalogue.scan(barcode_of(7)).product, ONE)
    taking = other.checkout(basket)
    taking.add_tender(TenderKind.CASH, 10_00, currency="USD")
    taking.complete()
    selling.press(Key.Key_F12)
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    assert till.drawer.is_open()
    assert "There is USD in this drawer" in window.banner().text()
    assert screen.order[1].isVisible()
