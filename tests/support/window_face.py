"""Owns the face of the window: all that a person sees of it, as sentences that two moments compare."""

from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from pos_app.ui.kit.list_rows import RowList
from pos_app.ui.kit.table import Table
from pos_app.ui.window import MainWindow
from tests.support.painted_text import painted_texts


def _marked(window: QWidget) -> set[str]:
    """The row of each list, and each choice, that is marked."""
    found: set[str] = set()
    for one in window.findChildren(QWidget):
        if not one.isVisible():
            continue
        if isinstance(one, RowList) and (row := one.selected()) is not None:
            found.add(f"marked: {row.spoken()}")
        elif isinstance(one, Table) and (line := one.selected()) is not None:
            found.add(f"marked: {line}")
        elif isinstance(one, QAbstractButton) and one.isChecked():
            found.add(f"chosen: {one.accessibleName()}")
    return found


def face_of(window: MainWindow) -> set[str]:
    """What is painted, what is marked, where the keyboard is, and which screen and sheet are in front."""
    face = set(painted_texts(window)) | _marked(window)
    face.add(f"screen: {type(window.current()).__name__}")
    sheet = window.session.sheet
    if sheet is not None:
        face.add(f"sheet: {sheet.accessibleName()}")
    focused = QApplication.focusWidget()
    if focused is not None:
        face.add(f"keyboard: {focused.objectName() or focused.accessibleName()}")
    return face
