"""Owns the depot screen: the menu of all that a depot does beside selling, each with its key."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.language import _
from pos_app.ui.arrange import column, line
from pos_app.ui.depot.entries import Group, groups
from pos_app.ui.depot.menu_tile import ARROWS, MenuTile
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.screen import Screen
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

_COLUMNS = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DepotScreen(Screen):
    """Tiles in groups.  A figure or letter opens one, so do the arrows with Enter, and a finger.

    Enter by itself opens the first.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("depot")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tiles: dict[str, MenuTile] = {}
        self._rows: list[list[MenuTile]] = []
        floor = QWidget()
        shown = [self._card(group) for group in groups() if group.entries]
        floor.setLayout(column(*shown, 1, spacing=Space.L))
        scroll = Scroll(floor)
        whole = column(Label(_("Depot"), Size.TITLE, "text", Weight.BOLD), self.banner, spacing=Space.L)
        whole.addWidget(scroll, 1)
        whole.setContentsMargins(px(22), Space.XL, px(22), Space.XL)
        self.setLayout(whole)

    def _card(self, group: Group) -> Card:
        card = Card(padding=Space.L)
        card.add_layout(line(Label(group.title, Size.BODY, "muted", Weight.SEMIBOLD), 1))
        grid = QGridLayout()
        grid.setSpacing(Space.M)
        for number, entry in enumerate(group.entries):
            tile = MenuTile(entry)
            tile.clicked.connect(lambda _checked=False, key=entry.key: self.go(key))
            row, place = divmod(number, _COLUMNS)
            grid.addWidget(tile, row, place)
            if place == 0:
                self._rows.append([])
            self._rows[-1].append(tile)
            self.tiles[entry.key] = tile
        for place in range(_COLUMNS):
            grid.setColumnStretch(place, 1)
        card.add_layout(grid)
        return card

    # -- coming and going ------------------------------------------------------------------------

    def keys(self) -> list[KeyAction]:
        found = [tile.entry for tile in self.tiles.values()]
        reach = f"{found[0].key} … {found[-1].key}" if found else ""
        return [
            KeyAction(reach, _("Open"), self._open_first, bind=False),
            KeyAction("↑ ↓", _("Choose"), lambda: self._step(1, 0), bind=False),
            KeyAction("Enter", _("Open it"), self._open_marked, bind=False),
            self.back_key(),
        ]

    def entered(self) -> None:
        self._show_rights()
        if self._marked() is None:
            self.setFocus()

    def refreshed(self) -> None:
        self._show_rights()

    def _show_rights(self) -> None:
        """Say on each tile whether the person may do it alone."""
        person = self.session.till.person
        may = person.may if person is not None else frozenset()
        for tile in self.tiles.values():
            needs = tile.entry.needs
            alone = needs is None or needs.value in may
            tile.set_text(tile.entry.words, tile.entry.detail if alone else _("A manager approves"))

    # -- choosing --------------------------------------------------------------------------------

    def go(self, key: str) -> None:
        """Open the entry with this key."""
        self.tiles[key].entry.open(self.session)

    def _open_first(self) -> None:
        if self._rows:
            self._rows[0][0].click()

    def _open_marked(self) -> None:
        marked = self._marked()
        if marked is not None:
            row, place = marked
            self._rows[row][place].click()

    def _marked(self) -> tuple[int, int] | None:
        for number, row in enumerate(self._rows):
            for place, tile in enumerate(row):
                if tile.hasFocus():
                    return number, place
        return None

    def _step(self, down: int, right: int) -> None:
        """Go to a neighbour; from nowhere, to the first."""
        if not self._rows:
            return
        row, place = self._marked() or (0, -1 if right > 0 else 0)
        if self._marked() is not None:
            row = max(0, min(len(self._rows) - 1, row + down))
        place = max(0, min(len(self._rows[row]) - 1, place + right))
        self._rows[row][place].setFocus(Qt.FocusReason.TabFocusReason)

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in ARROWS:
            down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            right = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            self._step(down, right)
            return True
        if event.key() in _ENTER and self._marked() is None:
            # Nobody chose with an arrow yet: Enter opens what an arrow would choose first.
            self._open_first()
            return True
        typed = event.text().upper()
        if typed in self.tiles:
            self.tiles[typed].click()
            return True
        return False
