"""Owns the customer screen: find one, choose them for the basket, look at what they owe, take a payment."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.ledger.treasury import PartyReason
from pos_app.till.receivables.customer import Party
from pos_app.ui.arrange import column, line, listing_head
from pos_app.ui.customer.card import CardPage, Held
from pos_app.ui.customer.standing import Purse, purses
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.kit.typed import typed_text
from pos_app.ui.parts.masked import masked_phone
from pos_app.ui.parts.taking import party_money_job
from pos_app.ui.screen import Screen
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.amount import AmountSheet
from pos_app.ui.sheets.choice import ChoiceSheet

_SEARCH_MS = 120


class CustomerScreen(Screen):
    """A list to search, and behind it the card of one customer."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("customer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._party: Party | None = None
        self._code = session.till.currency.code
        self._found: dict[int, Party] = {}
        self.search = SearchField(_("Name, code or phone"), "F2")
        self.search.setObjectName("customer-search")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(self.look_up)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.list = RowList(_("Customers"), empty_text=_("No customer has this name, code or phone"))
        self.list.setObjectName("customers")
        self.list.row_activated.connect(lambda _key: self.choose_marked())
        self.choose_button = PrimaryButton(_("Choose for the basket"), "Enter", bind=False)
        self.choose_button.setObjectName("choose-customer")
        self.choose_button.clicked.connect(self.choose_marked)
        self.card = CardPage(session)
        self.card.receive.connect(self.ask_payment)
        self._pages = QStackedWidget()
        self._list_page = self._make_list_page()
        self._pages.addWidget(self._list_page)
        self._pages.addWidget(self.card)
        whole = column(self.banner, spacing=Space.L)
        whole.addWidget(self._pages, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)

    def _make_list_page(self) -> QWidget:
        page = QWidget()
        panel = Card(padding=1)
        panel.add_layout(listing_head(_("customer"), _("owes {currency}", currency=self._code)))
        panel.add(self.list, 1)
        self.choose_button.setFixedWidth(max(px(280), self.choose_button.sizeHint().width()))
        head = line(Label(_("Customers"), Size.TITLE, "text", Weight.BOLD), 1, self.choose_button)
        whole = column(head, self.search, spacing=Space.L)
        whole.addWidget(panel, 1)
        page.setLayout(whole)
        return page

    # -- coming and going ------------------------------------------------------------------------

    def begin(self, party: Party | None) -> None:
        """Show everybody; the customer of the basket is marked, and stays it by Enter.

        Not their card: who presses the key and types a name means that one, and must not get the old one.
        """
        self.show_list()
        if party is None:
            return
        if party.party_id not in self._found:
            try:
                row = self._row(party, self.session.till.customers.owes(party))
            except BohariError as error:
                self.session.refuse(error.sentence)
                return
            self._found[party.party_id] = party
            self.list.set_rows([row, *self.list.rows()])
        self.list.select(party.party_id)

    def keys(self) -> list[KeyAction]:
        if self._party is None:
            keys = [
                KeyAction("Enter", _("Choose for the basket"), self.choose_marked, bind=False),
                KeyAction("F4", _("Open card"), self.open_marked),
                self.back_key(),
            ]
            if self.session.basket.state.party_id is not None:
                keys.insert(2, KeyAction("F6", _("Cash customer"), lambda: self.choose(None)))
            return keys
        return [
            KeyAction("F3", _("Receive payment"), self.ask_payment),
            KeyAction("F4", _("Deposit, credit"), self.ask_deposit),
            KeyAction("F7", _("Other table"), self.card.other_table),
            KeyAction("Enter", _("Choose for the basket"), self.choose_shown, bind=False),
            KeyAction("F6", _("Cash customer"), lambda: self.choose(None)),
            KeyAction("Esc", _("All customers"), self.show_list),
        ]

    def show_list(self) -> None:
        """Everybody, to search among."""
        self._party = None
        self.card.begin()
        self._pages.setCurrentWidget(self._list_page)
        self.search.clear()
        self.look_up()
        self.search.setFocus()
        self.session.keys_changed.emit()

    def show_card(self, party: Party) -> None:
        """One customer."""

        def show(card: object) -> None:
            self._party = party
            self._pages.setCurrentWidget(self.card)
            self.setFocus()
            self.session.keys_changed.emit()

        contact = self.session.till.status().sync.balances_at
        as_of = self.session.clock_time(contact) if contact is not None else ""

        def fill() -> None:
            held = self.session.till.returnables.held(party.party_id)
            self.card.show_card(
                self.session.till.customers.card(party),
                purses(self.session, party),
                Held([(level.name, level.quantity) for level in held]),
                as_of,
            )

        if self._party is not None and self._party.party_id != party.party_id:
            self.card.begin()
        shown = self.session.attempt(fill, show)
        if not shown:
            self.show_list()

    def returned(self) -> None:
        # What the customer owes or has with us may be another now.
        self.refreshed()

    def refreshed(self) -> None:
        if self._party is not None:
            self.show_card(self._party)
        else:
            self.look_up()

    # -- the list --------------------------------------------------------------------------------

    def look_up(self) -> None:
        """Show whom the words find, now."""
        self._pause.stop()
        try:
            parties = self.session.till.customers.search(self.search.text())
            rows = [self._row(party, self.session.till.customers.owes(party)) for party in parties]
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        self._found = {party.party_id: party for party in parties}
        self.list.set_rows(rows)
        if rows:
            self.list.select(rows[0].key)

    def _row(self, party: Party, owes: int) -> Row:
        left = max(party.credit_limit - owes, 0)
        parts = [
            party.code,
            masked_phone(party.phone),
            _("{amount} left of limit", amount=self.session.money(left)),
        ]
        return Row(
            party.party_id,
            party.name,
            self.session.money(owes),
            " · ".join(part for part in parts if part),
            icon="user",
        )

    def _marked(self) -> Party | None:
        if self._pause.isActive():
            self.look_up()
        row = self.list.selected()
        return self._found.get(row.key) if row is not None and isinstance(row.key, int) else None

    def choose_marked(self) -> None:
        """The marked customer buys the basket at hand."""
        party = self._marked()
        if party is None:
            self.session.refuse(_("No customer has this name, code or phone"))
            return
        self.choose(party)

    def choose_shown(self) -> None:
        """The customer of the card buys the basket at hand."""
        self.choose(self._party)

    def choose(self, party: Party | None) -> None:
        """Say who buys, and go back to the basket."""
        self.session.attempt(
            lambda: self.session.basket.set_customer(party), lambda _none: self.session.home()
        )

    def open_marked(self) -> None:
        """Look at the card of the marked customer."""
        party = self._marked()
        if party is not None:
            self.show_card(party)

    # -- money -----------------------------------------------------------------------------------

    def ask_payment(self) -> None:
        """Go and say which invoices the customer pays, and how much."""
        if self._party is not None:
            self.session.ways.receive_payment(self._party)

    def ask_deposit(self) -> None:
        """Take a deposit of the customer, or give it or their credit back; in which currency?"""
        party = self._party
        if party is None:
            return
        try:
            found = purses(self.session, party)
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        back = [
            (reason, purse)
            for purse in found
            for reason in (PartyReason.CUSTOMER_DEPOSIT_RETURN, PartyReason.CUSTOMER_CREDIT_RETURN)
            if _held(purse, reason)
        ]
        if not back:
            self._ask_amount(party, PartyReason.CUSTOMER_DEPOSIT, None)
            return
        rows = [Row(-1, _("Take a deposit"), "", icon="plus")]
        for number, (reason, purse) in enumerate(back):
            words = (
                _("Pay {currency} credit out", currency=purse.currency.code)
                if reason is PartyReason.CUSTOMER_CREDIT_RETURN
                else _("Give {currency} back", currency=purse.currency.code)
            )
            rows.append(Row(number, words, purse.money(_held(purse, reason)), icon="undo-2"))
        sheet = ChoiceSheet(self.session, _("Deposit, credit"), party.name, _("Choose"), rows)

        def answer() -> Next:
            number = sheet.value()
            if not isinstance(number, int) or number < 0:
                return lambda: self._ask_amount(party, PartyReason.CUSTOMER_DEPOSIT, None)
            return lambda: self._ask_amount(party, *back[number])

        self.session.ask(sheet, answer)

    def _ask_amount(self, party: Party, reason: PartyReason, purse: Purse | None) -> None:
        """How much is taken, or given back out of what is theirs in a purse?"""
        held = 0 if purse is None else _held(purse, reason)
        titles = {
            PartyReason.CUSTOMER_DEPOSIT: _("Take a deposit"),
            PartyReason.CUSTOMER_DEPOSIT_RETURN: _("Give the deposit back"),
            PartyReason.CUSTOMER_CREDIT_RETURN: _("Pay the credit out"),
        }
        title, currency = titles[reason], self.session.till.currency if purse is None else purse.currency
        sheet = AmountSheet(
            self.session,
            title,
            party.name
            if purse is None
            else _("{name} has {amount} with us", name=party.name, amount=purse.coded(held)),
            _("Take the money") if purse is None else _("Hand back"),
            places=currency.exponent,
            start=held or None,
        )

        def answer() -> Next:
            job = party_money_job(
                self.session, party, reason, sheet.value(), what=title, currency=currency.code
            )
            return lambda: self.session.ways.take_money(job)

        self.session.ask(sheet, answer)

    # -- keys and scans --------------------------------------------------------------------------

    def on_scan(self, text: str) -> None:
        def chosen(parties: list[Party]) -> None:
            exact = [party for party in parties if party.code.upper() == text.strip().upper()]
            if len(exact) == 1:
                self.choose(exact[0])
            else:
                self.session.refuse(_("No customer has the code “{code}”.", code=text[:40]))

        self.session.attempt(lambda: self.session.till.customers.search(text.strip()), chosen)

    def key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._party is not None:
                self.choose_shown()
            else:
                self.choose_marked()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = self.list.select_step if self._party is None else self.card.step
            step(1 if key == Qt.Key.Key_Down else -1)
        elif text := typed_text(event):
            # On a card too: a name that is typed is another customer's.
            if self._party is not None:
                self.show_list()
            self.search.setFocus()
            self.search.insert(text)
        else:
            return False
        return True


def _held(purse: Purse, reason: PartyReason) -> int:
    """What of the customer's money with us goes back for a reason."""
    return purse.free if reason is PartyReason.CUSTOMER_CREDIT_RETURN else purse.deposit
