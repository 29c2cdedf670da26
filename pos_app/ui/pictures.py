"""Owns the pictures: every screen of the window drawn offscreen, for looking at and for the manual.

The till has to be prepared: somebody is signed in or can be, and some things were sold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from pos_app.till.checkout import Done
from pos_app.till.till import Till
from pos_app.ui.app import application, build_window
from pos_app.ui.customer.screen import CustomerScreen
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.kit.tokens import Mode
from pos_app.ui.language import _
from pos_app.ui.receipts.screen import ReceiptsScreen
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sign_in.screen import SignInScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.job import basket_job
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow, Settings

SIZES = ((1024, 768), (1920, 1080))


@dataclass(frozen=True)
class Look:
    """How the pictures are drawn."""

    mode: Mode
    language: str
    width: int
    height: int

    def name(self, screen: str) -> str:
        """The file of a screen."""
        return f"{screen}-{self.mode}-{self.language}-{self.width}.png"


LOOKS = tuple(
    look
    for width, height in SIZES
    for look in (Look("light", "en", width, height), Look("dark", "sw", width, height))
)


def draw_screens(till: Till, person_id: int, out: Path, looks: tuple[Look, ...] = LOOKS) -> list[Path]:
    """Draw every screen in every look; gives the files.  The basket at hand is what the till has saved."""
    out.mkdir(parents=True, exist_ok=True)
    application()
    return [path for look in looks for path in _Camera(till, person_id, out, look).all()]


class _Camera:
    """One window, one look."""

    def __init__(self, till: Till, person_id: int, out: Path, look: Look) -> None:
        self._till, self._person_id, self._out, self._look = till, person_id, out, look
        self._drawn: list[Path] = []
        till.sign_in.sign_out()
        self._window = build_window(till, None, Settings(look.mode, look.language))
        self._window.resize(look.width, look.height)
        self._window.show()

    def all(self) -> list[Path]:
        """Draw every screen."""
        self._till.context.person = next(
            person for person in self._till.sign_in.people() if person.person_id == self._person_id
        )
        steps: tuple[tuple[str, Callable[[MainWindow], object]], ...] = (
            ("sign-in", self._sign_in),
            ("drawer-open", self._drawer_closed),
            ("sell", lambda window: window.open(SellScreen)),
            ("sell-refused", self._refused),
            ("quantity", lambda window: window.open(SellScreen).ask_quantity()),
            ("tender", self._tender),
            ("tender-mpesa", self._mpesa),
            ("done", self._done),
            ("customers", lambda window: window.open(CustomerScreen).begin(None)),
            ("customer", self._customer),
            ("receipts", lambda window: window.open(ReceiptsScreen)),
            ("refund-find", lambda window: window.open(RefundScreen).begin()),
            ("refund", self._refund),
            ("approval", lambda window: window.open(RefundScreen).finish()),
            ("drawer", lambda window: window.open(DrawerScreen)),
            ("drawer-count", self._count),
            ("drawer-review", self._review),
            ("keys", self._keys),
        )
        for name, step in steps:
            step(self._window)
            self._draw(name)
        self._window.close()
        self._window.deleteLater()
        return self._drawn

    def _draw(self, name: str) -> None:
        self._window.poll()
        for _round in range(3):
            QApplication.processEvents()
        path = self._out / self._look.name(name)
        self._window.grab().save(str(path))
        self._drawn.append(path)
        sheet = self._window.desk.sheet
        if sheet is not None:
            sheet.escape.click()

    def _keys(self, window: MainWindow) -> None:
        window.open(SellScreen)
        window.show_keys()

    def _sign_in(self, window: MainWindow) -> None:
        person, self._till.context.person = self._till.context.person, None
        window.open(SignInScreen).pin.type_digits("123")
        self._till.context.person = person

    def _drawer_closed(self, window: MainWindow) -> None:
        screen = window.open(DrawerScreen)
        screen.show_opening()
        screen.opening.amount.set_minor(5_000 * self._till.currency.scale)

    def _refused(self, window: MainWindow) -> None:
        window.open(SellScreen).on_scan("6161100009999")

    def _tender(self, window: MainWindow) -> None:
        screen = window.open(TenderScreen)
        screen.begin(basket_job(window.desk))
        notes = screen.quick[min(1, len(screen.quick) - 1)]
        notes.click()

    def _mpesa(self, window: MainWindow) -> None:
        screen = window.open(TenderScreen)
        screen.begin(basket_job(window.desk))
        screen.tiles[next(iter(list(screen.tiles)[1:]))].click()
        screen.finish()

    def _done(self, window: MainWindow) -> None:
        entry = next(entry for entry in self._till.receipts.latest() if entry.kind == "sale")
        change = entry.total // 7
        done = Done(entry.document_id, self._till.context.printed(entry), entry.total, change)
        window.open(DoneScreen).show_result(_("Change"), change, done)

    def _customer(self, window: MainWindow) -> None:
        party = window.desk.basket.customer() or self._till.customers.search("")[0]
        window.open(CustomerScreen).show_card(party)

    def _refund(self, window: MainWindow) -> None:
        screen = window.open(RefundScreen)
        entry = next(entry for entry in self._till.receipts.latest() if entry.kind == "sale")
        screen.begin(self._till.context.printed(entry))
        screen.lines.take_all()
        screen.reason.setText("—")

    def _count(self, window: MainWindow) -> None:
        screen = window.open(DrawerScreen)
        screen.begin_count()
        for field, pieces in zip(screen.counting.fields, (7, 12, 4, 6, 18, 2), strict=False):
            field.set_minor(pieces)
        screen.counting.step(1)

    def _review(self, window: MainWindow) -> None:
        screen = window.open(DrawerScreen)
        screen.show_review(screen.counting.total() + 5_000)
