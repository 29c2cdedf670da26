"""The depot menu, ordering and receiving in the real window: scan, number, Enter, F12."""

from typing import Any

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import GoodsReceipt, PurchaseOrder
from pos_app.ledger.quantity import ONE
from pos_app.store.tables import master
from pos_app.till.till import Till
from pos_app.ui.depot.screen import DepotScreen
from pos_app.ui.entry.entry import EntryScreen
from pos_app.ui.purchasing.goods_in import GoodsInScreen
from pos_app.ui.purchasing.order import OrderScreen
from pos_app.ui.purchasing.receive_loose import ReceiveLooseScreen
from pos_app.ui.purchasing.receive_order import ReceiveOrderScreen
from pos_app.ui.purchasing.reorder import ReorderScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import GRILL, HOSE, REGULATOR, VENDOR, add_goods_rows, all_of, order_of
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def last(till: Till) -> Any:
    return all_of(till)[0]


def entry(window: MainWindow) -> EntryScreen:
    screen = window.current()
    assert isinstance(screen, EntryScreen)
    return screen


def go(hands: Hands, key: str) -> None:
    """From the basket to an entry of the menu."""
    hands.press(Key.Key_F2)
    hands.type(key)


# -- the menu ----------------------------------------------------------------------------------------


def test_every_entry_opens_by_its_key_and_escape_leads_back(window: MainWindow, storing: Hands) -> None:
    storing.press(Key.Key_F2)
    menu = window.current()
    assert isinstance(menu, DepotScreen)
    keys = list(menu.tiles)
    assert keys[:8] == list("12345678")
    assert len(set(keys)) == len(keys)
    for key in keys[:8]:
        storing.type(key)
        assert window.current() is not menu, key
        storing.press(Key.Key_Escape)
        assert window.current() is menu, key
    storing.press(Key.Key_Escape)
    assert isinstance(window.current(), SellScreen)


def test_the_menu_by_arrows_and_by_finger(window: MainWindow, storing: Hands) -> None:
    storing.press(Key.Key_F2)
    menu = window.current()
    assert isinstance(menu, DepotScreen)
    storing.press(Key.Key_Down)
    assert menu.tiles["1"].hasFocus()
    storing.press(Key.Key_Right)
    assert menu.tiles["2"].hasFocus()
    storing.press(Key.Key_Down)
    assert menu.tiles["5"].hasFocus()
    storing.press(Key.Key_Up)
    storing.press(Key.Key_Return)
    assert isinstance(window.current(), OrderScreen)
    storing.press(Key.Key_Escape)
    storing.tap(menu.tiles["1"])
    assert isinstance(window.current(), GoodsInScreen)


def test_a_cashier_sees_that_a_manager_approves(window: MainWindow, selling: Hands) -> None:
    selling.press(Key.Key_F2)
    menu = window.current()
    assert isinstance(menu, DepotScreen)
    assert menu.tiles["1"].isEnabled()
    assert menu.tiles["1"]._detail == "A manager approves"
    assert menu.tiles["7"]._detail == "What lies here, and why"


# -- against an order --------------------------------------------------------------------------------


def test_an_order_is_received_by_scanning(window: MainWindow, storing: Hands, till: Till) -> None:
    order = order_of(till)
    go(storing, "1")
    storing.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, ReceiveOrderScreen)
    storing.scan(barcode_of(REGULATOR))
    assert screen.lines.values()[0] == ONE
    storing.type("6")
    storing.scan(barcode_of(HOSE))
    storing.scan(barcode_of(HOSE))
    assert screen.lines.values() == {0: 6 * ONE, 1: 2 * ONE}
    storing.press(Key.Key_F5)
    storing.type("DN 12")
    storing.press(Key.Key_F12)
    receipt = last(till)
    assert isinstance(receipt, GoodsReceipt)
    assert (receipt.order_id, receipt.reference) == (order.document_id, "DN 12")
    assert [(line.order_line, line.quantity) for line in receipt.lines] == [(0, 6 * ONE), (1, 2 * ONE)]
    assert isinstance(window.current(), GoodsInScreen)
    assert "2 lines are still to come" in window.banner().text()


def test_all_of_it_by_one_key_and_twice_is_once(window: MainWindow, storing: Hands, till: Till) -> None:
    order = order_of(till)
    till.receiving.against_order(order, {0: 6 * ONE})
    go(storing, "1")
    storing.press(Key.Key_Return)
    screen = entry(window)
    storing.press(Key.Key_F6)
    assert screen.lines.values() == {0: 4 * ONE, 1: 4 * ONE}
    # A press whose answer was lost, and pressed again: the attempt is one document however often it is made.
    write = screen.prepare()
    assert write(None) == write(None)
    storing.press(Key.Key_F12)
    assert len(all_of(till, "goods_receipt")) == 2
    assert till.orders.open() == []
    assert "All of the order came" in window.banner().text()
    storing.press(Key.Key_F12)
    assert len(all_of(till, "goods_receipt")) == 2


def test_an_order_is_found_by_its_scanned_number_and_by_the_vendor(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    first = order_of(till)
    order_of(till)
    go(storing, "1")
    screen = window.current()
    assert isinstance(screen, GoodsInScreen)
    assert len(screen.list.rows()) == 2
    storing.type("total")
    storing.until(lambda: len(screen.list.rows()) == 2)
    storing.type(" and nobody")
    storing.until(lambda: not screen.list.rows())
    storing.scan("K3-Q000001")
    assert isinstance(window.current(), ReceiveOrderScreen)
    storing.press(Key.Key_F6)
    storing.press(Key.Key_F12)
    assert last(till).order_id == first.document_id


def test_an_order_is_received_by_numbers_alone(window: MainWindow, storing: Hands, till: Till) -> None:
    order_of(till)
    go(storing, "1")
    storing.press(Key.Key_Return)
    storing.type("10")
    storing.press(Key.Key_Return)
    storing.type("3.5")
    storing.press(Key.Key_Return)
    assert entry(window).finish_button.hasFocus()
    storing.press(Key.Key_Return)
    assert [line.quantity for line in last(till).lines] == [10 * ONE, 3500]


def test_more_than_was_ordered_is_a_sentence_and_nothing_is_lost(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    order_of(till)
    go(storing, "1")
    storing.press(Key.Key_Return)
    storing.scan(barcode_of(REGULATOR))
    storing.type("11")
    storing.press(Key.Key_F12)
    assert "10 pc are still to come" in window.banner().text()
    assert entry(window).lines.values()[0] == 11 * ONE
    assert all_of(till, "goods_receipt") == []


def test_what_is_not_on_the_order_is_asked_and_comes_in_beside_it(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    order = order_of(till)
    go(storing, "1")
    storing.press(Key.Key_Return)
    storing.scan("4006381333931")
    assert "Nothing here has the code" in window.banner().text()
    storing.press(Key.Key_F12)
    assert "Nothing is entered yet" in window.banner().text()
    storing.scan(barcode_of(GRILL))
    sheet = window.session.sheet
    assert isinstance(sheet, AmountSheet)
    assert "not on this order" in sheet.accessibleDescription()
    storing.press(Key.Key_Escape)
    assert not entry(window).busy(), "whoever says no took nothing in"
    storing.scan(barcode_of(GRILL))
    storing.type("350")
    storing.press(Key.Key_Return)
    storing.scan(barcode_of(GRILL))
    storing.scan(barcode_of(HOSE))
    storing.type("4")
    storing.press(Key.Key_Return)
    # All four hoses that were ordered came: one more is asked about, at what it costs there.
    storing.scan(barcode_of(HOSE))
    sheet = window.session.sheet
    assert isinstance(sheet, AmountSheet)
    assert sheet.field.minor() == 25_000
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    receipt = last(till)
    assert isinstance(receipt, GoodsReceipt)
    assert receipt.order_id == order.document_id
    assert [(one.order_line, one.product_id, one.quantity, one.unit_cost) for one in receipt.lines] == [
        (1, HOSE, 4 * ONE, 25_000),
        (None, GRILL, 2 * ONE, 35_000),
        (None, HOSE, ONE, 25_000),
    ]
    # The order itself is not stretched: ten regulators are still to come.
    assert [one.left for one in till.orders.open()] == [(10 * ONE, 0)]


def test_a_delivery_waits_while_a_customer_is_served(window: MainWindow, storing: Hands, till: Till) -> None:
    order_of(till)
    go(storing, "1")
    storing.press(Key.Key_Return)
    storing.scan(barcode_of(REGULATOR))
    storing.type("6")
    assert entry(window).busy()
    window.set_language("sw")
    assert "then change the language" in window.banner().text()
    for _step in range(3):
        storing.press(Key.Key_Escape)
    assert isinstance(window.current(), SellScreen)
    window.set_language("sw")
    assert "“Goods in: K3-Q000001” waits to be finished" in window.banner().text()
    go(storing, "1")
    storing.press(Key.Key_Return)
    assert entry(window).lines.values()[0] == 6 * ONE


def test_receiving_asks_a_cashier_for_a_manager(window: MainWindow, selling: Hands, till: Till) -> None:
    add_goods_rows(till)
    till.sign_in.sign_in(2, "2222")
    order_of(till)
    till.sign_in.sign_in(1, "1111")
    go(selling, "1")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F6)
    selling.press(Key.Key_F12)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.press(Key.Key_Escape)
    assert all_of(till, "goods_receipt") == []
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    assert last(till).approver_id == 2


# -- without an order, and ordering ------------------------------------------------------------------


def test_goods_without_an_order_in_dollars(window: MainWindow, storing: Hands, till: Till) -> None:
    go(storing, "1")
    storing.press(Key.Key_F4)
    screen = window.current()
    assert isinstance(screen, ReceiveLooseScreen)
    storing.scan(barcode_of(REGULATOR))
    storing.press(Key.Key_F12)
    assert "Choose the vendor with F4 first" in window.banner().text()
    storing.press(Key.Key_F4)
    storing.type("total")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F7)
    storing.press(Key.Key_Down)
    storing.press(Key.Key_Return)
    storing.press(Key.Key_Down)
    storing.type("3")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    assert "Say what one of" in window.banner().text()
    storing.type("4.50")
    assert screen.total() == 1350
    storing.press(Key.Key_Return)
    assert screen.search.hasFocus()
    storing.press(Key.Key_F12)
    receipt = last(till)
    assert isinstance(receipt, GoodsReceipt)
    assert (receipt.party_id, receipt.currency, receipt.total) == (VENDOR, "USD", 1350)
    assert (receipt.order_id, receipt.lines[0].quantity) == (None, 3 * ONE)
    assert "is recorded" in window.banner().text()
    assert len(screen.lines) == 0


def test_a_cost_follows_the_currency(window: MainWindow, storing: Hands, till: Till) -> None:
    order = order_of(till)
    till.receiving.against_order(order)
    go(storing, "1")
    storing.press(Key.Key_F4)
    screen = window.current()
    assert isinstance(screen, ReceiveLooseScreen)
    storing.scan(barcode_of(REGULATOR))
    assert screen.lines.values(1) == {REGULATOR: 60_000}, "the average cost is where the entry starts"
    screen.use_rate(till.rates()[0])
    assert screen.lines.values(1) == {REGULATOR: 463}
    screen.use_rate(None)
    assert screen.lines.values(1) == {REGULATOR: 59_959}


def test_an_order_begins_with_the_reorder_list(window: MainWindow, storing: Hands, till: Till) -> None:
    go(storing, "2")
    storing.press(Key.Key_F6)
    screen = window.current()
    assert isinstance(screen, OrderScreen)
    assert screen.lines.values() == {REGULATOR: 29 * ONE, GRILL: 18 * ONE}
    storing.press(Key.Key_F4)
    storing.type("aqua")
    storing.press(Key.Key_Return)
    screen.lines.go(GRILL)
    storing.press(Key.Key_F8)
    assert list(screen.lines.values()) == [REGULATOR]
    screen.lines.go(REGULATOR, 1)
    storing.type("600")
    storing.press(Key.Key_F10)
    storing.type("400")
    storing.press(Key.Key_Return)
    assert window.session.sheet is not None, "more than a year ahead is asked again"
    for _digit in range(3):
        storing.press(Key.Key_Backspace)
    storing.type("12")
    storing.press(Key.Key_Return)
    storing.press(Key.Key_F12)
    order = last(till)
    assert isinstance(order, PurchaseOrder)
    assert (order.party_id, order.total, order.lines[0].quantity) == (602, 29 * 60_000, 29 * ONE)
    assert order.expected_on == 20261202


def supplied(till: Till, product: int, vendor: int, cost: int) -> None:
    """The office says of whom a product is bought, and what one costs there."""
    with till.database.write() as connection:
        row = {"org_id": 1, "product_id": product, "vendor_id": vendor, "cost": cost}
        connection.execute(master.product_supply.insert().values(**row))


def test_one_key_orders_what_is_low_and_not_what_is_to_come(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    supplied(till, REGULATOR, VENDOR, 55_000)
    go(storing, "o")
    screen = window.current()
    assert isinstance(screen, ReorderScreen)
    by_key = {row.key: row for row in screen.list.rows()}
    assert (by_key[REGULATOR].amount, by_key[GRILL].amount) == ("29 pc", "18 pc")
    screen.list.select(GRILL)
    storing.press(Key.Key_F12)
    assert "Nobody said of whom" in window.banner().text()
    screen.list.select(REGULATOR)
    storing.press(Key.Key_F12)
    order = last(till)
    assert isinstance(order, PurchaseOrder)
    assert (order.party_id, [(one.product_id, one.quantity) for one in order.lines]) == (
        VENDOR,
        [(REGULATOR, 29 * ONE)],
    )
    # It is to come now: pressed again nothing is ordered twice, here or by F6 of the order.
    row = next(row for row in screen.list.rows() if row.key == REGULATOR)
    assert [badge.text for badge in row.badges] == ["29 to come", "ordered already"]
    storing.press(Key.Key_F12)
    assert "is to come already" in window.banner().text()
    assert len(all_of(till, "purchase_order")) == 1
    # What nobody said a vendor of is looked at first.
    screen.list.select(GRILL)
    storing.press(Key.Key_Return)
    ordering = window.current()
    assert isinstance(ordering, OrderScreen)
    storing.press(Key.Key_F6)
    assert ordering.lines.values() == {GRILL: 18 * ONE}


@pytest.mark.parametrize("typed", ["regulator", "REG-C", "2*REG-C"])
def test_words_codes_and_multiples_find_a_product(
    window: MainWindow, storing: Hands, till: Till, typed: str
) -> None:
    go(storing, "2")
    storing.type(typed)
    storing.press(Key.Key_Return)
    assert entry(window).lines.values() == {REGULATOR: (2 if "*" in typed else 1) * ONE}


def test_several_finds_are_offered_and_a_service_is_none(window: MainWindow, storing: Hands) -> None:
    go(storing, "2")
    storing.type("lpg")
    storing.press(Key.Key_Return)
    sheet = window.session.sheet
    assert sheet is not None
    storing.press(Key.Key_Down)
    storing.press(Key.Key_Return)
    assert len(entry(window).lines) == 1
    storing.press(Key.Key_F2)
    storing.type("LAU-KG")
    storing.press(Key.Key_Return)
    assert "is a service" in window.banner().text()


def test_the_list_is_emptied_after_a_question(window: MainWindow, storing: Hands) -> None:
    go(storing, "2")
    storing.scan(barcode_of(REGULATOR))
    storing.press(Key.Key_F9)
    storing.press(Key.Key_Escape)
    assert len(entry(window).lines) == 1
    storing.press(Key.Key_F9)
    storing.press(Key.Key_Return)
    assert len(entry(window).lines) == 0
    assert not entry(window).busy()


def test_a_number_that_cannot_be_is_refused(window: MainWindow, storing: Hands) -> None:
    go(storing, "2")
    storing.scan(barcode_of(REGULATOR))
    storing.type("616000000")
    storing.press(Key.Key_F12)
    assert "616,000,000 cannot be right" in window.banner().text()


def test_every_goods_screen_fits_the_smallest_window(window: MainWindow, storing: Hands, till: Till) -> None:
    order_of(till)
    window.set_language("sw")
    window.resize(1024, 768)
    storing.press(Key.Key_F2)
    menu = window.current()
    assert isinstance(menu, DepotScreen)
    for key in "12345678":
        storing.type(key)
        hint = window.minimumSizeHint()
        assert (hint.width() <= 1024, hint.height() <= 768) == (True, True), key
        storing.press(Key.Key_Escape)
