"""The packs of a product in a cell: `cs=12:250.00:16001234567896|dz=12`.

Of each pack its unit, how many of the product's unit are one, what the whole of it costs (empty: as many
times the product's price) and its barcode, as far as it has them.
"""

from typing import Final, NamedTuple

from pos_app.files.barcodes import read_barcodes
from pos_app.files.sheet import MOST_CODE, NOTHING, short
from pos_app.ledger import units as measures
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import MOST_MINOR, decimal_text, parse_money
from pos_app.ledger.pack import MOST_IN_PACK, PackTerms
from pos_app.ledger.quantity import ONE, parse_quantity, plain_quantity, quantity_text
from pos_app.ledger.units import Units

_BETWEEN: Final = "|"
#: No product has more.
_MOST: Final = 20


class Read(NamedTuple):
    """The packs of a cell, and the barcodes among them that have the look of a GTIN and are none."""

    packs: tuple[PackTerms, ...]
    own: tuple[str, ...]


def read(cell: str, units: Units, money: Currency) -> Read:
    """What a cell says.  Raises `Refused` for what cannot be read, and for a unit that comes twice."""
    packs: dict[str, PackTerms] = {}
    own: list[str] = []
    for part in cell.split(_BETWEEN):
        if not part.strip():
            continue
        word, equals, rest = part.partition("=")
        size, _, terms = rest.partition(":")
        if not (word.strip() and equals and size.strip()):
            raise Refused("pack-unreadable", text=part.strip()[:40])
        price, _, barcode = terms.partition(":")
        pack, own_codes = said((word, size, price, barcode), units, money)
        if pack.unit in packs:
            raise Refused("pack-twice", unit=word.strip()[:20])
        packs[pack.unit] = pack
        own += own_codes
    if len(packs) > _MOST:
        raise Refused("packs-too-many", most=_MOST)
    return Read(tuple(sorted(packs.values(), key=lambda one: (one.size, one.unit))), tuple(own))


def said(
    cells: tuple[str, str, str, str], units: Units, money: Currency
) -> tuple[PackTerms, tuple[str, ...]]:
    """One pack from its texts (unit, how many, price, barcode), and its barcode where that is a number of the
    shop's own.  Raises `Refused`.
    """
    word, size, price, barcode = cells
    unit = measures.named(units, word)
    if unit is None:
        raise Refused("unit-unknown", unit=word.strip()[:20])
    codes = read_barcodes("" if barcode.strip() == NOTHING else barcode)
    if len(codes.codes) > 1 and not codes.mended and len(barcode.strip()) != len("96385074"):
        raise Refused("pack-one-barcode", unit=unit.word)
    code = codes.codes[0] if codes.codes else ""
    short("The barcode", code, MOST_CODE, is_needed=False)
    return PackTerms(unit.code, _size(size), _price(price, money), code), codes.own


def _size(text: str) -> int:
    size = parse_quantity(text, "The size of the pack")
    if not 0 < size <= MOST_IN_PACK or size == ONE:
        raise Refused("pack-size-implausible", text=text.strip()[:40], most=quantity_text(MOST_IN_PACK))
    return size


def _price(text: str, money: Currency) -> int:
    if text.strip() in ("", NOTHING):
        return 0
    price = parse_money(text, money, "The price of the pack")
    if not 0 < price <= MOST_MINOR // ONE:
        raise Refused("pack-price-implausible", text=text.strip()[:40])
    return price


def write(packs: tuple[PackTerms, ...], units: Units, money: Currency) -> str:
    """The cell of these packs."""
    return _BETWEEN.join(_written(one, units, money) for one in packs)


def cells_of(pack: PackTerms, units: Units, money: Currency) -> tuple[str, str, str, str]:
    """The texts of one pack: unit, how many, price, barcode."""
    unit = units.get(pack.unit)
    price = decimal_text(pack.price, money) if pack.price else ""
    return pack.unit if unit is None else unit.word, plain_quantity(pack.size), price, pack.barcode


def _written(pack: PackTerms, units: Units, money: Currency) -> str:
    unit, *parts = cells_of(pack, units, money)
    while not parts[-1]:
        parts.pop()
    return f"{unit}={':'.join(parts)}"
