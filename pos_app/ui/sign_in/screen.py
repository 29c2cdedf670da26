"""Owns the sign-in: names at the left, the PIN at the right, and how long to wait after a wrong one."""

from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.till.session.errors import WrongPin
from pos_app.ui import training
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.keypad import PIN, Keypad
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import figure_of, typed_text
from pos_app.ui.screen import Screen
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

_PIN_MOST = 8
_PIN_SHOWN = 6
_WIDTH = 700
_TILE_HEIGHT = 68
#: So many names stand without scrolling.
_LEAST_SHOWN, _MOST_SHOWN = 4, 6


def _names_height(count: int) -> int:
    return count * (px(_TILE_HEIGHT) + Space.M) - Space.M


class SignInScreen(Screen):
    """Who is at the till?"""

    passing = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("sign-in")
        self._chosen = -1
        self._until: datetime | None = None
        self._code = ""
        self._waiting = QTimer(self)
        self._waiting.setInterval(500)
        self._waiting.timeout.connect(self._count_down)
        self.tiles: list[OptionTile] = []
        self._names = QVBoxLayout()
        self._names.setContentsMargins(0, 0, 0, 0)
        self._names.setSpacing(Space.M)
        self.pin = PinField(_("PIN"), _PIN_MOST, shown=_PIN_SHOWN)
        # What was said of the last PIN stays until the next key, however long that takes.
        self.pin.changed.connect(self._typing)
        self.pad = Keypad(PIN, backspace_name=_("Take back"), enter_name=_("Sign in"))
        self.pad.digit.connect(self.pin.type_digits)
        self.pad.backspace.connect(self.pin.backspace)
        self.pad.enter.connect(self.sign_in)
        self._lay_out()
        self.refreshed()

    def _lay_out(self) -> None:
        floor = QWidget()
        floor.setLayout(self._names)
        self._scroll = Scroll(floor)
        title = Label(_("Who is at the till?"), Size.TITLE, "text", Weight.BOLD)
        hint = Paragraph(_("Tap your name, then type your PIN."), Size.BODY)
        names = column(title, hint, self._scroll)
        names.setStretch(2, 1)
        entry = column(self.pin, self.pad)
        entry.setStretch(1, 1)
        card = Card(padding=px(32))
        sides = line(names, entry, spacing=px(32))
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        card.add_layout(sides)
        card.setFixedWidth(px(_WIDTH))
        card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.banner.setFixedWidth(px(_WIDTH))
        middle = column(1, card, self.banner, 1, margin=Space.XXL, spacing=Space.L)
        middle.setAlignment(card, Qt.AlignmentFlag.AlignHCenter)
        middle.setAlignment(self.banner, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(middle)

    # -- what it shows ---------------------------------------------------------------------------

    def keys(self) -> list[KeyAction]:
        return [
            KeyAction("↑ ↓", _("Choose a name"), lambda: self.step(1), bind=False),
            KeyAction("Enter", _("Sign in"), self.sign_in, bind=False),
            *training.ways(self.session),
        ]

    def refreshed(self) -> None:
        self._people = self.session.till.sign_in.people()
        for tile in self.tiles:
            self._names.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        while self._names.count():
            self._names.takeAt(0)
        self.tiles = []
        for number, person in enumerate(self._people):
            tile = OptionTile(person.name, initials_of=person.name, height=px(_TILE_HEIGHT))
            tile.setObjectName(f"person-{person.code}")
            tile.clicked.connect(lambda _checked=False, at=number: self.choose(at))
            self._names.addWidget(tile)
            self.tiles.append(tile)
        self._names.addStretch(1)
        shown = max(_LEAST_SHOWN, min(len(self._people), _MOST_SHOWN))
        self._scroll.want(_names_height(shown), least=_names_height(_LEAST_SHOWN))
        self._chosen = min(self._chosen, len(self.tiles) - 1)
        if not self._people:
            self.banner.warn(_("Nobody can sign in here yet; connect the till once to fetch the people."))
        self.choose(max(self._chosen, 0))

    def entered(self) -> None:
        self.refreshed()
        self.pin.clear()
        self.pin.setFocus()

    def choose(self, number: int) -> None:
        """Say who is at the till, by their place in the list."""
        self._chosen = number
        for at, tile in enumerate(self.tiles):
            tile.set_selected(at == number)
        self.pin.clear()
        self.pin.setFocus()

    def step(self, by: int) -> None:
        """The next name, or the one before."""
        if self.tiles:
            self.choose((self._chosen + by) % len(self.tiles))
            self._scroll.ensureWidgetVisible(self.tiles[self._chosen])

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sign_in()
            return True
        text = typed_text(event)
        if figure_of(text):
            self.pin.setFocus()
            self.pin.type_digits(text)
            return True
        if text.isalpha():
            # A letter brings the next person whose name begins with it.
            order = [(self._chosen + 1 + at) % len(self.tiles) for at in range(len(self.tiles))]
            found = next((at for at in order if self._people[at].name.lower().startswith(text.lower())), None)
            if found is not None:
                self.choose(found)
            return True
        return False

    def on_scan(self, text: str) -> None:
        self.session.warn(_("Sign in first; then scan."))

    # -- signing in ------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Try the PIN of the chosen person."""
        if not 0 <= self._chosen < len(self._people) or not self.pin.pin():
            return
        person = self._people[self._chosen]
        pin = self.pin.pin()
        self.pin.clear()
        try:
            self.session.till.sign_in.sign_in(person.person_id, pin)
        except WrongPin as wrong:
            self._until = wrong.until
            self._code = wrong.code
            self.banner.refuse(wrong.sentence)
            self._waiting.start()
            return
        except BohariError as error:
            self.banner.refuse(error.sentence)
            return
        self._waiting.stop()
        self.banner.dismiss()
        self._go_on()

    def _go_on(self) -> None:
        if self.session.till.drawer.is_open():
            self.session.home()
            if self.session.till.drawer.is_of_earlier_day():
                self.session.warn(
                    _("The drawer was opened on an earlier day; count it and close it with F8, then F12.")
                )
        else:
            self.session.ways.drawer()

    def _typing(self) -> None:
        if self.pin.pin():
            self._waiting.stop()
            self.banner.dismiss()

    def _count_down(self) -> None:
        left = 0 if self._until is None else (self._until - self.session.till.now()).total_seconds()
        if left <= 0:
            self._waiting.stop()
            self.banner.refuse(_("That PIN is wrong. Try again."))
            return
        seconds = int(left + 0.999)
        span = _("{count} s", count=seconds) if seconds < 60 else _("{count} min", count=(seconds + 59) // 60)
        if self._code == "pin-locked":
            self.banner.refuse(_("Too many wrong PINs. Try again in {span}.", span=span))
        else:
            self.banner.refuse(_("That PIN is wrong. Try again in {span}.", span=span))
