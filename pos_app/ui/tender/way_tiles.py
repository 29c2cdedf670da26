"""Owns the four tiles of the ways to pay: the keys that they bear, and what each says of itself."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.language import _
from pos_app.ledger.line import TenderKind
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.tokens import Space
from pos_app.ui.parts.taken_column import tender_name
from pos_app.ui.session import Session
from pos_app.ui.tender.mpesa_choice import takes_mpesa
from pos_app.ui.tender.references import OTHERS
from pos_app.ui.tender_job import TenderJob

_KEYS = {
    TenderKind.CASH: ("F2", "banknote"),
    TenderKind.MPESA: ("F3", "smartphone"),
    TenderKind.ACCOUNT: ("F4", "book-user"),
    TenderKind.BANK: ("F5", "landmark"),
}


class WayTiles(QGridLayout):
    """`chosen` is told of which tile was pressed, by touch or by its key."""

    def __init__(self, session: Session, screen: QWidget, chosen: Callable[[TenderKind], object]) -> None:
        super().__init__()
        self._session = session
        self.tiles: dict[TenderKind, OptionTile] = {}
        self.setSpacing(Space.M)
        for number, (kind, (key, icon)) in enumerate(_KEYS.items()):
            tile = OptionTile(tender_name(kind), icon, key)
            tile.setObjectName(f"tender-{kind.value}")
            tile.clicked.connect(lambda _checked=False, to=kind: chosen(to))
            # The tiles bear their keys themselves; the strip has no room to say them twice.
            QShortcut(QKeySequence(key), screen).activated.connect(lambda to=kind: chosen(to))
            self.tiles[kind] = tile
            self.addWidget(tile, number // 2, number % 2)

    def begin(self, job: TenderJob) -> None:
        """Which of them pay for this."""
        self.tiles[TenderKind.ACCOUNT].setEnabled(not job.is_payment)
        self.tiles[TenderKind.MPESA].setEnabled(takes_mpesa(job.takings))

    def show(self, kind: TenderKind, job: TenderJob, number: str) -> None:
        """`kind` is chosen; `number` is whose M-Pesa it goes to."""
        for of, tile in self.tiles.items():
            own = {TenderKind.BANK: OTHERS, TenderKind.ACCOUNT: (TenderKind.DEPOSIT,)}.get(of, ())
            tile.set_selected(of is kind or kind in own)
        if kind in OTHERS:
            self.tiles[TenderKind.BANK].set_text(tender_name(kind), _("F5 again for the next"))
        else:
            self.tiles[TenderKind.BANK].set_text(_("Bank, card, other"))
        words = number if takes_mpesa(job.takings) else _("No till number here")
        self.tiles[TenderKind.MPESA].set_text(_("M-Pesa"), words)
        self.tiles[TenderKind.ACCOUNT].set_text(*self._account_words(kind, job))

    def _account_words(self, kind: TenderKind, job: TenderJob) -> tuple[str, str]:
        left = self._session.money(job.takings.deposit_left()) if job.takings.deposit_left() else ""
        if kind is TenderKind.DEPOSIT:
            return tender_name(kind), _("F4 goes back to the account")
        if not left:
            return tender_name(TenderKind.ACCOUNT), ""
        if kind is TenderKind.ACCOUNT:
            return tender_name(kind), _("F4 again: deposit, {amount}", amount=left)
        return tender_name(TenderKind.ACCOUNT), _("Deposit {amount}: F4 twice", amount=left)

    def say_cash(self, words: str) -> None:
        """What the cash tile says below its name."""
        self.tiles[TenderKind.CASH].set_text(_("Cash"), words)
