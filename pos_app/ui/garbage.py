"""Owns when Python collects cycles in a process with a window: in the window's thread, between its events.

What Qt made may only be let go by the thread that made it ("GUI classes may only be used in the main
thread", Qt's Thread-Support in Qt Modules).  Python collects in whichever thread happens to allocate, and a
window, its sheets and their slots are cycles: a PIN that was checked beside the window took a closed
sheet along, and the till ended with a segmentation fault.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class Collector(QObject):
    """Collects while the window is open; Python itself no longer does."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)
        self._timer.start(_EVERY_MS)


def collect_here(parent: QObject) -> None:
    """Let cycles be collected by this thread alone from now on, once however often it is said."""
    if parent.findChild(Collector) is None:
        Collector(parent)


def collect_due() -> int:
    """Collect what Python would have collected by now, by its own thresholds; gives how much was found."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if 0 < thresholds[generation] < counts[generation]:
            return gc.collect(generation)
    return 0


def keep_what_is_loaded() -> None:
    """Look no more at what the start made, which stays: a whole collection walks what came since."""
    gc.collect()
    gc.freeze()
