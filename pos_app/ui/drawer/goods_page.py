"""Owns the count of full and empty cylinders and bottles at a close: by figure or by scanner, blind."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.quantity import ONE
from pos_app.till.drawer.drawer import Kind
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.column import Line
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

_FIELD_WIDTH = 96
_ROW_HEIGHT = 34
_MOST_DIGITS = 6


class GoodsPage(QWidget):
    """Pieces of each kind, full and empty; `fixed` when the person stands by them."""

    fixed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("drawer-goods")
        self._session = session
        self._kinds: list[Kind] = []
        self.fields: list[AmountField] = []
        self.fix_button = PrimaryButton(_("Fix the count"), "F12", bind=False)
        self.fix_button.setObjectName("fix-goods")
        self.fix_button.clicked.connect(self.fixed)
        self._card = Card(padding=Space.M)
        self._scroll: Scroll | None = None
        whole = line(self._card, self._side(), spacing=Space.XL)
        whole.setStretch(0, 2)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _side(self) -> QVBoxLayout:
        about = Card(padding=Space.XXL)
        about.add(Label(_("Cylinders and bottles"), Size.BODY, "text", Weight.SEMIBOLD))
        about.add(
            Paragraph(
                _(
                    "Count what stands here: full ones, and empty ones apart. A scan counts one more of its "
                    "kind. A difference is told on the Z; stock changes only by a stock count."
                ),
                Size.SMALL,
            )
        )
        return column(about, 1, self.fix_button, spacing=Space.L)

    def begin(self, kinds: Sequence[Kind], *, anew: bool) -> None:
        """Show the kinds; what was typed stays, but for a new close."""
        if anew or [one.product_id for one in kinds] != [one.product_id for one in self._kinds]:
            kept = {} if anew else self._typed()
            self._lay(kinds)
            self.take(kept)
        if self.fields:
            self.fields[0].setFocus(Qt.FocusReason.TabFocusReason)

    def take(self, goods: Mapping[int, int]) -> None:
        """Go on with what was counted before the till went down; thousandths by product."""
        for one, field in zip(self._kinds, self.fields, strict=True):
            if one.product_id in goods:
                field.set_minor(goods[one.product_id] // ONE)

    def goods(self) -> dict[int, int]:
        """What was counted, in thousandths by product; what was left empty is none."""
        typed = self._typed()
        return {one.product_id: typed.get(one.product_id, 0) for one in self._kinds}

    def _typed(self) -> dict[int, int]:
        return {
            one.product_id: (field.minor() or 0) * ONE
            for one, field in zip(self._kinds, self.fields, strict=True)
            if field.minor() is not None
        }

    def count_scanned(self, product_id: int) -> bool:
        """One more of a scanned kind; says whether it is counted here."""
        for one, field in zip(self._kinds, self.fields, strict=True):
            if one.product_id == product_id:
                field.set_minor((field.minor() or 0) + 1)
                self._show(field)
                return True
        return False

    def step(self, by: int) -> bool:
        """Go to the next kind, or the one before; says whether there is one."""
        at = next((number for number, field in enumerate(self.fields) if field.hasFocus()), -1)
        if not 0 <= at + by < len(self.fields):
            return False
        self._show(self.fields[at + by])
        return True

    def _show(self, field: AmountField) -> None:
        field.setFocus(Qt.FocusReason.TabFocusReason)
        if self._scroll is not None:
            self._scroll.ensureWidgetVisible(field)

    def _lay(self, kinds: Sequence[Kind]) -> None:
        self._kinds, self.fields = list(kinds), []
        grid = QGridLayout()
        grid.setContentsMargins(Space.M, 0, Space.M, 0)
        grid.setVerticalSpacing(2)
        for at, head in enumerate((_("kind"), _("pieces"))):
            grid.addWidget(Label(head, Size.CAPTION, "muted", Weight.SEMIBOLD, right=bool(at)), 0, at)
        grid.addWidget(Line(), 1, 0, 1, 2)
        for number, kind in enumerate(self._kinds):
            name = _("{name}, empty", name=kind.name) if kind.is_empty else kind.name
            field = AmountField(name, 0, most_digits=_MOST_DIGITS)
            field.setFixedSize(_FIELD_WIDTH, _ROW_HEIGHT)
            field.setObjectName(f"goods-{number}")
            row = 2 + 2 * number
            grid.addWidget(Paragraph(name, Size.BODY, "text"), row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Line(), row + 1, 0, 1, 2)
            self.fields.append(field)
        grid.setColumnStretch(0, 1)
        floor = QWidget()
        floor.setLayout(column(grid, 1))
        if self._scroll is not None:
            self._scroll.deleteLater()
        self._scroll = Scroll(floor)
        self._card.add(self._scroll, 1)
