"""A bag for the bank by keys: from the drawer's menu, and as well when the drawer is closed."""

import os

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.bank_bag import BankBag
from pos_app.till.till import Till
from pos_app.ui.window import MainWindow
from tests.support.painted_text import painted_texts

Key = Qt.Key


def bags(till: Till) -> list[BankBag]:
    found = [till.receipts.document(entry.document_id) for entry in till.receipts.latest()[::-1]]
    return [one for one in found if isinstance(one, BankBag)]


def picture(window: MainWindow, name: str) -> None:
    folder = os.environ.get("BAG_PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


def test_a_cashier_and_a_manager_seal_a_bag(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.press(Key.Key_F8)
    picture(window, "menu")
    selling.press(Key.Key_F11)
    # A bag without a number says what is missing, and stays where it is.
    selling.press(Key.Key_F12)
    assert any("number that is printed on the bag" in text for text in painted_texts(window))
    selling.type("kcb 0012345")
    selling.press(Key.Key_F12)
    assert any("more than zero" in text for text in painted_texts(window)), "an empty bag is none"
    # Note by note: Enter goes to the next kind, an arrow back; 2 × 1,000, 1 × 500 and 5 × 100.
    selling.press(Key.Key_Return)
    for pieces in ("3", "1", "", "5"):
        selling.type(pieces)
        selling.press(Key.Key_Return)
    for _kind in range(4):
        selling.press(Key.Key_Up)
    selling.press(Key.Key_Backspace)
    selling.type("2")
    assert "3,000.00" in painted_texts(window)
    picture(window, "bag")
    selling.press(Key.Key_F12)
    picture(window, "who")
    selling.press(Key.Key_Down)
    selling.press(Key.Key_Return)
    assert bags(till) == []
    selling.type("2222")
    selling.press(Key.Key_Return)
    picture(window, "done")
    (bag,) = bags(till)
    assert (bag.bag, bag.amount, bag.person_id, bag.approver_id) == ("KCB0012345", 300_000, 1, 2)
    assert [(one.value, one.pieces) for one in bag.counts] == [(100_000, 2), (50_000, 1), (10_000, 5)]
    assert till.bank_bags.on_their_way()[0].bag == bag


def test_a_bag_leaves_when_the_drawer_is_closed(window: MainWindow, hands: Hands, till: Till) -> None:
    till.sign_in.sign_in(2, "2222")
    window.home()
    hands.press(Key.Key_F8)
    assert not till.drawer.is_open()
    hands.press(Key.Key_F11)
    hands.type("77")
    hands.press(Key.Key_Tab)
    hands.type("1")
    hands.press(Key.Key_F12)
    hands.press(Key.Key_Return)
    hands.type("1111")
    hands.press(Key.Key_Return)
    (bag,) = bags(till)
    assert (bag.bag, bag.amount, bag.person_id, bag.approver_id) == ("77", 100_000, 2, 1)
