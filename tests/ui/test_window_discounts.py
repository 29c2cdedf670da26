"""Discounts by the one key: amount, per cent, what it comes to; and how far a role goes without asking."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Sale
from pos_app.ledger.permission import Permission
from pos_app.till.till import Till
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
GRANT = (
    "INSERT INTO role_permission (org_id, grant_id, role, permission)"
    " VALUES (1, 9001, 'cashier', :permission)"
)


def grant(till: Till, permission: Permission) -> None:
    with till.database.write() as connection:
        connection.execute(text(GRANT), {"permission": permission.value})
        connection.exec_driver_sql(
            "INSERT INTO feed_cursor (kind, stamp, last_key) VALUES ('role_permission', 7, '')"
            " ON CONFLICT (kind) DO UPDATE SET stamp = stamp + 1"
        )
    till.refresh()


def take_off(hands: Hands, typed: str) -> None:
    hands.type("%")
    hands.type(typed)
    hands.press(Key.Key_Return)


@pytest.mark.parametrize(("typed", "off"), [("100", 10_000), ("10%", 8_500), ("=800", 5_000), ("=0", 85_000)])
def test_two_keys_and_the_figure_take_it_off(
    window: MainWindow, storing: Hands, typed: str, off: int
) -> None:
    storing.scan(barcode_of(7))
    take_off(storing, typed)
    assert [line.discount for line in window.session.basket.lines] == [off]


@pytest.mark.parametrize(
    "typed", ["", "x", "101%", "-5", "=-1", "=851", "9999", "1.001%", "5%5", "٣%", "=" * 200]
)
def test_what_is_no_discount_is_said_and_takes_nothing(
    window: MainWindow, storing: Hands, typed: str
) -> None:
    storing.scan(barcode_of(7))
    take_off(storing, typed)
    assert [line.discount for line in window.session.basket.lines] == [0]
    storing.press(Key.Key_Escape)
    storing.scan(barcode_of(7))
    assert window.session.basket.lines[0].quantity == 2_000


def test_the_sign_is_a_letter_where_something_is_typed(window: MainWindow, storing: Hands) -> None:
    storing.scan(barcode_of(7))
    storing.type("5%")
    assert window.session.sheet is None


def test_a_role_gives_so_much_and_asks_for_more(window: MainWindow, selling: Hands, till: Till) -> None:
    grant(till, Permission.DISCOUNT_10)
    selling.scan(barcode_of(7))
    take_off(selling, "10%")
    assert window.session.sheet is None
    assert [line.discount for line in window.session.basket.lines] == [8_500]
    take_off(selling, "10.01%")
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.press(Key.Key_Escape)
    assert [line.discount for line in window.session.basket.lines] == [8_500]
    selling.press(Key.Key_F12)
    selling.press(Key.Key_Return)
    sale = till.receipts.document(till.receipts.latest(1)[0].document_id)
    assert isinstance(sale, Sale)
    assert [(line.discount, line.price_approver_id) for line in sale.lines] == [(8_500, sale.person_id)]
    assert sale.person_id == 1


def test_a_role_without_a_step_asks_for_any(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(7))
    take_off(selling, "1%")
    assert isinstance(window.session.sheet, ApprovalSheet)


def test_what_all_comes_to_is_shared_over_the_lines(window: MainWindow, storing: Hands) -> None:
    storing.scan(barcode_of(7))
    storing.scan(barcode_of(8))
    storing.press(Key.Key_F10)
    sheet = window.session.sheet
    assert isinstance(sheet, ChoiceSheet)
    sheet.list.select("all-comes-to")
    storing.press(Key.Key_Return)
    storing.type("1200")
    storing.press(Key.Key_Return)
    assert window.session.basket.totals().total == 1_200_00
