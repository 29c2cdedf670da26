"""Businesses as the office keeps them: what papers say of who sells."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app.files.pictures import logo_picture
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.tax_number import tax_number, uen
from pos_app.office.books import Books
from pos_app.office.masters.printed_text import check_code, clean
from pos_app.office.office import Office
from pos_app.payments.paynow import Proxy
from pos_app.store.master import codes, letterheads, master_edit, pictures
from pos_app.store.master.letterheads import Seller
from pos_app.store.organisation import founding, master_import
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

#: What a business can be; a word for lists and for who opens a new one, what it sells says the rest.
TYPES: Final = ("retail", "gas", "water", "laundry", "service", "wholesale", "food", "other")


def add_business(office: Office, code: str, name: str, said: Mapping[str, str]) -> int:
    """Add a business with its own accounts; `said` are columns of its letterhead.  Gives its key.

    Raises `Refused` for a code that is taken and for a text that cannot be printed.
    """
    check_code(code)
    columns = clean({"name": name, **said})
    with office.change(Permission.EDIT_MASTER) as books:
        _check_numbers(books, columns)
        if codes.alike(master_import.businesses(books.connection, books.org_id), code.strip()) is not None:
            raise Refused("business-code-taken", code=code.strip()[:40])
        key = founding.add_business(books.connection, books.org_id, code.strip(), columns.pop("name"))
        if columns:
            # A business that is new was nothing before: its letterhead holds for all of its papers.
            master_edit.change(books.connection, master.business, books.org_id, key, **columns)
    return key


def edit_business(office: Office, code: str, said: Mapping[str, str]) -> bool:
    """Change what is said of a business, from now on; what was printed before keeps what it said.

    An empty text takes away; what is not in `said` stays.  Gives whether anything changed.
    Raises `Refused` for an unknown code and for a text that cannot be printed.
    """
    changes = clean(said)
    with office.read() as books:
        business_id = books.business(code, archived=True)
    with office.change(Permission.EDIT_MASTER, business_id=business_id) as books:
        stands = letterheads.sellers(books.connection, books.org_id)[business_id]
        _check_numbers(books, changes, stands)
        now = micros(office.clock.now())
        return letterheads.change_business(books.connection, books.org_id, business_id, now, changes)


def _check_numbers(books: Books, columns: dict[str, str], stands: Seller | None = None) -> None:
    """Write registrations as they are kept; what stands already is not asked again.  Raises `Refused`."""
    base = books.organisation.currency.code
    told = columns.get("tax_number", "")
    if told and (stands is None or told != stands.tax_number):
        columns["tax_number"] = tax_number(told, base, own=True)
    told = columns.get("company_number", "")
    if base == "SGD" and told and (stands is None or told != stands.company_number):
        columns["company_number"] = uen(told)
    told = columns.get("paynow", "")
    if told and (stands is None or told != stands.paynow):
        columns["paynow"] = Proxy.of(told).value


def set_logo(office: Office, code: str, file: Path | None) -> bool:
    """Give a business the logo of a PNG or JPEG, or (None) take it away; papers drawn from now on have it.

    Gives whether anything changed.  Raises `Refused` for what is no such picture.
    """
    picture = "" if file is None else logo_picture(file)
    with office.read() as books:
        business_id = books.business(code)
    with office.change(Permission.EDIT_MASTER, business_id=business_id) as books:
        return pictures.put_logo(books.connection, books.org_id, business_id, picture)


class Shown(NamedTuple):
    """A business with what it is, the depots that are its own, and how many products it sells."""

    seller: Seller
    type: str
    active: bool
    depots: list[str]
    products: int
    has_logo: bool


def show(office: Office, code: str) -> Shown:
    """All that is said of a business.  Raises `Refused` for a code that none has."""
    with office.read() as books:
        connection, org_id = books.connection, books.org_id
        key = books.business(code, archived=True)
        row = connection.execute(
            text("SELECT type, active FROM business WHERE org_id = :org AND business_id = :key"),
            {"org": org_id, "key": key},
        ).one()
        return Shown(
            letterheads.sellers(connection, org_id)[key],
            str(row[0]),
            bool(row[1]),
            _depots(books, key),
            _products(books, key),
            key in pictures.logos(connection, org_id),
        )


def set_type(office: Office, code: str, word: str) -> bool:
    """Say what a business is; gives whether that was something else.  Raises `Refused` for no such word."""
    wanted = word.strip().lower()
    if wanted not in ("", *TYPES):
        raise Refused("business-type-unknown", type=word.strip()[:20], types=", ".join(TYPES))
    with office.change(Permission.EDIT_MASTER) as books:
        key = books.business(code)
        before = books.connection.execute(
            text("SELECT type FROM business WHERE org_id = :org AND business_id = :key"),
            {"org": books.org_id, "key": key},
        ).scalar_one()
        if before != wanted:
            master_edit.change(books.connection, master.business, books.org_id, key, type=wanted)
        return bool(before != wanted)


def archive_business(office: Office, code: str) -> None:
    """Let nothing new be of a business any more; its books, papers and history stay.

    Raises `Refused` while a depot or a product is its own, and for the last one.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        key = books.business(code)
        own = _depots(books, key)
        if own:
            raise Refused("business-has-depots", code=code.strip(), depots=", ".join(own)[:200])
        products = _products(books, key)
        if products:
            raise Refused("business-has-products", code=code.strip(), count=products)
        if len(master_import.businesses_at_work(books.connection, books.org_id)) == 1:
            raise Refused("business-is-last", code=code.strip())
        master_edit.change(books.connection, master.business, books.org_id, key, active=0)


def restore_business(office: Office, code: str) -> None:
    """Let an archived business do business again.  Raises `Refused` for one that is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        key = books.business(code, archived=True)
        if key in master_import.businesses_at_work(books.connection, books.org_id).values():
            raise Refused("business-not-archived", code=code.strip())
        master_edit.change(books.connection, master.business, books.org_id, key, active=1)


def _depots(books: Books, business_id: int) -> list[str]:
    """The depots that are its own and not archived, by code."""
    return list(
        books.connection.scalars(
            text(
                "SELECT code FROM depot WHERE org_id = :org AND business_id = :key AND active = 1 ORDER BY 1"
            ),
            {"org": books.org_id, "key": business_id},
        )
    )


def _products(books: Books, business_id: int) -> int:
    """How many products it sells."""
    return int(
        books.connection.execute(
            text("SELECT count(*) FROM product WHERE org_id = :org AND business_id = :key AND active = 1"),
            {"org": books.org_id, "key": business_id},
        ).scalar_one()
    )


def archived_businesses(office: Office) -> set[str]:
    """The codes of the businesses that are archived."""
    with office.read() as books:
        return (
            books.businesses().keys()
            - master_import.businesses_at_work(books.connection, books.org_id).keys()
        )


def businesses(office: Office) -> list[Seller]:
    """Every business as its papers name it now, by code."""
    with office.read() as books:
        return list(letterheads.sellers(books.connection, books.org_id).values())
