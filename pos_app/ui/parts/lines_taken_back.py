"""Owns the lines of a receipt with how much of each is taken back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.quantity import quantity_text
from pos_app.till.selling.refund import Refundable
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.column import Line
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.parts.pack_words import pack_words
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

_FIELD_WIDTH = 92


class ReceiptLines(Scroll):
    """One row a line: what, price, how many can come back, how many do."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("receipt-lines")
        self._session = session
        self.fields: list[AmountField] = []
        self._left: tuple[int, ...] = ()

    def show_receipt(self, receipt: Refundable) -> None:
        """Offer the lines of a receipt; nothing comes back yet."""
        self.show_lines(receipt.sale.lines, receipt.left, (_("can come back"), _("comes back")))

    def show_lines(self, lines: Sequence[GoodsLine], left_of: Sequence[int], words: tuple[str, str]) -> None:
        """Offer lines with how much is left of each, in thousandths; nothing is taken yet.

        `words` head the columns of what can be taken and of what is.
        """
        self._left = tuple(left_of)
        self.fields = []
        floor = QWidget()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, Space.S, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS)
        heads = ((_("what"), False), (_("price"), True), *((head, True) for head in words))
        for at, (head, right) in enumerate(heads):
            grid.addWidget(Label(head, Size.CAPTION, "muted", Weight.SEMIBOLD, right=right), 0, at)
        grid.addWidget(Line(), 1, 0, 1, 4)
        for number, sold in enumerate(lines):
            row = 2 + 2 * number
            field = AmountField(sold.description, 3)
            field.setFixedWidth(px(_FIELD_WIDTH))
            field.setMinimumHeight(px(48))
            field.setObjectName(f"comes-back-{number}")
            field.setEnabled(left_of[number] > 0)
            field.changed.connect(self.changed)
            self.fields.append(field)
            left = quantity_text(left_of[number])
            what = sold.description if sold.pack is None else f"{sold.description} · {pack_words(sold.pack)}"
            grid.addWidget(Label(what), row, 0)
            grid.addWidget(Label(self._session.price(sold.price), tabular=True, right=True), row, 1)
            grid.addWidget(Label(left, Size.BODY, "muted", tabular=True, right=True), row, 2)
            grid.addWidget(field, row, 3)
            grid.addWidget(Line(), row + 1, 0, 1, 4)
        grid.setColumnStretch(0, 1)
        box = QVBoxLayout(floor)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(grid)
        box.addStretch(1)
        self.set_floor(floor)
        if self.fields:
            next((field for field in self.fields if field.isEnabled()), self.fields[0]).setFocus()

    def take_all(self) -> None:
        """Everything that can come back does."""
        for field, left in zip(self.fields, self._left, strict=True):
            if left:
                field.clear()
                field.type_digits(quantity_text(left).replace(",", ""))

    def quantities(self) -> dict[int, int]:
        """How much of each line comes back, in thousandths."""
        return {number: field.minor() or 0 for number, field in enumerate(self.fields) if field.minor()}

    def step(self, by: int) -> bool:
        """Go to the next field, or the one before; says whether there is one."""
        open_fields = [field for field in self.fields if field.isEnabled()]
        at = next((number for number, field in enumerate(open_fields) if field.hasFocus()), None)
        if at is None or not 0 <= at + by < len(open_fields):
            return False
        goal = open_fields[at + by]
        goal.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(goal)
        return True
