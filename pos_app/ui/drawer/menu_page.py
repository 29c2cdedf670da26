"""Owns the page of an open drawer: cash in, cash out, to the safe, and the way to the close."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pos_app.language import _
from pos_app.ledger.document import CashReason
from pos_app.ui.arrange import column
from pos_app.ui.kit.button import OptionTile, PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight

_WIDTH = 820


class MenuPage(QWidget):
    """What can be done with an open drawer."""

    move_asked = Signal(object)
    close_asked = Signal()
    hand_over_asked = Signal()
    opening_asked = Signal()
    bag_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drawer-menu")
        self._title = Label("", Size.TITLE, "text", Weight.BOLD)
        ways = (
            (CashReason.PAY_IN, _("Cash in"), "plus", "F2", _("Money that is no sale")),
            (CashReason.PAY_OUT, _("Cash out"), "minus", "F3", _("Petty cash; a manager approves")),
            (CashReason.SAFE_DROP, _("To the safe"), "lock", "F4", _("Large notes; a manager approves")),
            (CashReason.FLOAT, _("More float"), "wallet", "F5", _("Change out of the safe")),
            (CashReason.DRAWING, _("Owner draws"), "user", "F7", _("It is no cost; a manager approves")),
        )
        self.tiles: dict[CashReason, OptionTile] = {}
        for reason, words, icon, key, detail in ways:
            tile = OptionTile(words, icon, key, detail=detail)
            tile.setCheckable(False)
            tile.setObjectName(f"cash-{reason.value}")
            tile.clicked.connect(lambda _checked=False, of=reason: self.move_asked.emit(of))
            self.tiles[reason] = tile
        self.hand_over = OptionTile(_("Hand over"), "users", "F8", detail=_("Counted; the next one signs in"))
        self.hand_over.setObjectName("hand-over")
        self.hand_over.clicked.connect(self.hand_over_asked)
        self.only_open = OptionTile(
            _("Only open it"), "banknote", "F10", detail=_("Without a sale; it is counted")
        )
        self.only_open.setObjectName("only-open")
        self.only_open.clicked.connect(self.opening_asked)
        self.bag = OptionTile(
            _("Bag for the bank"), "landmark", "F11", detail=_("Out of the safe, counted by two")
        )
        self.bag.setObjectName("bank-bag")
        self.bag.clicked.connect(self.bag_asked)
        for tile in (self.hand_over, self.only_open, self.bag):
            tile.setCheckable(False)
        self.close_button = PrimaryButton(_("Count and close the drawer"), "F12", bind=False)
        self.close_button.setObjectName("begin-close")
        self.close_button.clicked.connect(self.close_asked)
        card = Card(padding=px(32))
        card.add(self._title)
        grid = QGridLayout()
        grid.setSpacing(Space.M)
        for at, tile in enumerate((*self.tiles.values(), self.hand_over, self.only_open, self.bag)):
            grid.addWidget(tile, at // 2, at % 2)
        card.add_layout(grid)
        card.body.addSpacing(Space.S)
        card.add(self.close_button)
        card.setFixedWidth(px(_WIDTH))
        card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        whole = column(1, card, 1)
        whole.setAlignment(card, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(whole)

    def begin(self, shift: int | None) -> None:
        """Say which shift runs."""
        self._title.set_text(_("Drawer, shift {number}", number=shift or ""))
