"""Owns the key strip below every screen: each action with its key, bound as shown, so it is the manual."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.button import key_sequences
from pos_app.ui.kit.lettering import font, line_height, text_width
from pos_app.ui.kit.paint import (
    CENTRE,
    draw_key_cap,
    draw_line,
    focus_ring,
    key_cap_width,
    mixed,
    paint_band,
    rounded_box,
    share_room,
    smooth_painter,
)
from pos_app.ui.kit.pressable import Pressable
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Radius, Size, Space, Touch, Weight

_PADDING = 6
_TIGHT_PADDING = 2
_CAP_GAP = 6
_LEAST_LABEL = 34.0
#: How high a cap stands where its words are below it.
_STACKED_CAP = 20


class KeyAction(NamedTuple):
    """One action of a screen. `bind=False` shows it without taking the key from the widgets.

    With `told_elsewhere` the screen says these words too: without room for all, they give way first.
    """

    key: str
    label: str
    callback: Callable[[], object]
    bind: bool = True
    told_elsewhere: bool = False


class KeyItem(Pressable):
    """One action in the strip: cap and words, as wide as the strip grants."""

    def __init__(self, action: KeyAction, parent: QWidget) -> None:
        super().__init__(action.label, parent)
        self.action = action
        self.setText(action.label)
        self._label_width = self.natural_label_width()
        self._broken = False
        #: On how many lines the words stand below the cap; 0 where they stand beside it.
        self._stacked = 0
        self._padding = px(_PADDING)
        self.clicked.connect(self._run)
        if action.bind:
            for sequence in key_sequences(action.key):
                shortcut = QShortcut(sequence, self)
                shortcut.setAutoRepeat(False)
                shortcut.activated.connect(self.click)
                # The primary button may bear the same key: one press is still one press.
                shortcut.activatedAmbiguously.connect(self.click)

    def natural_label_width(self) -> float:
        """The room the words need uncut."""
        return text_width(self.action.label, font(Size.SMALL)) + 1

    def fixed_width(self, *, broken: bool) -> float:
        """The room of everything but the words; less padding where the words are broken."""
        return key_cap_width(self.action.key) + 2 * (px(_TIGHT_PADDING) if broken else px(_PADDING))

    def two_lines(self) -> tuple[str, str]:
        """The words broken where both halves are shortest."""
        words = self.action.label.split()
        breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
        lettering = font(Size.KEY, Weight.MEDIUM)
        return min(
            breaks or [(self.action.label, "")],
            key=lambda pair: max(text_width(pair[0], lettering), text_width(pair[1], lettering)),
        )

    def broken_label_width(self) -> float:
        """The room the words need on two lines."""
        lettering = font(Size.KEY, Weight.MEDIUM)
        return max(text_width(line, lettering) for line in self.two_lines()) + 1

    def stacked_width(self, lines: int) -> float:
        """The room it needs where the words stand below the cap, on one line or on two."""
        lettering = font(Size.KEY, Weight.MEDIUM)
        one_line = text_width(self.action.label, lettering) + 1
        words = one_line if lines == 1 else self.broken_label_width()
        return max(key_cap_width(self.action.key), words) + 2 * px(_TIGHT_PADDING)

    def stack(self, lines: int) -> int:
        """Put the words below the cap, on so many lines as all beside it; gives the whole width."""
        width = self.stacked_width(lines)
        self._label_width, self._broken, self._stacked = width, lines > 1, lines
        self.setToolTip("")
        return round(width)

    def grant(self, label_width: float, *, broken: bool) -> int:
        """Take this much room for the words (0: the cap alone) and return the whole width."""
        self._label_width, self._broken, self._stacked = label_width, broken, 0
        self._padding = px(_TIGHT_PADDING) if broken else px(_PADDING)
        cut = label_width < (self.broken_label_width() if broken else self.natural_label_width())
        self.setToolTip(self.action.label if cut else "")
        gap = px(_CAP_GAP) if label_width else 0
        return round(self.fixed_width(broken=broken) + gap + label_width)

    def label_width(self) -> float:
        """The room granted to the words."""
        return self._label_width

    def _run(self) -> None:
        self.action.callback()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        middle = self.height() / 2
        box = QRectF(0, px(6), self.width(), self.height() - px(12))
        if self.isDown() or self.hovered():
            share = 0.1 if self.isDown() else 0.05
            rounded_box(painter, box, Radius.FIELD, mixed(palette.surface, palette.text, share))
        if self._stacked:
            self._paint_stacked(painter, palette.text)
            painter.end()
            return
        draw_key_cap(painter, self._padding, middle, self.action.key)
        left = self._padding + key_cap_width(self.action.key) + px(_CAP_GAP)
        ink = palette.text
        first, second = self.two_lines() if self._broken else (self.action.label, "")
        if self._label_width and second:
            lettering = font(Size.KEY, Weight.MEDIUM)
            draw_line(
                painter, QRectF(left, middle - px(15), self._label_width, px(15)), first, lettering, ink
            )
            draw_line(painter, QRectF(left, middle, self._label_width, px(15)), second, lettering, ink)
        elif self._label_width:
            lettering = font(Size.KEY, Weight.MEDIUM) if self._broken else font(Size.SMALL)
            words = QRectF(left, 0, self._label_width, self.height())
            draw_line(painter, words, first, lettering, ink)
        if self.hasFocus():
            focus_ring(painter, box.adjusted(-2, -2, 2, 2), Radius.FIELD, palette.accent)
        painter.end()

    def _paint_stacked(self, painter: QPainter, ink: str) -> None:
        """The cap, and the words below it."""
        lines = self.two_lines() if self._stacked > 1 else (self.action.label,)
        lettering = font(Size.KEY, Weight.MEDIUM)
        high = line_height(lettering)
        # All caps of a strip stand on one line, also above words that need no second one.
        top = (self.height() - px(_STACKED_CAP) - high * self._stacked) / 2
        cap = key_cap_width(self.action.key)
        draw_key_cap(painter, (self.width() - cap) / 2, top + px(_STACKED_CAP) / 2, self.action.key)
        for number, words in enumerate(lines):
            box = QRectF(0, top + px(_STACKED_CAP) + number * high, self.width(), high)
            draw_line(painter, box, words, lettering, ink, align=CENTRE)
        if self.hasFocus():
            focus_ring(painter, QRectF(self.rect()), Radius.FIELD, current_palette().accent)


class KeyStrip(QWidget):
    """The strip. `set_actions` shows and binds the actions; a click on one does what its key does."""

    accessible_role = Role.ToolBar

    def __init__(self, actions: Iterable[KeyAction] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[KeyItem] = []
        self.setFixedHeight(Touch.KEY_STRIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_actions(actions)

    def set_actions(self, actions: Iterable[KeyAction | tuple[str, str, Callable[[], object]]]) -> None:
        """Offer these actions, in this order, instead of the ones before."""
        for old in self._items:
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self._items = [KeyItem(KeyAction(*action), self) for action in actions]
        for item in self._items:
            item.show()
        self._arrange()

    def item(self, key: str) -> KeyItem:
        """The item of a key."""
        return next(item for item in self._items if item.action.key == key)

    def items(self) -> list[KeyItem]:
        """All items from left to right."""
        return list(self._items)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), Touch.KEY_STRIP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if not self._items:
            return
        edge = Space.L - px(_PADDING) + px(4)
        room = self.width() - 2 * edge
        caps = sum(item.fixed_width(broken=False) + px(_CAP_GAP) for item in self._items)
        gaps = len(self._items) - 1
        wanted = [item.natural_label_width() for item in self._items]
        # First the gaps give way, then the words go on two lines, and only then are they cut.
        gap, broken = Space.M, False
        if caps + sum(wanted) + gap * gaps > room:
            gap = Space.XS
        if caps + sum(wanted) + gap * gaps > room:
            wanted, broken = [item.broken_label_width() for item in self._items], True
            caps = sum(item.fixed_width(broken=True) + px(_CAP_GAP) for item in self._items)
            gap = Space.S
        if caps + sum(wanted) + gap * gaps > room:
            gap = Space.XS
        for lines in (1, 2) if caps + sum(wanted) + gap * gaps > room else ():
            # Before words are cut they go below their caps.
            stacked = [item.stacked_width(lines) for item in self._items]
            if sum(stacked) + gaps * px(lines) <= room:
                self._place([item.stack(lines) for item in self._items], edge, Space.L)
                return
        for at in reversed(range(len(wanted))):
            if self._items[at].action.told_elsewhere and caps + sum(wanted) + gap * gaps > room:
                wanted[at] = 0.0
                caps -= px(_CAP_GAP)
        granted = share_room(wanted, room - caps - gap * gaps, px(_LEAST_LABEL))
        shares = zip(self._items, granted, strict=True)
        self._place([item.grant(label_width, broken=broken) for item, label_width in shares], edge, gap)

    def _place(self, widths: list[int], edge: int, gap: int) -> None:
        """Side by side from the edge, the gaps narrower where the last would not fit."""
        room, many = self.width() - 2 * edge - sum(widths), max(1, len(widths) - 1)
        gap = max(1, min(gap, room // many))
        left = edge
        for item, width in zip(self._items, widths, strict=True):
            item.setGeometry(left, 0, width, self.height())
            item.update()
            left += width + gap

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_band(self, line_below=False)
