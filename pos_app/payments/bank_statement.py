"""A bank's statement as a value, which of its lines are new, and what in the books each may be; pure.

Decisions
---------
2026-12-01  A line has no number that every bank gives, and the same line comes as CAMT.053 from one menu and
as CSV from another, with other words.  So lines are told apart by day and amount, and counted: a file that
has an amount of a day twice says that it is there twice, and a file that has it once more than we know says
that one is new.  References part two lines of one day and amount only where both have one.

2026-12-01  Nothing is matched by itself: a proposal says why it is one, and a person accepts it.  An amount
alone, within ten days, is a proposal; amount and reference is a sure one, and those may be accepted all at
once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

#: So many days may lie between a document and the bank's booking of it.
WINDOW_DAYS: Final = 10
#: A reference with fewer letters and digits stands in too many texts by chance.
_LEAST_REFERENCE: Final = 4
_MOST_PROPOSALS: Final = 8


class Told(NamedTuple):
    """A line as a bank tells it: `day`, `value_day` YYYYMMDD, `amount` minor units, above nothing what came.

    `bank_reference` is the bank's own, `reference` what the payer sent along (end to end), `words` the rest.
    """

    day: int
    amount: int
    value_day: int = 0
    bank_reference: str = ""
    reference: str = ""
    payer: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        """All that it says."""
        return " ".join(filter(None, (self.bank_reference, self.reference, self.payer, self.words)))


class Statement(NamedTuple):
    """Of one account: its number as the bank writes it, currency, lines, and where it says so its balances.

    `closing_day` is that of the closing balance, YYYYMMDD; 0 where there is none.
    """

    number: str
    currency: str
    lines: Sequence[Told]
    opening: int | None = None
    closing: int | None = None
    closing_day: int = 0


def account_number(written: str) -> str:
    """A number of an account in the form in which numbers are compared."""
    return letters(written)


def letters(text: str) -> str:
    """The letters and digits of a text alone, in capitals: how references are compared."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


# --- which lines are new --------------------------------------------------------------------------------


def unknown(known: Iterable[Told], told: Iterable[Told]) -> list[Told]:
    """The lines of a file that are not among those known, in their order (see the room's decision)."""
    left: defaultdict[tuple[int, int], list[Told]] = defaultdict(list)
    for one in known:
        left[one.day, one.amount].append(one)
    groups: defaultdict[tuple[int, int], list[tuple[int, Told]]] = defaultdict(list)
    for place, one in enumerate(told):
        groups[one.day, one.amount].append((place, one))
    fresh: list[tuple[int, Told]] = []
    for key, own in groups.items():
        fresh += _unpaired(left[key], own)
    return [one for _, one in sorted(fresh, key=lambda pair: pair[0])]


def _unpaired(known: list[Told], told: list[tuple[int, Told]]) -> list[tuple[int, Told]]:
    """Of lines of one day and amount: those that pair with none that is known."""
    free = list(known)
    rest = []
    for place, one in told:
        same = next((other for other in free if _marks(other) and _marks(other) == _marks(one)), None)
        if same is None:
            rest.append((place, one))
        else:
            free.remove(same)
    fresh = []
    for place, one in rest:
        like = next((other for other in free if _may_be(other, one)), None)
        if like is None:
            fresh.append((place, one))
        else:
            free.remove(like)
    return fresh


def _marks(line: Told) -> tuple[str, str]:
    return letters(line.bank_reference), letters(line.reference)


def _may_be(known: Told, told: Told) -> bool:
    """Whether two lines of one day and amount may be one: no reference that both have is another."""
    pairs = zip(_marks(known), _marks(told), strict=True)
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


# --- what a line may be in the books ----------------------------------------------------------------------


class Movement(NamedTuple):
    """What a document did to the account, not matched yet: `amount` in minor units, `day` YYYYMMDD."""

    document_id: int
    number: str
    kind: str
    day: int
    amount: int
    party: str = ""
    references: tuple[str, ...] = ()


class Claim(NamedTuple):
    """An invoice that a customer has not paid whole: `amount` is what is open."""

    invoice_id: int
    number: str
    party_code: str
    party: str
    amount: int
    reference: str = ""


class Bag(NamedTuple):
    """A bag on its way to the bank, by the number on it."""

    name: str
    amount: int


class Kind(StrEnum):
    """What a proposal would do: match what is booked, book a customer's payment, or bank a bag."""

    BOOKED = "booked"
    INVOICE = "invoice"
    BAG = "bag"


class Proposal(NamedTuple):
    """What a line may be: `key` is a document's key or a bag's number, `is_sure` by amount and reference.

    `days` is how far the document's day lies from the bank's, `amount` what it is of.
    """

    kind: Kind
    key: str
    number: str
    party: str
    amount: int
    is_sure: bool
    days: int = 0
    party_code: str = ""


def proposals(
    line: Told, movements: Iterable[Movement], claims: Iterable[Claim] = (), bags: Iterable[Bag] = ()
) -> list[Proposal]:
    """What a line may be, the likeliest first."""
    text = letters(line.text)
    found = [
        Proposal(
            Kind.BOOKED, str(one.document_id), one.number, one.party, one.amount,
            _names(text, (one.number, *one.references)), days_between(line.day, one.day),
        )
        for one in movements
        if one.amount == line.amount and days_between(line.day, one.day) <= WINDOW_DAYS
    ]  # fmt: skip
    if line.amount > 0:
        found += [
            Proposal(Kind.BAG, one.name, one.name, "", one.amount, _names(text, (one.name,)))
            for one in bags
            if one.amount == line.amount or _names(text, (one.name,))
        ]
        for claim in claims:
            is_named = _names(text, (claim.number, claim.reference))
            if line.amount > claim.amount or not (is_named or line.amount == claim.amount):
                continue
            found.append(
                Proposal(
                    Kind.INVOICE,
                    str(claim.invoice_id),
                    claim.number,
                    claim.party,
                    claim.amount,
                    is_named,
                    party_code=claim.party_code,
                )
            )
    found.sort(key=lambda one: (not one.is_sure, list(Kind).index(one.kind), one.days, one.number))
    return found[:_MOST_PROPOSALS]


def the_sure_one(may_be: Sequence[Proposal]) -> Proposal | None:
    """The one proposal that is sure; None for none, and where two are."""
    sure = [one for one in may_be if one.is_sure]
    return sure[0] if len(sure) == 1 else None


def _names(text: str, references: Iterable[str]) -> bool:
    """Whether one of these stands in a text."""
    return any(len(one) >= _LEAST_REFERENCE and one in text for one in map(letters, references))


def days_between(day: int, other: int) -> int:
    """How many days lie between two (YYYYMMDD)."""
    return abs((_date(day) - _date(other)).days)


def _date(day: int) -> date:
    return date(day // 10_000, day // 100 % 100, day % 100)
