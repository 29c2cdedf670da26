"""Owns the way of every key into the window: a scanner's burst is taken out whole, typing is handed on.

The recogniser decides by timing; this filter feeds it and replays what a person typed, exactly once and in
order, into whatever has the focus.  Keys that are no characters go their way, after what was typed before.
"""

import time
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.devices.scanner import (
    ENTER,
    GROUP_SEPARATOR,
    TAB,
    Outcome,
    Scan,
    Typed,
    WedgeRecogniser,
    WedgeSettings,
)

_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
    }
)
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
#: Asked before any other of them: putting two together makes an object for each key of a scan.
_PLAIN = Qt.KeyboardModifier.NoModifier
_HARMLESS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_OF_INTEREST = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
    }
)


class Stroke(NamedTuple):
    """A key that is held back, with all that is needed to press it again."""

    key: int
    modifiers: Qt.KeyboardModifier
    text: str
    auto_repeat: bool


def character(event: QKeyEvent) -> str:
    """The character of a key as a scanner could have sent it; empty for a key that is none."""
    if event.key() in _ENTER:
        return ENTER
    if event.key() == Qt.Key.Key_Tab:
        return TAB
    text, modifiers = event.text(), event.modifiers()
    if text == GROUP_SEPARATOR:
        return GROUP_SEPARATOR
    if modifiers != _PLAIN:
        if modifiers & Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_BracketRight:
            # FNC1: Ctrl and ], whatever the platform makes of it.
            return GROUP_SEPARATOR
        if modifiers & ~_HARMLESS:
            return ""
    return text if len(text) == 1 and text.isprintable() else ""


def control_sign(event: QKeyEvent) -> str:
    """The control character that a scanner types with Ctrl, inside a label or at its end; else empty."""
    text, modifiers = event.text(), event.modifiers()
    control = modifiers != _PLAIN and modifiers & Qt.KeyboardModifier.ControlModifier
    return text if control and len(text) == 1 and ord(text) < ord(" ") else ""


def alt_figure(event: QKeyEvent) -> str:
    """The figure of the number block that is pressed while Alt is held: a part of a character's number."""
    if event.modifiers() == _PLAIN:
        return ""
    alt = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier
    at = event.key() - Qt.Key.Key_0
    return str(at) if (event.modifiers() & alt) == alt and 0 <= at <= 9 else ""


class ScanFilter(QObject):
    """Installed on the application for one window; `scanned` carries the `Scan`."""

    scanned = Signal(object)

    def __init__(self, window: QWidget, settings: WedgeSettings) -> None:
        super().__init__(window)
        self._window = window
        self._recogniser = WedgeRecogniser(settings)
        self._held: list[Stroke] = []
        #: The number that is typed with Alt held, so far.
        self._alt_code = ""
        self._swallowed: set[int] = set()
        self._replaying = False
        self._by_event_time = False
        self._last_at_ms = 0.0
        self._last_seen_ms = 0.0
        self._touched_s = time.monotonic()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setTimerType(Qt.TimerType.PreciseTimer)
        self._patience.timeout.connect(self._silence)
        self._decision = QTimer(self)
        self._decision.setSingleShot(True)
        self._decision.timeout.connect(self._decide)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def flush(self) -> None:
        """Decide now about every key that is held."""
        self._tell(self._recogniser.flush())

    def idle_s(self) -> float:
        """For how many seconds nobody has touched a key or the screen; by a time that nobody sets."""
        return time.monotonic() - self._touched_s

    def holding(self) -> bool:
        """Whether keys are held back because they may yet be a scan."""
        return bool(self._held)

    # -- events ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _OF_INTEREST or self._replaying:
            return False
        self._touched_s = time.monotonic()
        if event.type() == QEvent.Type.MouseButtonPress:
            if self._held:
                self.flush()  # what was typed before the tap belongs to where it was typed
            return False
        if not self._is_first(watched):
            return False
        if not isinstance(event, QKeyEvent):
            return False
        if event.isAutoRepeat() and event.key() in _ENTER:
            return True  # one press is one answer, however long the finger rests on it
        if event.key() in _MODIFIER_KEYS:
            return self._alt_released(event)
        if figure := alt_figure(event):
            # Windows makes the character of it itself, all but those that it knows as none.
            self._alt_code += figure if event.type() == QEvent.Type.KeyPress else ""
            return True
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._override(event)
        if event.type() == QEvent.Type.KeyRelease:
            return self._release(event)
        return self._press(event)

    def _is_first(self, watched: QObject) -> bool:
        """Whether the event stands at the widget it was sent to, not at one that it was passed up to."""
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        focused = QApplication.focusWidget()
        return watched is focused if focused is not None else watched is self._window

    def _override(self, event: QKeyEvent) -> bool:
        if not self._sign(event):
            self.flush()  # a shortcut acts before its key press is seen: what was typed goes first
            return False
        if self._held:
            event.accept()  # the Enter of a scan must not become a shortcut of the screen
            return True
        return False

    def _release(self, event: QKeyEvent) -> bool:
        if event.key() in self._swallowed:
            self._swallowed.discard(event.key())
            return True
        return False

    def _sign(self, event: QKeyEvent) -> str:
        """The character of a key; a control character only inside a burst, for alone it is a command."""
        return character(event) or (control_sign(event) if self._held else "")

    def _alt_released(self, event: QKeyEvent) -> bool:
        """The number typed with Alt is whole: the group separator is taken for a key."""
        if event.key() != Qt.Key.Key_Alt or event.type() != QEvent.Type.KeyRelease or not self._alt_code:
            return False
        code, self._alt_code = int(self._alt_code), ""
        if code == ord(GROUP_SEPARATOR):
            stroke = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, GROUP_SEPARATOR)
            stroke.setTimestamp(event.timestamp())
            self._press(stroke)
        return False

    def _press(self, event: QKeyEvent) -> bool:
        char = self._sign(event)
        if not char:
            self.flush()
            return False
        self._stop_timers()
        at_ms = self._moment(event)
        alone = not self._held
        stroke = Stroke(event.key(), event.modifiers(), event.text(), event.isAutoRepeat())
        outcomes = self._recogniser.key(char, at_ms)
        if alone and outcomes == [Typed(char)]:
            self._wait(at_ms)
            return False  # a lone Enter: let it go its own way
        self._held.append(stroke)
        self._swallowed.add(stroke.key)
        self._tell(outcomes)
        self._wait(at_ms)
        event.accept()
        return True

    # -- time ------------------------------------------------------------------------------------

    def _moment(self, event: QKeyEvent) -> float:
        """When the key was pressed, in milliseconds of one clock.

        The platform's own time is best: it tells a burst from typing even when the window was busy.
        Keys made by a program come without it; the clock of this process stands in.
        """
        now_ms = time.monotonic() * 1000
        by_event_time = event.timestamp() > 0
        if by_event_time != self._by_event_time:
            self._tell(self._recogniser.flush())  # two clocks cannot be compared
            self._by_event_time = by_event_time
        self._last_at_ms = float(event.timestamp()) if by_event_time else now_ms
        self._last_seen_ms = now_ms
        return self._last_at_ms

    def _wait(self, at_ms: float) -> None:
        due_ms = self._recogniser.due_at_ms
        if due_ms is not None:
            self._patience.start(max(1, round(due_ms - at_ms) + 2))

    def _stop_timers(self) -> None:
        self._patience.stop()
        self._decision.stop()

    def _silence(self) -> None:
        # The window may have been busy, and keys may wait behind this timer: they come first.
        self._decision.start(0)

    def _decide(self) -> None:
        passed_ms = time.monotonic() * 1000 - self._last_seen_ms
        self._tell(self._recogniser.tick(self._last_at_ms + passed_ms))
        if self._held and not self._patience.isActive():
            self._patience.start(5)

    # -- outcome ---------------------------------------------------------------------------------

    def _tell(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            strokes = self._held[: len(outcome.keys)]
            del self._held[: len(outcome.keys)]
            if isinstance(outcome, Scan):
                self.scanned.emit(outcome)
            else:
                self._replay(strokes)

    def _replay(self, strokes: list[Stroke]) -> None:
        self._replaying = True
        try:
            for stroke in strokes:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    target = QApplication.focusWidget() or self._window
                    event = QKeyEvent(kind, stroke.key, stroke.modifiers, stroke.text, stroke.auto_repeat)
                    QCoreApplication.sendEvent(target, event)
        finally:
            self._replaying = False
