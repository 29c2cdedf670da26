"""Owns the key cap: a small drawing of the key that does a thing."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.paint import KEY_CAP_HEIGHT, draw_key_cap, key_cap_width, smooth_painter
from pos_app.ui.kit.scale import px


class KeyCap(QWidget):
    """The cap of one key, for use beside words."""

    accessible_role = Role.StaticText

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def key(self) -> str:
        """The words on the cap."""
        return self._key

    def sizeHint(self) -> QSize:
        return QSize(round(key_cap_width(self._key)), px(KEY_CAP_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_key_cap(smooth_painter(self), 0, self.height() / 2, self._key)
