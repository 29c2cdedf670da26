"""Owns the invoice screen: the basket at hand goes to a customer on credit, due on a day."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError
from pos_app.ledger.head import MOST_REFERENCE
from pos_app.ledger.quantity import quantity_text
from pos_app.till.receivables.customer import Party
from pos_app.till.receivables.invoicing import Draft
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.invoice.written import show_invoice
from pos_app.ui.kit.button import PrimaryButton, QuietButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.icon import IconLabel
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import IconSize, Size, Space, Weight
from pos_app.ui.parts.customer_head import CustomerHead
from pos_app.ui.parts.due import DueDays
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session


class InvoiceScreen(Screen):
    """What is invoiced at the left; when it is due, and whether the limit allows it, at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("invoice")
        self._party: Party | None = None
        self._finishing = False
        self.head = CustomerHead(leads_on=False)
        self.list = RowList(_("Basket"))
        self._tax = SumLine()
        self.total = Figure("", Size.HERO)
        self.total.setObjectName("invoice-total")
        self._total_words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self.issue_button = PrimaryButton(_("Write the invoice"), "F12", bind=False)
        self.issue_button.setObjectName("issue")
        self.issue_button.clicked.connect(self.issue)
        self.due = DueDays(session)
        self.reference = QLineEdit()
        self.reference.setObjectName("invoice-reference")
        self.reference.setFont(font(Size.BODY))
        self.reference.setMinimumHeight(px(48))
        limit(self.reference, MOST_REFERENCE)
        hint = _("The customer’s order number, if there is one")
        self.reference.setPlaceholderText(hint)
        self.reference.setAccessibleName(hint)
        self._limit_icon = IconLabel("info", IconSize.LARGE, "ok")
        self.limit = Paragraph("", Size.BODY, "text")
        self.limit.setObjectName("limit-words")
        self.draft_button = QuietButton(_("Keep as a draft"), "F9", "book-user")
        self.draft_button.setObjectName("save-draft")
        self.draft_button.clicked.connect(self.save_draft)
        whole = line(self._left(), self._right(), spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _left(self) -> SideColumn:
        left = SideColumn()
        left.add(self.head)
        left.add_line()
        left.add(self.list, 1)
        left.add_line()
        sums = line(self._total_words, self.total)
        sums.setStretch(1, 1)
        left.add_layout(column(self._tax, sums, self.issue_button, margin=Space.L, spacing=Space.XS))
        return left

    def _right(self) -> QVBoxLayout:
        due = Card(_("When it is due"), padding=Space.XXL)
        due.add(self.due)
        limit = Card(_("Credit limit"), padding=Space.XXL)
        words = line(self._limit_icon, self.limit)
        words.setStretch(1, 1)
        limit.add_layout(words)
        reference = Card(_("Reference"), padding=Space.XXL)
        reference.add(self.reference)
        title = Label(_("Invoice"), Size.TITLE, "text", Weight.BOLD)
        head = line(title, 1, self.draft_button)
        return column(head, self.banner, due, limit, reference, 1, margin=Space.XL, spacing=Space.L)

    # -- coming and going ------------------------------------------------------------------------

    def begin(self, party: Party) -> None:
        """Invoice the basket at hand to this customer."""
        self._party, self._finishing = party, False
        basket, money = self.session.basket, self.session.money
        self.session.rate_basket()
        self.head.say(party.name, plural(len(basket.lines), "{count} line", "{count} lines"), known=True)
        self.list.set_rows(
            [
                Row(
                    number,
                    entry.description,
                    money(entry.extended),
                    f"{quantity_text(entry.quantity)} × {self.session.price(entry.price)}",
                )
                for number, entry in enumerate(basket.lines)
            ]
        )
        self.reference.clear()
        self.due.begin(party.terms_days)
        self._say_total(party)
        self.due.field.setFocus(Qt.FocusReason.TabFocusReason)
        self.session.keys_changed.emit()

    def _say_total(self, party: Party) -> None:
        totals, money = self.session.basket.totals(), self.session.money
        self._tax.say(_("VAT in it"), money(totals.tax_total))
        self._total_words.set_text(_("Total {currency}", currency=self.session.till.currency.code))
        self.total.set_text(money(totals.total))
        self._say_limit(party, totals.total)

    def _say_limit(self, party: Party, total: int) -> None:
        try:
            left = self.session.till.customers.credit_left(party)
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        money, limit = self.session.money, self.session.money(party.credit_limit)
        if total <= left:
            self._limit_icon.set_icon("circle-check", "ok", "")
            after = money(left - total)
            self.limit.setText(
                _("Within the limit of {limit}: {amount} is left after this.", limit=limit, amount=after)
            )
        else:
            self._limit_icon.set_icon("triangle-alert", "warn", "")
            self.limit.setText(
                _(
                    "{amount} beyond the limit of {limit}: a manager is asked, or part is paid now.",
                    amount=money(total - left),
                    limit=limit,
                )
            )

    def keys(self) -> list[KeyAction]:
        return [
            KeyAction("Tab", _("Next field"), self._next, bind=False),
            KeyAction("F9", _("Keep as a draft"), self.save_draft),
            KeyAction("F12", _("Write the invoice"), self.issue),
            KeyAction("Esc", _("Back to the money"), self.back),
        ]

    def back(self) -> None:
        """Back to the tender; the basket is as it was."""
        if not self._finishing:
            super().back()

    def on_scan(self, text: str) -> None:
        self.session.warn(_("Finish this invoice first, or go back with Esc; then scan."))

    # -- doing -----------------------------------------------------------------------------------

    def issue(self) -> None:
        """Record the invoice; beyond the limit a manager is asked.  Pressed twice it is one."""
        if self._party is None or self._finishing:
            return
        self._finishing = True
        self.issue_button.setEnabled(False)
        basket, days, due_on = self.session.basket, self.due.days(), self.due.due_on()
        reference = self.reference.text()
        self.session.attempt_approved(
            lambda approval: self.session.till.invoicing.issue(
                basket, due_on=due_on, terms_days=days, reference=reference, approval=approval
            ),
            lambda done: self._issued(done, due_on),
            self._again,
            request=basket.state.request_id,
        )

    def _issued(self, done: Recorded, due_on: int) -> None:
        self._again()
        self._party = None
        self.session.recorded()
        self.session.renew_basket()
        show_invoice(self.session, done, due_on)

    def _again(self) -> None:
        self._finishing = False
        self.issue_button.setEnabled(True)
        if self._party is not None:
            # What was refused may be that the rates of today make another total.
            self._say_total(self._party)

    def save_draft(self) -> None:
        """Keep the basket as a draft: it is issued later, from the drafts."""
        if self._party is None or self._finishing:
            return
        basket, days, due_on = self.session.basket, self.due.days(), self.due.due_on()
        name = self._party.name
        reference = self.reference.text()

        def saved(draft: Draft) -> None:
            self._party = None
            self.session.renew_basket()
            self.session.home()
            self.session.succeed(_("The draft for {name} is kept; find it with F9, then F3.", name=name))

        self.session.attempt(
            lambda: self.session.till.invoicing.save_draft(
                basket, due_on=due_on, terms_days=days, reference=reference
            ),
            saved,
        )

    # -- keys ------------------------------------------------------------------------------------

    def _next(self) -> None:
        if self.due.field.hasFocus():
            self.reference.setFocus()
        else:
            self.issue_button.setFocus(Qt.FocusReason.TabFocusReason)

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._next()
            return True
        return False
