"""Owns the lines of goods on a screen: what, figures to read, one or two fields to fill, and a way out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.ledger.quantity import quantity_text
from pos_app.ui.arrange import column, line
from pos_app.ui.entry.line_row import FIELD_WIDTH, FIGURE_WIDTH, GoodsLine, LineRow
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.column import Line
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Touch, Weight
from pos_app.ui.scroll import Scroll


@dataclass(frozen=True, slots=True)
class FieldHead:
    """A field of every line: its words, and its places after the point (3: thousandths of a unit)."""

    words: str
    places: int = 3


class GoodsLines(QWidget):
    """Lines by key.  With `newest_first` they come and go one by one; else they are set at once and stay."""

    changed = Signal()

    def __init__(
        self,
        what: str,
        figures: Sequence[str],
        fields: Sequence[FieldHead],
        empty_text: str,
        *,
        newest_first: bool = True,
        remove_words: str = "",
    ) -> None:
        super().__init__()
        self.setObjectName("goods-lines")
        self._heads, self._newest_first, self._remove_words = list(fields), newest_first, remove_words
        self._rows: dict[int, LineRow] = {}
        self._current: int | None = None
        top = line(Label(what, Size.CAPTION, "muted", Weight.SEMIBOLD), 1)
        for words in figures:
            top.addWidget(_head(words, px(FIGURE_WIDTH)))
        for head in fields:
            top.addWidget(_head(head.words, px(FIELD_WIDTH)))
        top.addSpacing((Touch.LEAST + Space.M if remove_words else 0) + Space.L)
        top.setContentsMargins(Space.M, Space.S, 0, Space.XS)
        self._empty = Paragraph(empty_text, Size.SMALL)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        floor = QWidget()
        self._floor = QVBoxLayout(floor)
        self._floor.setContentsMargins(0, 0, Space.L, 0)
        self._floor.setSpacing(0)
        self._floor.addWidget(self._empty, 1)
        self._floor.addStretch(0)
        self._scroll = Scroll(floor)
        whole = column(top, Line(), spacing=0)
        whole.addWidget(self._scroll, 1)
        self.setLayout(whole)

    # -- what it holds ---------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: int) -> bool:
        return key in self._rows

    def lines(self) -> Iterator[GoodsLine]:
        """The lines in the order in which they were entered."""
        return (row.line for row in self._rows.values())

    def values(self, field: int = 0) -> dict[int, int | None]:
        """What each line's field holds, by key, in units of its places; None while it is empty."""
        return {key: row.fields[field].minor() for key, row in self._rows.items()}

    def field(self, key: int, number: int = 0) -> AmountField:
        """A field of a line."""
        return self._rows[key].fields[number]

    def current(self) -> int | None:
        """The key of the line that was touched last."""
        return self._current if self._current in self._rows else None

    # -- lines come and go -----------------------------------------------------------------------

    def put(self, line: GoodsLine) -> None:
        """Add a line, or say something else on the one with its key."""
        known = self._rows.get(line.key)
        if known is not None:
            known.say(line)
            return
        row = LineRow(line, self._heads, self._remove_words)
        row.removed.connect(partial(self.remove, line.key))
        for field in row.fields:
            field.changed.connect(self.changed)
            field.installEventFilter(self)
        self._rows[line.key] = row
        self._empty.hide()
        self._floor.setStretch(self._floor.count() - 1, 1)
        self._floor.insertWidget(0 if self._newest_first else self._floor.count() - 1, row)
        self.changed.emit()

    def set_lines(self, lines: Sequence[GoodsLine]) -> None:
        """Show these lines, with empty fields, instead of all others."""
        self.clear()
        for one in lines:
            self.put(one)

    def remove(self, key: int) -> None:
        """Take a line out."""
        row = self._rows.pop(key, None)
        if row is None:
            return
        self._floor.removeWidget(row)
        row.hide()
        row.deleteLater()
        if not self._rows:
            self._empty.show()
            self._floor.setStretch(self._floor.count() - 1, 0)
        self.changed.emit()

    def clear(self) -> None:
        """Take all lines out."""
        for key in list(self._rows):
            self.remove(key)
        self._current = None

    # -- filling in ------------------------------------------------------------------------------

    def fill(self, key: int, thousandths: int | None, field: int = 0) -> None:
        """Fill a quantity in, without needless zeros."""
        into = self._rows[key].fields[field]
        into.clear()
        if thousandths is not None:
            into.type_digits(quantity_text(thousandths).replace(",", ""))
            into.set_marked()

    def go(self, key: int, field: int = 0) -> None:
        """Put the keyboard into a field of a line, with what is there marked."""
        goal = self._rows[key].fields[field]
        self._mark(key)
        goal.setFocus(Qt.FocusReason.TabFocusReason)
        goal.set_marked()
        self._scroll.ensureWidgetVisible(self._rows[key], 0, Space.M)

    def focused(self) -> tuple[int, int] | None:
        """The line and the field with the keyboard."""
        for key, row in self._rows.items():
            for number, field in enumerate(row.fields):
                if field.hasFocus():
                    return key, number
        return None

    def step(self, by: int) -> bool:
        """Go to the same field of the next line on the screen, or of the one before; says if there is one."""
        at = self.focused()
        shown = list(reversed(self._rows)) if self._newest_first else list(self._rows)
        if at is None:
            return False
        goal = shown.index(at[0]) + by
        if not 0 <= goal < len(shown):
            return False
        self.go(shown[goal], at[1])
        return True

    def next_field(self) -> bool:
        """Go to the second field of the line at hand; says whether there is one."""
        at = self.focused()
        if at is None or at[1] + 1 >= len(self._heads):
            return False
        self.go(at[0], at[1] + 1)
        return True

    def pad_field(self) -> AmountField | None:
        """The field that the key pad types into."""
        at = self.focused()
        key, number = at if at is not None else (self.current(), 0)
        return None if key is None else self._rows[key].fields[number]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            at = self.focused()
            if at is not None:
                self._mark(at[0])
        return super().eventFilter(watched, event)

    def _mark(self, key: int) -> None:
        for other, row in self._rows.items():
            row.set_current(other == key)
        self._current = key


def _head(words: str, width: int) -> Paragraph:
    """What stands above a column of figures, on two lines where the column is narrow."""
    made = Paragraph(words, Size.CAPTION, "muted", Weight.SEMIBOLD)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
    made.setFixedWidth(width)
    return made
