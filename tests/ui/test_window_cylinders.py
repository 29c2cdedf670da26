"""Where all cylinders are, at the real window; full ones collected at the supplier's against empties."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import GoodsReceipt, ReturnableMove
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import AdjustmentReason
from pos_app.till.till import Till
from pos_app.ui.goods.owned import OwnedScreen
from pos_app.ui.purchasing.receive_loose import ReceiveLooseScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.cylinders import (
    CYLINDERS,
    EMPTY13,
    FILLS,
    REFILL13,
    SUPPLIER,
    deal_in_cylinders,
    held,
)
from tests.support.worlds.goods_rows import add_goods_rows, all_of, as_manager
from tests.support.worlds.money_builder import HOTEL
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
RETURN = Key.Key_Return


@pytest.fixture
def depot(till: Till, window: MainWindow) -> Hands:
    """Hands at a depot that deals in cylinders; a manager is signed in."""
    add_goods_rows(till)
    as_manager(till)
    deal_in_cylinders(till)
    window.home()
    return Hands(window)


def owned(till: Till) -> tuple[int, ...]:
    """Full, empty, at customers, at suppliers, on the road, owned: of the larger, in pieces."""
    (one,) = [kind for kind in till.cylinders.owned() if kind.product_id == EMPTY13]
    every = (one.full, one.empty, one.customers, one.suppliers, one.road, one.owned)
    return tuple(count // ONE for count in every)


def collect(hands: Hands, came: str, empties: str = "") -> None:
    """F2 8, F8, the supplier, a scan, how many, what one costs, how many empties."""
    hands.press(Key.Key_F2)
    hands.type("8")
    hands.press(Key.Key_F8)
    hands.press(Key.Key_F4)
    hands.type("sing")
    hands.press(RETURN)
    hands.scan(barcode_of(REFILL13))
    hands.type(came)
    hands.press(RETURN)
    hands.type("2000")
    hands.press(RETURN)
    hands.type(empties)


def test_as_many_empties_as_full_ones_owe_nothing(window: MainWindow, depot: Hands, till: Till) -> None:
    collect(depot, "10")
    screen = window.current()
    assert isinstance(screen, ReceiveLooseScreen)
    assert screen.owed.amount.text() == "0"
    depot.press(Key.Key_F12)
    (receipt,) = all_of(till, "goods_receipt")
    assert isinstance(receipt, GoodsReceipt)
    assert (receipt.party_id, receipt.total) == (SUPPLIER, 2_000_000)
    assert all_of(till, "returnable") == []
    assert owned(till) == (FILLS + 10, CYLINDERS - FILLS - 10, 0, 0, 0, CYLINDERS)


@pytest.mark.parametrize(("empties", "theirs"), [("7", -3), ("12", 2), ("0", -10)])
def test_the_difference_is_on_account_with_the_supplier(
    window: MainWindow, depot: Hands, till: Till, empties: str, theirs: int
) -> None:
    collect(depot, "10", empties)
    screen = window.current()
    assert isinstance(screen, ReceiveLooseScreen)
    assert screen.owed.amount.text() == str(abs(theirs))
    depot.press(Key.Key_F12)
    (move,) = all_of(till, "returnable")
    assert isinstance(move, ReturnableMove)
    assert held(till, EMPTY13, SUPPLIER) == theirs
    full = FILLS + 10
    assert owned(till) == (full, CYLINDERS - theirs - full, 0, theirs, 0, CYLINDERS)


def test_all_of_them_are_accounted_for(window: MainWindow, depot: Hands, till: Till) -> None:
    """Lent, brought back and sent, they stay as many; what is lost or sold outright is named."""
    till.returnables.move(HOTEL, {EMPTY13: 4 * ONE})
    till.transfers.send(12, {EMPTY13: 5 * ONE})
    assert owned(till) == (FILLS, CYLINDERS - FILLS - 9, 4, 0, 5, CYLINDERS)
    till.stock_adjustments.adjust(AdjustmentReason.LOSS, {EMPTY13: 2 * ONE})
    assert owned(till)[-1] == CYLINDERS - 2
    changed = till.cylinders.changed(EMPTY13)
    assert [(one.kind, one.quantity // ONE) for one in changed] == [
        ("stock_count", CYLINDERS),
        ("stock_adjustment", -2),
    ]
    depot.press(Key.Key_F2)
    depot.type("8")
    depot.press(Key.Key_F7)
    screen = window.current()
    assert isinstance(screen, OwnedScreen)
    rows = {row.title: row for row in screen.list.rows()}
    assert rows["Cylinder 13 kg"].amount == str(CYLINDERS - 2)
    assert "customers 4" in rows["Cylinder 13 kg"].detail
    depot.type("13")
    screen.look_up()
    depot.press(RETURN)
    sheet = window.session.sheet
    assert sheet is not None
    assert [row.amount for row in sheet.list.rows()] == ["\N{MINUS SIGN}2", f"+{CYLINDERS}"]  # type: ignore[attr-defined]


def test_more_fills_than_cylinders_are_said(window: MainWindow, depot: Hands, till: Till) -> None:
    till.stock_counts.count({EMPTY13: 5 * ONE})
    depot.press(Key.Key_F2)
    depot.type("8")
    depot.press(Key.Key_F7)
    screen = window.current()
    assert isinstance(screen, OwnedScreen)
    (row,) = [one for one in screen.list.rows() if one.title == "Cylinder 13 kg"]
    assert [badge.tone for badge in row.badges] == ["warn"]
