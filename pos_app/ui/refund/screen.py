"""Owns the refund screen: a receipt, what of it comes back, how the money goes back, and why."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from pos_app.language import _, plural, said
from pos_app.ledger.errors import BohariError
from pos_app.ledger.line import TenderKind
from pos_app.till.selling.refund import Refundable
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line, listing_head
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.parts.customer_head import CustomerHead
from pos_app.ui.parts.lines_taken_back import ReceiptLines
from pos_app.ui.refund.ways import WaysBack
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session


class RefundScreen(Screen):
    """First which receipt, then what of it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("refund")
        self._receipt: Refundable | None = None
        self._given = False
        self._finishing = False
        self.search = SearchField(_("Scan or type the receipt number"), "F2", "receipt")
        self.search.setObjectName("receipt-number")
        self.list = RowList(_("Latest receipts"), empty_text=_("This till has sold nothing yet"))
        self.list.row_activated.connect(lambda key: self.take_receipt(str(key)))
        self.lines = ReceiptLines(session)
        self.lines.changed.connect(self._show_amount)
        self.head = CustomerHead(leads_on=False)
        self.figure = Figure("", Size.HERO, "accent")
        self.figure.setObjectName("refund-amount")
        self.reason = QLineEdit()
        self.reason.setObjectName("reason")
        self.reason.setFont(font(Size.BODY))
        limit(self.reason, 200)
        self.reason.setPlaceholderText(_("Why do the goods come back?"))
        self.reason.setAccessibleName(_("Why do the goods come back?"))
        self.finish_button = PrimaryButton(_("Hand back"), "F12", bind=False)
        self.finish_button.setObjectName("hand-back")
        self.finish_button.clicked.connect(self.finish)
        self.money_ways = WaysBack(session)
        self.money_ways.chosen.connect(self._show_amount)
        self._pages = QStackedWidget()
        self._find_page, self._lines_page = self._make_find_page(), self._make_lines_page()
        self._pages.addWidget(self._find_page)
        self._pages.addWidget(self._lines_page)
        whole = column(self._pages)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def _make_find_page(self) -> QWidget:
        page = QWidget()
        panel = Card(padding=1)
        panel.add_layout(listing_head(_("document"), self.session.till.currency.code))
        panel.add(self.list, 1)
        title = Label(_("Take goods back"), Size.TITLE, "text", Weight.BOLD)
        self._find_banner = line()
        whole = column(title, self.search, self._find_banner, spacing=Space.L)
        whole.addWidget(panel, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        page.setLayout(whole)
        return page

    def _make_lines_page(self) -> QWidget:
        page = QWidget()
        left = SideColumn()
        self._refund_words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        sums = line(self._refund_words, self.figure)
        sums.setStretch(1, 1)
        left.add(self.head)
        left.add_line()
        left.add_layout(column(self.money_ways, self.reason, 1, margin=Space.L), 1)
        left.add_line()
        left.add_layout(column(sums, self.finish_button, margin=Space.L, spacing=Space.XS))
        panel = Card(padding=Space.L)
        panel.add(self.lines, 1)
        self._lines_banner = line()
        right = column(self._lines_banner, panel, margin=Space.L)
        right.setStretch(1, 1)
        whole = line(left, right, spacing=0)
        whole.setStretch(1, 1)
        page.setLayout(whole)
        return page

    # -- coming and going ------------------------------------------------------------------------

    def begin(self, number: str = "") -> None:
        """Ask for a receipt, or take the one with this number: whoever came with it goes back without it."""
        self._receipt = None
        self._given = False
        self._finishing = False
        self._move_banner(self._find_banner)
        self._pages.setCurrentWidget(self._find_page)
        self.search.clear()
        self._show_latest()
        self.search.setFocus()
        self.session.keys_changed.emit()
        if number:
            self._given = True
            self._given = self.take_receipt(number)

    def _move_banner(self, into: QHBoxLayout) -> None:
        into.addWidget(self.banner)

    def keys(self) -> list[KeyAction]:
        if self._receipt is None:
            return [
                KeyAction("↑ ↓", _("Choose a receipt"), lambda: self.list.select_step(1), bind=False),
                KeyAction("Enter", _("Open it"), self._enter, bind=False),
                self.back_key(),
            ]
        return [
            KeyAction("F6", _("All of it"), self.take_all),
            KeyAction("F3", _("Cash"), lambda: self.choose(TenderKind.CASH)),
            KeyAction("F4", _("On account"), lambda: self.choose(TenderKind.ACCOUNT)),
            KeyAction("F5", _("Another way"), self.money_ways.choose_next),
            KeyAction("↓ Enter", _("Next"), self._next, bind=False),
            KeyAction("F12", _("Hand back"), self.finish),
            self.back_key() if self._given else KeyAction("Esc", _("Another receipt"), self.begin),
        ]

    def busy(self) -> bool:
        return self._receipt is not None and bool(self.lines.quantities())

    # -- which receipt ---------------------------------------------------------------------------

    def _show_latest(self) -> None:
        till = self.session.till
        try:
            entries = [entry for entry in self.session.till.receipts.latest(60) if entry.kind == "sale"]
            rows = [
                Row(
                    till.printed(entry),
                    till.printed(entry),
                    self.session.money(entry.total),
                    " · ".join(
                        part
                        for part in (
                            self.session.local(entry.occurred_at).strftime("%d.%m.%y %H:%M"),
                            self.session.till.receipts.party_name(entry.party_id),
                        )
                        if part
                    ),
                    icon="receipt",
                )
                for entry in entries
                if till.own(entry.document_id)
            ]
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self.list.set_rows(rows)
        if rows:
            self.list.select(rows[0].key)

    def _enter(self) -> None:
        typed = self.search.text().strip()
        row = self.list.selected()
        if typed:
            self.take_receipt(typed)
        elif row is not None:
            self.take_receipt(str(row.key))

    def take_receipt(self, number: str) -> bool:
        """Take the receipt with this printed number; says whether there is one."""
        return self.session.attempt(lambda: self.session.till.refunds.find(number), self._show_receipt)

    def on_scan(self, text: str) -> None:
        self.take_receipt(text)

    def _show_receipt(self, receipt: Refundable) -> None:
        self._receipt = receipt
        self._move_banner(self._lines_banner)
        self._pages.setCurrentWidget(self._lines_page)
        self.lines.show_receipt(receipt)
        self.reason.clear()
        name = self.session.till.receipts.party_name(receipt.sale.party_id) or _("Cash customer")
        sold = self.session.local(receipt.sale.occurred_at).strftime("%d.%m.%y %H:%M")
        lines = plural(len(receipt.sale.lines), "{count} line", "{count} lines")
        known = receipt.sale.party_id is not None
        self.head.say(f"{receipt.number} · {name}", f"{sold} · {lines}", known=known, initials_of=name)
        self.money_ways.offer(self.session.till.refunds.tenders_for(receipt))
        self.session.keys_changed.emit()
        if not any(receipt.left):
            self.session.warn(_("All of this receipt came back already."))

    # -- what of it ------------------------------------------------------------------------------

    def choose(self, kind: TenderKind) -> None:
        """The money goes back in this way."""
        if self._receipt is None or not self.money_ways.choose(kind):
            self.session.refuse(said("refund-by-other-way").spoken)

    def _show_amount(self) -> None:
        code = self.session.till.currency.code
        self._refund_words.set_text(_("Hand back {currency}", currency=code))
        quantities = self.lines.quantities()
        if self._receipt is None or not quantities:
            self.figure.set_text(self.session.money(0))
            self.money_ways.show_parts((), 0)
            return
        refunds, way = self.session.till.refunds, self.money_ways.kind
        try:
            parts = refunds.parts(self._receipt, quantities, way)
            instead = refunds.cash_instead(self._receipt, quantities, way)
            self.figure.set_text(self.session.money(sum(part.amount for part in parts)))
            self.money_ways.show_parts(parts, instead)
            self.banner.dismiss()
        except BohariError as error:
            self.session.refuse(error.sentence)

    def take_all(self) -> None:
        """All that can come back does; what is left to say of it is why."""
        self.lines.take_all()
        if self.lines.quantities():
            self._to_words()

    def _next(self) -> None:
        if not self.lines.step(1):
            self._to_words()

    def _to_words(self) -> None:
        """To the code that is still to be typed, then to the reason."""
        (self.money_ways.waits_for() or self.reason).setFocus()

    def finish(self) -> None:
        """Record the refund; a cashier needs a manager for it."""
        receipt = self._receipt
        if receipt is None or self._finishing:
            return
        quantities, reason, way = self.lines.quantities(), self.reason.text(), self.money_ways.kind
        code = self.money_ways.waits_for()
        if quantities and code is not None:
            code.setFocus()
            self.session.refuse(said("mpesa-code-malformed").spoken)
            return
        if quantities and not reason.strip():
            self.reason.setFocus()
            self.session.refuse(said("refund-without-reason").spoken)
            return
        if not quantities:
            self.session.refuse(said("no-line-to-refund").spoken)
            return
        self._finishing = True
        references = self.money_ways.references()
        self.session.attempt_approved(
            lambda approval: self.session.till.refunds.complete(
                receipt, quantities, way, reason, approval, references=references
            ),
            self._done,
            self._again,
            request=receipt.request_id,
        )

    def _again(self) -> None:
        self._finishing = False

    def _done(self, done: Recorded) -> None:
        self._finishing = False
        self.session.recorded()
        self.session.ways.done(_("Hand back"), done.settled, done)

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._receipt is None:
                self._enter()
            elif self.money_ways.code.hasFocus() or self.money_ways.slip.hasFocus():
                self.reason.setFocus()
            elif self.reason.hasFocus():
                self.finish_button.setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self._next()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if key == Qt.Key.Key_Down else -1
            if self._receipt is None:
                self.list.select_step(by)
            elif not self.lines.step(by) and by > 0:
                self._to_words()
        elif self._receipt is None and (text := typed_text(event)):
            self.search.setFocus()
            self.search.insert(text)
        else:
            return False
        return True
