"""Owns the question how the money of a refund goes back: a way, and the codes of what is sent."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.language import _
from pos_app.ledger.head import MOST_REFERENCE
from pos_app.ledger.line import TenderKind
from pos_app.ledger.ways_back import Part
from pos_app.ui.arrange import column
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.parts.taken_column import ICONS, tender_name
from pos_app.ui.session import Session

_TILE_HEIGHT = 48
#: Always there, in this order; the others where money came by them.
_ALWAYS = (TenderKind.CASH, TenderKind.ACCOUNT)
_KINDS = (
    TenderKind.MPESA,
    TenderKind.CARD,
    TenderKind.BANK,
    TenderKind.VOUCHER,
    TenderKind.POINTS,
    TenderKind.DEPOSIT,
    *_ALWAYS,
)
_SLIPS = (TenderKind.CARD, TenderKind.BANK)


class WaysBack(QWidget):
    """The ways of a receipt as tiles, what goes by each, and what proves it."""

    chosen = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._ways: tuple[TenderKind, ...] = ()
        self.kind = TenderKind.CASH
        self.tiles: dict[TenderKind, OptionTile] = {}
        for kind in _KINDS:
            tile = OptionTile(tender_name(kind), ICONS[kind], height=px(_TILE_HEIGHT))
            tile.setObjectName(f"way-{kind.value}")
            tile.clicked.connect(lambda _checked=False, to=kind: self.choose(to))
            self.tiles[kind] = tile
        self.code = self._field("mpesa-code", _("M-Pesa code of the message that sends it back"))
        self.slip = self._field("slip", _("Number of the slip"))
        self.words = Paragraph("", Size.CAPTION)
        self.words.setObjectName("parts-back")
        way = Label(_("How the money goes back"), Size.SMALL, "muted")
        self.setLayout(column(way, *self.tiles.values(), self.code, self.slip, self.words, spacing=Space.S))

    @staticmethod
    def _field(name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setFont(font(Size.BODY))
        limit(field, MOST_REFERENCE)
        field.setPlaceholderText(hint)
        field.setAccessibleName(hint)
        return field

    def offer(self, ways: Sequence[TenderKind]) -> None:
        """These are open, the first is proposed."""
        self._ways = tuple(ways)
        self.code.clear()
        self.slip.clear()
        for kind, tile in self.tiles.items():
            tile.setEnabled(kind in ways)
            tile.setVisible(kind in ways or kind in _ALWAYS)
        self.choose(self._ways[0])

    def choose(self, kind: TenderKind) -> bool:
        """The money goes back in this way first; says whether it may."""
        if kind not in self._ways:
            return False
        self.kind = kind
        for of, tile in self.tiles.items():
            tile.set_selected(of is kind)
        self.chosen.emit()
        return True

    def choose_next(self) -> None:
        """The next way that is open."""
        if self._ways:
            self.choose(self._ways[(self._ways.index(self.kind) + 1) % len(self._ways)])

    def show_parts(self, parts: Sequence[Part], instead: int) -> None:
        """What goes by which way, and which proof each needs."""
        kinds = [part.purse.kind for part in parts] or [self.kind]
        self.code.setVisible(TenderKind.MPESA in kinds)
        self.slip.setVisible(any(kind in _SLIPS for kind in kinds))
        money = self._session.money
        words = [f"{tender_name(part.purse.kind)} {money(part.amount)}" for part in parts]
        said = [" + ".join(words)] if len(words) > 1 else []
        if instead:
            said.append(_("{amount} of it was not paid in cash.", amount=money(instead)))
        if TenderKind.ACCOUNT in kinds:
            said.append(_("What was put on the account goes back to the account."))
        self.words.setText("\n".join(said))
        self.words.setVisible(bool(said))

    def references(self) -> dict[TenderKind, str]:
        """What proves what is sent, by its way."""
        slip = self.slip.text().strip() if self.slip.isVisibleTo(self) else ""
        code = self.code.text().strip() if self.code.isVisibleTo(self) else ""
        return {TenderKind.MPESA: code, **dict.fromkeys(_SLIPS, slip)}

    def waits_for(self) -> QLineEdit | None:
        """The code that is still to be typed, if one is."""
        empty = self.code.isVisibleTo(self) and not self.code.text().strip()
        return self.code if empty else None
