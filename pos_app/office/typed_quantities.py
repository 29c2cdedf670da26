"""How much a person means who types a quantity of a product in the office: "3", "2cs", "1.5 dz"."""

import re
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import units as measures
from pos_app.ledger.errors import Refused
from pos_app.ledger.pack import Pack, check_whole
from pos_app.ledger.quantity import ONE, parse_quantity, quantity_text
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


def _in_packs(pack: Pack, quantity: int) -> int:
    if quantity % ONE:
        raise Refused("pack-not-whole", pack=pack.packed.word, size=quantity_text(pack.packed.size))
    many = quantity // ONE * pack.packed.size
    check_whole(pack, many)
    return many
