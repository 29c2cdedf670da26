"""Value added tax: rates in basis points, inclusive or exclusive, rounded once per rate.

Tax is computed on the sum of each rate and then shared out over the lines by cumulative rounding,
so that the lines add up to the total exactly and the total is what the tax office computes from it
(EU directive 2006/112 leaves the method open; Kenya's VAT Act 2013, s. 13 taxes the supply).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

WHOLE_BP: Final = 10_000


class TaxTerms(NamedTuple):
    """A tax code on a day: its rate in basis points, and whether prices hold it already."""

    code: str
    rate_bp: int
    inclusive: bool


NO_TAX: Final = TaxTerms("", 0, inclusive=True)


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
