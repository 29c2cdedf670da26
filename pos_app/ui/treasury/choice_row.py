"""Owns the row of choices of a form: one of a few, by its figure, the arrows or a finger."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.tokens import Space

_HEIGHT = 56
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Choice(NamedTuple):
    """One of a few; `value` comes back."""

    value: Hashable
    words: str
    icon: str = ""
    detail: str = ""


class ChoiceTile(OptionTile):
    """A tile that leaves the arrows and Enter to its row and the form."""

    stepped = Signal(int)
    typed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.text().isdigit():
            self.typed.emit(int(event.text()))
        elif event.key() == Qt.Key.Key_Space:
            self.click()
        else:
            # Enter goes to the next field; the arrows up and down do too.
            event.ignore()


class ChoiceRow(QWidget):
    """The choices in columns; one is taken, and only that one takes the keyboard.

    `chosen` says that another one was taken, `settled` that the person named it by its figure and is done.
    """

    chosen = Signal(object)
    settled = Signal()

    def __init__(self, name: str, choices: Sequence[Choice] = (), *, columns: int = 3) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._columns = columns
        self._choices: list[Choice] = []
        self.tiles: list[ChoiceTile] = []
        self._at = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.M)
        self.offer(choices)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these; the first is taken."""
        for old in self.tiles:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._choices, self.tiles, self._at = list(choices), [], 0
        for number, choice in enumerate(choices):
            tile = ChoiceTile(
                choice.words, choice.icon, str(number + 1), detail=choice.detail, height=_HEIGHT
            )
            tile.clicked.connect(lambda _checked=False, at=number: self._take(at))
            tile.stepped.connect(self._step)
            tile.typed.connect(self._typed)
            tile.setObjectName(f"choice-{choice.value}")
            row, place = divmod(number, self._columns)
            self._grid.addWidget(tile, row, place)
            self.tiles.append(tile)
        for place in range(self._columns):
            self._grid.setColumnStretch(place, 1 if place < len(self.tiles) else 0)
        self._show()

    def value(self) -> Hashable | None:
        """What is taken; None where nothing is offered."""
        return self._choices[self._at].value if self._choices else None

    def choose(self, value: Hashable) -> None:
        """Take this one, and say so when it is another."""
        for number, choice in enumerate(self._choices):
            if choice.value == value:
                self._take(number)

    def has_keyboard(self) -> bool:
        """Whether the keys come here."""
        return any(tile.hasFocus() for tile in self.tiles)

    def take_keyboard(self) -> None:
        """Take the keyboard."""
        if self.tiles:
            self.tiles[self._at].setFocus(Qt.FocusReason.TabFocusReason)

    def _take(self, at: int) -> None:
        changed, had = at != self._at, self.has_keyboard()
        self._at = at
        self._show()
        if had:
            self.take_keyboard()
        if changed:
            self.chosen.emit(self.value())

    def _step(self, by: int) -> None:
        self._take(max(0, min(len(self.tiles) - 1, self._at + by)))

    def _typed(self, figure: int) -> None:
        if 1 <= figure <= len(self.tiles):
            self._take(figure - 1)
            self.settled.emit()

    def _show(self) -> None:
        for number, tile in enumerate(self.tiles):
            tile.set_selected(number == self._at)
            policy = Qt.FocusPolicy.TabFocus if number == self._at else Qt.FocusPolicy.NoFocus
            tile.setFocusPolicy(policy)
