"""Owns the list of staff, members, customers and vendors to choose from, with what stands between us."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.till.receivables.customer import Party
from pos_app.ui.arrange import column, line, listing_head
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.chip import ChipRow
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Badge, Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.parts.masked import masked_phone
from pos_app.ui.session import Session
from pos_app.ui.treasury.party.groups import GROUPS, PartyGroup, group_name, standing

_SEARCH_MS = 120


class PartyListPage(QWidget):
    """Who?  `chosen` carries the party."""

    chosen = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.group: PartyGroup = GROUPS[0]
        self._found: dict[int, Party] = {}
        self.chips = ChipRow([group_name(group) for group in GROUPS])
        self.chips.chosen.connect(self._chip)
        self.search = SearchField(_("Name, code or phone"), "F2")
        self.search.setObjectName("party-search")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(self.look_up)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.list = RowList(_("Staff and members"), empty_text=_("Nobody here has this name, code or phone"))
        self.list.setObjectName("parties")
        self.list.row_activated.connect(lambda _key: self.choose_marked())
        self.choose_button = PrimaryButton(_("Choose"), "Enter", bind=False)
        self.choose_button.setObjectName("choose-party")
        self.choose_button.setFixedWidth(max(px(216), self.choose_button.sizeHint().width()))
        self.choose_button.clicked.connect(self.choose_marked)
        panel = Card(padding=1)
        head = listing_head(_("who"), _("balance {currency}", currency=session.till.currency.code))
        panel.add_layout(head)
        panel.add(self.list, 1)
        title = Label(_("Staff and members"), Size.TITLE, "text", Weight.BOLD)
        whole = column(line(title, 1, self.choose_button), self.chips, self.search, spacing=Space.M)
        whole.addWidget(panel, 1)
        self.setLayout(whole)

    def show_group(self, group: PartyGroup) -> None:
        """Show the parties of another group."""
        self.group = group
        self.chips.mark(GROUPS.index(group))
        self.look_up()
        self.search.setFocus()

    def _chip(self, number: int) -> None:
        self.show_group(GROUPS[number])

    def begin(self) -> None:
        """Take the keyboard, with nothing searched."""
        self.search.clear()
        self.look_up()
        self.search.setFocus()

    def look_up(self) -> None:
        """Show whom the words find, now."""
        self._pause.stop()
        try:
            found = self._session.till.parties.search(self.group.role, self.search.text())
            rows = [self._row(party) for party in found]
        except BohariError as error:
            self._session.refuse(error.sentence)
            return
        self._found = {party.party_id: party for party in found}
        self.list.set_rows(rows)
        if rows:
            self.list.select(rows[0].key)

    def _row(self, party: Party) -> Row:
        money, balance = self._session.money, self._session.till.party_money.balance
        first, *others = [standing(role, balance(role, party.party_id)) for role in self.group.balances]
        parts = [party.code, masked_phone(party.phone)]
        parts += [f"{other.words} {money(other.amount)}" for other in others if other.amount]
        return Row(
            party.party_id,
            party.name,
            money(first.amount),
            " · ".join(part for part in parts if part),
            badges=(Badge(first.words, first.tone),),
            icon="user",
        )

    def choose_marked(self) -> None:
        """Take the marked party."""
        if self._pause.isActive():
            self.look_up()
        row = self.list.selected()
        party = self._found.get(row.key) if row is not None and isinstance(row.key, int) else None
        if party is None:
            self._session.refuse(_("Nobody here has this name, code or phone"))
            return
        self.chosen.emit(party)

    def choose_code(self, code: str) -> None:
        """Take the party with this code, in whichever group they are; for a scanned card."""
        wanted = code.strip().upper()
        for group in GROUPS:
            for party in self._session.till.parties.search(group.role, wanted):
                if party.code.upper() == wanted:
                    self.show_group(group)
                    self.chosen.emit(party)
                    return
        self._session.refuse(_("Nobody here has the code “{code}”.", code=code[:40]))
