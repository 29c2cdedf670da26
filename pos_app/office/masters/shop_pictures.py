"""Pictures that the office shows and changes: of a product for its tile, of a business for its papers."""

from pathlib import Path
from typing import NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.office.masters import businesses, products
from pos_app.office.masters.products import Said
from pos_app.office.office import Office
from pos_app.store.master import pictures, product_list, unknown


class Shown(NamedTuple):
    """Whose it is, and the PNG or JPEG that is kept; empty where there is none."""

    code: str
    name: str
    content: bytes


def of_product(office: Office, sku: str) -> Shown:
    """What stands on the tile of a product.  Raises `Refused` for an unknown code."""
    with office.read() as books:
        found = product_list.by_sku(books.connection, books.org_id, sku.strip())
        if found is None:
            raise unknown.product(books.connection, books.org_id, sku)
        kept = pictures.of_products(books.connection, books.org_id, [found.product_id])
        return Shown(found.sku, found.name, pictures.drawn(kept.get(found.product_id, "")))


def of_business(office: Office, code: str) -> Shown:
    """What papers of a business begin with.  Raises `Refused` for an unknown code."""
    one = businesses.show(office, code).seller
    with office.read() as books:
        key = books.business(code, archived=True)
        kept = pictures.logos(books.connection, books.org_id).get(key, "")
    return Shown(one.code, one.name, pictures.drawn(kept))


def put_of_product(office: Office, sku: str, file: Path | None, called: str = "") -> None:
    """Give a product the picture of a file that its person calls so, or (None) take it away.

    Raises `Refused` for what is no PNG or JPEG, and for who may not.
    """
    try:
        products.edit(office, sku, Said({"picture": "" if file is None else str(file)}))
    except Refused as error:
        raise _called(error, called) from error


def put_of_business(office: Office, code: str, file: Path | None, called: str = "") -> None:
    """The same of a business and its logo."""
    try:
        businesses.set_logo(office, code, file)
    except Refused as error:
        raise _called(error, called) from error


def _called(error: Refused, name: str) -> Refused:
    """The refusal with the name that the person knows the file by."""
    facts = error.facts
    return Refused(error.code, **{**facts, "file": name[:80]}) if name and "file" in facts else error
