"""Owns the form for money with one party: what it is, how much, how, and what stands between us then."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.ledger.treasury import CREDIT_BACK, PAID_OUT, ROLE_OF, PartyReason
from pos_app.till.receivables.customer import Party
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.session import Session
from pos_app.ui.treasury.choice_row import ChoiceRow
from pos_app.ui.treasury.form import Captioned, Form, words_field
from pos_app.ui.treasury.how_paid import HowPaid
from pos_app.ui.treasury.party.groups import (
    GROUPS,
    PartyGroup,
    balance_after,
    reason_choices,
    reason_name,
    standing,
)
from pos_app.ui.treasury.side import FormSide


class PartyFormPage(QWidget):
    """One party, one document."""

    finish = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.party: Party | None = None
        self.reason_row = ChoiceRow(_("What"), reason_choices(GROUPS[0]), columns=2)
        self.reason_row.setObjectName("reason")
        self.amount = AmountField(_("Amount"), session.till.currency.exponent, Size.TITLE)
        self.amount.setObjectName("amount")
        self.how = HowPaid()
        self.note = words_field(_("A note, if you like"), "note")
        self.side = FormSide(session, "", "", 4)
        self.banner_place = column()
        self.banner_place.setContentsMargins(Space.L, Space.L, Space.L, 0)
        self.side.action.clicked.connect(self.finish)
        self.form = Form(
            (self.reason_row, self.amount, self.how.row, self.how.reference, self.note),
            self.side.pad,
            self.side.action,
        )
        self.reason_row.chosen.connect(lambda _value: self.show_sums())
        self.amount.changed.connect(self.show_sums)

    def lay_out(self, right: QVBoxLayout) -> None:
        """Put the form beside the sums."""
        whole = line(self.side, column(self.banner_place, right, spacing=0), spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def parts(self) -> tuple[QWidget, ...]:
        """The fields from top to bottom."""
        code = self._session.till.currency.code
        return (
            Captioned(_("What"), self.reason_row),
            Captioned(_("Amount {currency}", currency=code), self.amount),
            self.how,
            Captioned(_("Note"), self.note),
        )

    def begin(self, group: PartyGroup, party: Party) -> None:
        """Money with this party."""
        self.party = party
        self.reason_row.offer(reason_choices(group))
        self.amount.clear()
        self.how.clear()
        self.note.clear()
        self.side.title.setText(party.name)
        self.side.detail.setText(party.code)
        self.show_sums()
        self.form.begin()

    def reason(self) -> PartyReason:
        """What is recorded."""
        value = self.reason_row.value()
        if not isinstance(value, PartyReason):
            raise TypeError("a party's form offers no reason")
        return value

    def show_sums(self) -> None:
        """Say what stands between us now and afterwards, and which way the money goes."""
        party = self.party
        if party is None:
            return
        reason, amount, money = self.reason(), self.amount.minor() or 0, self._session.money
        try:
            now, then = balance_after(self._session.till, reason, party.party_id, amount)
            credit = self._session.till.open_invoices.credit(party.party_id, role=ROLE_OF[reason])
        except BohariError as error:
            self._session.refuse(error.sentence)
            return
        before, after = standing(ROLE_OF[reason], now), standing(ROLE_OF[reason], then)
        facts = [
            (reason_name(reason), ""),
            (_("Now {state}", state=before.words), money(before.amount)),
        ]
        if amount:
            facts.append((_("Then {state}", state=after.words), money(after.amount)))
        if reason is PartyReason.EMPLOYEE_ADVANCE:
            facts.append((_("May draw up to"), money(party.credit_limit)))
        if reason in CREDIT_BACK:
            facts.append((_("Credit that can go back"), money(credit)))
        self.side.say_facts(*facts)
        pays = reason in PAID_OUT
        self.side.say(_("Hand out") if pays else _("Take in"), money(amount))
        self.side.action.set_text(_("Hand it out, print the slip") if pays else _("Take it, print the slip"))
