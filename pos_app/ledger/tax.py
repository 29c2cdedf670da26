"""Value added tax: rates in basis points, inclusive or exclusive, rounded once per rate.

Tax is computed on the sum of each rate and then shared out over the lines by cumulative rounding,
so that the lines add up to the total exactly and the total is what the tax office computes from it
(EU directive 2006/112 leaves the method open; Kenya's VAT Act 2013, s. 13 taxes the supply).

Decisions
---------
2026-11-29  What is no sale is told by the tax code of the product, DEPOSIT or VOUCHER: whether something is a
supply at all is what a tax code is about (a deposit on a container and a voucher that buys anything are none:
IRAS on container deposits, EU directive 2016/1065 on multi-purpose vouchers), every product, line and file
has one already, and no rate, price or business turns it into income.  The codes are the program's own, so
that a line says for ever what it was.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused

WHOLE_BP: Final = 10_000
DEPOSIT_CODE: Final = "DEPOSIT"
VOUCHER_CODE: Final = "VOUCHER"
#: The tax codes of what is no sale: the money is owed to whoever holds the paper for it (see `chit`).
NO_SALE: Final = frozenset({DEPOSIT_CODE, VOUCHER_CODE})


class TaxTerms(NamedTuple):
    """A tax code on a day: its rate in basis points, and whether prices hold it already."""

    code: str
    rate_bp: int
    inclusive: bool


NO_TAX: Final = TaxTerms("", 0, inclusive=True)


def check_bought(code: str) -> None:
    """What a vendor's paper bills is a supply: the code of a deposit or a voucher is no tax on it.

    Raises `Refused`.
    """
    if code in NO_SALE:
        raise Refused("tax-code-no-sale", code=code)


class Taxable(NamedTuple):
    """One line's share: `extended` is price times quantity less discount, in minor units."""

    code: str
    rate_bp: int
    inclusive: bool
    extended: int


class Taxed(NamedTuple):
    """The line after tax, in minor units: `net + tax` is what the customer pays for it."""

    net: int
    tax: int


def share_out(lines: Sequence[Taxable | tuple[str, int, bool, int]]) -> list[Taxed]:
    """Tax of each line, such that the lines of one rate add up to the tax on their sum."""
    running: dict[tuple[str, int, bool], tuple[int, int]] = {}
    taxed: list[Taxed] = []
    for code, rate_bp, inclusive, extended in lines:
        if rate_bp == 0:
            taxed.append(Taxed(extended, 0))
            continue
        key = (code, rate_bp, inclusive)
        extended_so_far, tax_so_far = running.get(key, (0, 0))
        extended_so_far += extended
        base = WHOLE_BP + rate_bp if inclusive else WHOLE_BP
        # `divide_half_up`, written out: this is the innermost loop of every check.
        total_tax = (2 * abs(extended_so_far) * rate_bp + base) // (2 * base)
        if extended_so_far < 0:
            total_tax = -total_tax
        tax = total_tax - tax_so_far
        running[key] = (extended_so_far, total_tax)
        taxed.append(Taxed(extended - tax if inclusive else extended, tax))
    return taxed
