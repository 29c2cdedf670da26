"""Owns what the money forms share: fields below one another, Enter from one to the next, one recording."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.ledger.request import new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.keypad import Keypad
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.screen import Screen
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session
from pos_app.ui.treasury.choice_row import ChoiceRow

Field = ChoiceRow | AmountField | QLineEdit
#: Wider, a field and the words for it lose one another.
_WIDEST = 960


class Captioned(QWidget):
    """A field with the words for it above."""

    def __init__(self, caption: str, *fields: QWidget) -> None:
        super().__init__()
        self._caption = Label(caption, Size.CAPTION, "muted", Weight.SEMIBOLD)
        fields_line = line(*fields)
        fields_line.setStretch(0, 1)
        self.setLayout(column(self._caption, fields_line, spacing=Space.XS))

    def set_caption(self, caption: str) -> None:
        """Say it in other words."""
        self._caption.set_text(caption)


def words_field(hint: str, name: str, most: int = 200) -> QLineEdit:
    """A line to write in."""
    made = QLineEdit()
    made.setObjectName(name)
    made.setFont(font(Size.BODY, tabular=True))
    limit(made, most)
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    return made


class Form:
    """The order of the fields, and what the key pad types into."""

    def __init__(self, fields: Sequence[Field], pad: Keypad | None, end: QWidget) -> None:
        self._fields, self._end = list(fields), end
        if pad is not None:
            pad.digit.connect(self._digit)
            pad.backspace.connect(self._backspace)
        for field in fields:
            if isinstance(field, ChoiceRow):
                field.carried.connect(lambda text, of=field: self._carry(of, text))
                field.worded.connect(
                    lambda run, text, before, of=field: self._carry_word(of, run, text, before)
                )

    def _shown(self) -> list[Field]:
        return [field for field in self._fields if field.isVisible() and field.isEnabled()]

    def _at(self) -> int | None:
        for number, field in enumerate(self._shown()):
            if field.has_keyboard() if isinstance(field, ChoiceRow) else field.hasFocus():
                return number
        return None

    def begin(self) -> None:
        """Take the keyboard into the first field."""
        shown = self._shown()
        if shown:
            _give(shown[0])

    def go(self, field: Field) -> None:
        """Take the keyboard into this field."""
        _give(field)

    def step(self, by: int) -> None:
        """Go to the next field, or the one before; after the last stands the action."""
        shown, at = self._shown(), self._at()
        if at is None:
            if by < 0 and shown:
                _give(shown[-1])
            return
        goal = at + by
        if goal >= len(shown):
            self._end.setFocus(Qt.FocusReason.TabFocusReason)
        elif goal >= 0:
            _give(shown[goal])

    def _carry_word(self, choice: ChoiceRow, run: str, text: str, before: int) -> None:
        """A figure and a letter typed at a choice: a code whole, where one was asked for before the figure
        chose; else the figure chose, and the code that is asked for since then begins with the letter.
        """
        chosen, since = choice.at(), self._lines_behind(choice)
        choice.take(before)
        asked = self._lines_behind(choice)
        if asked and not set(since) - set(asked):
            self._carry(choice, run + text)
        else:
            choice.take(chosen)
            self._carry(choice, text)

    def _lines_behind(self, choice: ChoiceRow) -> list[QLineEdit]:
        shown = self._shown()
        behind = shown[shown.index(choice) + 1 :] if choice in shown else []
        return [field for field in behind if isinstance(field, QLineEdit)]

    def _carry(self, choice: ChoiceRow, text: str) -> None:
        """What was typed at a choice and is none goes on to the field behind it, if that takes it."""
        shown = self._shown()
        behind = shown[shown.index(choice) + 1 :] if choice in shown else []
        goal = next((field for field in behind if not isinstance(field, ChoiceRow)), None)
        if isinstance(goal, AmountField) and goal.takes(text):
            _give(goal)
            goal.type_on(text)
        elif isinstance(goal, QLineEdit):
            _give(goal)
            goal.insert(text)

    def take_word(self, word: str) -> bool:
        """A word typed into a sum goes on to the next line to write in; says whether there is one."""
        shown, at = self._shown(), self._at()
        behind = shown[at + 1 :] if at is not None else shown
        goal = next((field for field in behind if isinstance(field, QLineEdit)), None)
        if goal is None:
            return False
        _give(goal)
        goal.insert(word)
        return True

    def _into(self) -> AmountField | QLineEdit | None:
        """What the pad types into: the field that has the keyboard, else the first sum."""
        shown, at = self._shown(), self._at()
        if at is not None and not isinstance(field := shown[at], ChoiceRow):
            return field
        return next((field for field in shown if isinstance(field, AmountField)), None)

    def _digit(self, digit: str) -> None:
        match self._into():
            case AmountField() as field:
                field.type_digits(digit)
            case QLineEdit() as field:
                field.insert(digit)

    def _backspace(self) -> None:
        field = self._into()
        if field is not None:
            field.backspace()


def _give(field: Field) -> None:
    if isinstance(field, ChoiceRow):
        field.take_keyboard()
    else:
        field.setFocus(Qt.FocusReason.TabFocusReason)


class FormScreen(Screen):
    """A screen that records one document at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.request_id = new_request()
        self._recording = False

    def lay_banner(self) -> QVBoxLayout:
        """The banner with its margins; nothing while nothing is said."""
        made = column(self.banner)
        made.setContentsMargins(Space.L, Space.L, Space.L, 0)
        return made

    def lay_form(self, *parts: QWidget) -> QVBoxLayout:
        """The fields below one another, scrolled where they are too many."""
        floor = QWidget()
        fields = column(*parts, 1, spacing=Space.L)
        fields.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        floor.setLayout(fields)
        floor.setMaximumWidth(px(_WIDEST))
        whole = column(spacing=0)
        whole.addWidget(Scroll(floor), 1)
        return whole

    def record(
        self, write: Callable[[Approval | None], Recorded], done: Callable[[Recorded], object]
    ) -> None:
        """Record once: what comes while it is being recorded, or asked about, begins nothing."""
        if self._recording:
            return
        self._recording = True

        def recorded(result: Recorded) -> None:
            self._recording = False
            self.request_id = new_request()
            self.session.recorded()
            done(result)

        def given_up() -> None:
            self._recording = False

        self.session.attempt_approved(write, recorded, given_up, request=self.request_id)

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            if not event.isAutoRepeat():
                self.step(1)
        elif key == Qt.Key.Key_Up:
            self.step(-1)
        elif text := typed_text(event):
            return self.take_word(text)
        else:
            return False
        return True

    def step(self, by: int) -> None:
        """Go to the next field or the one before."""

    def take_word(self, word: str) -> bool:
        """Take a word that was typed where it cannot stand; says whether there is a line for it."""
        return False
