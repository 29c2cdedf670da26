"""Owns what a screen reader is told of widgets that paint themselves: their role, and what stands in them.

A widget says its role in `accessible_role` (Qt gives one that paints itself none) and, where something can be
entered, what stands there in `accessible_value`; its name is Qt's own `accessibleName`.
"""

from functools import lru_cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

Role = QAccessible.Role

#: Qt owns an interface and knows nothing of Python's half of it: that half is kept while the widget is.
_kept: dict[int, QAccessibleInterface] = {}


class _Told(QAccessibleWidget):
    """A widget as it is told."""

    def text(self, t: QAccessible.Text) -> str:
        value = getattr(self.widget(), "accessible_value", None)
        if t is QAccessible.Text.Value and value is not None:
            return str(value())
        return str(super().text(t))


@lru_cache(maxsize=1)
def tell_roles() -> None:
    """Let screen readers know the roles; nothing is made before one asks."""
    QAccessible.installFactory(_interface)


def _interface(_kind: str, of: QObject) -> QAccessibleInterface | None:
    role = getattr(of, "accessible_role", None)
    if not isinstance(role, Role) or not isinstance(of, QWidget):
        return None
    made = _Told(of, role, "")
    key = id(made)
    _kept[key] = made
    of.destroyed.connect(lambda: _kept.pop(key, None))
    return made
