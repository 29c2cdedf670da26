"""Owns the row of choices of a form: one of a few, by its figure, the arrows or a finger.

Decisions
---------
2026-11-29  A figure marks its choice and leaves the keyboard where it is: Enter goes on.  A second figure, or
a point or comma, says that a number is typed, which is no choice: the row stands again as it did before, and
all of the number goes on to the field behind it.  So "1500" typed at "What" is 1,500, not the first choice
and 500, and "1,250.50" is not 250.50.
"""

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Space
from pos_app.ui.kit.typed import figure_of, is_like_a_figure, typed_text

_HEIGHT = 56
_BETWEEN_FIGURES: Final = (".", ",")
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
    typed = Signal(str)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() == Qt.Key.Key_Space:
            self.click()
        elif text := typed_text(event):
            self.typed.emit(text)
        else:
            # Enter goes to the next field; the arrows up and down do too.
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class ChoiceRow(QWidget):
    """The choices in columns; one is taken, and only that one takes the keyboard.

    `chosen` says that another one was taken, `carried` what was typed here and belongs to the next field.
    `worded` is a figure that chose and the letter typed right behind it, with what was taken before: whether
    both are the beginning of a code, or the figure chose and the letter begins one, the form can tell.
    """

    chosen = Signal(object)
    carried = Signal(str)
    worded = Signal(str, str, int)

    def __init__(self, name: str, choices: Sequence[Choice] = (), *, columns: int = 3) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._columns = columns
        self._choices: list[Choice] = []
        self.tiles: list[ChoiceTile] = []
        self._at = 0
        #: The figure that was typed just now, and what was taken before it.
        self._run, self._before = "", 0
        self._moving = False
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
        self._choices, self.tiles, self._at, self._run = list(choices), [], 0, ""
        for number, choice in enumerate(choices):
            tile = ChoiceTile(
                choice.words, choice.icon, str(number + 1), detail=choice.detail, height=px(_HEIGHT)
            )
            tile.clicked.connect(lambda _checked=False, at=number: self._take(at))
            tile.stepped.connect(self._step)
            tile.typed.connect(self._typed)
            tile.left.connect(self._left)
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

    def at(self) -> int:
        """The place of what is taken."""
        return self._at

    def take(self, at: int) -> None:
        """Take the one at a place, and say so when it is another."""
        self._take(at)

    def has_keyboard(self) -> bool:
        """Whether the keys come here."""
        return any(tile.hasFocus() for tile in self.tiles)

    def take_keyboard(self) -> None:
        """Take the keyboard."""
        if self.tiles:
            self.tiles[self._at].setFocus(Qt.FocusReason.TabFocusReason)

    def _take(self, at: int) -> None:
        changed, had = at != self._at, self.has_keyboard()
        self._at, self._run = at, ""
        self._show()
        if had:
            self._moving = True
            self.take_keyboard()
            self._moving = False
        if changed:
            self.chosen.emit(self.value())

    def _step(self, by: int) -> None:
        self._take(max(0, min(len(self.tiles) - 1, self._at + by)))

    def _left(self) -> None:
        if not self._moving:
            self._run = ""

    def _typed(self, text: str) -> None:
        figure = figure_of(text)
        if self._run and (figure or text in _BETWEEN_FIGURES):
            number = self._run + (figure or text)
            self._take(self._before)
            self.carried.emit(number)
        elif not figure:
            if not is_like_a_figure(text):
                run, self._run = self._run, ""
                if run:
                    self.worded.emit(run, text, self._before)
                else:
                    self.carried.emit(text)
        elif 1 <= int(figure) <= len(self.tiles):
            before = self._at
            self._take(int(figure) - 1)
            self._run, self._before = figure, before
        else:
            self.carried.emit(figure)

    def _show(self) -> None:
        for number, tile in enumerate(self.tiles):
            tile.set_selected(number == self._at)
            policy = Qt.FocusPolicy.TabFocus if number == self._at else Qt.FocusPolicy.NoFocus
            tile.setFocusPolicy(policy)
