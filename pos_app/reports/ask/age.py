"""How old what is open is: days beyond the due date, in the classes that accountants use."""

from collections.abc import Iterable
from datetime import date
from typing import Final

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


def aged(items: Iterable[tuple[int, int]], today: date) -> list[int]:
    """Amounts by class, of (due day, amount)."""
    sums = [0] * len(CLASSES)
    for due_on, amount in items:
        days = days_overdue(due_on, today)
        place = next(place for place, last in enumerate(CLASSES) if days <= last)
        sums[place] += amount
    return sums
