"""F10 at the basket: a discount with leave, goods by meter, cylinders beside the goods."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Sale
from pos_app.ledger.quantity import ONE
from pos_app.till.till import Till
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import last
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
REGULATOR = 7


def choose(hands: Hands, steps: int) -> None:
    """F10, then so many rows down."""
    hands.press(Key.Key_F10)
    for _ in range(steps):
        hands.press(Key.Key_Down)
    hands.press(Key.Key_Return)


@pytest.mark.parametrize("case", [(0, "50", 5_000), (1, "10", 8_500), (1, "0.5", 425)])
def test_a_discount_is_an_amount_or_a_per_cent_with_a_managers_leave(
    window: MainWindow, selling: Hands, till: Till, case: tuple[int, str, int]
) -> None:
    steps, typed, off = case
    selling.scan(barcode_of(REGULATOR))
    choose(selling, steps)
    selling.type(typed)
    selling.press(Key.Key_Return)
    assert window.session.basket.lines[0].discount == 0
    selling.approve("Joseph M.", "2222")
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    line = sale.lines[0]
    assert (line.discount, line.price_approver_id) == (off, 2)


@pytest.mark.parametrize(("steps", "typed"), [(5, "127"), (6, "10")])
def test_a_discount_on_all_is_shared_with_a_managers_leave(
    window: MainWindow, selling: Hands, steps: int, typed: str
) -> None:
    selling.scan(barcode_of(REGULATOR))
    selling.scan(barcode_of(8))
    choose(selling, steps)
    selling.type(typed)
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    assert [line.discount for line in window.session.basket.lines] == [8_500, 4_200]


def test_more_off_than_there_is_is_said_and_the_line_stays(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(REGULATOR))
    choose(selling, 1)
    selling.type("150")
    selling.press(Key.Key_Return)
    assert "discount" in window.banner().text().lower()
    assert window.session.basket.lines[0].discount == 0


def test_a_discount_on_goods_that_come_back_stands_in_its_sheet_again(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    """A scratched regulator comes back without its receipt: 100.00 less is handed back."""
    till.sign_in.sign_in(2, "2222")
    selling.type("-1*REG-C")
    selling.press(Key.Key_Return)
    for typed, off in (("100", -10_000), ("", -10_000), ("50", -5_000)):
        choose(selling, 0)
        selling.type(typed)
        selling.press(Key.Key_Return)
        assert window.session.sheet is None
        assert window.session.basket.lines[0].discount == off
    choose(selling, 1)
    selling.type("10")
    selling.press(Key.Key_Return)
    assert window.session.basket.lines[0].discount == -8_500
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    refund = last(till)
    assert (refund.total, refund.lines[0].discount) == (76_500, 8_500)


def test_goods_by_meter_have_the_quantity_of_their_readings(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    for before, now, wanted in (("100", "112.5", 12_500), (None, "115", 2_500)):
        selling.scan(barcode_of(REGULATOR))
        choose(selling, 4)
        if before is not None:
            selling.type(before)
        selling.press(Key.Key_Tab)
        selling.type(now)
        selling.press(Key.Key_Return)
        selling.press(Key.Key_F12)
        selling.press(Key.Key_Return)
        sale = last(till)
        assert isinstance(sale, Sale)
        (line,) = sale.lines
        assert (line.quantity, line.meter_after) == (wanted, int(float(now) * ONE))
        selling.press(Key.Key_Return)


def test_cylinders_go_and_come_beside_the_goods(window: MainWindow, selling: Hands, till: Till) -> None:
    with till.database.write() as connection:
        connection.execute(text("UPDATE product SET stocked = 1 WHERE sku = 'DEP-13'"))
    selling.scan(barcode_of(REGULATOR))
    choose(selling, 2)
    selling.type("2*DEP-13")
    selling.press(Key.Key_Return)
    assert [one.quantity for one in window.session.basket.state.returnables] == [2 * ONE]
    # Marked below the lines and taken out again; then one comes back.
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Delete)
    assert window.session.basket.state.returnables == []
    selling.press(Key.Key_Up)
    choose(selling, 3)
    selling.type("DEP-13")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert [one.quantity for one in sale.returnables] == [-ONE]
    assert len(sale.lines) == 1


def test_a_product_that_comes_back_knows_its_empty_and_its_deposit(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    """The code of the empty stands in the field already; the deposit is a line of its own."""
    with till.database.write() as connection:
        connection.execute(text("UPDATE product SET type = 'returnable' WHERE sku = 'REG-C'"))
        connection.execute(
            text(
                "INSERT INTO returnable_pair (org_id, product_id, empty_id, deposit_id)"
                " SELECT a.org_id, a.product_id, b.product_id, c.product_id FROM product AS a"
                " JOIN product AS b ON b.sku = 'LPG-R13' JOIN product AS c ON c.sku = 'DEP-13'"
                " WHERE a.sku = 'REG-C'"
            )
        )
    selling.scan(barcode_of(REGULATOR))
    choose(selling, 4)
    selling.press(Key.Key_Return)
    (back,) = window.session.basket.state.returnables
    assert (back.description, back.quantity) == (till.catalogue.scan("LPG-R13").product.name, -ONE)
    # What comes back for it stands first; what is no container has no such line in the menu.
    choose(selling, 0)
    assert isinstance(window.session.sheet, ChoiceSheet)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    assert [line.sku for line in window.session.basket.lines] == ["REG-C", "DEP-13"]
    assert till.catalogue.pair(window.session.basket.lines[1].product_id) == (None, None)
