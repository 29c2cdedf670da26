"""Owns the expense screen: left what was paid for; right the accounts, and then how it was paid."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget

from pos_app.language import _, said
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.line import TenderKind
from pos_app.till.drawer.expense import AccountChoice, Spent, TaxChoice
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.tokens import Space
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.session import Next, Session
from pos_app.ui.treasury.expense.accounts_page import AccountsPage
from pos_app.ui.treasury.expense.line_sheet import LineSheet
from pos_app.ui.treasury.expense.lines import SpentColumn
from pos_app.ui.treasury.expense.pay_page import PayPage
from pos_app.ui.treasury.form import Form, FormScreen


class ExpenseScreen(FormScreen):
    """Lines first, then how they were paid; what was entered stays until it is recorded or taken out."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("expense")
        self.spent: list[Spent] = []
        self._names: dict[str, str] = {}
        self._taxes: list[TaxChoice] = []
        self.column = SpentColumn(session)
        self.accounts, self.pay = AccountsPage(), PayPage()
        self.accounts.chosen.connect(self.ask_line)
        self.column.action.clicked.connect(self.go_on)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.accounts)
        self._pages.addWidget(self.pay)
        right = column(self.banner, spacing=Space.M)
        right.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        right.addWidget(self._pages, 1)
        whole = line(self.column, right, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        how = self.pay.how
        how.changed.connect(self._show)
        self.form = Form((how.row, how.reference, self.pay.paper, self.pay.note), None, self.column.action)

    # -- coming and going ------------------------------------------------------------------------

    def entered(self) -> None:
        self._load()
        self.show_accounts()

    def refreshed(self) -> None:
        self._load()

    def _load(self) -> None:
        """The accounts, petty cash first: it is what most of it is."""
        try:
            found = self.session.till.expenses.accounts()
            self._taxes = self.session.till.expenses.taxes()
            petty = self.session.till.expenses.petty_cash()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self._names = {one.code: one.name for one in found}
        self.accounts.offer(sorted(found, key=lambda one: (one.code != petty, one.code)))
        self._show()

    def keys(self) -> list[KeyAction]:
        if self._paying():
            return [
                KeyAction("Enter", _("Next field"), lambda: self.step(1), bind=False),
                KeyAction("F12", _("Record the expense"), self.go_on),
                KeyAction("Esc", _("Back"), self.show_accounts),
            ]
        return [
            KeyAction("Enter", _("Choose"), self.accounts.choose_marked, bind=False),
            KeyAction("Del", _("Take out"), self.take_out, bind=False),
            KeyAction("F12", _("How was it paid?"), self.go_on),
            self.back_key(),
        ]

    def _paying(self) -> bool:
        return self._pages.currentWidget() is self.pay

    def _in_cash(self) -> bool:
        return self._paying() and self.pay.how.kind() is TenderKind.CASH

    def busy(self) -> bool:
        return bool(self.spent)

    def show_accounts(self) -> None:
        """Choose what was paid for."""
        self._pages.setCurrentWidget(self.accounts)
        self._show()
        self.accounts.begin()
        self.session.keys_changed.emit()

    # -- lines -----------------------------------------------------------------------------------

    def ask_line(self, account: AccountChoice) -> None:
        """How much, what, which tax?"""
        sheet = LineSheet(self.session, account, self._taxes)

        def answer() -> Next:
            one = sheet.value()
            self.session.till.expenses.total([one])
            return lambda: self._add(one)

        self.session.ask(sheet, answer)

    def _add(self, spent: Spent) -> None:
        self.spent.append(spent)
        self.banner.succeed()
        self.show_accounts()
        self.column.list.select(len(self.spent) - 1)

    def take_out(self) -> None:
        """Take the marked line out, or the last."""
        if not self.spent:
            return
        at = self.column.selected()
        del self.spent[at if at is not None and at < len(self.spent) else -1]
        self._show()

    def _show(self) -> None:
        total = self.session.till.expenses.total(self.spent) if self.spent else 0
        coins = self.session.till.expenses.in_cash(total) - total if self._in_cash() else 0
        self.column.show_lines(self.spent, total, self._names, coins)
        words = _("Pay it, print the slip") if self._paying() else _("How was it paid?")
        self.column.action.set_text(words)

    # -- recording -------------------------------------------------------------------------------

    def go_on(self) -> None:
        """From the lines to how they were paid; from there, record."""
        if not self.spent:
            self.session.refuse(said("expense-empty").spoken)
            return
        if not self._paying():
            self._pages.setCurrentWidget(self.pay)
            self._show()
            self.form.begin()
            self.session.keys_changed.emit()
            return
        self._record()

    def _record(self) -> None:
        spent, request = tuple(self.spent), self.request_id
        paper, note = self.pay.paper.text(), self.pay.note.text()
        try:
            total = self.session.till.expenses.total(spent)
            # Out of the drawer it is what coins can pay: the till says what that is.
            given = () if self._in_cash() else self.pay.how.given(total)
        except Refused as error:
            self.session.refuse(error.sentence)
            return
        self.record(
            lambda approval: self.session.till.expenses.pay(
                spent, given, reference=paper, note=note, approval=approval, request_id=request
            ),
            self._done,
        )

    def _done(self, done: Recorded) -> None:
        self.spent = []
        self.pay.clear()
        self._pages.setCurrentWidget(self.accounts)
        self._show()
        self.session.ways.done(_("Hand out"), done.settled, done)

    # -- keys ------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        self.form.step(by)

    def take_word(self, word: str) -> bool:
        return self.form.take_word(word)

    def key(self, event: QKeyEvent) -> bool:
        if self._paying():
            return super().key(event)
        key, text = event.key(), typed_text(event)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.accounts.list.select_step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accounts.choose_marked()
        elif key == Qt.Key.Key_Delete:
            self.take_out()
        elif text:
            self.accounts.search.setFocus()
            self.accounts.search.insert(text)
        else:
            return False
        return True
