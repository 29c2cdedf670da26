"""Owns the question what one line of an expense cost, what it was, and which tax is on the paper."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.errors import Refused
from pos_app.till.drawer.expense import AccountChoice, Spent, TaxChoice
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Session
from pos_app.ui.treasury.choice_row import Choice, ChoiceRow
from pos_app.ui.treasury.form import words_field

_MOST_WORDS = 100
_WIDTH = 520


class LineSheet(Sheet):
    """An amount as the paper says it; words, empty for the account's own name; tax; whose it is."""

    def __init__(self, session: Session, account: AccountChoice, taxes: Sequence[TaxChoice]) -> None:
        body = QWidget()
        self._account = account
        self.amount = AmountField(_("Amount"), session.till.currency.exponent, Size.FIGURE)
        self.words = words_field(_("What was it? “{name}” if empty", name=account.name), "words", _MOST_WORDS)
        self.tax = ChoiceRow(_("Tax"), [Choice("", _("No tax")), *(_choice(tax) for tax in taxes)])
        place = session.till.place
        own = place.business
        others = [one for one in place.at_work if one.business_id != own.business_id]
        self.whose = ChoiceRow(
            _("For which business?"), [Choice(one.business_id, one.name) for one in (own, *others)]
        )
        super().__init__(
            session.overlay_parent(),
            account.name,
            _("Add it"),
            _("Back"),
            body=body,
            dismiss_name=_("Dismiss"),
            width=px(_WIDTH),
        )
        self.pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        self.pad.digit.connect(self.amount.type_digits)
        self.pad.backspace.connect(self.amount.backspace)
        body.setLayout(column(self.amount, self.words, self.tax, self.whose, self.pad))
        # Shown before it had its place, it would be a window of its own for a moment.
        self.tax.setVisible(bool(taxes))
        self.whose.setVisible(bool(others))

    def value(self) -> Spent:
        """The line.  Raises `Refused` for no amount."""
        amount = self.amount.minor() or 0
        if amount <= 0:
            raise Refused("amount-not-positive")
        words = self.words.text().strip() or self._account.name
        tax, whose = str(self.tax.value() or ""), self.whose.value()
        return Spent(words, amount, self._account.code, tax, whose if isinstance(whose, int) else None)


def _choice(tax: TaxChoice) -> Choice:
    """A tax code with what it means for the amount."""
    how = _("included") if tax.terms.is_inclusive else _("on top")
    return Choice(tax.code, tax.name or tax.code, "", how if tax.terms.rate_bp else "")
