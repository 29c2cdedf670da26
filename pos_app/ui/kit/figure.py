"""Owns the figure: a large sum that grows smaller step by step rather than lose a digit."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.lettering import fitting_font, font, line_height, text_width
from pos_app.ui.kit.paint import LEFT, RIGHT, draw_line, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Size, Tone, Weight

STEPS = (Size.HERO, 44.0, 40.0, Size.FIGURE, 30.0, 26.0, Size.TITLE, 19.0, Size.LEAD, Size.BODY, Size.CAPTION)


def steps_from(size: float) -> list[float]:
    """The sizes to try, from `size` downwards."""
    return [size, *(step for step in STEPS if step < size)]


class Figure(QWidget):
    """A sum in tabular figures, as large as `size` allows and as small as its room demands."""

    accessible_role = Role.StaticText

    def __init__(
        self,
        text: str = "",
        size: float = Size.FIGURE,
        tone: Tone = "text",
        parent: QWidget | None = None,
        *,
        right: bool = True,
    ) -> None:
        super().__init__(parent)
        self._size, self._tone, self._right = size, tone, right
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        """The sum as shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another sum."""
        self._text = text
        self.setAccessibleName(text)
        self.setToolTip("")
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Show it in another colour."""
        self._tone = tone
        self.update()

    def lettering(self) -> QFont:
        """The font in which the sum fits now."""
        return fitting_font(self._text, steps_from(self._size), self.width() - 1)

    def sizeHint(self) -> QSize:
        largest = font(self._size, Weight.BOLD, tabular=True)
        # It asks for little and takes what is left: the words beside it come first, for it can shrink.
        return QSize(min(int(text_width(self._text, largest)) + 3, px(120)), int(line_height(largest)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = current_palette().ink(self._tone)
        align = RIGHT if self._right else LEFT
        draw_line(
            smooth_painter(self), QRectF(self.rect()), self._text, self.lettering(), colour, align=align
        )
