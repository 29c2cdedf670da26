"""Owns one line of goods as it stands on the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import QuietButton
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font, line_height, text_width
from pos_app.ui.kit.list_rows import Badge, badge_width, draw_badge
from pos_app.ui.kit.paint import draw_line, draw_lines, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Size, Space, Touch, Weight

FIGURE_WIDTH, FIELD_WIDTH = 74, 112
_HEIGHT = 60


class Head(Protocol):
    """What a row needs to know of a field."""

    @property
    def words(self) -> str:
        """What it is called."""
        ...

    @property
    def places(self) -> int:
        """How many places it has after the point."""
        ...


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """What stands on a line: the product, what it is, a remark below with badges, and figures to read."""

    key: int
    product_id: int
    title: str
    detail: str = ""
    figures: tuple[str, ...] = ()
    badges: tuple[Badge, ...] = ()


class LineWords(QWidget):
    """The name of the goods, on two smaller lines where one is too short, and the remark below it."""

    def __init__(self) -> None:
        super().__init__()
        self._title = self._detail = ""
        self._badges: tuple[Badge, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def say(self, title: str, detail: str, badges: tuple[Badge, ...] = ()) -> None:
        """Show other words; a badge that has no room is told by the tooltip."""
        self._title, self._detail, self._badges = title, detail, badges
        told = [badge.text for badge in badges]
        self.setAccessibleName(", ".join(part for part in (title, *told, detail) if part))
        self.setToolTip(", ".join([title, *told]))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(_HEIGHT - 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        one, two = font(Size.BODY, Weight.MEDIUM), font(Size.SMALL, Weight.MEDIUM)
        small = font(Size.CAPTION, tabular=True)
        if text_width(self._title, one) > self.width() >= text_width(self._title, two):
            one = two
        wraps = text_width(self._title, one) > self.width()
        detail = line_height(small) if self._detail or self._badges else 0.0
        detail += px(6) if self._badges else 0
        title = 2 * line_height(two) if wraps else line_height(one)
        top = (self.height() - title - detail) / 2
        box = QRectF(0, top, self.width(), title)
        if wraps:
            draw_lines(painter, box, self._title, two, palette.text, most=2)
        else:
            draw_line(painter, box, self._title, one, palette.text)
        below = QRectF(0, top + title, self.width(), detail)
        for badge in self._badges:
            # What is off comes before the code: it is what the customer asks about.
            if badge_width(badge) <= below.width():
                draw_badge(painter, QPointF(below.left(), below.center().y()), badge)
                below.setLeft(below.left() + badge_width(badge) + Space.S)
        if self._detail:
            draw_line(painter, below, self._detail, small, palette.muted)
        painter.end()


class LineRow(QWidget):
    """Title and detail, figures, fields, and the button that takes the line out."""

    removed = Signal()

    def __init__(self, line: GoodsLine, heads: Sequence[Head], remove_words: str) -> None:
        super().__init__()
        self.line, self._current = line, False
        self.setFixedHeight(px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words = LineWords()
        self._figures = [Label(words, Size.BODY, "muted", tabular=True, right=True) for words in line.figures]
        self.fields: list[AmountField] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.M, 0, 0, 1)
        row.setSpacing(Space.M)
        row.addWidget(self._words, 1)
        for figure in self._figures:
            figure.setFixedWidth(px(FIGURE_WIDTH))
            row.addWidget(figure, 0, Qt.AlignmentFlag.AlignVCenter)
        for number, head in enumerate(heads):
            field = AmountField(f"{line.title}, {head.words}", head.places)
            field.setFixedSize(px(FIELD_WIDTH), Touch.LEAST)
            field.setObjectName(f"field-{number}-{line.key}")
            self.fields.append(field)
            row.addWidget(field, 0, Qt.AlignmentFlag.AlignVCenter)
        if remove_words:
            self.remove = QuietButton("", icon="trash-2", bare=True, accessible_name=remove_words)
            self.remove.setFixedWidth(Touch.LEAST)
            # F8 takes the line out; Tab leads from figure to figure, and an Enter too many must not end here.
            self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.remove.clicked.connect(self.removed)
            row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignVCenter)
        self.say(line)

    def say(self, line: GoodsLine) -> None:
        """Show something else; the fields keep what they hold."""
        self.line = line
        self._words.say(line.title, line.detail, line.badges)
        for label, words in zip(self._figures, line.figures, strict=True):
            label.set_text(words)

    def set_current(self, current: bool) -> None:
        """Show whether this is the line at hand."""
        if current != self._current:
            self._current = current
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        box = QRectF(self.rect())
        if self._current:
            painter.fillRect(box, palette.accent_soft)
            painter.fillRect(QRectF(0, 0, px(4), box.height()), palette.accent)
        painter.fillRect(QRectF(0, box.height() - 1, box.width(), 1), palette.line)
        painter.end()
