"""What is new at the counter is added there: a scanned code that nothing has, a customer, today's price."""

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.asking import FIRST
from pos_app.till.till import Till
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.window import MainWindow

BARCODE = "4006381333931"
Key = Qt.Key


def test_an_unknown_barcode_is_named_priced_and_in_the_basket(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    storing.scan(BARCODE)
    assert BARCODE in window.banner().text()
    storing.press(Key.Key_F11)
    storing.type("Soap")
    storing.press(Key.Key_Return)
    storing.type("120")
    storing.press(Key.Key_Return)
    (line,) = window.session.basket.lines
    assert (line.description, line.price) == ("Soap", 120_00)
    # The key is gone with the question, and the code is known from now on.
    assert "F11" not in {item.action.key for item in window.key_strip.items()}
    storing.scan(BARCODE)
    assert window.session.basket.lines[0].quantity == 2_000
    (asked,) = till.requests.listed()
    assert (asked.name, asked.state) == ("Soap", None)


def test_who_may_say_no_price_is_not_offered_to_add_it(window: MainWindow, selling: Hands) -> None:
    selling.scan(BARCODE)
    assert BARCODE in window.banner().text()
    assert "F11" not in {item.action.key for item in window.key_strip.items()}


def test_a_new_customer_and_a_price_for_today_from_the_depot(
    window: MainWindow, storing: Hands, till: Till
) -> None:
    storing.press(Key.Key_F2)
    for words in ("n", "Asha Wanjiru"):
        storing.type(words)
    storing.press(Key.Key_Return)
    storing.type("0722 555 418")
    storing.press(Key.Key_Return)
    (asha,) = till.customers.search("asha")
    assert (asha.phone, asha.credit_limit, asha.party_id > FIRST) == ("0722 555 418", 0, True)
    assert asha.code in window.banner().text()

    product = till.catalogue.search("Regulator")[0]
    storing.type("t")
    sheet = window.session.sheet
    storing.type("Regulator")
    sheet.look_up()  # type: ignore[union-attr]
    storing.press(Key.Key_Return)
    storing.type("777")
    storing.press(Key.Key_Return)
    assert "midnight" in window.banner().text()
    storing.press(Key.Key_Escape)
    window.session.basket.add(till.catalogue.by_id(product.product_id))
    assert window.session.basket.lines[0].price == 777_00

    storing.press(Key.Key_F2)
    storing.type("r")
    shown = window.session.sheet
    assert isinstance(shown, ChoiceSheet)
    assert [(row.title, row.amount) for row in shown.list.rows()] == [
        (product.name, "not sent yet"),
        ("Asha Wanjiru", "not sent yet"),
    ]
