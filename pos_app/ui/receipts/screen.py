"""Owns the latest receipts: look at one, print a marked copy, void it with a manager."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QKeyEvent

from pos_app.language import _
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import SERIES, Invoice
from pos_app.ledger.errors import BohariError
from pos_app.ledger.money import grouped_text
from pos_app.ledger.numbering import printed_series
from pos_app.ledger.request import new_request
from pos_app.till.receivables.customer import describe
from pos_app.till.session.recorded import Recorded
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.screen import Screen
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.words import WordsSheet

#: What is drawn on A4 too.
_ON_A4: Final = ("invoice", "credit_note")


class ReceiptsScreen(Screen):
    """What was recorded last, newest first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("receipts")
        self._ids: list[int] = []
        self._numbers: list[str] = []
        self._kinds: list[str] = []
        self._uncertain = 0
        self._folder = self._offered = ""
        self.table = Table(
            _("Latest receipts"),
            [
                Column(_("when"), tone="muted"),
                Column(_("document"), weight=Weight.SEMIBOLD),
                Column(_("customer"), tone="muted", stretch=True),
                Column(_("what"), tone="muted", stretch=True),
                Column(session.till.currency.code, right=True, weight=Weight.SEMIBOLD),
            ],
            empty_text=_("This till has recorded nothing yet"),
        )
        self.table.setObjectName("latest")
        self.copy = PrimaryButton(_("Print a copy"), "Enter", bind=False)
        self.copy.setObjectName("print-copy")
        self.copy.setFixedWidth(max(px(216), self.copy.sizeHint().width()))
        self.copy.clicked.connect(self.print_copy)
        panel = Card(padding=Space.M)
        panel.add(self.table, 1)
        head = line(Label(_("Latest receipts"), Size.TITLE, "text", Weight.BOLD), 1, self.copy)
        whole = column(head, self.banner, spacing=Space.L)
        whole.addWidget(panel, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)
        self.table.line_selected.connect(lambda _line: self._offer())
        # A tap only marks a receipt; Enter prints it, wherever the keyboard is.
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keys(self) -> list[KeyAction]:
        # Only a person can say whether a receipt whose printing had no known end is on paper.
        looked = [KeyAction("F4", _("Paper is there"), self.looked)] if self._uncertain else []
        kind = self._marked_kind()
        pdf = [KeyAction("F5", _("Save as PDF"), self.ask_pdf)] if kind in _ON_A4 else []
        # Goods come back in either way: against a receipt for money, against an invoice by a credit note.
        back = _("Credit note") if kind == "invoice" else _("Return")
        return [
            KeyAction("↑ ↓", _("Choose a receipt"), lambda: self._step(1), bind=False),
            KeyAction("Enter", _("Print a copy"), self.print_copy, bind=False),
            KeyAction("F3", _("Drafts"), self.show_drafts),
            *looked,
            *pdf,
            KeyAction("F6", _("Void"), self.ask_void),
            KeyAction("F7", back, self.take_back),
            self.back_key(),
        ]

    def _marked_kind(self) -> str:
        at = self.table.selected()
        return self._kinds[at] if at is not None and at < len(self._kinds) else ""

    def _offer(self) -> None:
        """Offer the keys anew where the marked document takes others."""
        kind = self._marked_kind()
        if kind != self._offered:
            self._offered = kind
            self.session.keys_changed.emit()

    def show_drafts(self) -> None:
        """Go to the invoices that are not written yet."""
        self.session.ways.invoice_drafts()

    def entered(self) -> None:
        self._load()
        self.setFocus()
        self._uncertain = len(self.session.till.status().uncertain)
        self.session.keys_changed.emit()
        if self._uncertain:
            self.session.warn(
                _("Look at the paper. If the receipt is there, press F4; if not, print a copy and press F4.")
            )

    def returned(self) -> None:
        # Nothing was taken back or credited: the same receipt is still the one that is meant.
        at = self.table.selected()
        marked = self._ids[at] if at is not None and at < len(self._ids) else None
        self.entered()
        if marked in self._ids:
            self.table.select(self._ids.index(marked))

    def looked(self) -> None:
        """The person looked at the paper: what was uncertain needs no more care."""

        def settled(_jobs: int) -> None:
            self._uncertain = 0
            self.session.recorded()
            self.session.keys_changed.emit()

        self.session.attempt(self.session.till.receipts.looked_at_paper, settled)

    def _load(self) -> None:
        till = self.session.till
        try:
            entries = [entry for entry in till.receipts.latest(40) if till.own(entry.document_id)]
            lines: list[list[str | Cell]] = []
            for entry in entries:
                document = till.receipts.document(entry.document_id)
                total = self.session.money(entry.total)
                if document.currency != till.currency.code:
                    money = find_currency(document.currency)
                    total = f"{money.code} {grouped_text(entry.total, money)}"
                lines.append(
                    [
                        self.session.local(entry.occurred_at).strftime("%d.%m. %H:%M"),
                        till.printed(entry),
                        till.receipts.party_name(entry.party_id),
                        describe(document),
                        Cell(total, "bad") if entry.total < 0 else total,
                    ]
                )
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self._ids = [entry.document_id for entry in entries]
        self._numbers = [till.printed(entry) for entry in entries]
        self._kinds = [entry.kind for entry in entries]
        self.table.set_lines(lines)
        if lines:
            self.table.select(0)

    def _marked(self) -> int | None:
        at = self.table.selected()
        if at is None or at >= len(self._ids):
            self.session.refuse(_("Choose a receipt first."))
            return None
        return at

    def print_copy(self) -> None:
        """Print the marked receipt once more, marked as a copy."""
        at = self._marked()
        if at is None:
            return

        def queued(copy_no: int) -> None:
            self.session.recorded()
            text = _(
                "Copy {number} of {receipt} is being printed.", number=copy_no, receipt=self._numbers[at]
            )
            self.session.succeed(text)

        self.session.attempt(lambda: self.session.till.receipts.reprint(self._ids[at]), queued)

    def ask_void(self) -> None:
        """Undo the marked document; say why."""
        at = self._marked()
        if at is None:
            return
        document_id, number, request = self._ids[at], self._numbers[at], new_request()
        sheet = WordsSheet(
            self.session,
            _("Void {receipt}", receipt=number),
            _("All that it recorded is reversed; the receipt stays in the books with the void beside it."),
            _("Void"),
            _("Why?"),
            tone="bad",
        )

        def voided(done: Recorded) -> None:
            self.session.recorded()
            self._load()
            self.session.succeed(_("{receipt} is voided by {void}.", receipt=number, void=done.number))

        def answer() -> Next:
            reason = sheet.value()
            return lambda: self.session.attempt_approved(
                lambda approval: self.session.till.voids.void(
                    document_id, reason, approval, request_id=request
                ),
                voided,
                request=request,
            )

        self.session.ask(sheet, answer)

    def take_back(self) -> None:
        """Take goods of the marked receipt back."""
        at = self._marked()
        if at is not None:
            self._take_back(self._numbers[at])

    def on_scan(self, text: str) -> None:
        wanted = text.strip().upper()
        if wanted in self._numbers:
            self.table.select(self._numbers.index(wanted))
        else:
            self._take_back(text)

    def _take_back(self, number: str) -> None:
        if printed_series(number, (SERIES[Invoice],)):
            self._credit(number.strip())
        else:
            self.session.ways.refund(number)

    def _credit(self, number: str) -> None:
        self.session.attempt(
            lambda: self.session.till.credit_notes.find(number),
            self.session.ways.credit,
        )

    def ask_pdf(self) -> None:
        """Save the marked invoice or credit note as a PDF; where?"""
        at = self._marked()
        if at is None:
            return
        document_id, number = self._ids[at], self._numbers[at]
        sheet = WordsSheet(
            self.session,
            _("Save {receipt} as a PDF", receipt=number),
            _("The file is named after the number; say in which folder it goes."),
            _("Save"),
            _("Folder"),
        )
        where = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        sheet.field.setText(self._folder or where)

        def answer() -> Next:
            folder = sheet.value() or where
            path = self.session.till.receipts.save_pdf(document_id, Path(folder).expanduser())
            self._folder = folder
            return lambda: self.session.succeed(_("Saved as {path}", path=path))

        self.session.ask(sheet, answer)

    def _step(self, by: int) -> None:
        if self._ids:
            at = self.table.selected()
            self.table.select(max(0, min(len(self._ids) - 1, (at if at is not None else -by) + by)))

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.print_copy()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            return False
        return True
