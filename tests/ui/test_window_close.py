"""The close in the real window beside the cash: payments ticked, cylinders counted, counted again."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import Connection, text

from demo.simulated_cashier import Hands
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import DrawerClose
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.documents import documents
from pos_app.store.master import house_rules
from pos_app.till.till import Till
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow
from tests.support.painted_text import painted_texts
from tests.support.worlds.cylinders import CYLINDERS, EMPTY13, FILLS, REFILL13, deal_in_cylinders
from tests.support.worlds.goods_rows import add_goods_rows
from tests.support.worlds.till_builder import barcode_of
from tests.ui.conftest import Opener

Key = Qt.Key
REGULATOR, PRICE = 7, 850_00


def by_mpesa(till: Till, *codes: str) -> None:
    """Sales of the morning that were paid by M-Pesa."""
    for code in codes:
        basket = till.baskets.new()
        basket.add(till.catalogue.scan(barcode_of(REGULATOR)).product, ONE)
        taking = till.checkout(basket)
        taking.add_tender(TenderKind.MPESA, taking.total, reference=code)
        taking.complete()


def rule(till: Till, **values: int) -> None:
    with till.database.write() as connection:
        for name, value in values.items():
            house_rules.put(connection, 1, HouseRule(name), None, value)
        news(connection)
    till.refresh()


def news(connection: Connection) -> None:
    connection.execute(text("UPDATE feed_cursor SET stamp = stamp + 1"))
    connection.execute(
        text("INSERT OR IGNORE INTO feed_cursor (kind, stamp, last_key) VALUES ('house_rule', 99, '')")
    )


def drawer(window: MainWindow) -> DrawerScreen:
    screen = window.current()
    assert isinstance(screen, DrawerScreen)
    return screen


def the_close(till: Till) -> DrawerClose:
    with till.database.read() as connection:
        entry = documents.latest(connection, 1, ("drawer_close",), 1)[0]
    close = till.receipts.document(entry.document_id)
    assert isinstance(close, DrawerClose)
    return close


def count_five_thousand(hands: Hands) -> None:
    hands.press(Key.Key_F8)
    hands.press(Key.Key_F12)
    hands.type("5")
    hands.press(Key.Key_F12)


def test_payments_are_ticked_and_what_nobody_finds_is_told(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    by_mpesa(till, "QGH7SKLM01", "QGH7SKLM02", "QGH7SKLM03")
    count_five_thousand(selling)
    page = drawer(window).pages.money
    assert page.isVisible()
    assert [line[2] for line in page.table.lines()] == ["QGH7SKLM01", "QGH7SKLM02", "QGH7SKLM03"]
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    review = drawer(window).review
    assert [row.what.text() for row in review.other_sums] == ["M-Pesa: short 850.00"]
    assert review.reason.isVisible()
    selling.press(Key.Key_F12)
    assert "Payments of KES 850.00 differ" in window.banner().text()
    selling.type("not on the telephone")
    selling.press(Key.Key_F12)
    (money,) = the_close(till).other_money
    assert (money.kind, money.times, money.expected, money.counted) == (
        TenderKind.MPESA,
        3,
        3 * PRICE,
        2 * PRICE,
    )
    assert [one.reference for one in money.missing] == ["QGH7SKLM02"]


def test_a_scanned_receipt_ticks_all_ticks_and_a_sum_counts(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    by_mpesa(till, "QGH7SKLM01", "QGH7SKLM02")
    count_five_thousand(selling)
    page = drawer(window).pages.money
    selling.scan(str(page.table.lines()[1][3]))
    assert [line[0] for line in page.table.lines()] == ["", "✓"]
    selling.press(Key.Key_F4)
    assert [line[0] for line in page.table.lines()] == ["✓", "✓"]
    selling.press(Key.Key_F5)
    selling.type("1700")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    assert drawer(window).review.other_sums == []
    selling.press(Key.Key_F12)
    (money,) = the_close(till).other_money
    assert (money.counted, money.missing) == (2 * PRICE, ())


def test_a_shift_that_took_cash_alone_is_asked_for_nothing_else(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    count_five_thousand(selling)
    selling.approve("Joseph M.", "2222")
    assert drawer(window).review.isVisible()


def test_a_depot_that_counts_cash_alone_lists_no_payments(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    by_mpesa(till, "QGH7SKLM01")
    rule(till, count_other_money=0)
    count_five_thousand(selling)
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F12)
    assert the_close(till).other_money == ()


def test_a_manager_counts_again_and_the_z_names_both(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    selling.type("4")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F4)
    assert isinstance(window.session.sheet, ApprovalSheet), "nobody counts again alone"
    selling.approve("Joseph M.", "2222")
    assert drawer(window).counting.total() == 0
    selling.type("5")
    selling.press(Key.Key_F12)
    if isinstance(window.session.sheet, ApprovalSheet):
        selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F12)
    close = the_close(till)
    assert close.recount is not None
    assert (close.recount.first, close.recount.first_person_id, close.recount.person_id) == (4_000_00, 1, 2)
    assert close.counted == 5_000_00


def test_after_a_power_cut_the_close_goes_on_with_the_count_that_was_fixed(
    window: MainWindow, selling: Hands, till: Till, open_window: Opener
) -> None:
    by_mpesa(till, "QGH7SKLM01", "QGH7SKLM02")
    count_five_thousand(selling)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    # The power goes while the manager is asked: what is on disk is all that is left.
    window.close()
    again = Till(till.database, till._context.clock)
    again.sign_in.sign_in(1, "1111")
    other = open_window(again)
    other.home()
    hands = Hands(other)
    hands.press(Key.Key_F8)
    hands.press(Key.Key_F12)
    assert "goes on from there" in other.banner().text()
    hands.press(Key.Key_F12)
    hands.approve("Joseph M.", "2222")
    hands.type("one is not there")
    hands.press(Key.Key_F12)
    close = the_close(again)
    assert (close.counted, close.other_money[0].counted, close.recount) == (5_000_00, PRICE, None)


@pytest.mark.parametrize(("typed", "pieces"), [("999999", 999_999), ("0", 0), ("1000000000", 100_000)])
def test_cylinders_are_counted_by_figure_and_by_scanner(
    window: MainWindow, selling: Hands, till: Till, typed: str, pieces: int
) -> None:
    add_goods_rows(till)
    till.sign_in.sign_in(2, "2222")
    deal_in_cylinders(till)
    till.sign_in.sign_in(1, "1111")
    rule(till, count_cylinders=1)
    count_five_thousand(selling)
    page = drawer(window).pages.goods
    assert page.isVisible()
    at = list(page.goods()).index(REFILL13)
    for _step in range(at):
        selling.press(Key.Key_Return)
    selling.type(typed)
    assert page.goods()[REFILL13] == pieces * ONE
    selling.scan(barcode_of(REFILL13))
    selling.scan(barcode_of(EMPTY13))
    selling.scan(barcode_of(REGULATOR))
    assert "It is not counted here" in window.banner().text()
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F12)
    told = {one.product_id: one for one in the_close(till).pieces}
    assert (told[REFILL13].counted, told[REFILL13].expected) == ((pieces + 1) * ONE, FILLS * ONE)
    assert (told[EMPTY13].counted, told[EMPTY13].expected) == (ONE, (CYLINDERS - FILLS) * ONE)


# -- hand-over, opening, too much ----------------------------------------------------------------------


def hand_over(hands: Hands, pin: str) -> None:
    """F8 F8, five thousand, a manager's yes, to Joseph with what is offered as float."""
    hands.press(Key.Key_F8)
    hands.press(Key.Key_F8)
    hands.type("5")
    hands.press(Key.Key_F12)
    hands.approve("Joseph M.", "2222")
    hands.press(Key.Key_F12)
    hands.press(Key.Key_Down)
    hands.press(Key.Key_Return)
    hands.type("1000")
    hands.press(Key.Key_Tab)
    hands.type(pin)
    hands.press(Key.Key_Return)


def test_a_drawer_is_handed_over_in_one_flow(window: MainWindow, selling: Hands, till: Till) -> None:
    shift = till.drawer.shift_number()
    rule(till, drawer_float=2_000_00)
    hand_over(selling, "9999")
    # What was counted, what stays of it and what goes to the safe stand side by side, against the float.
    words = painted_texts(window)
    for told in ("5,000.00", "2,000.00", "4,000.00", "1,000.00 less than the float"):
        assert told in words, " | ".join(words)
    assert till.drawer.shift_number() == shift, "a wrong PIN takes nothing over"
    assert window.session.sheet is not None
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    # As after every wrong PIN the next one waits.
    clock.advance(timedelta(seconds=3))
    selling.type("2222")
    selling.press(Key.Key_Return)
    assert "Joseph M.'s now, with a float of 1,000.00" in window.banner().text()
    assert till.person is not None
    assert till.person.person_id == 2
    close = the_close(till)
    assert (close.person_id, close.handed_to_id, close.left, close.removed) == (1, 2, 1_000_00, 5_000_00)
    with till.database.read() as connection:
        opened = documents.latest(connection, 1, ("drawer_open",), 1)[0]
    assert (opened.total, till.receipts.document(opened.document_id).person_id) == (1_000_00, 2)
    assert till.drawer.expected() == 1_000_00
    assert till.receipts.document(opened.document_id).seq == close.seq + 1


def test_a_count_for_a_hand_over_does_for_a_close_when_nobody_comes(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F8)
    selling.type("5")
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F12)
    assert window.session.sheet is not None, "who takes it over?"
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_F8)
    assert "Close drawer, shift 1" in painted_texts(window)
    selling.press(Key.Key_F8)
    assert "Hand over drawer, shift 1" in painted_texts(window)
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    assert (the_close(till).handed_to_id, till.drawer.is_open()) == (None, False)


def test_a_drawer_of_one_person_takes_no_money_of_another(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    rule(till, drawer_of_person=1)
    till.sign_in.sign_in(2, "2222")
    window.home()
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    assert "This drawer is Amina W.'s" in window.banner().text()
    till.sign_in.sign_in(1, "1111")
    window.home()
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    assert len(window.session.basket.lines) == 0


def test_the_drawer_opens_by_right_with_a_reason_and_is_counted(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F10)
    selling.type("a note")
    selling.press(Key.Key_Return)
    assert "may not" in window.banner().text()
    till.sign_in.sign_in(2, "2222")
    selling.press(Key.Key_F10)
    selling.press(Key.Key_Return)
    assert window.banner().text()
    selling.press(Key.Key_F10)
    selling.type("a note")
    selling.press(Key.Key_Return)
    assert "counted on X and Z" in window.banner().text()
    shown = {one.words: one.figure for one in till.drawer.x_report()}
    assert shown["Drawer opened without a sale"] == "1"


def test_the_till_says_when_the_drawer_holds_too_much(window: MainWindow, selling: Hands, till: Till) -> None:
    rule(till, drawer_most=5_000_00)
    # Who will count it blind is told nothing of what lies there, not even that.
    assert till.drawer.holds_more_than() is None
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    assert "lies in the drawer" not in window.banner().text()
    assert till.drawer.holds_more_than() is None
    selling.press(Key.Key_Return)
    rule(till, blind_close=0)
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    assert "More than 5,000.00 lies in the drawer" in window.banner().text()
    rule(till, drawer_most=0)
    assert till.drawer.holds_more_than() is None


def test_two_people_close_the_same_drawer_and_there_is_one_z(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    count_five_thousand(selling)
    selling.approve("Joseph M.", "2222")
    other = Till(till.database, till._context.clock)
    other.sign_in.sign_in(2, "2222")
    other.drawer.close((), "counted in the back room")
    selling.press(Key.Key_F12)
    assert "Somebody else closed this drawer" in window.banner().text()
    with till.database.read() as connection:
        assert len(documents.latest(connection, 1, ("drawer_close",), 9)) == 1


# -- what is told, and to whom -------------------------------------------------------------------------


def fixed_and_left(hands: Hands) -> None:
    """Amina counted, Joseph allowed the close and the sum is told; then she goes back to the basket."""
    count_five_thousand(hands)
    hands.approve("Joseph M.", "2222")
    hands.press(Key.Key_Escape)


def is_told(window: MainWindow) -> bool:
    return drawer(window).review.isVisible() or "Expected" in painted_texts(window)


def test_what_was_told_to_one_person_is_not_told_to_the_next(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    fixed_and_left(selling)
    selling.press(Key.Key_F8)
    assert is_told(window), "who was told finds the review again"
    selling.press(Key.Key_Escape)
    window.sign_out()
    till.sign_in.sign_in(3, "3333")
    window.home()
    selling.press(Key.Key_F8)
    assert not is_told(window)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ApprovalSheet), "Joseph allowed it to Amina alone"


def test_a_close_that_was_allowed_ends_with_the_next_sale(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    fixed_and_left(selling)
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    window.home()
    selling.press(Key.Key_F8)
    assert not is_told(window), "the sum of before the sale is not the sum"
    selling.press(Key.Key_F12)
    assert drawer(window).counting.total() == 5_000_00, "what was counted is there still"
    selling.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ApprovalSheet)
    with till.database.read() as connection:
        assert documents.latest(connection, 1, ("drawer_close",), 9) == []
