"""Owns the sheet: a question laid over the window, answered by keyboard alone; never a window of its own."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from pos_app.ui.kit.accessible import Role
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.button import PrimaryButton, QuietButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.paint import smooth_painter
from pos_app.ui.kit.reading_order import as_read, pass_keyboard
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.theme import current_palette
from pos_app.ui.kit.tokens import Size, Space, Tone, Weight
from pos_app.ui.kit.typed import typed_text

_WIDTH = 440


def selected(field: QWidget | None) -> tuple[int, int] | None:
    """What is marked in a line to write in: where it begins and how long it is."""
    if not isinstance(field, QLineEdit) or not field.hasSelectedText():
        return None
    return field.selectionStart(), field.selectionLength()


class Sheet(QWidget):
    """A title, a body, one primary action and a way out.

    While it is open no key reaches the screen below: Enter accepts, Escape goes back, Tab stays inside.
    Accepting does not close it: whoever asked looks at the answer and calls `close_sheet`, or `refuse`
    with the reason.
    """

    accessible_role = Role.Dialog

    accepted = Signal()
    rejected = Signal()
    closed = Signal()

    def __init__(
        self,
        host: QWidget,
        title: str,
        primary_text: str,
        escape_text: str,
        *,
        body: QWidget | None = None,
        explanation: str = "",
        dismiss_name: str = "",
        tone: Tone = "accent",
        width: int = 0,
        primary_key: str = "Enter",
        escape_key: str = "Esc",
    ) -> None:
        super().__init__(host)
        self._host = host
        # Taken now: a field of the sheet may ask for the keyboard before the sheet is shown.
        self._before = QApplication.focusWidget()
        self._marked = selected(self._before)
        self._body = body
        self.setAccessibleName(title)
        self.setAccessibleDescription(explanation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()
        self.primary = PrimaryButton(primary_text, primary_key, bind=False)
        self.primary.set_tone(tone)
        self.primary.clicked.connect(self.accepted)
        self.escape = QuietButton(escape_text, escape_key)
        self.escape.setMinimumHeight(self.primary.sizeHint().height())
        self.escape.clicked.connect(self.give_up)
        self.banner = Banner(dismiss_name or escape_text)
        self._card = Card(padding=Space.XXL)
        self._fill(title, explanation, body)
        self._card.setFixedWidth(min(width or px(_WIDTH), max(host.width() - 2 * Space.XXL, px(240))))
        self._card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        outer = QVBoxLayout(self)
        outer.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        host.installEventFilter(self)

    def card(self) -> QWidget:
        """What lies over the window: all that belongs to the sheet stands on it."""
        return self._card

    def _fill(self, title: str, explanation: str, body: QWidget | None) -> None:
        self._card.body.setSpacing(Space.L)
        self._card.add(Paragraph(title, Size.TITLE, "text", Weight.BOLD))
        if explanation:
            self._card.add(Paragraph(explanation, Size.BODY, "muted"))
        if body is not None:
            self._card.add(body)
        self._card.add(self.banner)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(self.escape, 1)
        row.addWidget(self.primary, 2)
        self._card.add_layout(row)

    # -- life ------------------------------------------------------------------------------------

    def open_sheet(self) -> None:
        """Lay the sheet over its host and take the keyboard."""
        focused = QApplication.focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._before = focused
        self._marked = selected(self._before) or self._marked
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._first_field().setFocus(Qt.FocusReason.TabFocusReason)

    def close_sheet(self) -> None:
        """Take the sheet away, give the keyboard back to where it was, and forget the sheet."""
        if self.isHidden():
            return
        self.hide()
        self._host.removeEventFilter(self)
        before = self._before
        # A sheet that followed another was opened from a field of that one, which is gone by now.
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(before, QLineEdit) and self._marked:
                # Qt forgets what was marked; what is typed next must replace it all the same.
                before.setSelection(*self._marked)
        self.closed.emit()
        self.deleteLater()

    def refuse(self, text: str) -> None:
        """Say in the sheet why the answer will not do."""
        self.banner.refuse(text)

    def give_up(self) -> None:
        self.rejected.emit()
        self.close_sheet()

    def _fields(self) -> list[QWidget]:
        """What takes the keyboard inside, as it is read."""
        return as_read(self) or [self]

    def _first_field(self) -> QWidget:
        if self._body is not None and self._body.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return self._body
        body = self._body
        for widget in self._fields():
            # A tile or a list can be reached, but the field is what the keyboard wants first.
            strong = widget.focusPolicy() == Qt.FocusPolicy.StrongFocus
            if body is not None and body.isAncestorOf(widget) and strong:
                return widget
        return self.primary

    # -- keys ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # Accepted here, a key never becomes a shortcut of the screen below.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            self.escape.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.primary.click()
        elif text := typed_text(event):
            self.take_typed(text)
        # Every other key ends here: the screen below is not asked.
        event.accept()

    def take_typed(self, text: str) -> None:
        """Take what was typed where it cannot stand: figures into the sum, words into the line, if any."""
        fields = self._fields()
        figures = (field for field in fields if isinstance(field, AmountField) and field.takes(text))
        lines = (field for field in fields if isinstance(field, QLineEdit))
        goal = next(figures, None) or next(lines, None)
        if goal is None:
            return
        goal.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(goal, AmountField):
            goal.type_on(text)
        else:
            goal.insert(text)

    def focusNextPrevChild(self, next: bool) -> bool:
        return pass_keyboard(self._fields(), next)

    # -- looks -----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A tap beside the card neither closes the question nor reaches the screen below.
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = QColor("#0B1116")
        veil.setAlphaF(0.42 if current_palette().mode == "light" else 0.62)
        smooth_painter(self).fillRect(QRectF(self.rect()), veil)
