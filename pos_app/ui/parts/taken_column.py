"""Owns the left of the tender screen: what is due, what was taken, and the change, the largest figure."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from pos_app.language import _
from pos_app.ledger.currency import Currency
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.selling.mpesa_places import number_of
from pos_app.till.session.exchange import Rate
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.parts.customer_head import CustomerHead
from pos_app.ui.parts.foreign_money import coded, entry_words, in_currency
from pos_app.ui.session import Session
from pos_app.ui.tender_job import TenderJob

ICONS = {
    TenderKind.CASH: "banknote",
    TenderKind.MPESA: "smartphone",
    TenderKind.ACCOUNT: "book-user",
    TenderKind.BANK: "landmark",
    TenderKind.CARD: "wallet",
    TenderKind.VOUCHER: "receipt",
    TenderKind.POINTS: "user",
    TenderKind.DEPOSIT: "lock",
    TenderKind.CHEQUE: "clipboard-list",
}


def tender_name(kind: TenderKind) -> str:
    """How a tender is called."""
    names = {
        TenderKind.CASH: _("Cash"),
        TenderKind.MPESA: _("M-Pesa"),
        TenderKind.ACCOUNT: _("On account"),
        TenderKind.BANK: _("Bank"),
        TenderKind.CARD: _("Card"),
        TenderKind.VOUCHER: _("Voucher"),
        TenderKind.POINTS: _("Points"),
        TenderKind.DEPOSIT: _("Deposit"),
        TenderKind.CHEQUE: _("Cheque"),
    }
    return names[kind]


def _remark(entry: TenderEntry, home: Currency, number: str) -> str:
    """What is known of a tender beside its amount; a code that was used before is never taken."""
    if entry.kind is TenderKind.MPESA:
        code = _("{code} · unused before", code=entry.reference)
        return f"{code} · {number}" if number else code
    bank = entry.cheque.bank if entry.cheque is not None else ""
    return " · ".join(part for part in (entry_words(entry, home), entry.reference, bank) if part)


class TakenColumn(SideColumn):
    """Total, tenders, rest or change, and the green way to the end."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("taken-column")
        self._session = session
        self._finish_words = ""
        self._money: Callable[[int], str] = session.money
        self.head = CustomerHead(leads_on=False)
        self._total, self._taken, self._rounding = SumLine("", "text"), SumLine(), SumLine()
        self.list = RowList(_("Taken"), empty_text=_("Nothing taken yet"))
        self.list.setObjectName("tenders")
        self._other = SumLine("", "muted")
        self._result_words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self.result = Figure("", Size.HERO, "accent")
        self.result.setObjectName("change")
        self.finish = PrimaryButton("", "Enter", bind=False)
        self.finish.setObjectName("finish")
        total = column(self._total, margin=Space.L)
        self.add(self.head)
        self.add_line()
        self.add_layout(total)
        self.add_line()
        self.add(self.list, 1)
        self.add_line()
        self.add_layout(self._foot())

    def _foot(self) -> QVBoxLayout:
        result = line(self._result_words, self.result)
        result.setStretch(1, 1)
        sums = (self._rounding, self._taken, self._other)
        return column(*sums, result, self.finish, margin=Space.L, spacing=Space.XS)

    def begin(self, job: TenderJob) -> None:
        """Show for whom and for what."""
        self.head.say(job.who, job.what, known=job.known)

    def show_state(self, job: TenderJob, pending: tuple[TenderKind, int], laid: Rate | None = None) -> None:
        """Show what was taken and, as if taken, what stands in the field; then the rest or the change.

        `pending` is in the currency of what is paid; with `laid` the rest is said in that currency too.
        """
        own = job.takings.rate
        kind, amount = pending
        due = job.takings.due()
        paid = job.takings.due_with(kind, amount if due.still_due else 0, foreign=laid is not None)
        self._money = lambda minor: grouped_text(minor, own.currency)
        money = self._money
        self._total.say(_("Total {currency}", currency=own.currency.code), money(due.total))
        self._show_tenders(job)
        self._rounding.setVisible(bool(paid.rounding))
        self._rounding.say(_("Cash rounding"), money(paid.rounding))
        coins = kind is TenderKind.CASH and laid is None
        rest, change, taken = paid.in_cash if coins else paid.still_due, paid.change, paid.taken
        self._taken.say(_("Handed back") if job.takings.hands_back else _("Taken"), money(taken))
        pending_cash = (kind is TenderKind.CASH and bool(due.still_due)) or change > 0
        cash = pending_cash or any(entry.kind is TenderKind.CASH for entry in job.takings.tenders)
        self._finish_words = _("Finish, print, open drawer") if cash else _("Finish, print")
        self._other.setVisible(laid is not None and rest > 0)
        if laid is not None:
            other = coded(in_currency(rest, own, laid), laid.currency)
            self._other.say(_("Still due in {currency}", currency=laid.currency.code), other)
        self._show_result(job, paid.total + paid.rounding, rest, change)

    def _show_tenders(self, job: TenderJob) -> None:
        home = self._session.till.currency
        rows = [
            Row(
                number,
                tender_name(entry.kind),
                self._money(entry.amount),
                _remark(entry, home, number_of(self._session.till.place, entry)),
                icon=ICONS[entry.kind],
            )
            for number, entry in enumerate(job.takings.tenders)
        ]
        self.list.set_rows(rows)

    def _show_result(self, job: TenderJob, whole: int, rest: int, change: int) -> None:
        if job.takings.hands_back:
            self._result_words.set_text(_("Hand back"))
            self.result.set_text(self._money(whole))
            self.result.set_tone("accent")
        elif rest:
            self._result_words.set_text(_("Still due"))
            self.result.set_text(self._money(rest))
            self.result.set_tone("text")
        else:
            self._result_words.set_text(_("Change"))
            self.result.set_text(self._money(change))
            self.result.set_tone("accent")
        self.finish.set_text(_("Take it, then the rest") if rest else self._finish_words)
