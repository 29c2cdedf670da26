"""Products as the office keeps them: added, changed, archived and brought back, one at a time.

What is said of one goes through the columns of the sheet of products (`files.product_sheet`), so that a
command, a file and a form check the same and mean the same.  Every change is in the audit log by itself,
under the name of who acts, and reaches the tills by the feed.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from pos_app.devices import barcode
from pos_app.files.csv_file import CsvRow
from pos_app.files.identifiers import BETWEEN_BARCODES, Kind, unspoilt
from pos_app.files.product_sheet import Products, known
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import parse_quantity
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import house_rules, locations, pictures, product_list, unknown
from pos_app.store.master.product_list import Kept, Wanted
from pos_app.store.organisation import barcode_owners, master_import
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Lies

_DIGITS: Final = 10
#: So many numbers are tried, so far apart: no key of the centre is as large.
_TRIES: Final = 100
_STRIDE: Final = 97_000_003


@dataclass(frozen=True)
class Said:
    """What is said of a product beside its code; what is not said stays.

    `cells` are columns of the sheet, as a person writes them.  `more_barcodes` come to those that it has;
    `makes_barcode` asks for one of the shop's own.  `reorder` is when to order again: place, least, target.
    """

    cells: Mapping[str, str] = field(default_factory=dict)
    more_barcodes: Sequence[str] = ()
    makes_barcode: bool = False
    reorder: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True)
class Shown:
    """A product with its cells as a file has them, and what lies of it where."""

    product: Kept
    cells: dict[str, str]
    lies: list[Lies]
    has_picture: bool = False


def add(office: Office, sku: str, said_of: Said) -> Kept:
    """Add a product.  Raises `Refused` for a code that is taken and for what cannot be."""
    with office.change(Permission.EDIT_MASTER) as books:
        return add_in(books, sku, said_of)


def add_in(books: Books, sku: str, said_of: Said, *, key: int | None = None) -> Kept:
    """The same in the caller's transaction, who has asked who may; `key` is one that a till gave.

    Raises `Refused`.
    """
    code, is_mended = unspoilt(sku.strip(), Kind.CODE)
    if is_mended:
        raise Refused("product-code-unusable", sku=sku.strip()[:40])
    master_import.lock(books.connection, books.org_id)
    before = product_list.by_sku(books.connection, books.org_id, code)
    if before is not None:
        raise Refused("product-code-taken", sku=before.sku, name=before.name)
    return _put(books, code, said_of, key)


def edit(office: Office, sku: str, said_of: Said) -> Kept:
    """Change what is said of a product.  Raises `Refused`."""
    with office.change(Permission.EDIT_MASTER) as books:
        return edit_in(books, sku, said_of)


def edit_in(books: Books, sku: str, said_of: Said) -> Kept:
    """The same in the caller's transaction, who has asked who may.  Raises `Refused`."""
    master_import.lock(books.connection, books.org_id)
    return _put(books, _found(books, sku).sku, said_of)


def cells_in(books: Books, sku: str) -> dict[str, str]:
    """What is said of a product, as a file has it, as this transaction sees it.  Raises `Refused`."""
    sheet = _sheet(books).sheet()
    return dict(zip(sheet.names, sheet.write(_found(books, sku)), strict=True))


def archive(office: Office, sku: str) -> list[Lies]:
    """Offer a product for nothing new any more; what was recorded with it stays.

    Gives what still lies of it.  Raises `Refused` for one that is archived.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        before = _found(books, sku)
        if not before.active:
            raise Refused("product-archived-already", sku=before.sku)
        _put(books, before.sku, Said({"active": "no"}))
        return stock_levels.everywhere(books.connection, books.org_id, before.product_id)


def restore(office: Office, sku: str) -> Kept:
    """Bring an archived product back.  Raises `Refused` for one that is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        before = _found(books, sku)
        if before.active:
            raise Refused("product-not-archived", sku=before.sku)
        return _put(books, before.sku, Said({"active": "yes"}))


def show(office: Office, sku: str) -> Shown:
    """All that is said of a product, archived or not, and what lies of it.  Raises `Refused`."""
    with office.read() as books:
        product = _found(books, sku)
        return Shown(
            product,
            dict(zip(*_written(books, product), strict=True)),
            stock_levels.everywhere(books.connection, books.org_id, product.product_id),
            bool(pictures.of_products(books.connection, books.org_id, [product.product_id])),
        )


def listed(office: Office, wanted: Wanted) -> Iterator[dict[str, str]]:
    """Products by code, each as its cells."""
    with office.read() as books:
        sheet = _sheet(books).sheet()
        for one in product_list.all_of(books.connection, books.org_id, wanted):
            yield dict(zip(sheet.names, sheet.write(one), strict=True))


def page(
    office: Office,
    words: str,
    *,
    archived: bool,
    after: str,
    most: int,
    category: str = "",
    backwards: bool = False,
) -> list[dict[str, str]]:
    """At most so many products by code, from the one after a code on (`backwards` before it), whose name or
    code holds the words, of a category where one is named.
    """
    wanted = Wanted(
        words, category.strip() or None, archived=archived, after=after, batch=most, backwards=backwards
    )
    return list(itertools.islice(listed(office, wanted), most))


# --- parts ----------------------------------------------------------------------------------------------


def _put(books: Books, sku: str, said_of: Said, key: int | None = None) -> Kept:
    connection, org_id = books.connection, books.org_id
    cells = dict(said_of.cells)
    if cells.get("supplier", "").strip() not in ("", "-"):
        # Who is archived is asked for nothing new, though what was bought of them stays.
        cells["supplier"] = books.party(cells["supplier"], PartyRole.VENDOR).code
    _write(books, sku, cells, key)
    found = _found(books, sku)
    more = [*said_of.more_barcodes]
    if said_of.makes_barcode:
        # Asked again it is the same label: a number of the shop's own prefix that it has already is kept.
        prefix = str(house_rules.at_depot(connection, org_id, None)[HouseRule.IN_STORE_PREFIX])
        if not any(_is_own(code, prefix) for code in found.barcodes):
            more.append(_in_store(connection, org_id, found.product_id, prefix))
    if more:
        _write(books, sku, {"barcode": BETWEEN_BARCODES.join((*found.barcodes, *more))})
    for place, least, target in said_of.reorder:
        locations.put_reorder_level(
            connection,
            org_id,
            books.location(place).location_id,
            found.product_id,
            minimum=_level(least),
            target=_level(target),
        )
    return _found(books, sku)


def _level(text: str) -> int:
    """Thousandths; nothing at all is a level too."""
    return 0 if text.strip() in ("0", "-") else parse_quantity(text)


def _write(books: Books, sku: str, cells: Mapping[str, str], key: int | None = None) -> None:
    """One row of a file of products, under its key where it has one.  Raises `Refused` with what is wrong."""
    values = {"sku": sku} | {name: cell.strip() for name, cell in cells.items()}
    # A picture lies where whoever acts says that it does.
    sheet = _sheet(books, Path() if "picture" in values else None).sheet()
    row = sheet.read(CsvRow(0, values), values)
    keys = {} if key is None else {row.sku: key}
    brought = master_import.put_products(books.connection, books.org_id, [row], keys=keys)
    for refusal in brought.refusals:
        raise Refused(refusal.reason)


def _sheet(books: Books, pictures: Path | None = None) -> Products:
    return Products(known(books.connection, books.org_id, books.organisation.currency), pictures)


def _written(books: Books, product: Kept) -> tuple[tuple[str, ...], list[str]]:
    sheet = _sheet(books).sheet()
    return sheet.names, sheet.write(product)


def _found(books: Books, sku: str) -> Kept:
    found = product_list.by_sku(books.connection, books.org_id, sku.strip())
    if found is None:
        raise unknown.product(books.connection, books.org_id, sku)
    return found


def _is_own(code: str, prefix: str) -> bool:
    is_number = len(code) == len(prefix) + _DIGITS + 1 and code.isdecimal()
    return is_number and code.startswith(prefix) and barcode.has_valid_check_digit(code)


def _in_store(connection: Connection, org_id: int, product_id: int, prefix: str) -> str:
    """A number of 13 digits that is nobody's in the world outside, with its check digit, and that no product
    of ours has or ever had: what was on a shelf once may still stick to something.

    Raises `Refused` where no number is free behind the shop's prefix.
    """
    for step in range(_TRIES):
        # A key that a till gave is longer than the digits that are left: two may meet, and go on from there.
        number = (product_id + step * _STRIDE) % 10**_DIGITS
        digits = f"{prefix}{number:0{_DIGITS}d}"
        code = f"{digits}{barcode.check_digit(digits)}"
        if not barcode_owners.was_given(connection, org_id, code):
            return code
    raise Refused("in-store-codes-used-up")
