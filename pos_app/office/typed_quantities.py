"""How much a person means who types a quantity of a product in the office: "3", "2cs", "1.5 dz"."""

import re
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import units as measures
from pos_app.ledger.errors import Refused
from pos_app.ledger.pack import MOST_IN_PACK, Pack, Packed, check_whole
from pos_app.ledger.quantity import ONE, parse_quantity, quantity_text
from pos_app.ledger.units import Unit, Units
from pos_app.store.master import packs, units
from pos_app.store.master.catalogue import Product

_TYPED: Final = re.compile(r"\s*([-\u2212+]?[\d.,]+)\s*([^\W\d_]\S{0,19})\s*")


class Typed(NamedTuple):
    """Thousandths of the product's unit, and the pack in which they go, where it is typed in packs."""

    quantity: int
    pack: Pack | None = None


def typed(connection: Connection, org_id: int, product: Product, text: str) -> Typed:
    """What the text means of this product.  Raises `Refused` for no quantity, a unit that there is not or
    that the product's cannot be reckoned from, and for parts of a pack.
    """
    found = _TYPED.fullmatch(text)
    if found is None:
        return Typed(parse_quantity(text))
    quantity, known = parse_quantity(found[1]), units.all_of(connection, org_id)
    unit = measures.named(known, found[2])
    if unit is None:
        raise Refused("unit-unknown", unit=found[2])
    pack = packs.of_unit(connection, org_id, product.product_id, unit.code)
    if pack is not None:
        return Typed(_in_packs(pack, quantity), pack)
    its = measures.named(known, product.unit)
    times = None if its is None else measures.ratio(known, unit.code, its.code)
    if its is None or times is None:
        raise Refused("unit-of-other-measure", unit=unit.word, own=product.unit[:20])
    measures.check_decimals(quantity, unit)
    many = measures.converted(quantity, times)
    measures.check_decimals(many, its)
    return Typed(many)


class Bought(NamedTuple):
    """Thousandths of the product's unit, and what it goes in where its cost is said of that."""

    quantity: int
    pack: Packed | None = None


def read(text: str, what: str = "The quantity") -> int | str:
    """Thousandths, or as it is typed where it names a unit, which only its product can read.

    Raises `Refused` for what is no quantity whatever the unit.
    """
    found = _TYPED.fullmatch(text)
    if found is None:
        return parse_quantity(text, what)
    parse_quantity(found[1], what)
    return text.strip()


def of_pack(pack: Packed, text: str) -> int | None:
    """Thousandths of so many of this pack; None where the text names another unit.  Raises `Refused`."""
    found = _TYPED.fullmatch(text)
    if found is None or found[2].lower() not in {pack.word.lower(), pack.unit.lower()}:
        return None
    count = parse_quantity(found[1])
    if count * pack.size % ONE:
        raise Refused("pack-not-whole", pack=pack.word, size=quantity_text(pack.size))
    return count * pack.size // ONE


def bought(connection: Connection, org_id: int, product: Product, quantity: int | str) -> Bought:
    """What is bought of a product where its cost is that of one of what is typed: of a case in "2cs", of a
    dozen in "2dz".  Raises `Refused` as `typed`, and for a unit of which not even a thousandth is one.
    """
    found = None if isinstance(quantity, int) else _TYPED.fullmatch(quantity)
    if found is None:
        return Bought(quantity if isinstance(quantity, int) else parse_quantity(quantity))
    count, known = parse_quantity(found[1]), units.all_of(connection, org_id)
    unit = measures.named(known, found[2])
    if unit is None:
        raise Refused("unit-unknown", unit=found[2])
    pack = packs.of_unit(connection, org_id, product.product_id, unit.code)
    packed = _unit_as_pack(known, unit, product) if pack is None else pack.packed
    if packed is None:
        return Bought(count)
    if count % ONE:
        raise Refused("pack-not-whole", pack=packed.word, size=quantity_text(packed.size))
    return Bought(count // ONE * packed.size, packed)


def _unit_as_pack(known: Units, unit: Unit, product: Product) -> Packed | None:
    """So many of the product's unit as one of another is; None where it is the same."""
    its = measures.named(known, product.unit)
    times = None if its is None else measures.ratio(known, unit.code, its.code)
    if its is None or times is None:
        raise Refused("unit-of-other-measure", unit=unit.word, own=product.unit[:20])
    if unit.code == its.code:
        return None
    size = times * ONE
    if size.denominator != 1 or size > MOST_IN_PACK:
        raise Refused("cost-of-other-unit", unit=unit.word, own=its.word)
    return Packed(unit=unit.code, word=unit.word, size=size.numerator)


def _in_packs(pack: Pack, quantity: int) -> int:
    if quantity % ONE:
        raise Refused("pack-not-whole", pack=pack.packed.word, size=quantity_text(pack.packed.size))
    many = quantity // ONE * pack.packed.size
    check_whole(pack, many)
    return many
