"""What a line is to a tax return: of which box, by the code that it has, its rate and whether it was sold.

Decisions
---------
2026-12-01  A box is a condition on a line, and its figure a sum over those that fulfil it: what a box opens
into are the documents of the same condition, so that the two cannot differ.

2026-12-01  Credit notes, refunds and voids take from the box that the goods were in, in the period in which
they happened: both offices ask for the figures after them (IRAS, e-Tax guide "How do I prepare my GST
return?", on box 1; KRA, VAT3, sheets B to I have credit notes as lines below nothing).
"""

from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple

from pos_app.language import printed
from pos_app.ledger.supply import Supply
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.tax import by_code
from pos_app.reports.model.report import Leads, Opens, opens
from pos_app.store.report_queries import tax_treatments
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.tax_treatments import Meaning

#: The rate of Kenya's VAT Act, s. 5 (2) (b); what has another one stands on sheets of its own.
GENERAL_BP: Final = 1_600


class Treated(Enum):
    """How a return sees a line."""

    TAXED = 0
    ZERO = 1
    EXEMPT = 2
    OUTSIDE = 3
    SUSPENDED = 4
    REVERSE = 5
    UNCLAIMED = 6


class Part(NamedTuple):
    """Lines of one code at one rate, in minor units of the base currency, signed as documents count them."""

    is_sale: bool
    treated: Treated
    rate_bp: int
    net: int
    tax: int


_BOUGHT_AS: Final = {
    Supply.SUSPENDED: Treated.SUSPENDED,
    Supply.REVERSE: Treated.REVERSE,
    Supply.BLOCKED: Treated.UNCLAIMED,
    Supply.UNREGISTERED: Treated.UNCLAIMED,
}


def treated(meaning: Meaning | None, rate_bp: int, *, is_sale: bool) -> Treated:
    """How a return sees a code at a rate; a code that nobody knows is outside of it."""
    if meaning is None:
        return Treated.TAXED if rate_bp else Treated.OUTSIDE
    if meaning.supply is Supply.OUTSIDE:
        return Treated.OUTSIDE
    if not is_sale and meaning.supply in _BOUGHT_AS:
        return _BOUGHT_AS[meaning.supply]
    if rate_bp:
        return Treated.TAXED
    if meaning.treatment == "exempt":
        return Treated.EXEMPT
    return Treated.OUTSIDE if meaning.treatment == "none" else Treated.ZERO


def parts(question: Question) -> list[Part]:
    """All of the period."""
    meanings = tax_treatments.meanings(question.connection, question.org_id)
    return [
        Part(kind in SOLD, treated(meanings.get(code), rate, is_sale=kind in SOLD), rate, one.net, one.tax)
        for (kind, code, rate), one in by_code(question).items()
    ]


class Box(NamedTuple):
    """A box of a return: which lines stand in it, and whether with their tax instead of their net."""

    holds: Callable[[Part], bool]
    is_tax: bool = False

    def of(self, all_parts: list[Part]) -> int:
        """Its figure."""
        return sum((part.tax if self.is_tax else part.net) for part in all_parts if self.holds(part))

    def tax_of(self, all_parts: list[Part]) -> int:
        """The tax on what stands in it."""
        return sum(part.tax for part in all_parts if self.holds(part))


def _sold(*wanted: Treated) -> Callable[[Part], bool]:
    return lambda part: part.is_sale and part.treated in wanted


def _bought(*wanted: Treated) -> Callable[[Part], bool]:
    return lambda part: not part.is_sale and part.treated in wanted


def _at(holds: Callable[[Part], bool], *, is_general: bool) -> Callable[[Part], bool]:
    return lambda part: holds(part) and (part.rate_bp == GENERAL_BP) is is_general


#: IRAS, GST return Form F5: the boxes that lines make (4 and 8 are sums of others).
F5: Final = {
    "gst-f5-1": Box(_sold(Treated.TAXED)),
    "gst-f5-2": Box(_sold(Treated.ZERO)),
    "gst-f5-3": Box(_sold(Treated.EXEMPT)),
    "gst-f5-5": Box(_bought(Treated.TAXED, Treated.ZERO, Treated.SUSPENDED)),
    "gst-f5-6": Box(_sold(Treated.TAXED), is_tax=True),
    "gst-f5-7": Box(_bought(Treated.TAXED), is_tax=True),
    "gst-f5-9": Box(_bought(Treated.SUSPENDED)),
    "gst-f5-13": Box(_sold(*Treated)),
    "gst-f5-14": Box(_bought(Treated.REVERSE)),
}
#: KRA, VAT3: the sheets of sales (B to E) and of purchases (F to J).
VAT3: Final = {
    "vat3-B": Box(_at(_sold(Treated.TAXED), is_general=True)),
    "vat3-C": Box(_at(_sold(Treated.TAXED), is_general=False)),
    "vat3-D": Box(_sold(Treated.ZERO)),
    "vat3-E": Box(_sold(Treated.EXEMPT)),
    "vat3-F": Box(_at(_bought(Treated.TAXED), is_general=True)),
    "vat3-G": Box(_at(_bought(Treated.TAXED), is_general=False)),
    "vat3-H": Box(_bought(Treated.ZERO, Treated.SUSPENDED)),
    "vat3-I": Box(_bought(Treated.EXEMPT)),
    "vat3-J": Box(_bought(Treated.REVERSE)),
}
BOXES: Final = F5 | VAT3


def into(question: Question, box: str) -> Opens:
    """The documents that make a box."""
    return opens(Leads.REPORT, question.asked_again(name="tax-lines", box=box))


def notes(question: Question, own_currency: str, all_parts: list[Part]) -> tuple[str, ...]:
    """What whoever files it has to know: what these figures do not settle."""
    found = []
    if question.base.code != own_currency:
        found.append(
            printed(
                "This return is filed in {own}; these books are in {base}.",
                own=own_currency,
                base=question.base.code,
            )
        )
    if any(part.is_sale and part.treated is Treated.EXEMPT for part in all_parts):
        found.append(
            printed("Input tax that belongs to exempt sales is not taken off: apportion it before you file.")
        )
    if any(not part.is_sale and part.treated is Treated.REVERSE for part in all_parts):
        found.append(
            printed("The tax on services bought abroad is not in these figures: account for it by hand.")
        )
    return tuple(found)
