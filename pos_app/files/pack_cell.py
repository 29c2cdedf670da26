"""The packs of a product in a cell: `cs=12:250.00:16001234567896:26001234567893|dz=12`.

Of each pack its unit, how many of the product's unit are one, what the whole of it costs (empty: as many
times the product's price) and its barcodes, as far as it has them.
"""

from typing import Final, NamedTuple

from pos_app.files.barcodes import read_barcodes
from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.files.sheet import MOST_CODE, NOTHING, short
from pos_app.ledger import units as measures
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import MOST_MINOR, decimal_text, parse_money
from pos_app.ledger.pack import MOST_IN_PACK, PackTerms
from pos_app.ledger.quantity import ONE, parse_quantity, plain_quantity, quantity_text
from pos_app.ledger.units import Units

_BETWEEN: Final = "|"
#: Between the size, the price and each barcode of a pack.
_AND: Final = ":"
#: No product has more.
_MOST: Final = 20
#: No pack has more.
MOST_BARCODES: Final = 20


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
        size, _, terms = rest.partition(_AND)
        if not (word.strip() and equals and size.strip()):
            raise Refused("pack-unreadable", text=part.strip()[:40])
        price, _, barcodes = terms.partition(_AND)
        pack, own_codes = said((word, size, price, barcodes.replace(_AND, BETWEEN_BARCODES)), units, money)
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
    """One pack from its texts (unit, how many, price, barcodes with | between them), and which of those are
    numbers of the shop's own.  Raises `Refused`.
    """
    word, size, price, barcodes = cells
    unit = measures.named(units, word)
    if unit is None:
        raise Refused("unit-unknown", unit=word.strip()[:20])
    found = read_barcodes("" if barcodes.strip() == NOTHING else barcodes)
    for code in found.codes:
        short("The barcode", code, MOST_CODE)
        if _AND in code:
            raise Refused("pack-barcode-colon", barcode=code)
    if len(found.codes) > MOST_BARCODES:
        raise Refused("pack-barcodes-too-many", unit=unit.word, most=MOST_BARCODES)
    terms = PackTerms(unit.code, _size(size), _price(price, money), tuple(sorted(found.codes)))
    return terms, found.own


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
    """The texts of one pack: unit, how many, price, barcodes with | between them."""
    unit = units.get(pack.unit)
    price = decimal_text(pack.price, money) if pack.price else ""
    return (
        pack.unit if unit is None else unit.word,
        plain_quantity(pack.size),
        price,
        BETWEEN_BARCODES.join(pack.barcodes),
    )


def _written(pack: PackTerms, units: Units, money: Currency) -> str:
    unit, size, price, _ = cells_of(pack, units, money)
    parts = [size, price, *pack.barcodes]
    while not parts[-1]:
        parts.pop()
    return f"{unit}={_AND.join(parts)}"
