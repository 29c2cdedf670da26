"""Owns the search field: where the scanner and the cashier type; icon before, key cap behind."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.ui.kit.button import key_sequences
from pos_app.ui.kit.icon import draw_icon
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.paint import draw_key_cap, key_cap_width, smooth_painter
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Size, Space, Touch


class SearchField(QLineEdit):
    """A line to type in. Its key brings the keyboard back to it and marks what is there."""

    def __init__(
        self, placeholder: str, key: str = "", icon: str = "search", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key, self._icon = key, icon
        #: Signs that are keys of the screen while nothing is typed here.
        self.keys_while_empty = ""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFont(font(Size.BODY))
        self.setMinimumHeight(Touch.LEAST)
        cap = round(key_cap_width(key)) + Space.M if key else 0
        self.setTextMargins(IconSize.LARGE + Space.L, 0, cap, 0)
        for sequence in key_sequences(key):
            shortcut = QShortcut(sequence, self)
            shortcut.activated.connect(self.take_keyboard)
            shortcut.activatedAmbiguously.connect(self.take_keyboard)

    def take_keyboard(self) -> None:
        """Put the keyboard here and mark the text, so that the next scan replaces it."""
        self.setFocus()
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        if self._is_left_over(event):
            # Nothing to delete here: the key may mean a line of the basket.
            event.ignore()
            return event.type() == QEvent.Type.ShortcutOverride
        return super().event(event)

    def _is_left_over(self, event: QEvent) -> bool:
        return (
            isinstance(event, QKeyEvent)
            and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and not self.text()
            and (
                event.key() == Qt.Key.Key_Delete
                or (len(event.text()) == 1 and event.text() in self.keys_while_empty)
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = smooth_painter(self)
        middle = self.height() / 2
        muted = current_palette().muted
        draw_icon(painter, self._icon, Space.L + 1, middle - IconSize.LARGE / 2, IconSize.LARGE, colour=muted)
        if self._key:
            draw_key_cap(painter, self.width() - Space.L - key_cap_width(self._key), middle, self._key)
        painter.end()
