"""What a party has with us beyond what they owe (with a vendor: we with them), and how it is drawn on.

Decisions
---------
2026-11-29  What was credited or paid on an invoice beyond what was open of it stands on its open item, below
nothing.  That is the party's money and not the invoice's: a `Settlement` takes it to another invoice, a
`PartyMoney` hands it out, and both name the item that it comes from (`credits`), which goes back towards
nothing.  So whatever brought the item there can be used, a credit note after the money as well as two tills
that each took the last instalment; and when a credit note or a payment is voided after its credit was used,
the invoice is open again by just that much.  Money that no invoice took has no item and is drawn after them.

2026-11-29  What stands on a customer's account without an invoice is paid by their credit before any of it
is free, as with money that was paid in advance.

2026-11-29  Money paid ahead without an invoice is owed by the business that it was paid to, and leaves that
one whichever till it is used at: the till's own business first, then the others with the most first, each a
`Share` of the document.  What no business is known to hold (a centre of before does not say) is the own's.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pos_app.ledger.settlement import Allocation, Open, Share, allocate, base_of


class Free(NamedTuple):
    """Money of a party that no invoice took yet, in minor units of its currency and of the base."""

    amount: int
    base_amount: int


class Drawn(NamedTuple):
    """What of a party's credit a document uses: items, the rest of the total being money without one.

    `base_amount` is what all of it was worth in base currency when it came.
    """

    items: tuple[Allocation, ...]
    base_amount: int
    shares: tuple[Share, ...] = ()


class PartyCredit(NamedTuple):
    """What there is: items with their amounts above nothing, money without an item, and the most of both.

    `lies` says which businesses hold the money without an item, in the order in which it is drawn.
    """

    items: tuple[Open, ...]
    free: Free
    most: int
    lies: tuple[Share, ...] = ()

    @property
    def amount(self) -> int:
        """How much can be drawn, in minor units."""
        return max(min(sum(one.amount for one in self.items) + self.free.amount, self.most), 0)

    def draw(self, total: int) -> Drawn:
        """So much of it (at most `amount`): the items due first first, then what has none."""
        items = allocate(total, self.items)
        rest = total - sum(one.amount for one in items)
        shares = shares_of(rest, self.lies)
        rest -= sum(one.amount for one in shares)
        base = base_of(rest, *self.free) if rest else 0
        base += sum(one.base_amount for one in items) + sum(one.base_amount for one in shares)
        return Drawn(items, base, shares)


def shares_of(amount: int, lies: Iterable[Share]) -> tuple[Share, ...]:
    """So much out of what businesses hold, in their order; less where they hold less."""
    shares = []
    for one in lies:
        taken = min(amount, one.amount)
        if taken > 0:
            base = base_of(taken, one.amount, one.base_amount)
            shares.append(Share(business_id=one.business_id, amount=taken, base_amount=base))
            amount -= taken
    return tuple(shares)


def without_items(free: Free) -> PartyCredit:
    """Money that lies on no invoice, such as a deposit."""
    return PartyCredit((), free, max(free.amount, 0))


def credit_of(below_nothing: Iterable[Open], unallocated: Free) -> PartyCredit:
    """What a party has by its items `below_nothing` (as they stand) and what lies `unallocated`.

    That is below nothing where something stands on the account without an invoice.
    """
    items = tuple(
        one._replace(amount=-one.amount, base_amount=max(-one.base_amount, 0)) for one in below_nothing
    )
    most = sum(one.amount for one in items) + unallocated.amount
    free = unallocated if unallocated.amount > 0 else Free(0, 0)
    return PartyCredit(items, free, max(most, 0))
