"""What money settles when a part of it is coins, which cannot pay every sum.

Decisions
---------
2026-11-30  A payment is rounded once, where it ends what it is for: all that is open of the invoices that
were named, or all that is open where none was.  Its coins then pay the nearest that they can of what card,
M-Pesa and bank leave.  A part settles what was received and not a cent else, whatever sum was meant: ten
parts of 10.60 on 106.00 are nine of 11.00 and one of 7.00.  What is not our cash is never rounded.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from pos_app.ledger.money import round_to_cash
from pos_app.ledger.settlement import Allocation, Open, base_of


class Settles(NamedTuple):
    """What money settles, and what its coins are more than that; in minor units."""

    amount: int
    rounding: int


def settled_by(received: int, coins: int, owed: int, step: int, *, all_meant: bool = False) -> Settles:
    """What `received` settles of what is `owed`, all in minor units.

    `coins` is what of it is cash of ours, less the change; `step` the smallest coin.  With `all_meant` the
    person said that all is paid, so that a rest which no coin pays ends without one.
    """
    exact = received - coins
    may_end = owed > 0 and received >= 0 and (coins != 0 or all_meant)
    if may_end and received == exact + round_to_cash(owed - exact, step):
        return Settles(owed, received - owed)
    return Settles(received, 0)


def in_coins(allocations: Iterable[Allocation], opens: Sequence[Open], total: int) -> tuple[Allocation, ...]:
    """The allocations that somebody chose, when coins settle `total` of them instead of what was meant.

    Less lowers the last ones, more takes what is open beyond the amounts that were named; what then is left
    is not allocated.
    """
    chosen = tuple(allocations)
    found = {(one.invoice_id, one.due_on, one.business_id): one for one in opens}
    left, amounts = total, []
    for one in chosen:
        amounts.append(min(one.amount, left))
        left -= amounts[-1]
    for at, one in enumerate(chosen):
        more = min(left, found[one.invoice_id, one.due_on, one.business_id].amount - amounts[at])
        amounts[at] += more
        left -= more
    made = []
    for one, amount in zip(chosen, amounts, strict=True):
        item = found[one.invoice_id, one.due_on, one.business_id]
        if amount > 0:
            base = base_of(amount, item.amount, item.base_amount)
            made.append(replace(one, amount=amount, base_amount=base))
    return tuple(made)
