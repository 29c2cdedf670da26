"""Owns the tile of the menu: a choice that leaves the arrows to the screen, which goes from row to row."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.ui.depot.entries import Entry
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.scale import px

ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
_HEIGHT = 68


class MenuTile(OptionTile):
    """One entry with its key on it."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.words, entry.icon, entry.key, detail=entry.detail, height=px(_HEIGHT))
        self.entry = entry
        self.setCheckable(False)
        self.setObjectName(f"depot-{entry.key}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            # Qt would go from button to button in the order in which they were made.
            event.ignore()
            return
        super().keyPressEvent(event)
