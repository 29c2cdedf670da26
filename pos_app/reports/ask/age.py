"""How old what is open is: days beyond the due date, in the classes that accountants use.

2026-11-29  What stands below nothing on an invoice is credit of the party and in no class: it is as old as
nothing, and would hide in the sum of its class what is overdue beside it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from pos_app.language import printed
from pos_app.ledger.errors import Refused

#: The last day overdue of each class; what is not due yet is current.
CLASSES: Final = (0, 30, 60, 90, 10**6)


def class_titles() -> tuple[str, ...]:
    """What the classes are called on paper."""
    return (
        printed("Current"),
        printed("1 to 30"),
        printed("31 to 60"),
        printed("61 to 90"),
        printed("Over 90"),
    )


def days_overdue(due_on: int, today: date) -> int:
    """Days since a due day (YYYYMMDD); 0 or less when it is not past."""
    try:
        due = date(due_on // 10_000, due_on // 100 % 100, due_on % 100)
    except ValueError:
        raise Refused("not-a-day", text=due_on) from None
    return (today - due).days


class Standing(NamedTuple):
    """What stands between us and a party: what is open by its age, what is owed on no invoice, their credit.

    Minor units, positive is to be paid; the credit is nothing or below.  All together are the balance.
    """

    classes: tuple[int, ...]
    beside: int
    credit: int


def standing(items: Iterable[tuple[int, int]], balance: int | None, today: date) -> Standing:
    """By the open items (due day and amount) and the balance, as it is owed (None: the items alone)."""
    found = list(items)
    classes = aged(((due_on, amount) for due_on, amount in found if amount > 0), today)
    credit = sum(amount for _due_on, amount in found if amount < 0)
    beside = 0 if balance is None else balance - sum(classes) - credit
    return Standing(tuple(classes), max(beside, 0), credit + min(beside, 0))


def aged(items: Iterable[tuple[int, int]], today: date) -> list[int]:
    """Amounts by class, of (due day, amount)."""
    sums = [0] * len(CLASSES)
    for due_on, amount in items:
        days = days_overdue(due_on, today)
        place = next(place for place, last in enumerate(CLASSES) if days <= last)
        sums[place] += amount
    return sums
