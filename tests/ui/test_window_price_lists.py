"""A line of the basket says whose price it has and what a promotion takes off, and F10 why, step by step."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from demo.simulated_cashier import Hands
from pos_app.ledger.clock import SetClock
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros
from pos_app.store.tables.promotion_tables import promotion, promotion_item
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.why import WhySheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import ORG, barcode_of

Key = Qt.Key
REGULATOR = 7


def put_list(till: Till) -> None:
    """Half price, and less from three on, for everybody since ever."""
    with till.database.write() as connection:
        connection.execute(
            master.price_list.insert().values(org_id=ORG, price_list_id=1, code="SALE", name="Clearance")
        )
        connection.execute(
            master.price_list_scope.insert().values(
                org_id=ORG, scope_id=1, price_list_id=1, kind="all", of_id=0
            )
        )
        for key, (quantity, price) in enumerate(((0, 42_500), (3_000, 40_000)), 1):
            connection.execute(
                master.price_list_item.insert().values(
                    org_id=ORG, item_id=key, price_list_id=1, product_id=REGULATOR,
                    from_quantity=quantity, price=price, price_fine=0,
                )
            )  # fmt: skip


def put_promotion(till: Till, until_us: int) -> None:
    """A tenth off the regulator, for so long."""
    with till.database.write() as connection:
        connection.execute(
            promotion_item.insert().values(
                org_id=ORG, promotion_id=1, place=0, product_id=REGULATOR, quantity=1_000
            )
        )
        connection.execute(
            promotion.insert().values(
                org_id=ORG, promotion_id=1, code="MAY", name="May offer", kind="percent", percent_bp=1_000,
                items=1, valid_to_us=until_us,
            )
        )  # fmt: skip


def detail(window: MainWindow) -> str:
    screen = window.open(SellScreen)
    return screen.basket_column.list.rows()[0].detail


def badges(window: MainWindow) -> list[str]:
    screen = window.open(SellScreen)
    return [badge.text for badge in screen.basket_column.list.rows()[0].badges]


def test_a_line_says_its_list_and_break_and_one_key_says_why(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    put_list(till)
    selling.scan(barcode_of(REGULATOR))
    assert detail(window) == "1 × 425.00 · Clearance"
    selling.scan(barcode_of(8))
    assert window.open(SellScreen).basket_column.list.rows()[1].detail.count("·") == 0
    window.open(SellScreen).basket_column.list.select(0)
    selling.press(Key.Key_F4)
    selling.type("3")
    selling.press(Key.Key_Return)
    assert detail(window) == "3 × 400.00 · Clearance"
    assert badges(window) == ["list", "from 3"]
    selling.type("?")
    sheet = window.session.sheet
    assert isinstance(sheet, WhySheet)
    said = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert "400.00 by SALE, everybody's list, since the beginning." in said
    assert "It holds from 3 in one basket on." in said
    assert "3 come to 1,200.00." in said
    selling.press(Key.Key_Return)
    assert window.session.sheet is None


def test_a_line_says_who_set_its_price(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F5)
    selling.type("700")
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    assert badges(window) == ["price by Joseph M."]
    selling.type("?")
    sheet = window.session.sheet
    assert isinstance(sheet, WhySheet)
    assert "Joseph M. allowed it." in [label.text() for label in sheet.findChildren(QLabel)]
    selling.press(Key.Key_Return)
    selling.type("%")
    selling.type("50")
    selling.press(Key.Key_Return)
    selling.approve("Joseph M.", "2222")
    assert badges(window) == ["price by Joseph M.", "−50.00 · Joseph M."]


def test_a_question_among_letters_is_typed(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(REGULATOR))
    selling.type("a?")
    assert window.session.sheet is None
    assert window.open(SellScreen).search.text() == "a?"


def test_a_promotion_has_a_badge_and_its_end_is_told_in_the_banner(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    put_promotion(till, micros(clock.now() + timedelta(minutes=5)))
    screen = window.open(SellScreen)
    selling.scan(barcode_of(REGULATOR))
    (row,) = screen.basket_column.list.rows()
    price = int(till.baskets.resume().lines[0].list_price)
    off = window.session.money(-price // 10)
    assert [badge.text for badge in row.badges] == [f"May offer {off}"]
    screen.more.tell_why(0)
    sheet = window.session.sheet
    assert isinstance(sheet, WhySheet)
    assert "May offer" in " ".join(label.text() for label in sheet.findChildren(QLabel))
    selling.press(Key.Key_Return)
    clock.advance(timedelta(minutes=6))
    selling.press(Key.Key_F4)
    selling.type("2")
    selling.press(Key.Key_Return)
    assert [badge.text for badge in screen.basket_column.list.rows()[0].badges] == []
    assert window.session.money(price * 9 // 10) in screen.banner.text()
