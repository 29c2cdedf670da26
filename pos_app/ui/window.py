"""Owns the window: strip above, one screen in the middle, key strip below, and the ways between screens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from pos_app.devices.scanner import WedgeSettings
from pos_app.language import _, current_language, use_language
from pos_app.ledger.errors import BohariError
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.key_strip import KeyAction, KeyStrip
from pos_app.ui.kit.strip import StatusStrip
from pos_app.ui.kit.theme import apply_theme, current_palette
from pos_app.ui.kit.tokens import Mode
from pos_app.ui.scan_filter import ScanFilter
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.sheets.keys import KeysSheet
from pos_app.ui.status_words import printer_words, sync_words
from pos_app.ui.window_ways import WindowWays

if TYPE_CHECKING:
    from pos_app.till.paper.spool import Spool

S = TypeVar("S")

_POLL_MS = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """How the window is shown, and how its scanner is set up.

    `keep` is told the mode and language that a person chose.
    """

    mode: Mode = "light"
    language: str = "en"
    keep: Callable[[Mode, str], object] | None = None
    scanner: WedgeSettings = field(default_factory=WedgeSettings)


class MainWindow(QWidget):
    """The till's window.  Screens are made when they are first needed."""

    ready = Signal()

    def __init__(self, till: Till, spool: "Spool | None", settings: Settings) -> None:
        super().__init__()
        self.setObjectName("till-window")
        self.setWindowTitle("Bohari POS")
        self._settings = settings
        self._screens: dict[object, Screen] = {}
        #: The screens behind the one in front, the first opened first.
        self._trail: list[Screen] = []
        self.strip = StatusStrip()
        self.stack = QStackedWidget()
        self.key_strip = KeyStrip()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.strip)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.key_strip)
        self.session = Session(till, spool, self, WindowWays(self))
        self.session.keys_changed.connect(self._offer_keys)
        self.session.state_changed.connect(self._say_state)
        self.scans = ScanFilter(self, settings.scanner)
        self.scans.scanned.connect(self._scanned)
        self._poll = QTimer(self)
        self._poll.timeout.connect(self.poll)
        self._say_place()
        self.home()

    # -- ways (see `session.Navigator`) --------------------------------------------------------------

    def open(self, screen: Callable[[Session], S]) -> S:
        """Bring a screen before the person; `back` leads from it to the one in front now.

        One that the person came through goes in front again, and the trail ends there: it has no rings.
        """
        made = self._kept(screen)
        front = self.stack.currentWidget()
        if made in self._trail:
            del self._trail[self._trail.index(made) :]
        elif isinstance(front, Screen) and front is not made and not front.passing:
            self._trail.append(front)
        self._bring(made)
        made.entered()
        self._brought()
        # What is kept under a class is what that class made.
        return cast(S, made)

    def back(self) -> None:
        """Bring the screen before the person from which they came; the basket where there is none."""
        if not self._trail:
            self.home()
            return
        made = self._trail.pop()
        self._bring(made)
        made.returned()
        self._brought()

    def home(self) -> Screen:
        """The basket, or the sign-in when nobody is signed in; there is no way back from it."""
        self._trail.clear()
        made = self._kept(self._root())
        self._bring(made)
        made.entered()
        self._brought()
        return made

    def leads_home(self) -> bool:
        """Whether `back` leads to the basket."""
        return not self._trail or self._trail[-1] is self._screens.get(self._root())

    def _root(self) -> type[Screen]:
        if self.session.till.person is None:
            from pos_app.ui.sign_in.screen import SignInScreen

            return SignInScreen
        from pos_app.ui.sell.screen import SellScreen

        return SellScreen

    def _kept(self, screen: Callable[[Session], object]) -> Screen:
        """The screen of a class, made when it is first needed."""
        kept = self._screens.get(screen)
        if kept is None:
            made = screen(self.session)
            if not isinstance(made, Screen):
                raise TypeError(f"{screen!r} makes something that is no screen")
            kept = self._screens[screen] = made
            self.stack.addWidget(kept)
        return kept

    def _bring(self, made: Screen) -> None:
        self.stack.setCurrentWidget(made)
        made.banner.dismiss()
        self._offer_keys()

    def _brought(self) -> None:
        self._say_state()
        if self.session.trouble and self.session.till.person is not None:
            self.session.refuse(self.session.trouble)
            self.session.trouble = ""

    def ask_approval(
        self,
        needed: NeedsApproval,
        approved: Callable[[Approval], object],
        given_up: Callable[[], object] | None,
    ) -> None:
        """Ask a manager for their PIN; `given_up` is called when none gives it."""
        sheet = ApprovalSheet(self.session, needed.said, Action(needed.action), approved)
        if given_up is not None:
            sheet.rejected.connect(given_up)
        self.session.show_sheet(sheet)

    def current(self) -> Screen:
        """The screen in front."""
        screen = self.stack.currentWidget()
        if not isinstance(screen, Screen):
            raise TypeError("the window shows something that is no screen")
        return screen

    def banner(self) -> Banner:
        """Where the screen in front says what was refused."""
        return self.current().banner

    def overlay_parent(self) -> QWidget:
        """What sheets are laid over."""
        return self

    # -- keys and scans --------------------------------------------------------------------------

    def _actions(self) -> list[KeyAction]:
        return [KeyAction("F1", _("Keys"), self.show_keys), *self.current().keys()]

    def _offer_keys(self) -> None:
        self.key_strip.set_actions(self._actions())

    def show_keys(self) -> None:
        """Show every key of this screen and the settings."""
        signed_in = self.session.till.person is not None
        sign_out = self.sign_out if signed_in else None
        self.session.show_sheet(
            KeysSheet(self.session, self._actions(), self.set_mode, self.set_language, sign_out)
        )

    def sign_out(self) -> None:
        """Nobody is at the till any more; the basket stays."""
        self.session.till.sign_in.sign_out()
        self.home()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Every key that no widget wanted ends here, once: a field that also answered Enter by a signal
        # would let the same Enter act again on the screen that its answer brought.
        if self.session.sheet is None and self.current().key(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def _scanned(self, text: str) -> None:
        if self.session.sheet is not None:
            self.session.sheet.refuse(_("A scan is not an answer here; finish this or go back first."))
            return
        self.current().on_scan(text)

    # -- settings --------------------------------------------------------------------------------

    def set_mode(self, mode: str) -> None:
        """Light or dark, at once."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, "dark" if mode == "dark" else "light")
        self._keep()

    def set_language(self, language: str) -> None:
        """Another language, at once: the screens are made anew, the basket stays."""
        if self.current().busy():
            self.session.warn(_("Finish what you began here; then change the language."))
            return
        waiting = next((words for screen in self._screens.values() if (words := screen.unfinished())), "")
        if waiting:
            self.session.warn(_("“{what}” waits to be finished; then change the language.", what=waiting))
            return
        use_language(language)
        for screen in self._screens.values():
            self.stack.removeWidget(screen)
            screen.deleteLater()
        self._screens = {}
        self._trail = []
        self._say_place()
        self.home()
        self._keep()

    def _keep(self) -> None:
        if self._settings.keep is not None:
            self._settings.keep(current_palette().mode, current_language())

    # -- the strip -------------------------------------------------------------------------------

    def poll(self) -> None:
        """Look what waits, how the printer is, and whether the feed brought news."""
        try:
            news = self.session.till.refresh()
        except BohariError as error:
            self.session.warn(error.sentence)
            return
        if news:
            self._say_place()
            self.current().refreshed()
        self._say_state()

    def _say_place(self) -> None:
        place = self.session.till.place
        terminal_no = self.session.till.terminal_no
        self.strip.set_depot(place.depot_name)
        self.strip.set_till(_("Till {number} · {business}", number=terminal_no, business=place.business.name))

    def _say_state(self) -> None:
        till = self.session.till
        now, person, shift = till.now(), till.person, till.shift
        self.strip.set_time(self.session.clock_time(now))
        self.strip.set_person(person.name if person else "")
        since = self.session.clock_time(shift.occurred_at) if shift else ""
        self.strip.set_shift(
            _("Shift {number} since {time}", number=shift.number, time=since) if shift else ""
        )
        try:
            status = till.status()
        except BohariError as error:
            self.strip.set_sync(error.sentence, "bad", "circle-alert")
            return
        self.strip.set_sync(*sync_words(self.session, status, now))
        self.strip.set_printer(*printer_words(status))

    # -- life ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._poll.isActive():
            self._poll.start(_POLL_MS)
            QTimer.singleShot(0, self.ready.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._poll.stop()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.scans.flush()
