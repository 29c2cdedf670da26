"""Which way money goes back: what came by each, what of that went back, and what is left to go by it.

Amounts are in minor units of the receipt's currency.

Decisions
---------
2026-11-29  What came by M-Pesa goes back by M-Pesa, with the code of the message that sends it; by bank or
card the same way; what was put on the account goes back to the account.  So the drawer falls by cash alone,
and nobody takes cash out of a shop for money that somebody else sent it.  No way brings back more than came
by it, over however many refunds; where several came, a refund takes the one that the person chose as far as
it goes, then the others, and cash last.

2026-11-29  Cash for what came by M-Pesa, bank or card is possible, for a customer may have no telephone with
them: it needs who may take cash out of the drawer, and the refund says how much of it that was.  What was put
on the account was never paid, so it never comes back as cash; a customer who has paid it since is paid out of
what then stands to their credit.

2026-11-29  A receipt that was paid in dollars goes back in our own money, at what the dollars settled: the
drawer gave its change in that, and no rate of today makes a customer richer or poorer by a return.

2026-11-29  What was paid by voucher goes back onto that voucher.

2026-12-01  What was paid with points becomes points again, and never cash.

2026-12-01  What was paid out of a deposit goes back onto it.  No cheque is written at a counter: what came by
one goes back as cash that somebody allows, for it may not have been honoured yet, or to the account.

2026-11-29  Change of an M-Pesa message came out of the drawer: it lowers what came by M-Pesa, not the cash.

2026-11-29  A void is no way back: it says that the document never was, and its code is free for the one that
takes its place.  Money that really goes back is a refund.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pos_app.ledger.line import TenderKind
from pos_app.ledger.trade import Sale

#: In which order what was not chosen goes back; cash is last.
_ORDER: Final = (
    TenderKind.ACCOUNT,
    TenderKind.VOUCHER,
    TenderKind.POINTS,
    TenderKind.DEPOSIT,
    TenderKind.CARD,
    TenderKind.BANK,
    TenderKind.MPESA,
)
#: What goes back to where it came from and never as cash.
_STAYING: Final = frozenset({TenderKind.ACCOUNT, TenderKind.POINTS, TenderKind.DEPOSIT})
#: Whose money gives change, in the order in which it gave it.
_GAVE_CHANGE: Final = (TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK)


class Purse(NamedTuple):
    """Where money came to: a way, and the account; of M-Pesa each business may have its own.

    Of a voucher `account` is its number, empty where it had none: then nothing goes back to it, as
    nothing does to a cheque.
    """

    kind: TenderKind
    account: str


def purse_of(kind: TenderKind, account: str, reference: str) -> Purse:
    """The purse of a tender."""
    if kind is TenderKind.CHEQUE:
        return Purse(kind, "")
    return Purse(kind, reference if kind is TenderKind.VOUCHER else account)


ByPurse = Mapping[Purse, int]


class Part(NamedTuple):
    """What goes back out of one purse."""

    purse: Purse
    amount: int


def came_by(sale: Sale) -> dict[Purse, int]:
    """What was paid of a receipt by each way, change taken off."""
    came: dict[Purse, int] = {}
    for tender in sale.tenders:
        purse = purse_of(tender.kind, tender.account, tender.reference if tender.chit else "")
        came[purse] = came.get(purse, 0) + tender.amount
    change = 0 if sale.change is None else sale.change.amount
    for purse in sorted(came, key=lambda one: one.kind is not TenderKind.CASH):
        if purse.kind in _GAVE_CHANGE:
            off = min(change, came[purse])
            came[purse] -= off
            change -= off
    # What was taken back over the counter with it paid as cash would have.
    swapped = -sum(line.gross for line in sale.lines if line.quantity < 0)
    if swapped:
        counter = Purse(TenderKind.CASH, "")
        came[counter] = came.get(counter, 0) + swapped
    return came


def left_by(came: ByPurse, gone: ByPurse) -> dict[Purse, int]:
    """What can still go back out of each; cash is cash, whichever drawer it came to."""
    left = {
        purse: max(amount - gone.get(purse, 0), 0)
        for purse, amount in came.items()
        if purse.kind is not TenderKind.CASH
    }
    cash = _of(came, TenderKind.CASH) - _of(gone, TenderKind.CASH)
    return left | {Purse(TenderKind.CASH, ""): max(cash, 0)}


def open_ways(left: ByPurse, *, has_party: bool) -> tuple[TenderKind, ...]:
    """The ways that a person may choose, the one to propose first.

    Cash stands for what any way but account and voucher brought; a customer may have it on their account.
    """
    named = {purse: amount for purse, amount in left.items() if purse.account}
    ways = [kind for kind in _ORDER if _of(named, kind)]
    if most_cash(left):
        ways.append(TenderKind.CASH)
    if has_party and not (_STAYING | {TenderKind.VOUCHER}) & set(ways):
        ways.append(TenderKind.ACCOUNT)
    return tuple(ways)


def exact_parts(left: ByPurse, goods: int, first: TenderKind) -> list[Part]:
    """What of goods that cost so much goes back without coins: by the way chosen, then by the others."""
    parts: list[Part] = []
    order = (first, *(kind for kind in _ORDER if kind is not first))
    for purse in sorted(left, key=lambda one: order.index(one.kind) if one.kind in order else len(order)):
        amount = min(left[purse], goods)
        if amount > 0 and purse.account and purse.kind is not TenderKind.CASH:
            parts.append(Part(purse, amount))
            goods -= amount
    return parts


def cash_instead(left: ByPurse, coins: int) -> int:
    """How much of so many coins goes back for what came otherwise."""
    return max(coins - _of(left, TenderKind.CASH), 0)


def most_cash(left: ByPurse) -> int:
    """How much can go back in cash at most.

    What was put on the account was never paid; neither a voucher nor points nor a deposit are paid out here.
    """
    return sum(amount for purse, amount in left.items() if not _stays(purse))


def _stays(purse: Purse) -> bool:
    if purse.kind is TenderKind.VOUCHER:
        return purse.account != ""
    return purse.kind in _STAYING


def _of(amounts: ByPurse, kind: TenderKind) -> int:
    return sum(amount for purse, amount in amounts.items() if purse.kind is kind)
