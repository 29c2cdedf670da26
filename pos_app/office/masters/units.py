"""Units of measure as the office keeps them: what each is called, how fine it is typed, what one of it is."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from pos_app.ledger import units as measures
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_decimal
from pos_app.ledger.permission import Permission
from pos_app.ledger.units import MOST_DECIMALS, Unit
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import master_edit, units
from pos_app.store.organisation import master_import
from pos_app.store.tables.unit_tables import unit as unit_table

#: Codes of Recommendation 20 have three letters; a shop's own may have more.
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}")
#: A word stands behind a figure and is typed there: it begins with none.
_WORD: Final = re.compile(r"[^\W\d_][^\s*×]{0,11}")
_MOST_NAME: Final = 40


class Shown(NamedTuple):
    """A unit, and how many products that are sold are counted and packed in it."""

    unit: Unit
    products: int
    packs: int


class Said(NamedTuple):
    """What is said of a unit; what is None stays.  `is_so_much` is what one of it is: "12 pc", empty: nothing
    of another one.
    """

    word: str | None = None
    name: str | None = None
    local_name: str | None = None
    decimals: str | None = None
    is_so_much: str | None = None


def listed(office: Office) -> list[Shown]:
    """Every unit by its code, archived ones too."""
    with office.read() as books:
        return [_shown(books, one) for one in _known(books).values()]


def show(office: Office, text: str) -> Shown:
    """One unit, by its code, its word or its name.  Raises `Refused`."""
    with office.read() as books:
        return _shown(books, named(books, text))


def add(office: Office, code: str, told: Said) -> Unit:
    """Add a unit.  Raises `Refused` for a code or a word that is taken and for what cannot be."""
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        return add_in(books, code, told)


def add_in(books: Books, code: str, told: Said) -> Unit:
    """The same in the caller's transaction, who has asked who may and keeps others out."""
    wanted, known = code.strip().upper(), _known(books)
    if not _CODE.fullmatch(wanted):
        raise Refused("unit-code-unusable", code=code.strip()[:20])
    taken = measures.named(known, wanted)
    if taken is not None:
        raise Refused("unit-code-taken", code=wanted, unit=taken.word)
    blank = Unit(wanted, wanted.lower(), wanted.lower())
    made = _changed(known, blank, told)
    units.add(books.connection, books.org_id, [made])
    return made


def edit(office: Office, code: str, told: Said) -> bool:
    """Change what is said of a unit; gives whether anything changed.

    Raises `Refused` as `add`, and for another word where products are counted in it.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        return edit_in(books, code, told)


def edit_in(books: Books, code: str, told: Said) -> bool:
    """The same in the caller's transaction."""
    before = named(books, code)
    made = _changed(_known(books), before, told)
    if made == before:
        return False
    if made.word != before.word:
        _need_unused(books, before)
    values = {name: value for name, value in made._asdict().items() if value != getattr(before, name)}
    master_edit.change(books.connection, unit_table, books.org_id, before.code, **values)
    return True


def archive(office: Office, code: str) -> None:
    """Offer a unit for nothing new any more.

    Raises `Refused` for one that is archived, and where anything is counted or packed in it, or another unit
    is so much of it.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        master_import.lock(books.connection, books.org_id)
        found = named(books, code)
        if not found.active:
            raise Refused("unit-archived-already", unit=found.word)
        _need_unused(books, found)
        active = [one for one in _known(books).values() if one.active]
        others = sorted(one.word for one in active if one.of_code == found.code)
        if others:
            raise Refused("unit-has-others", unit=found.word, others=", ".join(others)[:120])
        master_edit.change(books.connection, unit_table, books.org_id, found.code, active=0)


def restore(office: Office, code: str) -> None:
    """Offer an archived unit again.  Raises `Refused` for one that is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = named(books, code)
        if found.active:
            raise Refused("unit-not-archived", unit=found.word)
        master_edit.change(books.connection, unit_table, books.org_id, found.code, active=1)


def named(books: Books, text: str) -> Unit:
    """The unit that a text means.  Raises `Refused`."""
    found = measures.named(_known(books), text)
    if found is None:
        raise Refused("unit-unknown", unit=text.strip()[:20])
    return found


def so_much(unit: Unit, known: Mapping[str, Unit]) -> str:
    """What one of a unit is, as it is written: "12 pc"; empty where it is nothing of another one."""
    if not unit.of_code:
        return ""
    of = known.get(unit.of_code)
    return f"{measures.factor_text(unit.factor)} {unit.of_code if of is None else of.word}"


def all_known(office: Office) -> dict[str, Unit]:
    """Every unit by its code."""
    with office.read() as books:
        return _known(books)


# --- parts ----------------------------------------------------------------------------------------------


def _known(books: Books) -> dict[str, Unit]:
    return units.all_of(books.connection, books.org_id)


def _shown(books: Books, unit: Unit) -> Shown:
    counted = units.counted_in(books.connection, books.org_id)
    products = sum(counted.get(word, 0) for word in {unit.word.lower(), unit.code.lower()})
    return Shown(unit, products, units.packed_in(books.connection, books.org_id, unit.code))


def _need_unused(books: Books, unit: Unit) -> None:
    shown = _shown(books, unit)
    if shown.products or shown.packs:
        raise Refused("unit-in-use", unit=unit.word, count=shown.products + shown.packs)


def _changed(known: Mapping[str, Unit], before: Unit, told: Said) -> Unit:
    made = before
    if told.word is not None:
        made = made._replace(word=_word(known, before, told.word))
    elif before.code not in known:
        made = made._replace(word=_word(known, before, before.word))
    if told.name is not None:
        made = made._replace(name=_name(told.name, is_needed=True))
    if told.local_name is not None:
        made = made._replace(local_name=_name(told.local_name, is_needed=False))
    if told.decimals is not None:
        made = made._replace(decimals=_decimals(told.decimals))
    if told.is_so_much is not None:
        of_code, factor = _conversion(known, told.is_so_much)
        made = made._replace(of_code=of_code, factor_nano=factor)
    measures.check_conversion({**known, made.code: made}, made)
    return made


def _word(known: Mapping[str, Unit], unit: Unit, text: str) -> str:
    word = text.strip()
    if not _WORD.fullmatch(word) or not word.isprintable():
        raise Refused("unit-word-unusable", word=word[:20])
    taken = measures.named({code: one for code, one in known.items() if code != unit.code}, word)
    if taken is not None:
        raise Refused("unit-code-taken", code=word, unit=taken.word)
    return word


def _name(text: str, *, is_needed: bool) -> str:
    name = " ".join(text.split())
    if (is_needed and not name) or len(name) > _MOST_NAME or not name.isprintable():
        raise Refused("unit-name-unusable", most=_MOST_NAME)
    return name


def _decimals(text: str) -> int:
    found = text.strip()
    if found not in {str(number) for number in range(MOST_DECIMALS + 1)}:
        raise Refused("unit-decimals-wrong", text=found[:20], most=MOST_DECIMALS)
    return int(found)


def _conversion(known: Mapping[str, Unit], text: str) -> tuple[str, int]:
    """The unit and the factor of "12 pc".  Raises `Refused`."""
    if not text.strip():
        return "", 0
    factor, _, word = text.strip().partition(" ")
    if not word.strip():
        parse_decimal(factor, "The factor")
        raise Refused("unit-conversion-unreadable", text=text.strip()[:40])
    number = measures.parse_factor(factor)
    found = measures.named(known, word)
    if found is None:
        raise Refused("unit-unknown", unit=word.strip()[:20])
    return found.code, number
