"""Owns the drafts of invoices: look at one, change when it is due, issue it, or put it away."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.language import _
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import later
from pos_app.ledger.errors import BohariError
from pos_app.ledger.money import grouped_text
from pos_app.till.receivables.invoicing import Draft
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line
from pos_app.ui.invoice.written import show_invoice
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.parts.due import day_words
from pos_app.ui.screen import Screen
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet

_SHOWN_LINES = 3


class DraftsScreen(Screen):
    """What was kept as a draft and is no invoice yet, newest first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("drafts")
        self.drafts: list[Draft] = []
        self._finishing = False
        self.table = Table(
            _("Drafts of invoices"),
            [
                Column(_("dated"), tone="muted"),
                Column(_("customer"), weight=Weight.SEMIBOLD, stretch=True),
                Column(_("what"), tone="muted", stretch=True),
                Column(_("due")),
                Column(session.till.currency.code, right=True, weight=Weight.SEMIBOLD),
            ],
            empty_text=_("No draft waits at this till"),
        )
        self.table.setObjectName("draft-list")
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.issue_button = PrimaryButton(_("Write the invoice"), "Enter", bind=False)
        self.issue_button.setObjectName("issue-draft")
        self.issue_button.setFixedWidth(max(px(240), self.issue_button.sizeHint().width()))
        self.issue_button.clicked.connect(self.issue)
        panel = Card(padding=Space.M)
        panel.add(self.table, 1)
        head = line(Label(_("Drafts of invoices"), Size.TITLE, "text", Weight.BOLD), 1, self.issue_button)
        whole = column(head, self.banner, spacing=Space.L)
        whole.addWidget(panel, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keys(self) -> list[KeyAction]:
        return [
            KeyAction("↑ ↓", _("Choose a draft"), lambda: self._step(1), bind=False),
            KeyAction("Enter", _("Write the invoice"), self.issue, bind=False),
            KeyAction("F4", _("When it is due"), self.ask_due),
            KeyAction("Del", _("Put away"), self.ask_give_up, bind=False),
            self.back_key(),
        ]

    def entered(self) -> None:
        self._finishing = False
        self._load()
        self.setFocus()

    def _load(self, marked: str = "") -> None:
        """Show the drafts that wait; the one with the request `marked` stays marked, wherever it is now."""
        at = self.table.selected() or 0
        try:
            self.drafts = self.session.till.invoicing.drafts()
            lines = [self._line(draft) for draft in self.drafts]
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self.table.set_lines(lines)
        self.issue_button.setEnabled(bool(lines))
        if lines:
            known = [number for number, draft in enumerate(self.drafts) if draft.request_id == marked]
            self.table.select(known[0] if known else min(at, len(lines) - 1))

    def _line(self, draft: Draft) -> list[str | Cell]:
        shown = [entry.description for entry in draft.lines[:_SHOWN_LINES]]
        more = len(draft.lines) - len(shown)
        what = ", ".join(shown) + (f" +{more}" if more > 0 else "")
        total = grouped_text(draft.totals.total or 0, find_currency(draft.currency))
        home = self.session.till.currency.code
        due = "" if draft.due_on is None else day_words(draft.due_on)
        past = draft.due_on is not None and draft.due_on < self.session.till.today
        return [
            day_words(draft.dated_on),
            self.session.till.receipts.party_name(draft.party_id),
            " · ".join(part for part in (draft.reference, what) if part),
            Cell(_("{date}, past", date=due), "warn") if past else due,
            total if draft.currency == home else f"{draft.currency} {total}",
        ]

    def _marked(self) -> Draft | None:
        at = self.table.selected()
        if at is None or at >= len(self.drafts):
            self.session.refuse(_("Choose a draft first."))
            return None
        return self.drafts[at]

    # -- doing -----------------------------------------------------------------------------------

    def issue(self) -> None:
        """The marked draft becomes an invoice; beyond the limit a manager is asked."""
        draft = self._marked()
        if draft is None or self._finishing:
            return
        self._finishing = True

        def issued(done: Recorded) -> None:
            self._finishing = False
            self.session.recorded()
            show_invoice(self.session, done, draft.due_on or later(draft.dated_on, draft.terms_days))

        self.session.attempt_approved(
            lambda approval: self.session.till.invoicing.issue_draft(draft.request_id, approval),
            issued,
            lambda: self._again(draft),
        )

    def _again(self, draft: Draft) -> None:
        self._finishing = False
        # What was refused may be that the rates of its day make another total.
        self._load(draft.request_id)

    def ask_due(self) -> None:
        """In how many days from today is the marked draft due?  It is dated today then."""
        draft = self._marked()
        if draft is None:
            return
        sheet = AmountSheet(
            self.session,
            _("Due in how many days?"),
            _("From today on; the draft is dated today then."),
            _("Set"),
            places=0,
            start=draft.terms_days,
        )

        def answer() -> Next:
            today, days = self.session.till.today, sheet.value()
            changed = self.session.till.invoicing.change_draft(
                draft, dated_on=today, due_on=later(today, min(days, 3650)), terms_days=days
            )
            return lambda: self._redated(draft, changed)

        self.session.ask(sheet, answer)

    def _redated(self, before: Draft, now: Draft) -> None:
        """It is dated today; say it where the rates of today make another total."""
        self._load(now.request_id)
        money = find_currency(now.currency)
        was, is_ = (grouped_text(one.totals.total or 0, money) for one in (before, now))
        if was != is_:
            self.session.warn(
                _("The rates of today hold now: the total was {before}, it is {now}.", before=was, now=is_)
            )

    def ask_give_up(self) -> None:
        """Put the marked draft away, once the person says so."""
        draft = self._marked()
        if draft is None:
            return
        name = self.session.till.receipts.party_name(draft.party_id)
        sheet = Sheet(
            self.session.overlay_parent(),
            _("Put this draft away?"),
            _("Put away"),
            _("Back"),
            explanation=_("The draft for {name} goes; nothing was booked for it.", name=name),
            dismiss_name=_("Dismiss"),
            tone="bad",
        )

        def answer() -> Next:
            self.session.till.invoicing.give_up_draft(draft.request_id)
            return self._load

        self.session.ask(sheet, answer)

    # -- keys ------------------------------------------------------------------------------------

    def on_scan(self, text: str) -> None:
        self.session.warn(_("A scan is not used on this screen; go back to the basket first."))

    def _step(self, by: int) -> None:
        if self.drafts:
            at = self.table.selected()
            self.table.select(max(0, min(len(self.drafts) - 1, (at if at is not None else -by) + by)))

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.issue()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Delete:
            self.ask_give_up()
        else:
            return False
        return True
