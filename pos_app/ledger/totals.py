"""Lines with their tax, and what they come to: how every maker of a document fills it in.

The till and the office make documents from prices; the rules check that net, tax and totals follow from
them in just this way.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypedDict, TypeVar

from msgspec.structs import replace

from pos_app.ledger import tax
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.priced import TaxedLine
from pos_app.ledger.service_orders import ServiceLine
from pos_app.ledger.tax import Taxed

Line = TypeVar("Line", GoodsLine, BillLine, ServiceLine)


class TotalFields(TypedDict):
    """What every document with totals says of them, in minor units."""

    subtotal: int
    tax_total: int
    total: int


class Totals(NamedTuple):
    """What lines come to, in minor units; the fields of a document are named alike."""

    subtotal: int
    tax_total: int
    total: int

    def as_fields(self) -> TotalFields:
        """As the fields of a document."""
        return {"subtotal": self.subtotal, "tax_total": self.tax_total, "total": self.total}


def with_tax(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with net and tax as they follow from their prices, the tax shared out over each rate.

    The price of a goods line is its unit price times quantity less discount; that of a bill's line is
    what stands in it as `net` and `tax` together, or as `net` alone where tax comes on top.
    """
    shares = shares_of(lines)
    return tuple(
        [replace(line, net=share.net, tax=share.tax) for line, share in zip(lines, shares, strict=True)]
    )


def shares_of(lines: Iterable[TaxedLine]) -> list[Taxed]:
    """Net and tax of each line, the tax shared out over each rate."""
    return tax.share_out([line.taxable() for line in lines])


class _HasTax(Protocol):
    @property
    def net(self) -> int: ...
    @property
    def tax(self) -> int: ...


def totals_of(lines: Iterable[_HasTax]) -> Totals:
    """Subtotal, tax and total of lines that have their tax."""
    subtotal = tax_total = 0
    for line in lines:
        subtotal += line.net
        tax_total += line.tax
    return Totals(subtotal, tax_total, subtotal + tax_total)
