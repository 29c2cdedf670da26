"""Owns the question how money changes hands: out of the drawer, by M-Pesa or through the bank."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.head import MOST_REFERENCE
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ui.arrange import column
from pos_app.ui.treasury.choice_row import Choice, ChoiceRow
from pos_app.ui.treasury.form import Captioned, words_field


class HowPaid(QWidget):
    """One way, and the code or slip that proves it where there is one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.row = ChoiceRow(
            _("How"),
            (
                Choice(TenderKind.CASH, _("Drawer"), "banknote"),
                Choice(TenderKind.MPESA, _("M-Pesa"), "smartphone"),
                Choice(TenderKind.BANK, _("Bank"), "landmark"),
            ),
        )
        self.row.setObjectName("how")
        self.reference = words_field("", "reference", MOST_REFERENCE)
        self.row.chosen.connect(lambda _kind: self._show())
        self.setLayout(column(Captioned(_("How"), self.row), self.reference))
        self._show()

    def kind(self) -> TenderKind:
        """The way that is chosen."""
        value = self.row.value()
        return value if isinstance(value, TenderKind) else TenderKind.CASH

    def given(self, amount: int) -> tuple[TenderInput, ...]:
        """The tender of an amount in minor units, as the use cases take it."""
        reference = "" if self.kind() is TenderKind.CASH else self.reference.text().strip()
        return (TenderInput(self.kind(), amount, reference),)

    def clear(self) -> None:
        """Back to the drawer, no reference."""
        self.row.choose(TenderKind.CASH)
        self.reference.clear()

    def _show(self) -> None:
        kind = self.kind()
        hint = _("M-Pesa code from the message") if kind is TenderKind.MPESA else _("Number of the bank slip")
        self.reference.setPlaceholderText(hint)
        self.reference.setAccessibleName(hint)
        self.reference.setVisible(kind is not TenderKind.CASH)
        self.changed.emit()
