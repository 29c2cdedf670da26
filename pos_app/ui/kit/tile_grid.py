"""Owns the shelf: product tiles in as many columns as the width allows, scrolled when they are many."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tile import ARROWS, ProductTile
from pos_app.ui.kit.tokens import Space, Tone

_TILE_WIDTH = 136
_TILE_HEIGHT = 108
_TILE_TALLEST = 140


@dataclass(frozen=True, slots=True)
class Product:
    """What a tile offers. `key` comes back in the signal."""

    key: Hashable
    name: str
    price: str
    stock: str = ""
    stock_tone: Tone = "muted"
    enabled: bool = True
    picture: QPixmap | None = None
    colour: str = ""


class TileGrid(QScrollArea):
    """The shelf. Tiles are kept and filled anew, so another filter shows at once."""

    chosen = Signal(object)
    #: An arrow led from the first row up and away.
    left = Signal()

    def __init__(self, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._products: list[Product] = []
        self._tiles: list[ProductTile] = []
        self._floor = QWidget()
        self.setAccessibleName(accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._floor)
        self.viewport().setAutoFillBackground(False)
        self._floor.setAutoFillBackground(False)

    def set_products(self, products: Sequence[Product]) -> None:
        """Offer these products, in this order."""
        self._products = list(products)
        while len(self._tiles) < len(self._products):
            tile = ProductTile("", "", parent=self._floor)
            tile.clicked.connect(self._chosen)
            self._tiles.append(tile)
        for number, tile in enumerate(self._tiles):
            tile.setVisible(number < len(self._products))
            if number < len(self._products):
                product = self._products[number]
                tile.set_product(product.name, product.price, product.stock, product.stock_tone)
                tile.set_look(product.picture, product.colour)
                tile.setEnabled(product.enabled)
        self._arrange()

    def products(self) -> Sequence[Product]:
        """The products offered."""
        return self._products

    def tile(self, number: int) -> ProductTile:
        """The tile at a place, counted from 0."""
        return self._tiles[number]

    def columns(self) -> int:
        """How many tiles stand beside one another."""
        return max(2, (self.viewport().width() + Space.M) // (px(_TILE_WIDTH) + Space.M))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def mark(self, number: int) -> bool:
        """Put the keyboard on the tile at a place; says whether there is one."""
        if not 0 <= number < len(self._products):
            return False
        self._tiles[number].setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(self._tiles[number], 0, Space.M)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = next((number for number, tile in enumerate(self._tiles) if tile.hasFocus()), None)
        if at is None or event.key() not in ARROWS:
            super().keyPressEvent(event)
            return
        left, right, up, _down = ARROWS
        columns = self.columns()
        goal = at + {left: -1, right: 1, up: -columns}.get(Qt.Key(event.key()), columns)
        if goal < 0:
            self.left.emit()
        else:
            self.mark(goal)

    def sizeHint(self) -> QSize:
        return QSize(4 * (px(_TILE_WIDTH) + Space.M), 3 * (px(_TILE_HEIGHT) + Space.M))

    def _arrange(self) -> None:
        """Place the tiles; their height is chosen so that whole rows fill the view."""
        if not self._products:
            self._floor.resize(self.viewport().width(), 0)
            return
        columns, gap = self.columns(), Space.M
        width = (self.viewport().width() - gap * (columns - 1)) / columns
        room = self.viewport().height() + gap
        rows_in_view = max(1, room // (px(_TILE_HEIGHT) + gap))
        rows = -(-len(self._products) // columns)
        height = max(px(64), room // rows_in_view - gap)
        if rows <= rows_in_view:
            height = min(px(_TILE_TALLEST), room // rows - gap)
        for number in range(len(self._products)):
            row, column = divmod(number, columns)
            left = round(column * (width + gap))
            right = round(column * (width + gap) + width)
            self._tiles[number].setGeometry(left, row * (height + gap), right - left, height)
        self._floor.resize(self.viewport().width(), rows * (height + gap) - gap)

    def _chosen(self) -> None:
        tile = self.sender()
        if isinstance(tile, ProductTile):
            self.chosen.emit(self._products[self._tiles.index(tile)].key)
