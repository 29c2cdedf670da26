"""Finding what to sell: by scan, by code, by words, from the shelf."""

from typing import Final

from pos_app.devices import barcode
from pos_app.ledger.errors import Refused
from pos_app.store.master import catalogue
from pos_app.store.master.catalogue import Product
from pos_app.store.stock import meter_readings
from pos_app.till.session.context import Context
from pos_app.till.session.errors import UnknownBarcode

#: The window speaks of products as the till does, without knowing the store.
__all__ = ["Catalogue", "Product"]

_MOST_TYPED: Final = 200


class Catalogue:
    """The products as this till sells them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def scan(self, code: str) -> Product:
        """The product of a scanned or typed code: barcode first, then the product's own code.

        Raises `InvalidBarcode` for a wrong check digit and `UnknownBarcode` when nothing has it.
        """
        context = self._context
        wanted = code.strip()[:_MOST_TYPED]
        with context.database.read() as connection:
            found = catalogue.by_barcode(connection, context.shop(), wanted)
            found = found or catalogue.by_sku(connection, context.shop(), wanted)
            if found is None and wanted:
                gtin = barcode.classify(wanted).gtin
                if gtin and gtin != wanted:
                    found = catalogue.by_barcode(connection, context.shop(), gtin)
        if found is None:
            raise UnknownBarcode(f"Nothing here has the code “{wanted[:40]}”; search it by name.")
        return found

    def search(self, words: str, limit: int = 40) -> list[Product]:
        """Products whose name or code holds the words."""
        context = self._context
        with context.database.read() as connection:
            return catalogue.search(connection, context.shop(), words[:_MOST_TYPED], limit)

    def shelf(self, category: str | None = None, limit: int = 60) -> list[Product]:
        """What stands on the shelf: of one category, or (None) what sells here."""
        context = self._context
        with context.database.read() as connection:
            return catalogue.shelf(connection, context.shop(), category, limit)

    def by_id(self, product_id: int) -> Product:
        """The product with this key.  Raises `Refused` when there is none."""
        context = self._context
        with context.database.read() as connection:
            found = catalogue.by_id(connection, context.shop(), product_id)
        if found is None:
            raise Refused("This till does not know that product; let it synchronise, then try again.")
        return found

    def last_reading(self, product_id: int) -> int | None:
        """Where the meter of a product stood after its last sale at this till, in thousandths."""
        context = self._context
        with context.database.read() as connection:
            return meter_readings.last_reading(connection, context.org_id, product_id)

    def categories(self) -> list[str]:
        """The categories in use."""
        with self._context.database.read() as connection:
            return catalogue.categories(connection, self._context.org_id)
