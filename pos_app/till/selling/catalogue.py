"""Finding what to sell: by scan, by code, by words, from the shelf."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.devices import barcode
from pos_app.devices.barcode import Barcode
from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.scale_label import ScaleLabels
from pos_app.devices.scanner import Label
from pos_app.ledger import units as known_units
from pos_app.ledger import wanted_words
from pos_app.ledger.day import from_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.lot import NO_LOT, Lot
from pos_app.ledger.pack import Pack
from pos_app.ledger.quantity import ONE, quantity_text
from pos_app.store.documents import terminal
from pos_app.store.master import catalogue, finding, packs, pairs, pictures, units
from pos_app.store.master.catalogue import Product, Shop
from pos_app.store.master.categories import Category
from pos_app.store.stock import meter_readings
from pos_app.till.selling import counted
from pos_app.till.selling.measured import quantity_of
from pos_app.till.selling.sells_here import SellsHere
from pos_app.till.session.context import Context
from pos_app.till.session.errors import UnknownBarcode

#: The window speaks of products as the till does, without knowing the store.
__all__ = ["Catalogue", "Category", "Pair", "Product", "Scanned"]

#: A measure that counts: of a pack, how many of it there are.
_PIECES: Final = "pc"


class Scanned(NamedTuple):
    """What a code names, how much of it there is, in thousandths of its unit (one where it says nothing),
    of which lot it is, and the pack that it is on."""

    product: Product
    quantity: int
    lot: Lot = NO_LOT
    pack: Pack | None = None


class Pair(NamedTuple):
    """What belongs to a product that comes back: its empty container, and the deposit on it."""

    empty: Product | None
    deposit: Product | None


class Catalogue:
    """The products as this till sells them."""

    def __init__(self, context: Context, scale_labels: str = "") -> None:
        """`scale_labels` is the setting of that name.  Raises `Refused` for one that cannot be read."""
        self._context = context
        self._sells = SellsHere(context)
        self._labels = ScaleLabels(scale_labels)

    def scan(self, code: str) -> Scanned:
        """The product of a scanned or typed code, and how much of it the code says there is.

        A barcode comes first, then the product's own code.  Raises `InvalidBarcode` for a wrong check digit,
        `Refused` for a measure that the product is not sold by and `UnknownBarcode` when nothing has it.
        """
        symbology = code.symbology if isinstance(code, Label) else ""
        # One letter more than the longest label, so that what is longer is refused and not read in part.
        wanted = code.strip()[: barcode.LONGEST_TEXT + 1]
        read, wrong = _read(symbology + wanted if wanted else "", self._labels)
        context = self._context
        with context.database.read() as connection:
            found, pack = _find(connection, context.shop(), wanted, read)
            coming = found is None and terminal.is_coming(connection)
        if found is not None:
            measures = () if read is None else read.measures
            many = quantity_of(found, measures, context.place.currency)
            if pack is not None and (not measures or measures[0].unit == _PIECES):
                return Scanned(found, many // ONE * pack.packed.size, _lot(read), pack)
            return Scanned(found, many, _lot(read))
        if wrong is not None:
            raise wrong
        raise UnknownBarcode("barcode-not-come-yet" if coming else "barcode-unknown", code=wanted[:40])

    def meant(self, scanned: Scanned, quantity: int, unit: str = "") -> Scanned:
        """What a person means who types so many thousandths before a code (of a unit where one is said: 2cs):
        as many of what it is on, or of a pack of it in that unit.

        Raises `Refused` (see `counted`, and `ledger.pack` of parts of a pack).
        """
        product, size, lot, pack = scanned
        if unit:
            # Who says of what there are so many counts by that, whatever the code was on.
            pack = self._packed_in(product, unit)
            if pack is not None:
                size = pack.packed.size
            elif scanned.pack is not None:
                size = ONE
        many = self.counted(product.unit, quantity, unit) if pack is None else quantity
        if pack is not None and quantity % ONE:
            packed = pack.packed
            raise Refused("pack-not-whole", pack=packed.word, size=quantity_text(packed.size))
        return Scanned(product, many * size // ONE, lot, pack)

    def _packed_in(self, product: Product, unit: str) -> Pack | None:
        context = self._context
        with context.database.read() as connection:
            found = known_units.named(units.all_of(connection, context.org_id), unit)
            if found is None:
                return None
            return packs.of_unit(connection, context.org_id, product.product_id, found.code)

    def counted(self, unit: str, quantity: int, said: str = "") -> int:
        """What a person means who types so many thousandths (of the unit `said`) of goods that are counted in
        `unit`.  Raises `Refused` (see `counted`).
        """
        return counted.counted(self._context, unit, quantity, said)

    def search(self, words: str, limit: int = 40) -> list[Product]:
        """Products whose name or code has the words, what sells here at this hour first; where there is
        none, what is a slip of the finger away from them.  Without words the first by name.
        """
        context, wanted = self._context, wanted_words.wanted(words)
        with context.database.read() as connection:
            sells = self._sells.now(connection)
            if wanted:
                keys = finding.product_keys(connection, context.org_id, wanted, sells, limit)
                return catalogue.by_ids(connection, context.shop(), keys)
            return catalogue.search(connection, context.shop(), "", limit)

    @staticmethod
    def is_guess(product: Product, words: str) -> bool:
        """Whether a product that `search` gave is only a slip away from the words."""
        text = wanted_words.searched(product.name, product.sku)
        return not wanted_words.holds(text, wanted_words.wanted(words))

    def shelf(self, category: str | None = None, limit: int = 60) -> list[Product]:
        """What stands on the shelf: of one category, or (None) what sells here."""
        context = self._context
        with context.database.read() as connection:
            return catalogue.shelf(connection, context.shop(), category, limit)

    def pictures(self, products: Sequence[Product]) -> dict[int, bytes]:
        """The pictures of those of these products that have one, by their keys: JPEG."""
        context = self._context
        with context.database.read() as connection:
            found = pictures.of_products(connection, context.org_id, [one.product_id for one in products])
        return {key: pictures.drawn(one) for key, one in found.items()}

    def by_id(self, product_id: int) -> Product:
        """The product with this key.  Raises `Refused` when there is none."""
        context = self._context
        with context.database.read() as connection:
            found = catalogue.by_id(connection, context.shop(), product_id)
        if found is None:
            raise Refused("product-not-at-till")
        return found

    def pair(self, product_id: int) -> Pair:
        """What belongs to a product that comes back, as far as it is sold here."""
        context = self._context
        with context.database.read() as connection:
            keys = pairs.pair_of(connection, context.org_id, product_id)
            empty, deposit = (
                catalogue.by_id(connection, context.shop(), key) if key else None for key in keys
            )
        return Pair(empty, deposit)

    def is_cylinder(self, product: Product) -> bool:
        """Whether a product is what full ones are in, and has no price of its own: it comes back."""
        if not product.stocked or product.price or product.behaviour.comes_back:
            return False
        context = self._context
        with context.database.read() as connection:
            return pairs.is_cylinder(connection, context.org_id, product.product_id)

    def deals_in_cylinders(self) -> bool:
        """Whether anything is sold in what comes back."""
        with self._context.database.read() as connection:
            return pairs.is_cylinder(connection, self._context.org_id, None)

    def cylinders(self, instead_of: int | None = None) -> list[Product]:
        """What full ones are in, by name; with `instead_of` what may come back in the place of that one."""
        context = self._context
        with context.database.read() as connection:
            if instead_of is None:
                keys = pairs.cylinders(connection, context.org_id)
            else:
                keys = pairs.other_cylinders(connection, context.org_id, instead_of)
            found = [catalogue.by_id(connection, context.shop(), key) for key in keys]
        return [one for one in found if one is not None]

    def last_reading(self, product_id: int) -> int | None:
        """Where the meter of a product stood after its last sale at this till, in thousandths."""
        context = self._context
        with context.database.read() as connection:
            return meter_readings.last_reading(connection, context.org_id, product_id)

    def categories(self) -> list[Category]:
        """The categories in use, in the order of the tiles."""
        with self._context.database.read() as connection:
            return catalogue.categories(connection, self._context.org_id)


def _lot(read: Barcode | None) -> Lot:
    if read is None:
        return NO_LOT
    return Lot(read.batch, None if read.expires is None else from_date(read.expires))


def _read(wanted: str, labels: ScaleLabels) -> tuple[Barcode | None, InvalidBarcode | None]:
    """What a code says, or why it says nothing: it may still be a code of the shop's own."""
    if not wanted:
        return None, None
    try:
        return barcode.classify(wanted, labels), None
    except InvalidBarcode as error:
        return None, error


def _find(
    connection: Connection, shop: Shop, wanted: str, read: Barcode | None
) -> tuple[Product | None, Pack | None]:
    text = wanted if read is None else read.text
    # What says how much there is of the goods is another code each time: none is a product's.
    own = () if read is not None and read.measures else (wanted, text)
    gtins = () if read is None else read.gtins
    for one in dict.fromkeys((*own, *gtins)):
        found = catalogue.by_barcode(connection, shop, one)
        if found is not None:
            return found, None
        packed = packs.by_barcode(connection, shop.org_id, one)
        if packed is not None:
            product = catalogue.by_id(connection, shop, packed[0])
            if product is not None:
                return product, packed[1]
    item = "" if read is None else read.item
    for one in dict.fromkeys((*own, *(part for part in (item, item.lstrip("0")) if part))):
        found = catalogue.by_sku(connection, shop, one)
        if found is not None:
            return found, None
    return None, None
