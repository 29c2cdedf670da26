"""Owns the question for one of many: words find rows, Enter takes the marked one."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError, Refused
from pos_app.till.receivables.customer import Party
from pos_app.ui.arrange import column
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.list_rows import Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.session import Next, Session

T = TypeVar("T")

_SEARCH_MS = 120
_ROWS_SHOWN = 6


class FindingSheet(Sheet):
    """A field and what its words find: vendors, customers, products, places."""

    def __init__(
        self,
        session: Session,
        title: str,
        hint: str,
        action: str,
        look_up: Callable[[str], Sequence[Row]],
        *,
        words: str = "",
    ) -> None:
        body = QWidget()
        self._rows_for = look_up
        self.search = SearchField(hint)
        self.search.setObjectName("finding-search")
        self.search.setText(words)
        self.list = RowList(title, empty_text=_("Nothing is found by these words"))
        self.list.setMinimumHeight(_ROWS_SHOWN * px(56))
        super().__init__(
            session.overlay_parent(),
            title,
            action,
            _("Back"),
            body=body,
            dismiss_name=_("Dismiss"),
            width=px(560),
        )
        body.setLayout(column(self.search, self.list))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(self.look_up)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.list.row_activated.connect(lambda _key: self.primary.click())
        self.look_up()

    def look_up(self) -> None:
        """Show what the words find, now."""
        self._pause.stop()
        try:
            rows = list(self._rows_for(self.search.text().strip()))
        except BohariError as error:
            self.refuse(error.sentence)
            return
        self.list.set_rows(rows)
        if rows:
            self.list.select(rows[0].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.select_step(1 if event.key() == Qt.Key.Key_Down else -1)
            event.accept()
            return
        super().keyPressEvent(event)

    def value(self) -> Hashable | None:
        """The key of the marked row; None when nothing is found."""
        if self._pause.isActive():
            self.look_up()
        row = self.list.selected()
        return None if row is None else row.key


def ask_one(
    session: Session,
    sheet_words: tuple[str, str, str],
    search: Callable[[str], Iterable[T]],
    row: Callable[[T], Row],
    chosen: Callable[[T], Next],
    *,
    words: str = "",
) -> None:
    """Ask for one of what `search` finds; `sheet_words` are the question, the hint and the action.

    `chosen` says what follows once the sheet is gone; what it raises is said in the sheet, which stays.
    """
    title, hint, action = sheet_words
    found: dict[Hashable, T] = {}

    def look_up(typed: str) -> list[Row]:
        shown = [(row(one), one) for one in search(typed)]
        found.clear()
        found.update({line.key: one for line, one in shown})
        return [line for line, _one in shown]

    sheet = FindingSheet(session, title, hint, action, look_up, words=words)

    def answer() -> Next:
        key = sheet.value()
        if key not in found:
            raise Refused("nothing-found")
        return chosen(found[key])

    session.ask(sheet, answer)


def ask_customer(session: Session, chosen: Callable[[Party], Next]) -> None:
    """Ask for a customer by name, code or phone."""
    words = _("Which customer?"), _("Name, code or phone"), _("Choose")
    ask_one(session, words, session.till.customers.search, party_row, chosen)


def party_row(party: Party, icon: str = "user") -> Row:
    """A party in a list to choose from."""
    return Row(party.party_id, party.name, "", party.code, icon=icon)
