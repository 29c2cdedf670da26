"""Owns plain words: a line that is cut with an ellipsis where room ends, and a paragraph that wraps."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.lettering import font, line_height, shrunk, text_width
from pos_app.ui.kit.paint import LEFT, RIGHT, draw_line, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette, theme_notice
from pos_app.ui.kit.tokens import Size, Tone, Weight


class Label(QWidget):
    """One line of words, smaller where room is short, then cut with an ellipsis and told by the tooltip."""

    accessible_role = Role.StaticText

    def __init__(
        self,
        text: str = "",
        size: float = Size.BODY,
        tone: Tone = "text",
        weight: int = Weight.REGULAR,
        parent: QWidget | None = None,
        *,
        tabular: bool = False,
        right: bool = False,
    ) -> None:
        super().__init__(parent)
        self._text, self._tone = text, tone
        self._size, self._weight, self._tabular = size, weight, tabular
        self._lettering = font(size, weight, tabular=tabular)
        self._align = RIGHT if right else LEFT
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        """The whole text, cut or not."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        if text == self._text and text == self.accessibleName():
            return
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._explain()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Say it in another colour."""
        self._tone = tone
        self.update()

    def is_cut(self) -> bool:
        """Whether the room is too small for the words."""
        return text_width(self._text, self._fitting()) > self.width() + 0.5

    def _fitting(self) -> QFont:
        """Its font, or a smaller one before words of a longer language are cut."""
        if text_width(self._text, self._lettering) <= self.width() + 0.5:
            return self._lettering
        return shrunk(self._text, self._size, self.width() + 0.5, self._weight, tabular=self._tabular)

    def sizeHint(self) -> QSize:
        return QSize(int(text_width(self._text, self._lettering)) + 2, int(line_height(self._lettering)) + 1)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), px(40)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._explain()

    def _explain(self) -> None:
        self.setToolTip(self._text if self.is_cut() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = current_palette().ink(self._tone)
        draw_line(
            smooth_painter(self), QRectF(self.rect()), self._text, self._fitting(), colour, align=self._align
        )


class Paragraph(QLabel):
    """Words that wrap on as many lines as they need."""

    def __init__(
        self,
        text: str = "",
        size: float = Size.SMALL,
        tone: Tone = "muted",
        weight: int = Weight.REGULAR,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._tone = tone
        self.setFont(font(size, weight))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._recolour()
        theme_notice.theme_changed.connect(self._recolour)

    def set_tone(self, tone: Tone) -> None:
        """Say it in another colour."""
        self._tone = tone
        self._recolour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Under a style sheet Qt gives a widget that is moved to another place the palette it had first.
        if event.type() == QEvent.Type.StyleChange:
            self._recolour()

    def _recolour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(current_palette().ink(self._tone)))
        self.setPalette(palette)
