"""How goods are packed: twelve pieces that are sold and bought as one case, with a price of its own.  Pure.

Decisions
---------
2026-12-01  A line in packs counts pieces, as stock, refunds, breaks and every report do, and says beside it
how many pieces are one pack.  Its price is that of a piece in the pack, in ten-thousandths of a minor unit:
12 for 250.00 are 20.8333 each.  What whole packs come to is exact or refused (`check_whole`), so that no cent
is made or lost by it; a part of a pack that comes back is a part of its line, as of any other.

2026-12-01  What a pack costs is what the product itself says of it: it stands in the place of the product's
own price.  What was agreed with a customer, and what a list says that is for them, for the depot or for
everybody, says what a piece costs and counts for the pieces of a pack as well; who wants another price for a
pack there gives that list a break from so many on, and pieces in packs reach a break like any others.
Promotions then take off a line in packs what they take off one in pieces.
"""

from typing import Final, NamedTuple

from msgspec import Struct

from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.price import FINE, Price, of_fine_parts
from pos_app.ledger.quantity import MOST_ON_A_LINE, ONE, extend, quantity_text

#: No pack of a shop holds more: thousandths of the product's unit.
MOST_IN_PACK: Final = 5_000 * ONE
#: Letters of a unit's code and word at most.
MOST_UNIT: Final = 20


class Packed(Struct, frozen=True, kw_only=True):
    """That the goods of a line go in packs: `size` thousandths of the product's unit are one.

    `unit` is the code of the pack's unit, `word` what stood on papers for it then.
    """

    unit: str
    word: str
    size: int

    def count(self, quantity: int) -> int:
        """How many packs so many thousandths are; they are a whole number of them."""
        return quantity // self.size


class Pack(NamedTuple):
    """A pack of a product: `price` of the whole of it in minor units (0: as many times the product's), and
    what one of the product's unit costs in it.
    """

    packed: Packed
    price: int = 0
    each: Price = 0

    def base(self, own: Price) -> Price:
        """What one of the product's unit costs in it, where the product itself costs `own`."""
        return self.each if self.price else own


class PackTerms(NamedTuple):
    """What is said of a pack of a product: `size` thousandths of its unit are one of the unit of this code,
    which costs `price` minor units (0: as many times the product's price), found by any of `barcodes`.
    """

    unit: str
    size: int
    price: int = 0
    barcodes: tuple[str, ...] = ()

    @property
    def barcode(self) -> str:
        """The first of its barcodes: what stands on a label of it; empty where it has none."""
        return self.barcodes[0] if self.barcodes else ""


def each_of(price: int, size: int) -> Price:
    """What one of the product's unit costs in a pack of so many thousandths at a price in minor units."""
    return of_fine_parts(divide_half_up(price * FINE * ONE, size))


def check_whole(pack: Pack, quantity: int) -> None:
    """Raise `Refused` for thousandths that are no whole number of packs, and for so many packs that their
    pieces would not come to exactly as many times its price.
    """
    packed = pack.packed
    if quantity % packed.size:
        raise Refused("pack-not-whole", pack=packed.word, size=quantity_text(packed.size))
    if abs(quantity) > MOST_ON_A_LINE:
        raise Refused("quantity-implausible-text", what="The quantity", text=quantity_text(quantity))
    count = packed.count(quantity)
    if pack.price and extend(pack.each, quantity) != count * pack.price:
        raise Refused("pack-too-many", pack=packed.word, count=abs(count))


def check_packed(packed: Packed, quantity: int, line: str) -> None:
    """Raise `Refused` for a line that is in no such packs as it says."""
    for text in (packed.unit, packed.word):
        if not 0 < len(text) <= MOST_UNIT or not text.isprintable():
            raise Refused("pack-implausible", line=line)
    if not 0 < packed.size <= MOST_IN_PACK or quantity % packed.size:
        raise Refused("pack-implausible", line=line)
