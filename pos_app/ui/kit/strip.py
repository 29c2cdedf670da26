"""Owns the status strip above every screen: where, which shift | what waits, printer, who, what time."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.icon import IconLabel
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.paint import paint_band, share_room
from pos_app.ui.kit.pill import Pill
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import IconSize, Size, Space, Tone, Touch, Weight


class StatusStrip(QWidget):
    """The strip: always there, never a pop-up. Every part is empty, and takes no room, until it is set."""

    accessible_role = Role.StatusBar

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(Touch.STATUS_STRIP)
        self._store = IconLabel("store", IconSize.LARGE, "accent")
        self._depot = Label("", Size.SMALL, "text", Weight.SEMIBOLD)
        self._till = Label("", Size.SMALL, "muted")
        self._shift = Label("", Size.SMALL, "muted", tabular=True)
        self._sync = Pill()
        self._printer_icon = IconLabel("printer", IconSize.LARGE, "muted")
        self._printer_words = Pill()
        self._person = Label("", Size.SMALL, "muted")
        self._time = Label("", Size.SMALL, "text", Weight.SEMIBOLD, tabular=True)
        for part in self._parts():
            part.setParent(self)
            if part is not self._store:
                part.hide()

    def set_depot(self, depot: str) -> None:
        """The depot's name."""
        self._say(self._depot, depot)

    def set_till(self, till: str) -> None:
        """The till and the business, in one phrase."""
        self._say(self._till, till)

    def set_shift(self, shift: str) -> None:
        """The shift and since when; empty while none is open."""
        self._say(self._shift, shift)

    def set_sync(self, text: str, tone: Tone, icon: str) -> None:
        """What waits to be sent, in words, with its tone and its icon."""
        self._sync.set_state(text, tone, icon)
        self._sync.setVisible(bool(text))
        self._arrange()

    def set_printer(self, text: str, tone: Tone, icon: str) -> None:
        """The printer's state: an icon while all is well, icon and words when it is not."""
        troubled = tone in ("warn", "bad")
        self._printer_icon.set_icon(icon, tone, text)
        self._printer_icon.setVisible(bool(text) and not troubled)
        self._printer_words.set_state(text, tone, icon)
        self._printer_words.setVisible(bool(text) and troubled)
        self._arrange()

    def set_person(self, person: str) -> None:
        """Who is at the till; empty while nobody is."""
        self._say(self._person, person)

    def set_time(self, time: str) -> None:
        """The time of day."""
        self._say(self._time, time)

    def _say(self, label: Label, text: str) -> None:
        label.set_text(text)
        label.setVisible(bool(text))
        self._arrange()

    def _parts(self) -> tuple[QWidget, ...]:
        left = (self._store, self._depot, self._till, self._shift)
        return (*left, self._sync, self._printer_icon, self._printer_words, self._person, self._time)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(480), Touch.STATUS_STRIP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Place the parts. The time and the states stay whole; names are cut, the longest first."""
        shown = [part for part in self._parts() if not part.isHidden()]
        names = [label for label in (self._depot, self._till, self._shift, self._person) if label in shown]
        widths: dict[QWidget, float] = {part: float(part.sizeHint().width()) for part in shown}
        widths[self._sync] = min(widths.get(self._sync, 0.0), self.width() * 0.32)
        room = float(self.width() - 2 * Space.L - Space.L * (len(shown) - 1))
        room -= sum(width for part, width in widths.items() if part in shown and part not in names)
        granted = share_room([widths[name] for name in names], room, 0.0)
        widths.update(zip(names, granted, strict=True))
        left, right = float(Space.L), float(self.width() - Space.L)
        at_left: tuple[QWidget, ...] = (self._store, self._depot, self._till, self._shift)
        for part in (part for part in shown if part in at_left):
            self._place(part, left, widths[part])
            left += widths[part] + Space.L
        for part in reversed([part for part in shown if part not in at_left]):
            right -= widths[part]
            self._place(part, right, widths[part])
            right -= Space.L

    def _place(self, part: QWidget, left: float, width: float) -> None:
        height = part.sizeHint().height()
        part.setGeometry(round(left), (self.height() - 1 - height) // 2, round(width), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_band(self, line_below=True)
