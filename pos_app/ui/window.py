"""Owns the window: strip above, one screen in the middle, key strip below, and the ways between screens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from pos_app.devices.scanner import Scan, WedgeSettings
from pos_app.language import _, current_language, plural, use_language
from pos_app.ledger.errors import BohariError
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till
from pos_app.ui.customer_view import ANY_OTHER
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.key_strip import KeyAction, KeyStrip
from pos_app.ui.kit.reading_order import as_read, pass_keyboard
from pos_app.ui.kit.room import Room
from pos_app.ui.kit.scale import scale, scale_for, set_scale
from pos_app.ui.kit.strip import StatusStrip
from pos_app.ui.kit.theme import apply_theme, current_palette
from pos_app.ui.kit.tokens import Mode, mode_of
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.lock import TillLock
from pos_app.ui.scan_filter import ScanFilter
from pos_app.ui.screen import Screen
from pos_app.ui.second_window import SecondWindow
from pos_app.ui.session import Session
from pos_app.ui.sheets.afar import Asking
from pos_app.ui.sheets.approval import show_approval
from pos_app.ui.sheets.keys import LOCK_KEY, SIGN_OUT_KEY, Choice, Choices, KeysSheet, Leaving
from pos_app.ui.sounds import Sound, Sounds
from pos_app.ui.status_words import printer_words, sync_words
from pos_app.ui.training import band_of
from pos_app.ui.window_ways import WindowWays

if TYPE_CHECKING:
    from pos_app.till.paper.spool import Spool

S = TypeVar("S")

_POLL_MS = 1000
#: What is looked at after a recording waits so long: until what was recorded is on the screen.
_LOOK_MS = 250
#: A window that is being dragged is drawn anew when it rests.
_FIT_MS = 80
_LEAST_SIZE = 800, 600
#: The sizes that a person chooses among, in per cent; 0 is as the window allows.
SIZES = (0, 100, 125, 150)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the window is shown, and how its scanner is set up.

    `keep` is told what a person chose here.  `scale` is how many times its design everything is drawn; 0 is
    as the window's size allows.
    """

    mode: Mode = "light"
    language: str = "en"
    keep: Callable[["Settings"], object] | None = None
    scanner: WedgeSettings = field(default_factory=WedgeSettings)
    scale: float = 0.0
    #: On which screen the customer's window stands, by its name; `other` is any but the till's, empty none.
    customer_screen: str = ""
    #: Whether it is heard what a scan came to.
    sounds: bool = False
    #: Writes the file for whoever helps, with what was found; none where there is nowhere to write it.
    support: Callable[[Mapping[str, Any]], Path] | None = None
    #: Opens the window in which people learn this till; none where it is that window.
    train: Callable[[], object] | None = None


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
        self.band = band_of(till)
        self.strip = StatusStrip()
        self.stack = QStackedWidget()
        self.key_strip = KeyStrip()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._fill()
        # What a screen says must not make the window larger than it was: the screen finds the room itself.
        whole.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(*_LEAST_SIZE)
        self.session = Session(till, spool, self, WindowWays(self))
        self.session.make_support, self.session.train = settings.support, settings.train
        self.lock = TillLock(self.session, self)
        self.session.keys_changed.connect(self._offer_keys)
        self.session.state_changed.connect(self._say_state)
        self.sounds, self._refused = Sounds(on=settings.sounds), False
        self.session.refused.connect(self._hear_refusal)
        self.session.warned.connect(self._hear_warning)
        self.second = SecondWindow(self.session, self, self)
        self.scans = ScanFilter(self, settings.scanner)
        self.scans.scanned.connect(self._scanned)
        self._poll = QTimer(self)
        self._poll.timeout.connect(self.poll)
        till.put_off_looks(lambda look: QTimer.singleShot(_LOOK_MS, self, look))
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.setInterval(_FIT_MS)
        self._fitting.timeout.connect(self.fit)
        self._bind_everywhere()
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
        left = self._come_back() if self.session.till.person is not None else None
        if left is not None:
            return left
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
        request: str = "",
    ) -> None:
        """Ask a manager for their PIN, or from afar; `given_up` is called when none approves."""
        asking = Asking(needed.said, Action(needed.action), needed.worth, request)
        show_approval(self.session, asking, approved, given_up)

    def current(self) -> Screen:
        """The screen in front."""
        screen = self.stack.currentWidget()
        if not isinstance(screen, Screen):
            raise TypeError("the window shows something that is no screen")
        return screen

    def tell_full(self, room: Room, most: int) -> None:
        """Say that a field holds no more, where the person looks (see `kit.room`)."""
        words = {
            Room.FIGURES: plural(most, "No more than {count} figure.", "No more than {count} figures."),
            Room.DECIMALS: plural(most, "No more than {count} decimal.", "No more than {count} decimals."),
            Room.LETTERS: plural(most, "No more than {count} letter.", "No more than {count} letters."),
        }[room]
        text = _("There is no room for more here. {most}", most=words)
        sheet = self.session.sheet
        if sheet is None:
            self.banner().refuse(text)
        else:
            sheet.refuse(text)

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
        leaving = Leaving(self.lock.lock, self.sign_out) if signed_in else None
        self.session.show_sheet(KeysSheet(self.session, self._actions(), self._choices(), leaving))

    def sign_out(self) -> None:
        """Nobody is at the till any more; the basket stays."""
        self.session.till.sign_in.sign_out()
        self.home()

    def in_front(self) -> tuple[Screen, tuple[Screen, ...]]:
        """The screen in front, and the trail behind it."""
        return self.current(), tuple(self._trail)

    def _come_back(self) -> Screen | None:
        """After a lock: what was in front then, for whoever it was; None leads to the basket."""
        left = self.lock.come_back()
        if left is None or left.front not in self._screens.values():
            return None
        self._trail[:] = left.trail
        self._bring(left.front)
        self._brought()
        left.front.setFocus()
        return left.front

    def _bind_everywhere(self) -> None:
        """The keys that are no screen's: they do the same wherever a person is."""
        for key, act in ((LOCK_KEY, self.lock.lock), (SIGN_OUT_KEY, self._leave)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def _leave(self) -> None:
        """The key of signing out: not while a sheet asks something, and only where somebody is."""
        if self.session.till.person is not None and self.session.sheet is None:
            self.sign_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Every key that no widget wanted ends here, once: a field that also answered Enter by a signal
        # would let the same Enter act again on the screen that its answer brought.
        if self.session.sheet is None and self.current().key(event):
            event.accept()
            return
        word = typed_text(event)
        if word and isinstance(QApplication.focusWidget(), AmountField):
            self.session.warn(_("“{what}” is no amount; type the amount anew.", what=word))
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        sheet = self.session.sheet
        return pass_keyboard(as_read(self if sheet is None else sheet), next)

    def _scanned(self, scan: Scan) -> None:
        if self.session.sheet is not None:
            self.session.sheet.refuse(_("A scan is not an answer here; finish this or go back first."))
            return
        if not scan.complete:
            self.session.refuse(_("The scan was cut off, and nothing was taken; scan it again."))
            return
        self._refused = False
        self.current().on_scan(scan.label())
        # What was refused has been heard already, and what asks something is neither yes nor no.
        if not self._refused and self.session.sheet is None:
            self.sounds.play(Sound.FOUND)

    def _hear_warning(self, _text: str) -> None:
        """What was scanned is no plain yes: the person has to look."""
        self._refused = True

    def _hear_refusal(self, _text: str) -> None:
        """Something was refused: a code that nothing has sounds otherwise than a no."""
        self._refused = True
        self.sounds.play(Sound.UNKNOWN if self.current().nothing_found() else Sound.REFUSED)

    # -- settings --------------------------------------------------------------------------------

    def set_mode(self, mode: str) -> None:
        """Light, dark or high contrast, at once."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, mode_of(mode))
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
        self._make_anew()
        self._keep()

    def set_scale(self, scale: float) -> None:
        """Draw everything so many times larger than its design; 0 is as the window's size allows."""
        self._settings = replace(self._settings, scale=scale)
        self._keep()
        self.fit()

    def set_sounds(self, *, on: bool) -> None:
        """Let it be heard what a scan came to, or not."""
        self._settings = replace(self._settings, sounds=on)
        self.sounds.on = on
        self._keep()

    def _choices(self) -> Choices:
        """What can be chosen of how the till looks and sounds, as it is now."""
        shown, percent = self._settings, round(self._settings.scale * 100)
        size = _("Size {percent} %", percent=percent) if percent else _("Size as the window")
        bigger = SIZES[(SIZES.index(percent) + 1) % len(SIZES)] if percent in SIZES else 0
        second = "" if shown.customer_screen else ANY_OTHER
        return Choices(
            self.set_mode,
            self.set_language,
            (
                Choice(_("Sounds"), "bell", shown.sounds, lambda: self.set_sounds(on=not shown.sounds)),
                Choice(
                    _("Customer's window"),
                    "monitor",
                    bool(shown.customer_screen),
                    lambda: self.set_customer_screen(second),
                ),
                Choice(size, "scaling", bool(percent), lambda: self.set_scale(bigger / 100)),
            ),
        )

    def set_customer_screen(self, name: str) -> None:
        """Let the customer's window stand on the screen of this name; empty is on none."""
        self._settings = replace(self._settings, customer_screen=name)
        self._keep()
        self.second.choose(name)

    def fit(self) -> None:
        """Draw everything as large as the window allows or a person wants, once nothing is begun here."""
        size = self.size()
        wanted = self._settings.scale or scale_for(size.width(), size.height())
        application = QApplication.instance()
        if wanted == scale() or not isinstance(application, QApplication):
            return
        begun = self.current().busy() or any(screen.unfinished() for screen in self._screens.values())
        if begun or self.session.sheet is not None:
            self._fitting.start()
            return
        set_scale(wanted)
        apply_theme(application, current_palette().mode)
        for strip in (self.strip, self.key_strip):
            strip.hide()
            strip.deleteLater()
        if self.band is not None:
            self.band.fit()
        self.strip, self.key_strip = StatusStrip(), KeyStrip()
        self._fill()
        self._make_anew()

    def _fill(self) -> None:
        """Strip, screen and keys below one another."""
        whole = self.layout()
        if isinstance(whole, QVBoxLayout):
            parts = (self.band, self.strip, self.stack, self.key_strip)
            for at, part in enumerate(one for one in parts if one is not None):
                whole.insertWidget(at, part, 1 if part is self.stack else 0)

    def _make_anew(self) -> None:
        """Another language or size: all screens are made when they are needed next; the basket stays."""
        for screen in self._screens.values():
            self.stack.removeWidget(screen)
            screen.deleteLater()
        self._screens = {}
        self._trail = []
        self._say_place()
        self.home()

    def _keep(self) -> None:
        chosen = replace(self._settings, mode=current_palette().mode, language=current_language())
        self._settings = chosen
        if chosen.keep is not None:
            chosen.keep(chosen)

    # -- the strip -------------------------------------------------------------------------------

    def poll(self) -> None:
        """Look what waits, how the printer and the file are, and whether the feed brought news."""
        damaged = self.session.till.database.damage.known()
        if damaged is not None:
            self.session.refuse(damaged.sentence)
        try:
            news = self.session.till.refresh()
        except BohariError as error:
            self.session.warn(error.sentence)
            return
        if news:
            self._say_place()
            self.current().refreshed()
        self._say_state()
        self.lock.when_idle(self.scans.idle_s())

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
            self.second.choose(self._settings.customer_screen)
            QTimer.singleShot(0, self.ready.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Not in the midst of being laid out: what is laid out is made anew.
        self._fitting.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._poll.stop()
        self.second.close()
        self.sounds.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.scans.flush()
