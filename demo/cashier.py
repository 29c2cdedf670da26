"""The scripted cashier: works the real till window, offscreen, by key, mouse and scanner events.

`python -m demo.cashier HOME OUTPUT ACT` plays one act in a process of its own, because the
demo kills it.  It says each thing it has reached as one line and waits for a line before it goes on.
"""

import csv
import os
import sys
from collections.abc import Callable
from pathlib import Path

from pos_app import bootstrap, settings
from pos_app.log import setting_up as log
from resources import resource

AMINA, MANAGER = "Amina W.", "Wanjiku N."
CUSTOMER = "Mama Kanini"
_WAIT_S = 30.0


class Cashier:
    """Amina at the till."""

    def __init__(self, home: Path, output: Path) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        # The window is loaded here, after its platform is chosen.
        from PySide6.QtCore import Qt

        from demo.simulated_cashier import Hands
        from pos_app.ui.app import application, build_window

        self.key = Qt.Key
        self._application = application()
        self._pictures = output / "screens"
        self._pictures.mkdir(parents=True, exist_ok=True)
        self.till = bootstrap.open_till(home)
        self.spool = bootstrap.make_spool(self.till, home, settings.load(home))
        self.spool.start()
        self.window = build_window(self.till, self.spool)
        self.window.show()
        self.window.activateWindow()
        self.hands = Hands(self.window)
        self._pins, self._barcodes = _pins(), _barcodes()

    # --- what she does --------------------------------------------------------------------------

    def picture(self, name: str) -> None:
        """Keep a picture of the window as it is."""
        self.window.poll()
        self._application.processEvents()
        self.window.grab().save(str(self._pictures / f"{name}.png"))

    def until(self, true: Callable[[], bool]) -> None:
        """Work on until this is so."""
        self.hands.until(true, _WAIT_S)

    def sign_in(self) -> None:
        """Amina, by her PIN."""
        self.hands.sign_in(AMINA, self._pins[AMINA])

    def scan(self, *codes: str) -> None:
        """Scan the labels of these products."""
        for code in codes:
            self.hands.scan(self._barcodes[code])

    def press(self, *names: str) -> None:
        """Press keys by name: "F12", "Return"."""
        for name in names:
            self.hands.press(getattr(self.key, f"Key_{name}"))

    def pay_cash(self, amount: str) -> None:
        """Take cash for the basket, give change, and go on."""
        self.press("F12")
        self.hands.type(amount)
        self.press("Return")
        self.next_sale()

    def next_sale(self) -> None:
        """Leave the panel with the change."""
        from pos_app.ui.tender.done import DoneScreen

        panel = self.window.current()
        if isinstance(panel, DoneScreen):
            self.until(panel.settled)
        self.press("Return")

    def choose_customer(self) -> None:
        """Put the hotel on the basket."""
        self.press("F3")
        self.hands.type(CUSTOMER)

    def approved(self) -> None:
        """The manager types her PIN."""
        self.hands.approve(MANAGER, self._pins[MANAGER])

    def close(self) -> None:
        """Leave the till."""
        self.until(lambda: not self.till.status().unprinted)
        self.spool.stop()
        self.window.close()
        self.till.close()


# --- acts -------------------------------------------------------------------------------------------


def morning(cashier: Cashier) -> None:
    """With the line up, then without; ends in the middle of a basket."""
    _open(cashier)
    _mixed_tender(cashier)
    _on_account(cashier)
    cashier.until(lambda: cashier.till.status().sync.waiting == 0)
    cashier.picture("07-all-sent")
    _meet("the line is up and all is sent")
    _offline(cashier)
    cashier.scan("LPG-R13", "REG-C")
    cashier.picture("11-basket-before-the-kill")
    _meet("in the middle of a basket")


def after_the_kill(cashier: Cashier) -> None:
    """The till starts again: the basket is still there."""
    cashier.sign_in()
    codes = [line.sku for line in cashier.window.session.basket.lines]
    if codes != ["LPG-R13", "REG-C"]:
        raise SystemExit(f"the basket was lost in the kill: {codes}")
    cashier.picture("12-basket-after-the-kill")
    cashier.pay_cash("5000")
    _meet("the basket survived the kill and is paid")
    _payment(cashier)
    _close_drawer(cashier)
    cashier.close()
    _say("the drawer is closed")


def _open(cashier: Cashier) -> None:
    cashier.picture("01-sign-in")
    cashier.sign_in()
    cashier.hands.type("5000")
    cashier.picture("02-open-drawer")
    cashier.press("F12")


def _mixed_tender(cashier: Cashier) -> None:
    cashier.scan("LPG-R13", "WAT-20R", "WAT-20R", "REG-C", "LPG-R13")
    cashier.picture("03-sell")
    cashier.press("F12", "F3")
    cashier.hands.type("4000")
    cashier.press("Return")
    cashier.hands.type("SKJ4X8QP2M")
    cashier.press("Return")
    cashier.hands.type("4000")
    cashier.picture("04-tender")
    cashier.press("Return")
    cashier.picture("05-change")
    cashier.next_sale()


def _on_account(cashier: Cashier) -> None:
    cashier.choose_customer()
    cashier.picture("06-choose-customer")
    cashier.press("Return")
    cashier.scan("LPG-R50")
    cashier.press("F12", "F4", "Return")
    cashier.next_sale()


def _offline(cashier: Cashier) -> None:
    """Three sales and a refund without the centre."""
    cashier.until(lambda: bool(cashier.till.status().sync.error))
    cashier.scan("LPG-R06")
    cashier.pay_cash("2000")
    cashier.scan("WAT-10N", "WAT-10N")
    cashier.pay_cash("1000")
    cashier.scan("REG-C")
    cashier.pay_cash("1000")
    cashier.picture("08-offline")
    cashier.press("F7")
    cashier.picture("09-refund-which")
    cashier.press("Return", "F6")
    cashier.hands.tap(cashier.hands.find("reason"))
    cashier.hands.type("does not fit")
    cashier.picture("10-refund-what")
    cashier.press("F12")
    cashier.approved()
    cashier.next_sale()


def _payment(cashier: Cashier) -> None:
    cashier.choose_customer()
    cashier.press("F4")
    cashier.picture("13-customer")
    cashier.press("F3")
    cashier.hands.type("5000")
    cashier.picture("14-receive-payment")
    cashier.press("Return")
    cashier.press("Return")
    cashier.next_sale()


def _close_drawer(cashier: Cashier) -> None:
    cashier.press("F8", "F12")
    for pieces in ("19", "1", "2"):
        cashier.hands.type(pieces)
        cashier.press("Return")
    cashier.picture("15-count-drawer")
    # What came by M-Pesa is all on the telephone.
    cashier.press("F12", "F4")
    cashier.picture("15-other-money")
    cashier.press("F12")
    cashier.approved()
    cashier.hands.type("change given wrong")
    cashier.picture("16-review-drawer")
    # Three businesses: what is short is the depot's own, which is marked.
    cashier.press("F12", "Return")
    cashier.picture("17-drawer-closed")


# --- words with the stage -----------------------------------------------------------------------------


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def _meet(what: str) -> None:
    """Say what is reached and wait for the word to go on."""
    _say(what)
    if not sys.stdin.readline():
        raise SystemExit("the stage is gone")


def _pins() -> dict[str, str]:
    with resource("demo", "people.csv").open(newline="", encoding="utf-8") as file:
        return {row["name"]: row["pin"] for row in csv.DictReader(file)}


def _barcodes() -> dict[str, str]:
    with resource("templates", "depots-kenya", "products.csv").open(newline="", encoding="utf-8") as file:
        return {row["sku"]: row["barcode"].split("|")[0] for row in csv.DictReader(file)}


def main() -> None:
    """Play one act."""
    home, output, act = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    log.begin(home, "till")
    {"morning": morning, "after-the-kill": after_the_kill}[act](Cashier(home, output))


if __name__ == "__main__":
    main()
