"""Owns the amounts that a customer is likely to hand over for what is due."""

from pos_app.ledger.currency import Currency

#: A note below this part of what is due does not make a likely sum of its own.
_SHARE = 15
_MOST = 4


def quick_amounts(due: int, currency: Currency) -> list[int]:
    """What is due, and up to three round sums above it, in minor units."""
    if due <= 0:
        return []
    notes = currency.denominations()
    steps = {note for note in notes if _leads_with(note) in (1, 2, 5)}
    bundle = notes[0]
    while bundle <= due:
        steps |= {bundle * 2, bundle * 5, bundle * 10}
        bundle *= 10
    found = {-(-due // step) * step for step in steps if step * _SHARE >= due}
    return [due, *sorted(found - {due})[: _MOST - 1]]


def _leads_with(amount: int) -> int:
    return int(str(amount)[0])
