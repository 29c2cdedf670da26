"""Laundry in the real window: taken in, ready, handed out and paid, given back; and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from demo.simulated_cashier import Hands
from pos_app.language import use_language
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import Sale, ServiceOrder, ServiceStep
from pos_app.ledger.quantity import ONE
from pos_app.ledger.service_orders import Step
from pos_app.store.journal import print_jobs
from pos_app.store.tables.columns import micros
from pos_app.store.tables.promotion_tables import promotion, promotion_item
from pos_app.till.laundry.intake import Wanted
from pos_app.till.laundry.service_orders import TAGS
from pos_app.till.till import Till
from pos_app.ui.laundry.intake import IntakeScreen
from pos_app.ui.laundry.order_sheet import OrderSheet
from pos_app.ui.laundry.screen import LaundryScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.sheets.why import WhySheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import all_of
from tests.support.worlds.till_builder import ORG, barcode_of

Key = Qt.Key
KILO, DUVET, HOSE = 13, 14, 8
TOMORROW, IN_THREE_DAYS = 20261121, 20261123
KILO_PRICE, DUVET_PRICE = 12_000, 65_000


def orders_of(till: Till) -> list[Any]:
    return all_of(till, "service_order")


def steps_of(till: Till) -> list[Any]:
    return all_of(till, "service_step")


def left(till: Till, name: str = "Kamau", **more: Any) -> int:
    """Two duvets of somebody, by the till itself."""
    fields: dict[str, Any] = {"promised_on": TOMORROW, "customer_name": name}
    wanted = (Wanted(DUVET, 2 * ONE, "white; a stain"), Wanted(KILO, 2_500))
    return till.service_orders.take_in(wanted, **(fields | more)).document_id


def tags_queued(till: Till) -> int:
    """How often tags were put into the printer's queue."""
    with till.database.read() as connection:
        return sum(1 for job in print_jobs.everything(connection) if job.what == TAGS)


def laundry(window: MainWindow, hands: Hands) -> LaundryScreen:
    hands.press(Key.Key_F2)
    hands.type("9")
    screen = window.current()
    assert isinstance(screen, LaundryScreen)
    return screen


def intake(window: MainWindow, hands: Hands) -> IntakeScreen:
    laundry(window, hands)
    hands.press(Key.Key_F3)
    screen = window.current()
    assert isinstance(screen, IntakeScreen)
    return screen


def name_customer(window: MainWindow, hands: Hands, name: str, down: int = 0) -> None:
    """F4, a name; the last row of what it finds is the name itself."""
    hands.press(Key.Key_F4)
    hands.type(name)
    sheet: Any = window.session.sheet
    sheet.look_up()
    for _step in range(down):
        hands.press(Key.Key_Down)
    hands.press(Key.Key_Return)


# -- taking in ---------------------------------------------------------------------------------------


def test_things_of_a_walk_in_are_taken_in(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = intake(window, selling)
    name_customer(window, selling, "Kamau")
    selling.scan(barcode_of(DUVET))
    selling.type("3")
    selling.press(Key.Key_F6)
    selling.type("white; a stain")
    selling.press(Key.Key_Return)
    selling.type("laundry")
    selling.press(Key.Key_Return)
    selling.type("2.5")
    selling.press(Key.Key_F7)
    selling.type("3")
    selling.press(Key.Key_Return)
    assert screen.sum.amount.text() == "2,250.00"
    assert screen.busy()
    selling.press(Key.Key_F12)
    (order,) = orders_of(till)
    assert isinstance(order, ServiceOrder)
    assert (order.customer_name, order.party_id, order.promised_on) == ("Kamau", None, IN_THREE_DAYS)
    assert [(line.product_id, line.quantity, line.note) for line in order.lines] == [
        (DUVET, 3 * ONE, "white; a stain"),
        (KILO, 2_500, ""),
    ]
    assert order.total == 3 * DUVET_PRICE + KILO_PRICE * 5 // 2 == 225_000
    listed = window.current()
    assert isinstance(listed, LaundryScreen)
    row = listed.list.selected()
    assert row is not None
    assert row.key == order.document_id
    assert "K3-SO000001" in window.banner().text()
    assert not screen.busy()


def test_a_known_customer_and_a_second_line_of_the_same_service(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    screen = intake(window, selling)
    name_customer(window, selling, "otieno")
    for note in ("blue", "white"):
        selling.scan(barcode_of(DUVET))
        selling.press(Key.Key_F6)
        selling.type(note)
        selling.press(Key.Key_Return)
    assert len(screen.lines) == 2
    selling.press(Key.Key_F12)
    (order,) = orders_of(till)
    assert order.party_id == 2
    assert [(line.quantity, line.note) for line in order.lines] == [(ONE, "blue"), (ONE, "white")]
    assert order.promised_on == TOMORROW


def test_pressed_twice_it_is_one_order(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = intake(window, selling)
    name_customer(window, selling, "Kamau")
    selling.scan(barcode_of(DUVET))
    write, request = screen.prepare(), screen.request_id
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F12)
    assert len(orders_of(till)) == 1
    # The answer that was lost: the same attempt once more is the same document.
    screen._request = request
    assert write(None).document_id == orders_of(till)[0].document_id
    assert len(orders_of(till)) == 1


def test_what_is_missing_is_said_and_kept(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = intake(window, selling)
    selling.scan(barcode_of(HOSE))
    assert "goods of ours" in window.banner().text()
    selling.scan(barcode_of(DUVET))
    selling.press(Key.Key_F12)
    assert "whose things" in window.banner().text()
    selling.press(Key.Key_F7)
    selling.type("9999")
    selling.press(Key.Key_Return)
    sheet = window.session.sheet
    assert sheet is not None
    assert "More than a year" in sheet.banner.text()
    selling.press(Key.Key_Escape)
    name_customer(window, selling, "Kamau")
    screen.lines.field(1).clear()
    selling.press(Key.Key_F12)
    assert "Say how many" in window.banner().text()
    selling.type("0")
    selling.press(Key.Key_F12)
    assert "cannot be right" in window.banner().text()
    selling.press(Key.Key_Escape)
    assert screen.busy()
    assert len(screen.lines) == 1
    assert orders_of(till) == []


def test_a_name_with_200_letters_is_refused_in_the_sheet(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    screen = intake(window, selling)
    name_customer(window, selling, "Wanjiku " * 25)
    sheet: Any = window.session.sheet
    assert sheet is not None
    assert "at most 60 letters" in sheet.banner.text()
    sheet.search.setText("Wanjiku")
    sheet.look_up()
    selling.press(Key.Key_Return)
    assert window.session.sheet is None
    assert screen.busy()


# -- what becomes of it ------------------------------------------------------------------------------


def test_ready_handed_out_and_paid(window: MainWindow, selling: Hands, till: Till) -> None:
    order_id = left(till)
    screen = laundry(window, selling)
    assert [badge.text for badge in screen.list.rows()[0].badges] == ["in work"]
    selling.press(Key.Key_F4)
    selling.press(Key.Key_F4)
    (step,) = steps_of(till)
    assert isinstance(step, ServiceStep)
    assert (step.order_id, step.step) == (order_id, Step.READY)
    assert [badge.text for badge in screen.list.rows()[0].badges] == ["ready"]
    selling.press(Key.Key_F5)
    assert isinstance(window.current(), SellScreen)
    assert [line.quantity for line in window.session.basket.lines] == [2 * ONE, 2_500]
    assert "is in the basket" in window.banner().text()
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    sale = all_of(till, "sale")[0]
    assert isinstance(sale, Sale)
    assert (sale.order_id, sale.total) == (order_id, 2 * DUVET_PRICE + KILO_PRICE * 5 // 2)
    assert till.service_orders.open() == []


def test_handing_out_says_when_nobody_marked_it_ready(window: MainWindow, selling: Hands, till: Till) -> None:
    left(till, customer_name="", party_id=2)
    selling.scan(barcode_of(HOSE))
    laundry(window, selling)
    selling.press(Key.Key_F5)
    # It joins what was in the basket, for the customer whose things they are.
    assert len(window.session.basket.lines) == 3
    assert window.session.basket.state.party_id == 2
    assert "Nobody said yet that it is ready" in window.banner().text()
    second = left(till, "Achieng")
    laundry(window, selling).show_order(second)
    selling.press(Key.Key_F5)
    assert "another order" in window.banner().text()
    assert isinstance(window.current(), LaundryScreen)


def test_giving_back_needs_a_reason_and_a_manager(window: MainWindow, selling: Hands, till: Till) -> None:
    order_id = left(till)
    laundry(window, selling)
    selling.press(Key.Key_F6)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    sheet = window.session.sheet
    assert sheet is not None
    assert "Say why" in sheet.banner.text()
    selling.type("the colour runs")
    selling.press(Key.Key_Return)
    assert isinstance(window.session.sheet, ApprovalSheet)
    assert steps_of(till) == []
    selling.approve("Joseph M.", "2222")
    (step,) = steps_of(till)
    assert (step.order_id, step.step, step.reason) == (order_id, Step.CANCELLED, "the colour runs")
    assert step.approver_id == 2
    assert till.service_orders.open() == []
    assert "is recorded" in window.banner().text()


def test_the_lines_of_an_order_and_its_tags_once_more(window: MainWindow, selling: Hands, till: Till) -> None:
    left(till)
    laundry(window, selling)
    selling.press(Key.Key_Return)
    sheet = window.session.sheet
    assert isinstance(sheet, OrderSheet)
    assert [row.title for row in sheet.list.rows()] == ["Duvet, double", "Laundry per kg"]
    assert "white; a stain" in sheet.list.rows()[0].detail
    assert sheet.due.amount.text() == "1,600.00"
    selling.press(Key.Key_Return)
    assert window.session.sheet is None
    before = tags_queued(till)
    selling.press(Key.Key_F9)
    assert "printed again" in window.banner().text()
    assert tags_queued(till) == before + 1


# -- finding -----------------------------------------------------------------------------------------


def test_a_tag_marks_its_order_and_an_unknown_one_is_refused(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    first, second = left(till, tag="RED 7"), left(till, "Achieng", tag="RED 71")
    screen = laundry(window, selling)
    for code, found in (("RED71", second), ("RED7", first)):
        selling.scan(code)
        row = screen.list.selected()
        assert row is not None
        assert row.key == found
    selling.scan("NOSUCHTAG")
    assert "NOSUCHTAG" in window.banner().text()
    selling.type("NO SUCH")
    selling.press(Key.Key_Return)
    assert "NOSUCH" in window.banner().text()
    assert window.session.sheet is None
    screen.search.setText("achieng")
    screen.look_up()
    assert [row.key for row in screen.list.rows()] == [second]


def test_nothing_is_here(window: MainWindow, selling: Hands) -> None:
    laundry(window, selling)
    for key in (Key.Key_F4, Key.Key_F5, Key.Key_F6, Key.Key_F9, Key.Key_Return):
        selling.press(key)
        assert "nothing to choose" in window.banner().text()
        window.banner().dismiss()


@pytest.mark.parametrize(("language", "words"), [("en", "overdue"), ("sw", "siku imepita")])
def test_what_is_late_is_said_in_words(
    window: MainWindow, selling: Hands, till: Till, language: str, words: str
) -> None:
    order_id = left(till)
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(days=3))
    use_language(language)
    screen = laundry(window, selling)
    row = screen.list.rows()[0]
    assert (row.key, row.badges[0].text, row.badges[0].tone) == (order_id, words, "bad")
    assert row.icon == "triangle-alert"


def test_what_is_overdue_stands_by_itself_when_asked(window: MainWindow, selling: Hands, till: Till) -> None:
    screen = laundry(window, selling)
    selling.press(Key.Key_F7)
    assert "Nothing is overdue" in window.banner().text()
    late = left(till)
    left(till, "Otieno", promised_on=IN_THREE_DAYS)
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    clock.advance(timedelta(days=2))
    screen.look_up()
    assert len(screen.list.rows()) == 2
    selling.press(Key.Key_F7)
    assert [row.key for row in screen.list.rows()] == [late]
    selling.press(Key.Key_F7)
    assert len(screen.list.rows()) == 2


# -- from the sell screen ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["scan", "type"])
@pytest.mark.parametrize("what", ["number", "tag"])
def test_a_ticket_at_the_sell_screen_opens_its_order(
    window: MainWindow, selling: Hands, till: Till, how: str, what: str
) -> None:
    left(till, "Wanjiku")
    order_id = left(till, "Kamau", tag="BLUE 17")
    found = next(one for one in till.service_orders.open() if one.order.document_id == order_id)
    code = found.number if what == "number" else "BLUE 17"
    if how == "scan":
        selling.scan(code)
    else:
        selling.type(code)
        selling.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, LaundryScreen), window.banner().text()
    row = screen.list.selected()
    assert row is not None
    assert row.key == order_id
    selling.press(Key.Key_F5)
    assert window.session.basket.state.order_id == order_id


def test_a_ticket_that_is_not_here_is_said_to_be_so(window: MainWindow, selling: Hands) -> None:
    selling.scan("K3-SO000099")
    assert isinstance(window.current(), SellScreen)
    assert "Nothing of that order is here" in window.banner().text()


def test_a_depot_that_wants_money_ahead_takes_it_before_the_order(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    """F12 leads to the money; its Enter records the deposit and the order, and the next intake is empty."""
    with till.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO house_rule (org_id, name, depot_id, value) VALUES (1, 'paid_at_intake', 0, 50)"
        )
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO feed_cursor (kind, stamp, last_key) VALUES ('house_rule', 99, '')"
        )
    till.refresh()
    screen = intake(window, selling)
    name_customer(window, selling, "kanini")
    selling.type("duvet")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    assert window.current().objectName() == "tender"
    assert orders_of(till) == []
    selling.press(Key.Key_Return)
    (order,) = orders_of(till)
    assert order.total == DUVET_PRICE
    assert [one.total for one in all_of(till, "party_money")] == [DUVET_PRICE // 2]
    assert len(screen.lines) == 0


# -- promotions --------------------------------------------------------------------------------------


def promise(till: Till, until_us: int) -> None:
    """Three duvets for two."""
    with till.database.write() as connection:
        connection.execute(
            promotion_item.insert().values(
                org_id=ORG, promotion_id=1, place=0, product_id=DUVET, quantity=ONE
            )
        )
        connection.execute(
            promotion.insert().values(
                org_id=ORG, promotion_id=1, code="DUV", name="Three for two", kind="n_for_m", take=3, pay=2,
                items=1, valid_to_us=until_us,
            )
        )  # fmt: skip


def test_a_promotion_has_its_badge_and_its_reason_and_its_end_is_told(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    promise(till, micros(clock.now() + timedelta(hours=1)))
    screen = intake(window, selling)
    name_customer(window, selling, "Kamau")
    selling.scan(barcode_of(DUVET))
    selling.type("2")
    assert [one.badges for one in screen.lines.lines()] == [()]
    selling.press(Key.Key_Backspace)
    selling.type("3")
    (line,) = screen.lines.lines()
    assert [badge.text for badge in line.badges] == ["Three for two −650.00"]
    assert screen.sum.amount.text() == "1,300.00"
    selling.press(Key.Key_F10)
    sheet = window.session.sheet
    assert isinstance(sheet, WhySheet)
    said = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert "Three for two" in said
    assert "1,300.00" in said
    selling.press(Key.Key_Return)
    # What was noted leaves the badge, and a mark in the note is one.
    selling.press(Key.Key_F6)
    selling.type("white?")
    selling.press(Key.Key_Return)
    assert [len(one.badges) for one in screen.lines.lines()] == [1]
    clock.advance(timedelta(hours=2))
    selling.press(Key.Key_F12)
    assert orders_of(till) == []
    assert "1,950.00" in window.banner().text()
    assert screen.sum.amount.text() == "1,950.00"
    assert [len(one.badges) for one in screen.lines.lines()] == [0]
    selling.press(Key.Key_F12)
    (order,) = orders_of(till)
    assert order.total == 3 * DUVET_PRICE
