"""What kind of supply a tax code stands for on a tax return, where its rate and treatment do not say it.

A return asks what no price does: whether zero-rated goods left the country, which of the exempt ones are
financial, whether goods that were bought came over the border and under which scheme.  It is data of the
tax code, so that a line says it by the code that it has (IRAS, GST return Form F5, boxes 1 to 15, and the
category codes of the GST InvoiceNow requirement; KRA, VAT3, sections B to J).

Decisions
---------
2026-12-01  Tax that may not be claimed back (IRAS: club fees, private cars; Kenya: VAT Act s. 17(4)) is part
of the cost: its code has no rate, and the bill is entered with its whole amount.
"""

from enum import StrEnum
from typing import Final

from pos_app.ledger.errors import Refused


class Supply(StrEnum):
    """The kinds; the stored words of `tax_code.supply`."""

    USUAL = ""
    EXPORT = "export"
    FINANCIAL = "financial"
    OUTSIDE = "outside"
    IMPORT = "import"
    SUSPENDED = "suspended"
    REVERSE = "reverse"
    BLOCKED = "blocked"
    UNREGISTERED = "unregistered"


#: With which treatments of a price each can stand; without a rate none of them taxes anything.
_TREATMENTS: Final = {
    Supply.EXPORT: ("zero",),
    Supply.FINANCIAL: ("exempt",),
    Supply.OUTSIDE: ("exempt", "zero"),
    Supply.SUSPENDED: ("exempt", "zero"),
    Supply.REVERSE: ("exempt", "zero"),
    Supply.BLOCKED: ("exempt", "zero"),
    Supply.UNREGISTERED: ("exempt", "zero"),
}


def supply_of(stored: str) -> Supply:
    """The kind by its stored word; as usual for one that only a newer program knows."""
    return Supply(stored) if stored in set(Supply) else Supply.USUAL


def check_supply(word: str, treatment: str) -> Supply:
    """The kind that a word names, where a code of this treatment can be it.  Raises `Refused`."""
    wanted = word.strip().lower()
    wanted = "" if wanted == "usual" else wanted
    if wanted not in set(Supply):
        known = ", ".join(["usual", *(one.value for one in Supply if one)])
        raise Refused("tax-supply-unknown", supply=word.strip()[:20], supplies=known)
    found = Supply(wanted)
    if treatment not in _TREATMENTS.get(found, (treatment,)) or (found and treatment == "none"):
        raise Refused("tax-supply-not-so", supply=found.value, treatment=treatment)
    return found
