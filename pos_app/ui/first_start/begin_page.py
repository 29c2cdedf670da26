"""Owns the first question: a till of a shop that has a server, or the whole shop on this PC?"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_app.language import _
from pos_app.ui.first_start.deeds import Step
from pos_app.ui.first_start.page import Page, Wizard
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.scale import px

_TILE_HEIGHT = 76


class BeginPage(Page):
    """Two tiles; arrows or figures choose, Enter goes on."""

    name = "first-begin"
    has_back = False

    def __init__(self, wizard: Wizard) -> None:
        super().__init__(
            wizard,
            _("Welcome to Bohari POS"),
            _("Three minutes, and this till sells. What is this PC?"),
            _("Go on"),
        )
        self.tiles = [
            OptionTile(
                _("A till of a shop that has a server"),
                "store",
                "1",
                detail=_("You have its address, or stand on its network, and a one-time code."),
                height=px(_TILE_HEIGHT),
            ),
            OptionTile(
                _("This PC is the whole shop"),
                "warehouse",
                "2",
                detail=_("The books are kept here too; more tills can come later."),
                height=px(_TILE_HEIGHT),
            ),
        ]
        for number, tile in enumerate(self.tiles):
            tile.setObjectName(f"begin-{number + 1}")
            tile.clicked.connect(lambda _checked=False, at=number: self.choose(at))
        self.lay_out(*self.tiles)
        self._chosen = 0
        self.choose(0)

    def choose(self, number: int) -> None:
        """Mark one of the two."""
        self._chosen = number
        for at, tile in enumerate(self.tiles):
            tile.set_selected(at == number)
        self.setFocus()

    def go_on(self) -> None:
        self.wizard.go(Step.SERVER if self._chosen == 0 else Step.SHOP)

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.choose(1 - self._chosen)
            return True
        if event.text() in ("1", "2"):
            self.choose(int(event.text()) - 1)
            return True
        return super().key(event)
