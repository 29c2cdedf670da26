"""Owns the rows above the tiles: customers, receipts and parked baskets that words find beside goods."""

from PySide6.QtCore import QSize

from pos_app.language import _
from pos_app.till.selling.beside_goods import Beside, Kind
from pos_app.ui.kit.list_rows import ROW_HEIGHT, Row, RowList
from pos_app.ui.kit.scale import px
from pos_app.ui.session import Session

_MOST = 3
_ICONS = {Kind.CUSTOMER: "user", Kind.RECEIPT: "receipt", Kind.PARKED: "pause"}


class FoundBeside(RowList):
    """As high as its rows, away where there are none; a row says what it is of."""

    def __init__(self, session: Session) -> None:
        super().__init__(_("Found beside goods"))
        self.setObjectName("found-beside")
        self._session = session
        self._found: dict[str, Beside] = {}
        self.hide()

    def show_found(self, things: list[Beside]) -> None:
        """Show these; which was marked is so no more."""
        self._found = {f"{one.kind}-{one.key}": one for one in things[:_MOST]}
        self.set_rows([self._row(key, one) for key, one in self._found.items()])
        self.select(None)
        self.setFixedHeight(len(self._found) * px(ROW_HEIGHT) + 2)
        self.setVisible(bool(self._found))

    def marked(self) -> Beside | None:
        """What is marked of it."""
        row = self.selected()
        return None if row is None else self._found.get(str(row.key))

    def only_customer(self) -> Beside | None:
        """The customer, where one customer is all that is shown."""
        shown = list(self._found.values())
        return shown[0] if len(shown) == 1 and shown[0].kind is Kind.CUSTOMER else None

    def found(self, key: object) -> Beside | None:
        """What a row stands for."""
        return self._found.get(str(key))

    def step(self, by: int) -> bool:
        """Mark the next one (1) or the one before (-1); says whether one is marked now."""
        keys = [row.key for row in self.rows()]
        at = self.currentIndex().row() + by
        self.select(keys[at] if 0 <= at < len(keys) else None)
        return 0 <= at < len(keys)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), len(self._found) * px(ROW_HEIGHT))

    def _row(self, key: str, thing: Beside) -> Row:
        words = {
            Kind.CUSTOMER: _("Customer: sell to them"),
            Kind.RECEIPT: _("Receipt: open it"),
            Kind.PARKED: _("Parked basket: take it up"),
        }[thing.kind]
        amount = "" if thing.total is None else self._session.money(thing.total)
        return Row(key, thing.text, amount, words, icon=_ICONS[thing.kind])
