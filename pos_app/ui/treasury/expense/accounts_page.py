"""Owns the list of what money is spent on: the expense accounts, found by words."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.letters import holds
from pos_app.till.drawer.expense import AccountChoice
from pos_app.ui.arrange import column
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tokens import Space


class AccountsPage(QWidget):
    """A field and the accounts that its words find; `chosen` carries one."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._accounts: list[AccountChoice] = []
        self.search = SearchField(_("What was paid for? Name or code"), "F2")
        self.search.setObjectName("account-search")
        self.search.textChanged.connect(lambda _text: self._show())
        self.list = RowList(_("What was paid for"), empty_text=_("No expense account is called so"))
        self.list.setObjectName("accounts")
        self.list.row_activated.connect(lambda _key: self.choose_marked())
        panel = Card(padding=1)
        panel.add(self.list, 1)
        whole = column(self.search, spacing=Space.M)
        whole.addWidget(panel, 1)
        self.setLayout(whole)

    def offer(self, accounts: Sequence[AccountChoice]) -> None:
        """Offer these."""
        self._accounts = list(accounts)
        self._show()

    def choose_marked(self) -> None:
        """Take the marked account."""
        row = self.list.selected()
        found = next((one for one in self._accounts if row is not None and one.code == row.key), None)
        if found is not None:
            self.chosen.emit(found)

    def begin(self) -> None:
        """Take the keyboard, with nothing searched."""
        self.search.clear()
        self.search.setFocus()

    def _show(self) -> None:
        words = self.search.text()
        found = [one for one in self._accounts if holds(f"{one.code} {one.name}", words)]
        self.list.set_rows([Row(one.code, one.name, one.code, icon="receipt") for one in found])
        if found:
            self.list.select(found[0].code)
