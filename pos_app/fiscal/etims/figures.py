"""Amounts as eTIMS counts them: a tax type for each line, the tax inside its price, rounded line by line.

Decisions
---------
2026-12-01  The authority rounds the tax of each line to the cent and adds up; we round once for each rate
(see `ledger.tax`).  Both are right by a cent or two, so both are kept: theirs beside the signature, ours in
the document.

2026-12-01  `taxblAmt` is the amount without its tax, so that it and the tax are the total.  The example in
the specification has the amount with tax in it (and 18 %, which is Rwanda's); integrations that were let in
by the authority in 2026 send it without.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec

from pos_app.fiscal.invoice import FiscalLine
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.tax import WHOLE_BP

#: Exempt, standard, zero-rated, no VAT, the lower rate.
TYPES: Final = ("A", "B", "C", "D", "E")
EXEMPT, ZERO, NON_VAT = "A", "C", "D"
#: Basis points of each type until the authority's own list was heard (`selectCodeList`, class 04).
USUAL: Final = {"A": 0, "B": 1_600, "C": 0, "D": 0, "E": 800}
#: Tax types in the code list.
TAX_CLASS: Final = "04"
_OF_NOTHING: Final = {"exempt": EXEMPT, "zero": ZERO, "none": NON_VAT}


class LineFigures(NamedTuple):
    """A line as the authority counts it, in minor units: `taxable` and `tax` are its total."""

    type: str
    taxable: int
    tax: int

    @property
    def total(self) -> int:
        """With tax."""
        return self.taxable + self.tax


def rates_of(codes: str) -> dict[str, int]:
    """The rate of each type in basis points, as the authority said last; the usual ones where it did not."""
    if not codes:
        return dict(USUAL)
    told: dict[str, int] = msgspec.json.decode(codes, type=dict[str, int])
    return {**USUAL, **told}


def rates_told(answer: Any) -> str:
    """The rates in an answer to `selectCodeList`, as a device keeps them; empty where there are none."""
    found: dict[str, int] = {}
    for group in answer.get("clsList") or [] if isinstance(answer, dict) else []:
        if str(group.get("cdCls")) != TAX_CLASS:
            continue
        for code in group.get("dtlList") or []:
            rate = str(code.get("userDfnCd1") or "").strip()
            if str(code.get("cd")) in TYPES and code.get("useYn", "Y") == "Y" and rate:
                found[str(code["cd"])] = int(Decimal(rate) * 100)
    return msgspec.json.encode(found).decode() if found else ""


def type_of(line: FiscalLine, rates: dict[str, int]) -> str:
    """The tax type of a line.  Raises `Refused` for a rate that no type has."""
    if not line.rate_bp:
        return _OF_NOTHING.get(line.treatment, NON_VAT)
    for type_, rate_bp in rates.items():
        if rate_bp == line.rate_bp:
            return type_
    raise Refused("etims-rate-unknown", sku=line.sku[:40], rate=f"{Decimal(line.rate_bp) / 100:g}")


def figures_of(line: FiscalLine, rates: dict[str, int]) -> LineFigures:
    """A line in the authority's rounding."""
    type_ = type_of(line, rates)
    tax = divide_half_up(line.gross * line.rate_bp, WHOLE_BP + line.rate_bp)
    return LineFigures(type_, line.gross - tax, tax)


def totals_of(figures: Sequence[LineFigures]) -> dict[str, tuple[int, int]]:
    """Taxable and tax of each type, all five of them."""
    return {
        type_: (
            sum(each.taxable for each in figures if each.type == type_),
            sum(each.tax for each in figures if each.type == type_),
        )
        for type_ in TYPES
    }


def major(minor: int) -> Decimal:
    """An amount as messages write it: two decimals."""
    return Decimal(minor).scaleb(-2)
