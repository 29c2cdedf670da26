"""The trail of the window: Esc leads where the person came from, by whichever way they came."""

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.quantity import ONE
from pos_app.till.till import Till
from pos_app.ui.customer.payment_screen import PaymentScreen
from pos_app.ui.customer.screen import CustomerScreen
from pos_app.ui.depot.screen import DepotScreen
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.goods.count import CountScreen
from pos_app.ui.goods.stock import StockScreen
from pos_app.ui.invoice.drafts import DraftsScreen
from pos_app.ui.invoice.screen import InvoiceScreen
from pos_app.ui.laundry.intake import IntakeScreen
from pos_app.ui.laundry.screen import LaundryScreen
from pos_app.ui.purchasing.goods_in import GoodsInScreen
from pos_app.ui.purchasing.receive_loose import ReceiveLooseScreen
from pos_app.ui.receipts.screen import ReceiptsScreen
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.screen import Screen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sign_in.screen import SignInScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def passes(window: MainWindow, hands: Hands, *ways: tuple[Key | str, type[Screen]]) -> None:
    """Press or type each key and see which screen it leads to."""
    for key, screen in ways:
        hands.type(key) if isinstance(key, str) else hands.press(key)
        assert type(window.current()) is screen, (key, window.current())


def esc_says(window: MainWindow) -> str:
    keys = window.current().keys()
    return next(action.label for action in keys if action.key == "Esc")


def sell(hands: Hands, window: MainWindow, number: int = 7) -> None:
    hands.scan(barcode_of(number))
    passes(window, hands, (Key.Key_F12, TenderScreen), (Key.Key_Return, DoneScreen))
    done = window.current()
    assert isinstance(done, DoneScreen)
    hands.until(done.settled)
    passes(window, hands, (Key.Key_Return, SellScreen))


def test_a_count_out_of_the_stock_goes_back_to_the_stock(window: MainWindow, storing: Hands) -> None:
    passes(window, storing, (Key.Key_F2, DepotScreen))
    storing.type("7")
    stock = window.current()
    assert isinstance(stock, StockScreen)
    storing.press(Key.Key_Down)
    storing.press(Key.Key_Down)
    marked = stock.table.selected()
    assert marked is not None
    assert marked > 0
    passes(window, storing, (Key.Key_F6, CountScreen))
    assert esc_says(window) == "Back"
    passes(window, storing, (Key.Key_Escape, StockScreen))
    assert stock.table.selected() == marked, "what was looked at is marked still"
    passes(window, storing, (Key.Key_Escape, DepotScreen), (Key.Key_Escape, SellScreen))


def test_a_count_out_of_the_menu_goes_back_to_the_menu(window: MainWindow, storing: Hands) -> None:
    passes(window, storing, (Key.Key_F2, DepotScreen))
    storing.type("5")
    assert isinstance(window.current(), CountScreen)
    passes(window, storing, (Key.Key_Escape, DepotScreen))
    assert esc_says(window) == "Back to basket"
    passes(window, storing, (Key.Key_Escape, SellScreen))


def test_a_return_out_of_the_receipts_goes_back_to_the_receipts(window: MainWindow, selling: Hands) -> None:
    for number in (7, 8):
        sell(selling, window, number)
    passes(window, selling, (Key.Key_F9, ReceiptsScreen))
    receipts = window.current()
    assert isinstance(receipts, ReceiptsScreen)
    selling.press(Key.Key_Down)
    passes(window, selling, (Key.Key_F7, RefundScreen))
    assert esc_says(window) == "Back"
    passes(window, selling, (Key.Key_Escape, ReceiptsScreen))
    assert receipts.table.selected() == 1, "the receipt that was meant is marked still"
    passes(window, selling, (Key.Key_Escape, SellScreen))


def test_a_return_out_of_the_basket_goes_back_to_the_basket(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    sell(selling, window)
    passes(window, selling, (Key.Key_F7, RefundScreen))
    assert esc_says(window) == "Back to basket"
    passes(window, selling, (Key.Key_Escape, SellScreen))
    number = till.printed(till.receipts.latest(1)[0])
    selling.scan(number)
    assert isinstance(window.current(), RefundScreen)
    passes(window, selling, (Key.Key_Escape, SellScreen))


def test_a_receipt_that_was_chosen_here_gives_way_to_another(window: MainWindow, selling: Hands) -> None:
    sell(selling, window)
    passes(window, selling, (Key.Key_F7, RefundScreen), (Key.Key_Return, RefundScreen))
    assert esc_says(window) == "Another receipt"
    passes(window, selling, (Key.Key_Escape, RefundScreen), (Key.Key_Escape, SellScreen))


def test_a_payment_goes_back_step_by_step_to_the_card(window: MainWindow, selling: Hands) -> None:
    passes(window, selling, (Key.Key_F3, CustomerScreen))
    selling.type("mama")
    passes(window, selling, (Key.Key_F4, CustomerScreen), (Key.Key_F3, PaymentScreen))
    selling.type("500")
    passes(window, selling, (Key.Key_Return, TenderScreen), (Key.Key_Escape, PaymentScreen))
    payment = window.current()
    assert isinstance(payment, PaymentScreen)
    assert payment.amount.minor() == 50_000, "what was typed is there still"
    passes(window, selling, (Key.Key_Escape, CustomerScreen))
    assert esc_says(window) == "All customers"
    passes(window, selling, (Key.Key_Escape, CustomerScreen), (Key.Key_Escape, SellScreen))


def test_a_deposit_goes_back_to_the_card(window: MainWindow, selling: Hands) -> None:
    passes(window, selling, (Key.Key_F3, CustomerScreen))
    selling.type("mama")
    passes(window, selling, (Key.Key_F4, CustomerScreen), (Key.Key_F4, CustomerScreen))
    selling.type("500")
    passes(window, selling, (Key.Key_Return, TenderScreen), (Key.Key_Escape, CustomerScreen))
    assert esc_says(window) == "All customers"


def test_an_invoice_goes_back_to_the_money_and_that_to_the_basket(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(7))
    passes(window, selling, (Key.Key_F3, CustomerScreen))
    selling.type("mama")
    passes(window, selling, (Key.Key_Return, SellScreen), (Key.Key_F12, TenderScreen))
    tender = window.current()
    assert isinstance(tender, TenderScreen)
    due = tender.amount.minor()
    passes(window, selling, (Key.Key_F6, InvoiceScreen), (Key.Key_Escape, TenderScreen))
    assert tender.amount.minor() == due, "the whole is due again"
    passes(window, selling, (Key.Key_Escape, SellScreen))
    assert len(window.session.basket.lines) == 1


def test_drafts_and_goods_without_an_order_and_things_taken_in(window: MainWindow, storing: Hands) -> None:
    passes(
        window,
        storing,
        (Key.Key_F9, ReceiptsScreen),
        (Key.Key_F3, DraftsScreen),
        (Key.Key_Escape, ReceiptsScreen),
        (Key.Key_Escape, SellScreen),
        (Key.Key_F2, DepotScreen),
        ("1", GoodsInScreen),
        (Key.Key_F4, ReceiveLooseScreen),
        (Key.Key_Escape, GoodsInScreen),
        (Key.Key_Escape, DepotScreen),
        ("9", LaundryScreen),
        (Key.Key_F3, IntakeScreen),
        (Key.Key_Escape, LaundryScreen),
        (Key.Key_Escape, DepotScreen),
        (Key.Key_Escape, SellScreen),
    )


def test_the_sign_in_is_no_place_to_go_back_to(window: MainWindow, hands: Hands, till: Till) -> None:
    hands.sign_in(till.sign_in.people()[0].name, "1111")
    assert isinstance(window.current(), DrawerScreen), "the drawer is not open yet"
    assert esc_says(window) == "Back to basket"
    passes(window, hands, (Key.Key_Escape, SellScreen))


def test_home_ends_the_trail_wherever_the_person_is(window: MainWindow, storing: Hands) -> None:
    passes(window, storing, (Key.Key_F2, DepotScreen))
    storing.type("7")
    passes(window, storing, (Key.Key_F6, CountScreen))
    assert window.home() is window.current()
    assert isinstance(window.current(), SellScreen)
    passes(window, storing, (Key.Key_F9, ReceiptsScreen), (Key.Key_Escape, SellScreen))
    window.sign_out()
    assert isinstance(window.current(), SignInScreen)


def test_a_screen_that_is_on_the_trail_ends_it_there(window: MainWindow, storing: Hands) -> None:
    passes(window, storing, (Key.Key_F2, DepotScreen))
    storing.type("7")
    passes(window, storing, (Key.Key_F6, CountScreen))
    window.open(DepotScreen)
    passes(window, storing, (Key.Key_Escape, SellScreen))


def test_a_scan_after_the_change_is_the_first_of_the_next_sale(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(7))
    passes(window, selling, (Key.Key_F12, TenderScreen), (Key.Key_Return, DoneScreen))
    selling.scan(barcode_of(8))
    assert isinstance(window.current(), SellScreen)
    assert [line.quantity for line in window.session.basket.lines] == [ONE]
