"""Owns the right of the sell screen: the field to scan and type into, and what the cashier may add."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.errors import BohariError
from pos_app.ledger.product_type import ProductType
from pos_app.ledger.quantity import quantity_text
from pos_app.till.selling.beside_goods import Beside
from pos_app.till.selling.catalogue import Product
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.chip import Chip, ChipRow
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.tile_grid import Product as Tile
from pos_app.ui.kit.tile_grid import TileGrid
from pos_app.ui.kit.tile_mark import colours_of
from pos_app.ui.kit.tokens import Space
from pos_app.ui.sell.found_beside import FoundBeside
from pos_app.ui.session import Session

_SEARCH_MS = 140
_FEW = 3000


class Shelf(QWidget):
    """Search, filters and tiles.  `chosen` carries the product."""

    chosen = Signal(object)
    #: A customer, a receipt or a parked basket that was found.
    beside_chosen = Signal(object)

    def __init__(self, session: Session, banner: Banner) -> None:
        super().__init__()
        self.setObjectName("shelf")
        self._session, self._banner = session, banner
        self._by_key: dict[int, Product] = {}
        self._standing: Sequence[Product] = ()
        self._found: Sequence[Product] = ()
        self._categories: list[str] = []
        self._colours: dict[str, str] = {}
        self._page = 0
        self._offered: list[str | None] = [None]
        self._category: str | None = None
        self.search = SearchField(_("Scan, code or name; 5* before it is five"), icon="scan-barcode")
        self.search.setObjectName("search")
        self.search.textChanged.connect(self._typed)
        self.chips = ChipRow()
        self.chips.chosen.connect(self._filter)
        self.grid = TileGrid(_("Shelf"))
        self.grid.setObjectName("tiles")
        self.grid.chosen.connect(self._tapped)
        self.grid.left.connect(self._back_up)
        self.beside = FoundBeside(session)
        self.beside.row_activated.connect(self._choose_beside)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(self.look_up)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.L, Space.L - 2, Space.L, Space.L)
        box.setSpacing(Space.S - 3)
        box.addWidget(self.search)
        box.addWidget(banner)
        box.addWidget(self.chips)
        box.addWidget(self.beside)
        box.addWidget(self.grid, 1)

    # -- what stands on it -----------------------------------------------------------------------

    def load(self) -> None:
        """Read the categories and the shelf anew."""
        try:
            found = self._session.till.catalogue.categories()
            self._categories = [one.name for one in found]
            usual = colours_of(one.name for one in found if not one.colour)
            self._colours = {one.name: one.colour or usual[one.name] for one in found}
            self._standing = self._session.till.catalogue.shelf(self._category)
            if not self._standing and self._category is None:
                # Nobody has said what stands in front: the first by name are better than nothing.
                self._standing = self._session.till.catalogue.search("", 60)
        except BohariError as error:
            self._banner.refuse(error.sentence)
        self._offer_filters()
        if not self.search.text():
            self._show(self._standing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer_filters()

    def _offer_filters(self) -> None:
        """As many categories as there is room for; the last chip turns to the next ones."""
        room = self.width() - 2 * Space.L
        start: list[tuple[str, str | None]] = [(_("Sells here"), None)]
        left = self._categories[self._page :]
        more = _("More")
        wanted = [(name, name) for name in left]
        fitting = self._fitting([*start, *wanted], room)
        if len(fitting) < 1 + len(left) or self._page:
            fitting = self._fitting([*start, *wanted], room - _chip_width(more))
            shown = [*fitting, (more, None)]
        else:
            shown = fitting
        self._shown_count = len(fitting) - 1
        texts = [text for text, _name in shown]
        offered = [name for _text, name in shown]
        if offered == self._offered and self.chips.current() >= 0:
            return
        self._offered = offered
        self.chips.set_chips(texts)
        if self._category in offered[1:]:
            self.chips.mark(offered.index(self._category))

    @staticmethod
    def _fitting(wanted: Sequence[tuple[str, str | None]], room: int) -> list[tuple[str, str | None]]:
        fitting: list[tuple[str, str | None]] = []
        for text, name in wanted:
            room -= _chip_width(text)
            if room < 0 and len(fitting) > 1:
                break
            fitting.append((text, name))
        return fitting

    def _filter(self, number: int) -> None:
        if number > 0 and number == len(self._offered) - 1 and self._offered[number] is None:
            self._page = self._page + self._shown_count
            if self._page >= len(self._categories):
                self._page = 0
            self._category = None
            self._offered = []
        else:
            self._category = self._offered[number]
        self.search.clear()
        self.load()

    def categories(self) -> Sequence[str]:
        """The categories that can be chosen, in the order of the tiles."""
        return self._categories

    # -- searching -------------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        if not text.strip():
            self._pause.stop()
            self._found = ()
            self.beside.show_found([])
            self._show(self._standing)
            return
        self._pause.start()

    def look_up(self) -> None:
        """Show what the words in the field find, now."""
        self._pause.stop()
        words = self.search.text().rpartition("*")[2].strip()
        if not words:
            return
        try:
            self._found = self._session.till.catalogue.search(words)
            beside = self._session.till.beside_goods.search(words)
        except BohariError as error:
            self._banner.refuse(error.sentence)
            return
        self._show(self._found)
        self.beside.show_found(beside)

    def step(self, by: int) -> bool:
        """Mark the next thing that the words find (1), or the one before; says whether they find any."""
        if self._pause.isActive():
            self.look_up()
        if not self.search.text().strip() or not (self._found or self.beside.rows()):
            return False
        if not self.beside.step(by) and by > 0:
            self.grid.mark(0)
        return True

    def _back_up(self) -> None:
        """From the first row of tiles to what stands above them."""
        self.search.setFocus()
        if self.beside.rows():
            self.beside.select(self.beside.rows()[-1].key)

    def take_marked(self) -> bool:
        """Take what is marked of what was found beside goods; says whether anything was."""
        marked = self.beside.marked()
        if marked is not None:
            self.beside_chosen.emit(marked)
        return marked is not None

    def only_customer(self) -> Beside | None:
        """The customer whom the words name, where they find nothing else at all."""
        return None if self._found else self.beside.only_customer()

    def _choose_beside(self, key: object) -> None:
        found = self.beside.found(key)
        if found is not None:
            self.beside_chosen.emit(found)

    def found(self) -> Sequence[Product]:
        """What the words in the field find."""
        return self._found

    def clear_search(self) -> None:
        """Empty the field; the shelf stands as before, without asking the database."""
        self.search.clear()

    def _show(self, products: Sequence[Product]) -> None:
        self._by_key = {product.product_id: product for product in products}
        seen = self._pictures(products)
        self.grid.set_products([self._tile(one, seen.get(one.product_id)) for one in products])

    def _pictures(self, products: Sequence[Product]) -> dict[int, QPixmap]:
        """What stands on the tiles of those that have a picture; one that Qt cannot read is none."""
        try:
            found = self._session.till.catalogue.pictures(products)
        except BohariError as error:
            self._banner.refuse(error.sentence)
            return {}
        seen = {}
        for key, told in found.items():
            picture = QPixmap()
            if picture.loadFromData(told):
                seen[key] = picture
        return seen

    def _tile(self, product: Product, picture: QPixmap | None) -> Tile:
        price = self._session.short_price(product.price)
        colour = self._colours.get(product.category, "")
        if product.stock is None or not product.stocked:
            badge = _badge(product)
            return Tile(product.product_id, product.name, price, badge, picture=picture, colour=colour)
        scarce = product.stock <= _FEW
        return Tile(
            product.product_id,
            product.name,
            price,
            quantity_text(product.stock),
            "bad" if scarce else "muted",
            picture=picture,
            colour=colour,
        )

    def _tapped(self, key: object) -> None:
        product = self._by_key.get(key) if isinstance(key, int) else None
        if product is not None:
            self.chosen.emit(product)


def _badge(product: Product) -> str:
    """What it is that has no stock to show."""
    words = {
        ProductType.DEPOSIT: _("deposit"),
        ProductType.VOUCHER: _("voucher"),
        ProductType.LAUNDRY: _("laundry"),
        ProductType.METERED: _("by meter"),
    }
    return words.get(product.type_, _("service"))


def _chip_width(text: str) -> int:
    return Chip.width_for(text) + Space.S
