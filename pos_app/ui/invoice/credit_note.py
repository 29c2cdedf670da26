"""Owns the credit note: an invoice, what of it is taken back and why, and whether the goods come too."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from pos_app.language import _, said
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import BohariError
from pos_app.ledger.money import grouped_text
from pos_app.till.receivables.credit_note import Creditable
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.button import OptionTile, PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.parts.customer_head import CustomerHead
from pos_app.ui.parts.due import day_words
from pos_app.ui.parts.lines_taken_back import ReceiptLines
from pos_app.ui.screen import Screen
from pos_app.ui.session import Session


class CreditNoteScreen(Screen):
    """The lines of one invoice, each with how much of it is credited."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("credit-note")
        self._credited: Creditable | None = None
        self._goods_come_back = True
        self._finishing = False
        self.lines = ReceiptLines(session)
        self.lines.changed.connect(self._show_amount)
        self.head = CustomerHead(leads_on=False)
        self.figure = Figure("", Size.HERO, "accent")
        self.figure.setObjectName("credit-amount")
        self._words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self.reason = QLineEdit()
        self.reason.setObjectName("credit-reason")
        self.reason.setFont(font(Size.BODY))
        self.reason.setMinimumHeight(px(48))
        limit(self.reason, 200)
        hint = _("Why is the invoice credited?")
        self.reason.setPlaceholderText(hint)
        self.reason.setAccessibleName(hint)
        self.tiles = {
            True: OptionTile(_("The goods come back"), "undo-2", "F3", height=px(56)),
            False: OptionTile(_("Only the money"), "banknote", "F4", height=px(56)),
        }
        for back, tile in self.tiles.items():
            tile.setObjectName("goods-back" if back else "money-only")
            tile.clicked.connect(lambda _checked=False, to=back: self.choose(goods_come_back=to))
        self.finish_button = PrimaryButton(_("Write the credit note"), "F12", bind=False)
        self.finish_button.setObjectName("write-credit-note")
        self.finish_button.clicked.connect(self.finish)
        whole = line(self._left(), self._right(), spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _left(self) -> SideColumn:
        left = SideColumn()
        left.add(self.head)
        left.add_line()
        way = Label(_("What comes back to us"), Size.SMALL, "muted")
        left.add_layout(column(way, *self.tiles.values(), self.reason, margin=Space.L))
        hint = Paragraph(
            _("What is open of the invoice goes down; what was paid of it stays to the customer’s credit."),
            Size.CAPTION,
        )
        left.add_layout(column(hint, 1, margin=Space.L), 1)
        left.add_line()
        sums = line(self._words, self.figure)
        sums.setStretch(1, 1)
        left.add_layout(column(sums, self.finish_button, margin=Space.L, spacing=Space.XS))
        return left

    def _right(self) -> QVBoxLayout:
        panel = Card(padding=Space.L)
        panel.add(self.lines, 1)
        right = column(self.banner, panel, margin=Space.L)
        right.setStretch(1, 1)
        return right

    # -- coming and going ------------------------------------------------------------------------

    def begin(self, credited: Creditable) -> None:
        """Credit this invoice."""
        self._credited, self._finishing = credited, False
        invoice = credited.invoice
        name = self.session.till.receipts.party_name(invoice.party_id)
        dated = self.session.local(invoice.occurred_at).strftime("%d.%m.%Y")
        due = _("due {date}", date=day_words(invoice.due_on))
        self.head.say(f"{credited.number} · {name}", f"{dated} · {due}", known=True, initials_of=name)
        self.lines.show_lines(invoice.lines, credited.left, (_("can be credited"), _("credited")))
        self.reason.clear()
        self.choose(goods_come_back=True)
        self._show_amount()
        self.session.keys_changed.emit()
        if not any(credited.left):
            self.session.warn(_("All of this invoice is credited already."))

    def keys(self) -> list[KeyAction]:
        return [
            KeyAction("F6", _("All of it"), self.lines.take_all),
            KeyAction("F3", _("Goods back"), lambda: self.choose(goods_come_back=True)),
            KeyAction("F4", _("Only the money"), lambda: self.choose(goods_come_back=False)),
            KeyAction("↓ Enter", _("Next"), self._next, bind=False),
            KeyAction("F12", _("Write the credit note"), self.finish),
            self.back_key(),
        ]

    def busy(self) -> bool:
        return self._credited is not None and bool(self.lines.quantities())

    def back(self) -> None:
        """Back where the person came from; what was chosen is not kept."""
        if not self._finishing:
            self._credited = None
            super().back()

    def on_scan(self, text: str) -> None:
        self.session.attempt(lambda: self.session.till.credit_notes.find(text.strip()), self.begin)

    # -- what of it ------------------------------------------------------------------------------

    def choose(self, *, goods_come_back: bool) -> None:
        """The goods come back into the stock, or they do not: spoilt, or only too dear."""
        self._goods_come_back = goods_come_back
        for back, tile in self.tiles.items():
            tile.set_selected(back is goods_come_back)

    def _show_amount(self) -> None:
        credited = self._credited
        if credited is None:
            return
        currency = find_currency(credited.invoice.currency)
        self._words.set_text(_("Credited {currency}", currency=currency.code))
        quantities, amount = self.lines.quantities(), 0
        if quantities:
            try:
                amount = self.session.till.credit_notes.amount(credited, quantities)
            except BohariError as error:
                self.session.refuse(error.sentence)
                return
            self.banner.dismiss()
        self.figure.set_text(grouped_text(amount, currency))

    def _next(self) -> None:
        if self.reason.hasFocus():
            self.finish_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif not self.lines.step(1):
            self.reason.setFocus()

    def finish(self) -> None:
        """Record the credit note; a cashier needs a manager for it."""
        credited = self._credited
        if credited is None or self._finishing:
            return
        quantities, reason, back = self.lines.quantities(), self.reason.text(), self._goods_come_back
        if not quantities:
            self.session.refuse(said("no-line-to-credit").spoken)
            return
        if not reason.strip():
            self.reason.setFocus()
            self.session.refuse(said("credit-without-reason").spoken)
            return
        self._finishing = True
        self.session.attempt_approved(
            lambda approval: self.session.till.credit_notes.complete(
                credited, quantities, reason, goods_come_back=back, approval=approval
            ),
            self._done,
            self._again,
            request=credited.request_id,
        )

    def _again(self) -> None:
        self._finishing = False

    def _done(self, done: Recorded) -> None:
        self._finishing, self._credited = False, None
        self.session.recorded()
        self.session.ways.done(_("Credited"), abs(done.total), done)

    # -- keys ------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._next()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if key == Qt.Key.Key_Down else -1
            if not self.lines.step(by) and by > 0:
                self.reason.setFocus()
        else:
            return False
        return True
