"""Loyalty: how many points a programme gives for a sale, and how many go when the goods come back.  Pure.

Points are money that we owe: each is worth so many minor units, and what a document gives is booked with it.

Decisions
---------
2026-12-01  IFRS 15 (B39 to B43) calls points that customers may pay with an option that is a performance
obligation of its own: a part of the price is revenue only once they are redeemed.  It wants that part by
relative stand-alone prices and the share that is never redeemed.  A shop has no figures for either; so what
the points can pay, all of it, is taken off revenue when they are given (account role `points_given`, among
the income) and owed to the customer (`points`).  That owes rather too much than too little, and needs no
estimate.  Tax is on the whole price when they are given and when they pay: a tender lowers no price.

2026-12-01  What is owed is kept in money, under the customer's own key.  How many points it is follows from
what a point is worth, rounded down.  All programmes that run give a point the same worth, and no edit
changes it: nobody's points get less by a stroke of the pen.

2026-12-01  Points come of what was paid for goods: discounts taken off, tax within, without deposits and
vouchers (which are no sale), and without what points paid.  Rounded down once, over the whole receipt.  Of
two programmes a customer gets the better one.  A tier is reached by the points of a calendar year, of the
shop's own days, and holds until the end of the year after.

2026-12-01  When goods come back, as many points go as are the goods' part of the receipt, up to here, less
what went before: in however many refunds all of them go with the last piece.  They go although they were
spent: the balance then lies below nothing, and what is earned next fills it.

2026-12-01  Goods that come back without their receipt take no points and give none back: nothing says which
points they gave, or whether points paid for them.  Who names the receipt has both put right; for whom it is
gone, points are given or taken by hand, with a reason (`bohari loyalty adjust`).
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine, Tender, TenderKind
from pos_app.ledger.line_parts import Gone
from pos_app.ledger.pricing.rules import ENDLESS_US
from pos_app.ledger.tax import NO_SALE

#: A tier gives so many per cent of the points: 100 is what everybody gets.
PLAIN_PERCENT: Final = 100
MOST_PERCENT: Final = 1_000
MOST_POINTS: Final = 10**9
_MOST_TIERS: Final = 9


class Tier(NamedTuple):
    """Who earned `from_points` in a year gets so many per cent of what everybody gets."""

    name: str
    from_points: int
    percent: int


class Programme(NamedTuple):
    """`points` for every `per_amount` minor units that were paid; a point pays `worth` minor units.

    It holds from `from_us` to `to_us` (microseconds since 1970), for everybody or a group (0: everybody).
    """

    programme_id: int
    code: str
    name: str
    points: int
    per_amount: int
    worth: int
    group_id: int = 0
    tiers: tuple[Tier, ...] = ()
    from_us: int = 0
    to_us: int = ENDLESS_US

    def tier(self, earned: int) -> Tier:
        """The tier of who earned so many points in a year."""
        reached = [one for one in self.tiers if one.from_points <= earned]
        return max(reached, key=lambda one: one.from_points) if reached else NO_TIER

    def of(self, paid: int, percent: int = PLAIN_PERCENT) -> int:
        """The points for so many minor units."""
        return max(paid, 0) * self.points * percent // (self.per_amount * PLAIN_PERCENT)


NO_TIER: Final = Tier("", 0, PLAIN_PERCENT)


def tiers_of(text: str) -> tuple[Tier, ...]:
    """The tiers that are written "Silver 500 120; Gold 2000 150": name, points in a year, per cent.

    Raises `Refused` for what cannot be read, and for a higher tier that gives no more.
    """
    tiers = [_tier(one) for one in text.split(";") if one.strip()]
    tiers.sort(key=lambda one: one.from_points)
    names = {one.name.casefold() for one in tiers}
    steps = zip([NO_TIER, *tiers], tiers, strict=False)
    climbs = all(low.from_points < high.from_points and low.percent < high.percent for low, high in steps)
    if len(names) < len(tiers) or not climbs or len(tiers) > _MOST_TIERS:
        raise Refused("loyalty-tiers-climb")
    return tuple(tiers)


def _tier(text: str) -> Tier:
    words = text.split()
    numbers = words[-2:]
    if len(words) < 3 or not all(one.isascii() and one.isdecimal() and len(one) <= 9 for one in numbers):
        raise Refused("loyalty-tiers-unreadable", text=text.strip()[:40])
    name, from_points, percent = " ".join(words[:-2]), int(numbers[0]), int(numbers[1])
    if len(name) > 40 or percent > MOST_PERCENT:
        raise Refused("loyalty-tiers-unreadable", text=text.strip()[:40])
    return Tier(name, from_points, percent)


def tiers_text(tiers: Sequence[Tier]) -> str:
    """The tiers as `tiers_of` reads them."""
    return "; ".join(f"{one.name} {one.from_points} {one.percent}" for one in tiers)


def paid_for(lines: Iterable[GoodsLine], tenders: Iterable[Tender]) -> int:
    """What of a sale gives points, in minor units: what was paid for goods, and not by points."""
    goods = sum(line.gross for line in lines if line.tax_code not in NO_SALE)
    return goods - sum(one.amount for one in tenders if one.kind is TenderKind.POINTS)


class Offered(NamedTuple):
    """What a programme gives for a sale to this customer."""

    programme: Programme
    tier: Tier
    points: int


def best(programmes: Iterable[Programme], earned: int, paid: int) -> Offered | None:
    """The programme that gives the most for so much; None where none gives anything."""
    offers = []
    for one in programmes:
        tier = one.tier(earned)
        offers.append(Offered(one, tier, one.of(paid, tier.percent)))
    most = max(offers, key=lambda offer: (offer.points, -offer.programme.programme_id), default=None)
    return None if most is None or most.points <= 0 else most


def reaches(programme: Programme, groups: Sequence[int], at_us: int) -> bool:
    """Whether it gives points at a moment to who is in these groups."""
    is_theirs = programme.group_id == 0 or programme.group_id in groups
    return is_theirs and programme.from_us <= at_us < programme.to_us


def points_in(owed: int, worth: int) -> int:
    """How many points so much money is, rounded down; below nothing rounded down too."""
    return owed // worth if worth > 0 else 0


class Back(NamedTuple):
    """Goods of a receipt that came back, in minor units with tax, and the points that went with them."""

    gross: int
    points: int


def gone_gross(lines: Sequence[GoodsLine], gone: Iterable[tuple[int, Gone]]) -> int:
    """What came back of the lines that gave points, by their index; in minor units with tax."""
    return sum(one.net + one.tax for index, one in gone if 0 <= index < len(lines) and _gives(lines[index]))


def taken_back(lines: Sequence[GoodsLine], points: int, before: Back, now: int) -> int:
    """How many of a sale's points go with goods of `now` minor units, after what came back `before`."""
    whole = sum(line.gross for line in lines if _gives(line))
    if whole <= 0:
        return 0
    return max(points * min(before.gross + now, whole) // whole - before.points, 0)


def share_of(lines: Sequence[GoodsLine], points: int, back: Iterable[GoodsLine]) -> int:
    """How many of a sale's points are the part of goods that come back, whatever came back before."""
    whole = sum(line.gross for line in lines if _gives(line))
    if whole <= 0:
        return 0
    named = [(line.origin_line, line) for line in back if line.origin_line is not None]
    now = gone_gross(lines, [(index, Gone(0, line.net, line.tax)) for index, line in named])
    return points * min(now, whole) // whole


def _gives(line: GoodsLine) -> bool:
    return line.quantity > 0 and line.tax_code not in NO_SALE
