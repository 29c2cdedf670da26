"""Owns the count at the close: notes and coins by pieces.

Blind, what the books expect is not shown; a depot may have it that it is.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.language import _, plural
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import BohariError
from pos_app.ledger.line import CashCount
from pos_app.ledger.money import grouped_text
from pos_app.till.drawer.drawer import Readiness
from pos_app.ui.arrange import column, line
from pos_app.ui.drawer.pieces_grid import piece_name
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.column import Line
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.icon import IconLabel
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import IconSize, Size, Space, Tone, Weight
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

_FIELD_WIDTH = 84
_ROW_HEIGHT = 48


class CountPage(QWidget):
    """Pieces of each note and coin; `fixed` when the person stands by the count."""

    fixed = Signal()

    def __init__(self, session: Session, currency: Currency | None = None) -> None:
        super().__init__()
        self.setObjectName("drawer-count")
        self._session = session
        self.currency = currency or session.till.currency
        self._values = self.currency.denominations()
        self.fields: list[AmountField] = []
        self._amounts: list[Label] = []
        self._total = Figure("", Size.FIGURE, right=False)
        self._total.setObjectName("counted")
        self._expected = Label("", Size.BODY, "text", Weight.SEMIBOLD, tabular=True)
        self._expected.setObjectName("expected-openly")
        self._about = Paragraph("")
        self.fix_button = PrimaryButton(_("Fix the count"), "F12", bind=False)
        self.fix_button.setObjectName("fix-count")
        self.fix_button.clicked.connect(self.fixed)
        self._checks = QVBoxLayout()
        self._checks.setSpacing(Space.M)
        whole = line(self._sheet(), self._side(), spacing=Space.XL)
        whole.setStretch(0, 2)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self._show_total()

    def _sheet(self) -> Card:
        grid = QGridLayout()
        grid.setContentsMargins(Space.M, 0, Space.M, 0)
        # As close as it goes: ten kinds of notes and coins are seen at once, each as high as a finger needs.
        grid.setVerticalSpacing(0)
        heads = ((self.currency.code, False), (_("pieces"), True), (_("amount"), True))
        for at, (head, right) in enumerate(heads):
            grid.addWidget(Label(head, Size.CAPTION, "muted", Weight.SEMIBOLD, right=right), 0, at)
        grid.addWidget(Line(), 1, 0, 1, 3)
        for number, value in enumerate(self._values):
            field = AmountField(piece_name(value, self.currency), 0, most_digits=9)
            field.setFixedSize(px(_FIELD_WIDTH), px(_ROW_HEIGHT))
            field.setObjectName(f"pieces-{number}")
            field.changed.connect(self._show_total)
            amount = Label("", tabular=True, right=True)
            row = 2 + 2 * number
            grid.addWidget(Label(piece_name(value, self.currency), tabular=True), row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(amount, row, 2)
            grid.addWidget(Line(), row + 1, 0, 1, 3)
            self.fields.append(field)
            self._amounts.append(amount)
        for at in range(3):
            grid.setColumnStretch(at, 1)
        floor = QWidget()
        floor.setLayout(column(grid, 1))
        self._scroll = Scroll(floor)
        card = Card(padding=Space.M)
        card.add(self._scroll, 1)
        return card

    def _side(self) -> QVBoxLayout:
        sums = Card(padding=Space.XXL)
        counted = _("Counted so far {currency}", currency=self.currency.code)
        sums.add(Label(counted, Size.SMALL, "muted"))
        sums.add(self._total)
        sums.add(self._expected)
        sums.add(self._about)
        checks = Card(padding=Space.XXL)
        checks.add_layout(self._checks)
        return column(sums, checks, 1, self.fix_button, spacing=Space.L)

    # -- what it holds ---------------------------------------------------------------------------

    def begin(self, readiness: Readiness, waiting: int, *, anew: bool) -> None:
        """Begin a count, or go on with the one that was left; says what lies open."""
        if anew:
            self.clear()
        self.fields[0].setFocus(Qt.FocusReason.TabFocusReason)
        self.show_checks(readiness, waiting)
        self._show_expected()

    def _show_expected(self) -> None:
        """What the books expect, where the depot closes openly; else that it is told afterwards."""
        expected: int | None = None
        try:
            expected = self._session.till.drawer.told_while_counting(self.currency.code)
        except BohariError as error:
            self._session.refuse(error.sentence)
        self._expected.setVisible(expected is not None)
        if expected is None:
            self._about.setText(
                _(
                    "Blind close: the expected amount is shown when the count is fixed. Any count is "
                    "accepted; a difference is posted to over/short with your reason."
                )
            )
            return
        amount = f"{self.currency.code} {grouped_text(expected, self.currency)}"
        self._expected.set_text(_("Expected: {amount}", amount=amount))
        self._about.setText(
            _("Any count is accepted; a difference is posted to over/short with your reason.")
        )

    def clear(self) -> None:
        """Count from nothing."""
        for field in self.fields:
            field.clear()

    def take(self, counts: Sequence[CashCount]) -> None:
        """Go on with what was counted before the till went down."""
        pieces = {count.value: count.pieces for count in counts}
        for value, field in zip(self._values, self.fields, strict=True):
            field.set_minor(pieces.get(value))
        self._show_total()

    def show_checks(self, readiness: Readiness, waiting: int) -> None:
        """Say what lies open, in words and shape."""
        while (item := self._checks.takeAt(0)) is not None:
            inner = item.layout()
            while inner is not None and (part := inner.takeAt(0)) is not None:
                if (widget := part.widget()) is not None:
                    widget.deleteLater()
        if readiness.open_lines:
            self._check("triangle-alert", "warn", _("A basket is open at this till"))
        else:
            self._check("check", "ok", _("No basket open at this till"))
        if waiting:
            words = plural(waiting, "{count} document waits to be sent", "{count} documents wait to be sent")
            self._check("cloud", "muted", words)
        else:
            self._check("cloud-check", "ok", _("All documents confirmed"))
        if readiness.unprinted:
            words = plural(
                readiness.unprinted, "{count} paper is not printed yet", "{count} papers are not printed yet"
            )
            self._check("printer", "warn", words)
        if readiness.parked:
            names = ", ".join(f"“{name}”" for name in readiness.parked[:3])
            words = plural(
                len(readiness.parked),
                "{count} basket parked: {names}",
                "{count} baskets parked: {names}",
                names=names,
            )
            self._check("triangle-alert", "warn", words)

    def _check(self, icon: str, tone: Tone, words: str) -> None:
        text = Paragraph(words, Size.SMALL, "text")
        row = line(IconLabel(icon, IconSize.LARGE, tone), text)
        row.setStretch(1, 1)
        self._checks.addLayout(row)

    def say_next(self, code: str) -> None:
        """Say what the green action leads to: the count of another currency, or the end of the counting."""
        self.fix_button.set_text(_("Now count {currency}", currency=code) if code else _("Fix the count"))

    def counts(self) -> tuple[CashCount, ...]:
        """What was counted."""
        return tuple(
            CashCount(value=value, pieces=field.minor() or 0)
            for value, field in zip(self._values, self.fields, strict=True)
        )

    def total(self) -> int:
        """The sum of what was counted, in minor units."""
        return sum(count.value * count.pieces for count in self.counts())

    def _show_total(self) -> None:
        for count, amount in zip(self.counts(), self._amounts, strict=True):
            amount.set_text(grouped_text(count.value * count.pieces, self.currency) if count.pieces else "")
        self._total.set_text(grouped_text(self.total(), self.currency))

    def step(self, by: int) -> bool:
        """Go to the next note or coin, or the one before; says whether there is one."""
        at = next((number for number, field in enumerate(self.fields) if field.hasFocus()), -1)
        if not 0 <= at + by < len(self.fields):
            return False
        self.fields[at + by].setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(self.fields[at + by])
        return True
