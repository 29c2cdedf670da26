"""Deposits and vouchers at the window, by keys and by scans: out, back, and as a way to pay."""

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.chit import barcode_of, text_of
from pos_app.ledger.document import DepositReturn, Sale
from pos_app.ledger.line import TenderKind
from pos_app.store.tables import master
from pos_app.till.till import Till
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds import money_builder
from tests.support.worlds.till_builder import ORG

Key = Qt.Key
DEPOSIT = 350_000
Kind = TypeVar("Kind")


@pytest.fixture(autouse=True)
def _gift(till: Till) -> None:
    """There is a voucher to sell."""
    values = {"product_id": 900, "sku": "GIFT", "name": "Gift voucher", "price": 100_000}
    more = {"tax_code": "VOUCHER", "category": "", "unit": "pc", "business_id": 1, "stocked": 0}
    with till.database.write() as connection:
        connection.execute(master.product.insert().values(org_id=ORG, stamp=1, **values, **more))


def last(till: Till, kind: type[Kind]) -> Kind:
    found = money_builder.last(till)
    assert isinstance(found, kind)
    return found


def sold(hands: Hands, till: Till, sku: str) -> str:
    """The number of the slip, as its bars say it."""
    hands.type(sku)
    hands.press(Key.Key_Return)
    hands.press(Key.Key_F12)
    hands.press(Key.Key_Return)
    sale = last(till, Sale)
    chit = sale.lines[0].chit
    assert chit is not None
    hands.press(Key.Key_Return)
    return barcode_of(chit.role, chit.number)


def typed(hands: Hands, words: str) -> None:
    hands.type(words)
    hands.press(Key.Key_Return)


def test_a_deposit_goes_out_and_comes_back_by_the_keys(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    slip = sold(selling, till, "DEP-13")
    window.home()
    typed(selling, slip.lower())
    selling.press(Key.Key_Return)  # all that is left
    assert isinstance(window.current(), TenderScreen)
    selling.press(Key.Key_Return)  # in cash
    back = last(till, DepositReturn)
    assert (back.total, [one.kind for one in back.tenders]) == (DEPOSIT, [TenderKind.CASH])
    window.home()
    typed(selling, slip)
    assert "Nothing is left" in window.current().banner.text()


def test_one_of_two_empties_comes_back(window: MainWindow, selling: Hands, till: Till) -> None:
    slip = sold(selling, till, "2*DEP-13")
    window.home()
    selling.scan(slip)
    typed(selling, "3500")
    selling.press(Key.Key_Return)
    assert last(till, DepositReturn).total == DEPOSIT
    assert till.chits.find(slip).left == DEPOSIT


def test_the_depot_menu_pays_a_deposit_back(window: MainWindow, selling: Hands, till: Till) -> None:
    slip = sold(selling, till, "DEP-13")
    window.home()
    selling.press(Key.Key_F2)
    selling.type("d")
    typed(selling, text_of(till.chits.find(slip).chit.role, int(slip[1:])))
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    assert last(till, DepositReturn).total == DEPOSIT


def test_a_voucher_pays_in_parts_scanned_or_typed(window: MainWindow, selling: Hands, till: Till) -> None:
    voucher = sold(selling, till, "GIFT")
    window.home()
    typed(selling, "LIGHT")
    selling.press(Key.Key_F12)
    selling.scan(voucher)  # on the screen where is paid
    selling.press(Key.Key_Return)
    sale = last(till, Sale)
    assert [(one.kind, one.amount, one.reference) for one in sale.tenders] == [
        (TenderKind.VOUCHER, 6_000, voucher)
    ]
    window.home()
    typed(selling, "REG-C")
    selling.press(Key.Key_F12)
    for _ in range(3):
        selling.press(Key.Key_F5)
    selling.type(voucher)
    selling.press(Key.Key_Return)  # the rest of the voucher
    selling.press(Key.Key_Return)  # cash
    assert [one.amount for one in last(till, Sale).tenders] == [85_000]


def test_a_voucher_scanned_beside_goods_pays_them_and_alone_says_what_is_left(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    voucher = sold(selling, till, "GIFT")
    window.home()
    selling.scan(voucher)
    assert "1,000.00 is left" in window.current().banner.text()
    typed(selling, "REG-C")
    typed(selling, "HOSE-15")
    selling.scan(voucher)
    assert isinstance(window.current(), TenderScreen)
    selling.press(Key.Key_Return)
    assert [(one.kind.value, one.amount) for one in last(till, Sale).tenders] == [
        ("voucher", 100_000),
        ("cash", 27_000),
    ]


@pytest.mark.parametrize("number", ["V 1234 5678 9012", "D111111111111"])
def test_a_mistyped_number_is_said(window: MainWindow, selling: Hands, number: str) -> None:
    typed(selling, number)
    assert "a digit may be wrong" in window.current().banner.text()
