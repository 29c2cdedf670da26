"""Packs of products as the office keeps them: a case of twelve, its price and its barcodes.

They are a column of the sheet of products: what is said of one goes through it, so that a command, a file and
a form check the same (`files.pack_cell`, `store.organisation.product_packs`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.files import pack_cell
from pos_app.files.barcodes import read_barcodes
from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.ledger import units as measures
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.pack import PackTerms
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import plain_quantity
from pos_app.ledger.units import Units
from pos_app.office.books import Books
from pos_app.office.masters import products
from pos_app.office.office import Office
from pos_app.store.master import product_list, units, unknown
from pos_app.store.master.product_list import Kept, Wanted
from pos_app.store.organisation import master_import


@dataclass(frozen=True)
class Said:
    """What is said of a pack, as a person writes it; None stays as it is, an empty text takes away.

    `barcode` are all that it has, with | between them; `more` come beside those, and `less` are taken off.
    """

    pieces: str | None = None
    price: str | None = None
    barcode: str | None = None
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A pack as it is read: `pieces` of the product's `unit` are one, which costs `price` (empty: as many
    times the product's).  `barcode` are its barcodes, with | between them.
    """

    sku: str
    name: str
    pack: str
    code: str
    pieces: str
    unit: str
    price: str
    barcode: str


def listed(office: Office, words: str = "") -> list[Shown]:
    """The packs of products whose name or code holds the words, by the products' codes."""
    with office.read() as books:
        known, money = units.all_of(books.connection, books.org_id), books.organisation.currency
        wanted = Wanted(words, archived=False, packed=True)
        found = product_list.all_of(books.connection, books.org_id, wanted)
        return [_shown(product, one, known, money) for product in found for one in product.packs]


def of_product(office: Office, sku: str) -> list[Shown]:
    """The packs of one product, the smallest first.  Raises `Refused`."""
    with office.read() as books:
        known, money = units.all_of(books.connection, books.org_id), books.organisation.currency
        product = _found(books, sku)
        return [_shown(product, one, known, money) for one in product.packs]


def add(office: Office, sku: str, unit: str, told: Said) -> Shown:
    """Pack a product in one more unit.  Raises `Refused` for one that it has, and for what cannot be."""

    def added(known: Units, money: Currency, before: PackTerms | None) -> PackTerms:
        if before is not None:
            raise Refused("pack-known-already", sku=sku[:40], unit=known[before.unit].word)
        if told.pieces is None:
            raise Refused("pack-needs-size", unit=unit[:20])
        barcodes = _barcodes((), told, unit)
        return pack_cell.said((unit, told.pieces, told.price or "", barcodes), known, money)[0]

    return _put(office, sku, unit, added)


def edit(office: Office, sku: str, unit: str, told: Said) -> Shown:
    """Change what is said of a pack.  Raises `Refused` for one that there is not, and what cannot be."""

    def edited(known: Units, money: Currency, before: PackTerms | None) -> PackTerms:
        if before is None:
            raise Refused("pack-unknown", sku=sku[:40], unit=unit[:20])
        word, pieces, price, _ = pack_cell.cells_of(before, known, money)
        pieces = pieces if told.pieces is None else told.pieces
        price = price if told.price is None else told.price
        return pack_cell.said((word, pieces, price, _barcodes(before.barcodes, told, word)), known, money)[0]

    return _put(office, sku, unit, edited)


def archive(office: Office, sku: str, unit: str) -> None:
    """Pack a product so no more; what was sold in it stays.  Raises `Refused` for one that there is not."""
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        known, product = units.all_of(books.connection, books.org_id), _found(books, sku)
        code = _code(known, unit)
        left = tuple(one for one in product.packs if one.unit != code)
        if left == product.packs:
            raise Refused("pack-unknown", sku=product.sku[:40], unit=unit[:20])
        _write(books, product, left, known)


# --- parts ----------------------------------------------------------------------------------------------


def _put(
    office: Office, sku: str, unit: str, changed: Callable[[Units, Currency, PackTerms | None], PackTerms]
) -> Shown:
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        known, money = units.all_of(books.connection, books.org_id), books.organisation.currency
        product = _found(books, sku)
        if not product.active:
            raise Refused("product-archived", sku=product.sku[:40])
        code = _code(known, unit)
        before = next((one for one in product.packs if one.unit == code), None)
        pack = changed(known, money, before)
        others = tuple(one for one in product.packs if one.unit != code)
        _write(books, product, (*others, pack), known)
        return _shown(product, pack, known, money)


def _barcodes(before: tuple[str, ...], told: Said, unit: str) -> str:
    """All barcodes that a pack has from now on, in one cell.  Raises `Refused` for one that is to be taken
    off and is not on it.
    """
    kept = list(before) if told.barcode is None else [told.barcode]
    for code in told.less:
        # As it was scanned or typed: a number of twelve digits lies there with thirteen.
        meant = [one for one in (code.strip(), *read_barcodes(code).codes) if one in kept]
        if not meant:
            raise Refused("pack-without-barcode", unit=unit[:20], barcode=code.strip()[:60])
        kept = [one for one in kept if one not in meant]
    return BETWEEN_BARCODES.join([*kept, *told.more])


def _write(books: Books, product: Kept, packs: tuple[PackTerms, ...], known: Units) -> None:
    cell = pack_cell.write(packs, known, books.organisation.currency)
    products.edit_in(books, product.sku, products.Said({"packs": cell}))


def _found(books: Books, sku: str) -> Kept:
    found = product_list.by_sku(books.connection, books.org_id, sku.strip())
    if found is None:
        raise unknown.product(books.connection, books.org_id, sku)
    return found


def _code(known: Units, text: str) -> str:
    unit = measures.named(known, text)
    if unit is None:
        raise Refused("unit-unknown", unit=text.strip()[:20])
    return unit.code


def _shown(product: Kept, pack: PackTerms, known: Units, money: Currency) -> Shown:
    unit = known.get(pack.unit)
    return Shown(
        product.sku,
        product.name,
        pack.unit if unit is None else unit.word,
        pack.unit,
        plain_quantity(pack.size),
        product.unit,
        decimal_text(pack.price, money) if pack.price else "",
        BETWEEN_BARCODES.join(pack.barcodes),
    )
