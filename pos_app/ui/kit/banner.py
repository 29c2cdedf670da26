"""Owns the banner: the line in the screen that says why an action was refused and what to do."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.button import QuietButton
from pos_app.ui.kit.icon import IconLabel
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.paint import mixed, rounded_box, smooth_painter
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import IconSize, Radius, Size, Space, Tone, Touch, Weight

_ICONS: dict[Tone, str] = {"bad": "circle-alert", "warn": "triangle-alert", "ok": "circle-check"}
GOOD_NEWS_MS = 4000


class Banner(QWidget):
    """A line of words with an icon. Bad news stay until the next success or until dismissed."""

    accessible_role = Role.AlertMessage

    dismissed = Signal()

    def __init__(self, dismiss_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: Tone = "bad"
        self._icon = IconLabel("circle-alert", IconSize.LARGE, "bad")
        self._words = Paragraph("", Size.SMALL, "text", Weight.MEDIUM)
        self._close = QuietButton("", icon="x", bare=True, accessible_name=dismiss_name)
        self._close.clicked.connect(self.dismiss)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        row = QHBoxLayout(self)
        # Three lines, which damage takes, do not touch the edge.
        row.setContentsMargins(Space.L, Space.XS, 0, Space.XS)
        row.setSpacing(Space.M)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.hide()

    def refuse(self, text: str) -> None:
        """Say why an action was refused."""
        self._say("bad", text)

    def warn(self, text: str) -> None:
        """Say what went differently than asked."""
        self._say("warn", text)

    def succeed(self, text: str = "") -> None:
        """Take back what was said; with words, say them for a few seconds."""
        if text:
            self._say("ok", text)
            self._timer.start(GOOD_NEWS_MS)
        else:
            self.dismiss()

    def dismiss(self) -> None:
        """Say nothing more."""
        self._timer.stop()
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def text(self) -> str:
        """The words said; empty while nothing is said."""
        return "" if self.isHidden() else self._words.text()

    def tone(self) -> Tone:
        """The tone of what is said."""
        return self._tone

    def _say(self, tone: Tone, text: str) -> None:
        self._timer.stop()
        self._tone = tone
        self._icon.set_icon(_ICONS[tone], tone, "")
        self._words.setText(text)
        self.setAccessibleName(text)
        self.show()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), Touch.LEAST)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = current_palette()
        painter = smooth_painter(self)
        soft, ink = palette.soft(self._tone), palette.ink(self._tone)
        rounded_box(painter, QRectF(self.rect()), Radius.FIELD, soft, mixed(soft, ink, 0.35))
        painter.end()
