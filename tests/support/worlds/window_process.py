"""`bohari till --json` in a process of its own with hands at its window, for what only a process can show.

`python -m tests.support.worlds.window_process HOME`: signs in (wrong first), sells by M-Pesa to a customer
who is found by telephone, crashes in two slots with secrets in what is raised, sells on, and closes.
"""

import os
import sys
from collections.abc import Callable
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer, qWarning
from PySide6.QtWidgets import QApplication

from demo.cashier import AMINA, MANAGER
from demo.cashier import _barcodes as barcodes
from demo.cashier import _pins as pins
from demo.simulated_cashier import Hands
from pos_app.cli.program import main
from pos_app.language import heard
from pos_app.ledger.errors import Damaged
from pos_app.ui.app import application
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow

Key = Qt.Key
WRONG_PIN: Final = "550812"
MPESA_CODE: Final = "SKJ4X8QP2M"
PHONE: Final = "0722 555 418"
CODE: Final = "basket-broken"


def _crash() -> None:
    # What Qt says of itself goes into the log too; which platform says what is its own affair.
    qWarning("a word of Qt's own")
    raise ZeroDivisionError(f"while {MPESA_CODE} of {PHONE} was taken with the PIN {pins()[AMINA]}")


def _crash_with_a_known_error() -> None:
    raise Damaged(heard("This basket cannot be read.", CODE))


def _next_sale(window: MainWindow, hands: Hands) -> None:
    panel = window.current()
    if isinstance(panel, DoneScreen):
        hands.until(panel.settled, 30)
    hands.press(Key.Key_Return)


def _at_the_window() -> tuple[MainWindow, Hands]:
    (window,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    return window, Hands(window)


def _morning() -> None:
    window, hands = _at_the_window()
    window.activateWindow()
    hands.sign_in(MANAGER, WRONG_PIN)
    hands.press(Key.Key_Escape)
    hands.sign_in(AMINA, pins()[AMINA])
    hands.type("5000")
    hands.press(Key.Key_F12)
    hands.press(Key.Key_F3)
    hands.type(PHONE)
    hands.press(Key.Key_Return)
    hands.scan(barcodes()["LPG-R13"])
    hands.press(Key.Key_F12)
    hands.press(Key.Key_F3)
    hands.type("4000")
    hands.press(Key.Key_Return)
    hands.type(MPESA_CODE)
    hands.press(Key.Key_Return)
    _next_sale(window, hands)


def _afternoon() -> None:
    window, hands = _at_the_window()
    assert "Something went wrong" in window.banner().text()
    hands.scan(barcodes()["REG-C"])
    hands.press(Key.Key_F12)
    hands.type("5000")
    hands.press(Key.Key_Return)
    _next_sale(window, hands)
    window.close()


def _next(scenes: list[Callable[[], None]]) -> None:
    """Play a scene as a slot of the window's own loop, then the next; a failed one ends the window."""
    if not scenes:
        return
    try:
        scenes[0]()
    except (AssertionError, LookupError, TimeoutError):
        application().exit(3)
        raise
    finally:
        QTimer.singleShot(0, lambda: _next(scenes[1:]))


if __name__ == "__main__":
    application()
    QTimer.singleShot(0, lambda: _next([_morning, _crash, _crash_with_a_known_error, _afternoon]))
    main(["till", "--home", sys.argv[1], "--json"])
