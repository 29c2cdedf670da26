"""The keys that every screen has mean the same on each of them, so that a hand need not look.

F1 shows the keys, Esc leads back and books nothing, F12 is the one green action; Ctrl+L locks and Ctrl+Q
signs out wherever a person is.
"""

from typing import Final

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.line import TenderKind
from pos_app.till.till import Till
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of
from tests.ui.pressed_states import STATES
from tests.ui.test_every_key import KEYS, arrive

Key = Qt.Key
#: Where Esc ends something, and nothing of it is booked.
LEAVES: Final = ("screen: ", "keyboard: ", "gone: ", "marked: ")


def test_esc_leads_back_and_books_nothing() -> None:
    for name, keys in KEYS.items():
        for one in keys:
            if one.cap == "Esc":
                assert one.seen.startswith(LEAVES), (name, one)


#: The basket has its customer under F3; on a form F4 says for whom, whence and whither it is.  Where a
#: receipt is looked for, F2 is the search, so that cash is beside it.  F4 chooses a reason, F5 writes it.
_OTHERWISE: Final = {"Customer": {"F3", "F4"}, "Cash": {"F2", "F3"}, "Reason": {"F4", "F5"}}


def test_the_same_words_have_the_same_key_wherever_they_stand() -> None:
    """Of all keys from F2 to F11 on every screen: who learned one need not look for it on another."""
    found: dict[str, set[str]] = {}
    for keys in KEYS.values():
        for one in keys:
            if one.cap in {f"F{number}" for number in range(2, 12)}:
                found.setdefault(one.words, set()).add(one.cap)
    several = {words: caps for words, caps in found.items() if len(caps) > 1}
    assert several == _OTHERWISE
    assert found["Currency"] == {"F7"}


@pytest.mark.parametrize(
    "name", [name for name, keys in KEYS.items() if any(one.cap == "F12" for one in keys)]
)
def test_f12_is_the_green_action(window: MainWindow, storing: Hands, till: Till, name: str) -> None:
    arrive(window, storing, till, name)
    green = [one for one in window.current().findChildren(PrimaryButton) if one.isVisible()]
    assert [one.key() for one in green] == ["F12"]


@pytest.mark.parametrize("name", {state.screen: name for name, state in reversed(STATES.items())}.values())
def test_a_key_locks_on_every_screen(window: MainWindow, storing: Hands, till: Till, name: str) -> None:
    arrive(window, storing, till, name)
    storing.press(Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert till.person is None


def test_what_is_owed_stands_large_after_a_sale_on_account(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    """A change of nothing says nothing: 3,250.00 are owed for it, 100.00 were paid, and 20.00 go back."""
    basket = window.session.basket
    basket.add(till.catalogue.scan(barcode_of(2)).product)
    basket.set_customer(till.customers.search("mama")[0])
    checkout = till.checkout(basket)
    checkout.add_tender(TenderKind.ACCOUNT, 315_000)
    checkout.add_tender(TenderKind.CASH, 12_000)
    done = checkout.complete()
    assert (done.on_account, done.change) == (315_000, 2_000)


def test_the_screen_after_a_sale_on_account_says_what_is_owed(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(2))
    window.session.basket.set_customer(till.customers.search("mama")[0])
    window.session.home()
    selling.press(Key.Key_F12)
    selling.until(window.current().settled)  # type: ignore[attr-defined]
    selling.press(Key.Key_F4)
    selling.press(Key.Key_Return)
    selling.until(lambda: isinstance(window.current(), DoneScreen))
    screen = window.current()
    assert isinstance(screen, DoneScreen)
    assert screen.figure.text() == "3,250.00"
    assert screen._words.text() == "On account, owed for this"
