"""Owns notes and coins to be counted in two columns on a sheet: pieces of each, and what they come to."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.language import _
from pos_app.ledger.currency import Currency
from pos_app.ledger.line import CashCount
from pos_app.ledger.money import grouped_text
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Space
from pos_app.ui.scroll import Scroll

_FIELD_WIDTH, _ROW_HEIGHT = 96, 48
#: More rows than these are scrolled.
_MOST_ROWS = 6


def piece_name(value: int, currency: Currency) -> str:
    """What a note or coin of this value is called: with its kind, where the currency is known."""
    amount = grouped_text(value, currency)
    amount = amount.partition(".")[0] if value % currency.scale == 0 else amount
    largest = currency.largest_coin
    if largest is None:
        return amount
    return _("{amount} coin", amount=amount) if value <= largest else _("{amount} note", amount=amount)


class PiecesGrid(QWidget):
    """A field for the pieces of each note and coin, the largest first, down the first column."""

    changed = Signal()

    def __init__(self, currency: Currency) -> None:
        super().__init__()
        self.currency = currency
        self._values = currency.denominations()
        self.fields: list[AmountField] = []
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(Space.L)
        rows = (len(self._values) + 1) // 2
        for number, value in enumerate(self._values):
            field = AmountField(piece_name(value, currency), 0, most_digits=9)
            field.setObjectName(f"pieces-{number}")
            field.setFixedSize(px(_FIELD_WIDTH), px(_ROW_HEIGHT))
            field.changed.connect(self.changed)
            at = 2 * (number // rows)
            grid.addWidget(Label(piece_name(value, currency), tabular=True), number % rows, at)
            grid.addWidget(field, number % rows, at + 1, Qt.AlignmentFlag.AlignRight)
            self.fields.append(field)
        for at in (0, 2):
            grid.setColumnStretch(at, 1)
        floor = QWidget()
        floor.setLayout(column(grid, 1))
        self._scroll = Scroll(floor)
        self._scroll.setMinimumHeight(min(rows, _MOST_ROWS) * px(_ROW_HEIGHT) + Space.S)
        self.setLayout(column(self._scroll))

    def counts(self) -> tuple[CashCount, ...]:
        """What was counted; kinds of which there is no piece are left out."""
        pairs = zip(self._values, self.fields, strict=True)
        return tuple(
            CashCount(value=value, pieces=pieces) for value, field in pairs if (pieces := field.minor() or 0)
        )

    def total(self) -> int:
        """What they come to, in minor units."""
        return sum(count.value * count.pieces for count in self.counts())

    def step(self, by: int) -> bool:
        """Go to the next kind, or the one before; says whether there is one."""
        at = next((number for number, field in enumerate(self.fields) if field.hasFocus()), -1)
        if at < 0 or not 0 <= at + by < len(self.fields):
            return False
        self.fields[at + by].setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(self.fields[at + by])
        return True
