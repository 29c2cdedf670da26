"""Categories as the office keeps them: names, their order on the tiles, a colour, and putting one away."""

import re
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import categories, master_edit, promotions
from pos_app.store.master.categories import Category
from pos_app.store.organisation import master_import
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

_MOST_NAME: Final = 64
_MOST_PLACE: Final = 999
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")


class Shown(NamedTuple):
    """A category and how many products that are sold it has."""

    row: Category
    products: int


def listed(office: Office) -> list[Shown]:
    """Every category in the order of the tiles, archived ones too."""
    with office.read() as books:
        sold = categories.sold(books.connection, books.org_id)
        found = categories.all_of(books.connection, books.org_id)
        return [Shown(one, sold.get(one.name, 0)) for one in found]


def show(office: Office, name: str) -> Shown:
    """One category, in any case.  Raises `Refused`."""
    with office.read() as books:
        found = named(books, name)
        return Shown(found, categories.sold(books.connection, books.org_id).get(found.name, 0))


def add(office: Office, name: str, *, place: int = 0, colour: str = "") -> Category:
    """Add a category.  Raises `Refused` for a name that is taken and for what cannot be."""
    wanted = _name(name)
    changes = _changes(place, colour)
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        taken = _alike(books, wanted)
        if taken is not None:
            raise Refused("category-code-taken", name=taken.name)
        (key,) = categories.add(books.connection, books.org_id, [wanted])
        master_edit.change(books.connection, master.category, books.org_id, key, **changes)
        return named(books, wanted)


def edit(
    office: Office,
    name: str,
    *,
    rename: str | None = None,
    place: int | None = None,
    colour: str | None = None,
) -> bool:
    """Change a category, and its name on all of its products; gives whether anything changed.

    Raises `Refused` as `add`.
    """
    changes = _changes(place, colour)
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        found = named(books, name)
        differs = {column: value for column, value in changes.items() if getattr(found, column) != value}
        if differs:
            master_edit.change(books.connection, master.category, books.org_id, found.category_id, **differs)
        wanted = found.name if rename is None else _name(rename)
        if wanted != found.name:
            taken = _alike(books, wanted)
            if taken is not None and taken.category_id != found.category_id:
                raise Refused("category-code-taken", name=taken.name)
            categories.rename(books.connection, books.org_id, found, wanted)
            now_us = micros(books.now)
            promotions.follow_category(books.connection, books.org_id, found.name, wanted, now_us)
        return bool(differs) or wanted != found.name


def archive(office: Office, name: str, into: str = "") -> int:
    """Offer a category no more; its products go `into` another one.  Gives how many went.

    Raises `Refused` for one that is archived, and where products are sold in it that go nowhere.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        found = named(books, name)
        if not found.active:
            raise Refused("category-archived-already", name=found.name)
        moved = 0
        if into:
            other = named(books, into)
            if other.category_id == found.category_id or not other.active:
                raise Refused("category-archived", name=other.name)
            moved = categories.move(books.connection, books.org_id, found.name, other.name)
        left = categories.sold(books.connection, books.org_id).get(found.name, 0)
        if left:
            raise Refused("category-has-products", name=found.name, count=left)
        master_edit.change(books.connection, master.category, books.org_id, found.category_id, active=0)
        return moved


def restore(office: Office, name: str) -> None:
    """Offer an archived category again.  Raises `Refused` for one that is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = named(books, name)
        if found.active:
            raise Refused("category-not-archived", name=found.name)
        master_edit.change(books.connection, master.category, books.org_id, found.category_id, active=1)


def named(books: Books, name: str) -> Category:
    """The category of a name, in any case.  Raises `Refused`."""
    found = _alike(books, name.strip())
    if found is None:
        raise Refused("category-unknown", name=name.strip()[:40])
    return found


def _alike(books: Books, name: str) -> Category | None:
    known = categories.all_of(books.connection, books.org_id)
    return next((one for one in known if one.name.casefold() == name.casefold()), None)


def _name(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > _MOST_NAME or not wanted.isprintable():
        raise Refused("category-name-unusable", most=_MOST_NAME)
    return wanted


def _changes(place: int | None, colour: str | None) -> dict[str, int | str]:
    changes: dict[str, int | str] = {}
    if place is not None:
        if not 0 <= place <= _MOST_PLACE:
            raise Refused("shelf-place-wrong", text=place, most=_MOST_PLACE)
        changes["place"] = place
    if colour is not None:
        wanted = colour.strip().lower()
        if wanted and not _COLOUR.fullmatch(wanted):
            raise Refused("colour-unreadable", text=colour.strip()[:20])
        changes["colour"] = wanted
    return changes
