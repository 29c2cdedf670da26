"""A line in parts: what comes back of a sale, is credited of an invoice, is collected of an order bit by bit.

Decisions
---------
2026-11-29  Money and tax of a part are what the line comes to up to here, less what went before: so in
however many parts, and in whatever order, the parts add up to the line, to the last cent of both.  A part's
tax is therefore not always what its own price would give; it is within two minor units of that (one for the
line's own share of its document's tax, one for the part's share of the line's), to which the rules hold it.

2026-11-29  What went before is asked of the documents, not computed: a part that was voided, or that an older
program rounded in its own way, is made up for by the next one.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from pos_app.ledger import tax
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.price import Price
from pos_app.ledger.quantity import extend
from pos_app.ledger.tax import Taxed

#: By so many minor units the tax of a part may be another than its own price gives.
MOST_TAX_OFF: Final = 2
#: By so many minor units the money of a part may be another than its price times its quantity.
MOST_ROUNDED: Final = 1
#: By so many minor units what is off a part may be another than its share of what is off the line: the money
#: of the part is rounded at both its ends, and its price and the line's once each.
MOST_SHARE_OFF: Final = 2


class Whole(Protocol):
    """A line that has its money and its tax: quantity in thousandths, amounts in minor units."""

    @property
    def quantity(self) -> int: ...
    @property
    def price(self) -> Price: ...
    @property
    def tax_code(self) -> str: ...
    @property
    def tax_rate_bp(self) -> int: ...
    @property
    def tax_inclusive(self) -> bool: ...
    @property
    def net(self) -> int: ...
    @property
    def tax(self) -> int: ...


class Agreed(NamedTuple):
    """A whole line as far as its parts need it: what was agreed on it, its money and its tax; and by which
    promotion it is cheaper than its price, if by any.
    """

    quantity: int
    price: Price
    tax_code: str
    tax_rate_bp: int
    tax_inclusive: bool
    net: int
    tax: int
    promotion_id: int | None = None
    promotion: str = ""

    def at_rate(self, rate_bp: int) -> "Agreed":
        """The same at another rate: the price stays, with the tax in it or before it."""
        money = _money(self.net, self.tax, inclusive=self.tax_inclusive)
        (taxed,) = tax.share_out([(self.tax_code, rate_bp, self.tax_inclusive, money)])
        return self._replace(tax_rate_bp=rate_bp, net=taxed.net, tax=taxed.tax)


class Gone(NamedTuple):
    """What went of a line before: thousandths, and the money and tax that went with them."""

    quantity: int = 0
    net: int = 0
    tax: int = 0


_NOTHING: Final = Gone()


def up_to(line: Whole, quantity: int) -> Gone:
    """What the first so many thousandths of a line come to."""
    money = _money(line.net, line.tax, inclusive=line.tax_inclusive)
    part = _share(money, quantity, line.quantity)
    its_tax = _share(line.tax, part, money)
    return Gone(quantity, part - its_tax if line.tax_inclusive else part, its_tax)


def part_of(line: Whole, gone: Gone, quantity: int) -> Taxed:
    """Net and tax of the next so many thousandths of a line."""
    inclusive = line.tax_inclusive
    here = up_to(line, gone.quantity + quantity)
    money = _money(here.net, here.tax, inclusive=inclusive) - _money(gone.net, gone.tax, inclusive=inclusive)
    whole = extend(line.price, quantity)
    # Only where voided parts or older rounding left too much or too little behind does a bound bind.
    bounds = sorted((0, 2 * whole + (MOST_ROUNDED if whole >= 0 else -MOST_ROUNDED)))
    money = min(max(money, bounds[0]), bounds[1])
    own = tax.share_out([(line.tax_code, line.tax_rate_bp, inclusive, money)])[0].tax
    most_off = MOST_TAX_OFF if line.tax_rate_bp else 0
    its_tax = min(max(here.tax - gone.tax, own - most_off), own + most_off)
    return Taxed(money - its_tax if inclusive else money, its_tax)


def part_of_line(line: GoodsLine, gone: Gone, quantity: int, origin_line: int) -> GoodsLine:
    """The line of a refund or a credit note that takes the next so many thousandths of a line back.

    It keeps no reading of a meter, which tells of the whole, nor what was noted on it, and names no list
    price: nobody allows one.
    """
    net, its_tax = part_of(line, gone, quantity)
    money = _money(net, its_tax, inclusive=line.tax_inclusive)
    return replace(
        line,
        quantity=quantity,
        discount=extend(line.price, quantity) - money,
        net=net,
        tax=its_tax,
        origin_line=origin_line,
        list_price=None,
        list_price_fine=0,
        price_approver_id=None,
        promotion_id=None,
        promotion="",
        meter_before=None,
        meter_after=None,
        meter_turn=0,
        meter_replaced=None,
        meter="",
        weighed=None,
        note="",
        note_inside=False,
        # A part that is no whole number of packs is in none.
        pack=None if line.pack is None or quantity % line.pack.size else line.pack,
    )


def _money(net: int, its_tax: int, *, inclusive: bool) -> int:
    """What is charged before tax on top: the price as the line has it."""
    return net + its_tax if inclusive else net


def _share(amount: int, part: int, whole: int) -> int:
    """So much of an amount as a part is of the whole."""
    if whole == 0:
        return 0
    return divide_half_up(amount * (part if whole > 0 else -part), abs(whole))


def left_of(lines: Sequence[GoodsLine], gone: Mapping[int, Gone]) -> tuple[int, ...]:
    """What of each line did not go yet, in thousandths."""
    return tuple(line.quantity - gone.get(index, _NOTHING).quantity for index, line in enumerate(lines))


def parts_of(
    lines: Sequence[GoodsLine], gone: Mapping[int, Gone], quantities: Mapping[int, int], what: str
) -> list[GoodsLine]:
    """The lines of a note that takes these quantities (by index) of a document's lines.

    `what` is that document in a sentence.  Raises `Refused` for nothing, a line that it has not, and more
    than is left of one.
    """
    chosen = {index: quantity for index, quantity in sorted(quantities.items()) if quantity}
    if not chosen:
        raise Refused("no-line-taken", document=what)
    left = left_of(lines, gone)
    made = []
    for index, quantity in chosen.items():
        if not 0 <= index < len(lines):
            raise Refused("line-not-on-document", document=what)
        if abs(quantity) > abs(left[index]) or quantity * left[index] <= 0:
            raise Refused("taken-more-than-left", line=lines[index].description)
        made.append(part_of_line(lines[index], gone.get(index, _NOTHING), quantity, index))
    return made
