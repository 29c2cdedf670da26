"""Owns what every page of the first start has in common: its words, its keys, and the way on and back."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from pos_app.language import _
from pos_app.ui.arrange import Part, column, line
from pos_app.ui.first_start.deeds import Deeds, Step
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.scroll import Scroll

T = TypeVar("T")

_WIDTH = 700


class Wizard(Protocol):
    """The window, as its pages need it."""

    @property
    def deeds(self) -> Deeds:
        """What a page may ask for."""

    def do(self, words: str, deed: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do something beside the window, saying what; then `done`.  What it raises is said on the page."""

    def go(self, step: Step) -> None:
        """Bring this page before the person; what was reached is kept."""

    def back(self) -> None:
        """The page before."""

    def refuse(self, text: str) -> None:
        """Say why something will not do."""

    def warn(self, text: str) -> None:
        """Say what a person should look at before going on."""

    def succeed(self, text: str) -> None:
        """Say that something went well."""

    def offer_keys(self) -> None:
        """The keys of the page are others now."""


class Page(QWidget):
    """One page: a title, words, its parts and the one action that Enter does."""

    #: What a test and the style call it.
    name = ""
    #: Whether there is a page before it to go back to.
    has_back = True

    def __init__(self, wizard: Wizard, title: str, text: str, action: str) -> None:
        super().__init__()
        self.setObjectName(self.name)
        self.wizard = wizard
        self.title = Paragraph(title, Size.TITLE, "text", Weight.BOLD)
        self.text = Paragraph(text, Size.BODY, "muted")
        self.primary = PrimaryButton(action, "Enter", bind=False)
        self.primary.setObjectName(f"{self.name}-on")
        self.primary.clicked.connect(self.go_on)

    def lay_out(self, *parts: Part) -> None:
        """Put the parts between the words and the action."""
        card = Card(padding=px(32))
        inside = column(self.title, self.text, *parts, self.primary, spacing=Space.L)
        card.add_layout(inside)
        card.setFixedWidth(px(_WIDTH))
        card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        # Side by side with room instead of an alignment, which forgets how high words become that wrap.
        floor = QWidget()
        floor.setLayout(column(1, line(1, card, 1), 1, margin=Space.M))
        self._scroll = Scroll(floor)
        self.setLayout(column(self._scroll))

    def show_field(self, field: QWidget) -> None:
        """Give a line the keyboard, on a small screen too."""
        field.setFocus()
        self._scroll.ensureWidgetVisible(field)

    def entered(self) -> None:
        """The page is before the person: take the keyboard."""
        self.setFocus()

    def go_on(self) -> None:
        """What Enter does."""

    def own_keys(self) -> list[KeyAction]:
        """The keys of this page beside Enter and Esc."""
        return []

    def keys(self) -> list[KeyAction]:
        """All of its keys."""
        back = [KeyAction("Esc", _("Back"), self.wizard.back)] if self.has_back else []
        return [*back, *self.own_keys(), KeyAction("Enter", self.primary.text(), self.go_on, bind=False)]

    def key(self, event: QKeyEvent) -> bool:
        """Take a key that no widget wanted; says whether it was of use."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
            return True
        return False

    def on_scan(self, text: str) -> None:
        """Something was scanned."""
        self.wizard.warn(_("The scanner works; here it is not asked for yet."))


def line_to_write(name: str, words: str, icon: str, *, hidden: bool = False) -> SearchField:
    """A line to write in."""
    made = SearchField(words, icon=icon)
    made.setObjectName(name)
    if hidden:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made
