"""Owns the window of the first start: the steps above, one page in the middle, its keys below.

Decisions
---------
2026-12-01  A window of its own beside the till's: there is no till yet that its strip could speak of.  What a
page asks for runs in a thread; until it is done keys do nothing, so that nothing is asked for twice.
"""

import threading
from collections.abc import Callable
from typing import TypeVar, get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from pos_app.devices.scanner import Scan, WedgeSettings
from pos_app.language import LANGUAGES, _, current_language, use_language
from pos_app.ledger.errors import BohariError
from pos_app.log import events
from pos_app.ui.arrange import column
from pos_app.ui.first_start.begin_page import BeginPage
from pos_app.ui.first_start.code_page import CodePage
from pos_app.ui.first_start.deeds import Deeds, Stand, Step
from pos_app.ui.first_start.drawer_page import DrawerPage
from pos_app.ui.first_start.key_page import KeyPage
from pos_app.ui.first_start.page import Page
from pos_app.ui.first_start.printer_page import PrinterPage
from pos_app.ui.first_start.scanner_page import ScannerPage
from pos_app.ui.first_start.server_page import ServerPage
from pos_app.ui.first_start.shop_page import FoundedKeeper, ShopPage
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.key_strip import KeyAction, KeyStrip
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.reading_order import as_read, pass_keyboard
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.steps import Steps
from pos_app.ui.kit.theme import apply_theme, current_palette
from pos_app.ui.kit.tokens import Mode, Size, Space
from pos_app.ui.scan_filter import ScanFilter

T = TypeVar("T")

_LEAST_SIZE = 800, 600
_BANNER_WIDTH = 700
_LAST = (Step.PRINTER, Step.SCANNER, Step.DRAWER)
_OF_A_TILL = (Step.SERVER, Step.CODE, *_LAST)
_OF_A_SHOP = (Step.SHOP, Step.KEY, *_LAST)
#: To which page Esc leads; from the others there is no way back, for what they did is done.
_BACK = {
    Step.SERVER: Step.BEGIN,
    Step.CODE: Step.SERVER,
    Step.SHOP: Step.BEGIN,
    Step.SCANNER: Step.PRINTER,
    Step.DRAWER: Step.SCANNER,
}


class _Deed(QObject):
    """Carries the end of a deed from its thread into the window's."""

    ended = Signal(object, object)


class FirstStartWindow(QWidget):
    """The window; `finished` is true once the last page was left forward."""

    finished = Signal()

    def __init__(self, deeds: Deeds, *, scanner: WedgeSettings | None = None) -> None:
        super().__init__()
        self.setObjectName("first-start-window")
        self.setWindowTitle("Bohari POS")
        self.setMinimumSize(*_LEAST_SIZE)
        self.deeds = deeds
        self._stand = deeds.stand()
        self._step = self._stand.step
        self._deed: _Deed | None = None
        self.is_finished = False
        self._founded = FoundedKeeper()
        self.steps = Steps([])
        self.stack = QStackedWidget()
        self.banner = Banner(_("Dismiss"))
        self.banner.setFixedWidth(px(_BANNER_WIDTH))
        self.busy = Label("", Size.BODY, "accent")
        self.busy.setObjectName("first-busy")
        self.key_strip = KeyStrip()
        top = column(self.steps, margin=Space.XL)
        top.setAlignment(self.steps, Qt.AlignmentFlag.AlignHCenter)
        said = column(self.busy, self.banner, margin=Space.L)
        for part in (self.busy, self.banner):
            said.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        whole = column(top, self.stack, said, self.key_strip, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.scans = ScanFilter(self, scanner or WedgeSettings())
        self.scans.scanned.connect(self._scanned)
        self._pages: dict[Step, Page] = {}
        self._make_pages()
        self._bring(self._step)

    def _make_pages(self) -> None:
        """All pages, in the language in force."""
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages = {
            Step.BEGIN: BeginPage(self),
            Step.SERVER: ServerPage(self),
            Step.CODE: CodePage(self),
            Step.SHOP: ShopPage(self, self._founded),
            Step.KEY: KeyPage(self, self._founded),
            Step.PRINTER: PrinterPage(self),
            Step.SCANNER: ScannerPage(self),
            Step.DRAWER: DrawerPage(self),
        }
        for page in self._pages.values():
            self.stack.addWidget(page)
        server = self._pages[Step.SERVER]
        if isinstance(server, ServerPage):
            server.begin(self._stand.server)

    # -- ways ----------------------------------------------------------------------------------------

    def page(self) -> Page:
        """The page in front."""
        return self._pages[self._step]

    def go(self, step: Step) -> None:
        """Bring this page before the person; what was reached is kept."""
        try:
            self.deeds.reached(step)
        except BohariError as error:
            self.refuse(error.sentence)
            return
        if step is Step.DONE:
            self.is_finished = True
            self.finished.emit()
            return
        self._bring(step)

    def back(self) -> None:
        """The page before."""
        before = _BACK.get(self._step)
        if before is not None and self._deed is None:
            self.go(before)

    def _bring(self, step: Step) -> None:
        server, code = self._pages[Step.SERVER], self._pages[Step.CODE]
        if step is Step.CODE and isinstance(server, ServerPage) and isinstance(code, CodePage):
            code.begin(server.address_found or self._stand.server, server.code)
        if step in (Step.SHOP, Step.KEY, Step.SERVER, Step.CODE):
            self._stand = Stand(step, self._stand.server, step in _OF_A_SHOP)
        self._step = step
        self.banner.dismiss()
        self._say_steps()
        self.stack.setCurrentWidget(self.page())
        self.offer_keys()
        self.page().entered()

    def _say_steps(self) -> None:
        names = {
            Step.SERVER: _("Server"),
            Step.CODE: _("Code"),
            Step.SHOP: _("Shop"),
            Step.KEY: _("Recovery key"),
            Step.PRINTER: _("Printer"),
            Step.SCANNER: _("Scanner"),
            Step.DRAWER: _("Drawer"),
        }
        row = _OF_A_SHOP if self._stand.is_whole_shop else _OF_A_TILL
        self.steps.setVisible(self._step in row)
        if self._step in row:
            self.steps.set_texts([names[one] for one in row])
            self.steps.set_current(row.index(self._step))

    # -- deeds ---------------------------------------------------------------------------------------

    def is_busy(self) -> bool:
        """Whether something is being done and keys wait."""
        return self._deed is not None

    def do(self, words: str, deed: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do something beside the window, saying what; then `done`.  What it raises is said."""
        if self._deed is not None:
            return
        carried = self._deed = _Deed(self)
        carried.ended.connect(lambda value, error: self._ended(value, error, done))
        self.banner.dismiss()
        self.busy.set_text(words)
        self.page().primary.setEnabled(False)

        def run() -> None:
            try:
                value, error = deed(), None
            except Exception as raised:  # noqa: BLE001 - it is said, and logged where it is no known error
                value, error = None, raised
            carried.ended.emit(value, error)

        threading.Thread(target=run, name="first-start", daemon=True).start()

    def _ended(self, value: object, error: Exception | None, done: Callable[[T], object]) -> None:
        deed, self._deed = self._deed, None
        if deed is not None:
            deed.deleteLater()
        self.busy.set_text("")
        self.page().primary.setEnabled(True)
        if error is None:
            done(value)  # type: ignore[arg-type]  # it is what the deed gave
        elif isinstance(error, BohariError):
            self.refuse(error.sentence)
        else:
            events.FAULT.log(error, during="first start")
            self.refuse(_("Something went wrong here; nothing is lost. Try again."))

    # -- words ---------------------------------------------------------------------------------------

    def refuse(self, text: str) -> None:
        """Say why something will not do."""
        self.banner.refuse(text)

    def warn(self, text: str) -> None:
        """Say what a person should look at before going on."""
        self.banner.warn(text)

    def succeed(self, text: str) -> None:
        """Say that something went well."""
        self.banner.succeed(text)

    # -- keys ----------------------------------------------------------------------------------------

    def offer_keys(self) -> None:
        """The keys of the page in front."""
        if self._step in self._pages:
            look = KeyAction("F9", _("Another look"), self.other_mode)
            speak = KeyAction("F2", _other_language(), self.other_language)
            self.key_strip.set_actions([self._waiting(one) for one in (speak, look, *self.page().keys())])

    def _waiting(self, action: KeyAction) -> KeyAction:
        """The same action, which does nothing while something is being done."""
        return action._replace(callback=lambda: None if self.is_busy() else action.callback())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.is_busy() and self.page().key(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return pass_keyboard(as_read(self.page()), next)

    def _scanned(self, scan: Scan) -> None:
        if self.is_busy():
            return
        if not scan.complete:
            self.refuse(_("The scan was cut off, and nothing was taken; scan it again."))
            return
        self.page().on_scan(scan.label())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.scans.flush()

    # -- how it looks and speaks ---------------------------------------------------------------------

    def other_language(self) -> None:
        """The next language; the page begins anew in it."""
        codes = list(LANGUAGES)
        use_language(codes[(codes.index(current_language()) + 1) % len(codes)])
        self._make_pages()
        self._bring(self._step)
        self._keep_look()

    def other_mode(self) -> None:
        """The theme after this one."""
        application = QApplication.instance()
        modes: list[Mode] = list(get_args(Mode))
        if isinstance(application, QApplication):
            apply_theme(application, modes[(modes.index(current_palette().mode) + 1) % len(modes)])
        self._keep_look()

    def _keep_look(self) -> None:
        try:
            self.deeds.keep_look(current_palette().mode, current_language())
        except BohariError as error:
            self.refuse(error.sentence)


def _other_language() -> str:
    codes = list(LANGUAGES)
    return LANGUAGES[codes[(codes.index(current_language()) + 1) % len(codes)]]
