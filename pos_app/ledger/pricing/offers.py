"""What promotions take off the lines of a basket: of each line the best one, and which that is.

Decisions
---------
2026-11-30  The customer gets the best promotion of a line, never two on top of each other: what stands on the
shelf is what is taken off, and nobody has to know the order in which percents are reckoned.  Of promotions
that span lines, the one that takes most off beyond what its lines would get by themselves comes first; then
the next, of the lines that are left.  Two that take off the same: the one that was entered first.

2026-11-30  Promotions take off what the lists say, and nothing off what is agreed with a customer, unless the
promotion says that it does: who has a contract was given theirs.  Nor do they touch a price that a person
set, a deposit or a voucher.

2026-11-30  Of "three for two" the pieces are laid in a row, the dearest first, and of each three the cheapest
is free, which is what a customer gets who pays three times.  Only whole pieces count.  What comes back is
lowered by a percent or an amount of today, as it would be charged today, and by nothing that spans lines.

2026-11-30  A line that is paid so that another one is free counts once: it is left for no other promotion
that spans lines, though nothing is off it.  Else the two that were paid of "two for one" would make two for
one again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pos_app.ledger.money import divide_half_up
from pos_app.ledger.price import Price, fine_parts
from pos_app.ledger.pricing.hours import is_within
from pos_app.ledger.pricing.listed import Listed, Wanted
from pos_app.ledger.pricing.rules import OF_A_LINE, Asker, Level, OfferKind, Promotion, Rules
from pos_app.ledger.quantity import ONE, extend
from pos_app.ledger.tax import WHOLE_BP

_ALL_DAY: Final = (0, 0)


class Line(NamedTuple):
    """A line that something may be taken off: its place in the basket, and its price by the lists."""

    place: int
    product_id: int
    quantity: int
    price: Price
    by_contract: bool


class Offer(NamedTuple):
    """What a promotion takes off a line, in minor units; negative of what comes back."""

    promotion: Promotion
    discount: int


def offers(
    rules: Rules, asker: Asker, wanted: Sequence[Wanted], prices: Sequence[Listed]
) -> Mapping[int, Offer]:
    """The promotion of each line (by its place) that has one."""
    if not rules.promotions:
        return {}
    lines = [
        Line(place, one.product_id, one.quantity, listed.price, listed.level is Level.CONTRACT)
        for place, (one, listed) in enumerate(zip(wanted, prices, strict=True))
        if not one.fixed and one.product_id in rules.promotions
    ]
    held = _held(rules, asker, lines)
    if not held:
        return {}
    best = _of_lines([one for one in held if one.kind in OF_A_LINE], lines)
    spanning = [one for one in held if one.kind not in OF_A_LINE]
    left = [line for line in lines if line.quantity > 0]
    found: dict[int, Offer] = {}
    while spanning and left:
        tried = [(_gain(taken, best), one, taken) for one in spanning if (taken := taken_off(one, left))]
        gain, promotion, taken = max(
            tried, key=lambda one: (one[0], -one[1].promotion_id), default=(0, spanning[0], {})
        )
        if gain <= 0:
            break
        found |= {place: Offer(promotion, discount) for place, discount in taken.items() if discount}
        left = [line for line in left if line.place not in taken]
    return {**best, **found}


def _held(rules: Rules, asker: Asker, lines: Iterable[Line]) -> list[Promotion]:
    """The promotions that hold here now, of any of the lines, in the order in which they were entered."""
    known = {one.promotion_id: one for line in lines for one in rules.promotions[line.product_id]}
    return [known[key] for key in sorted(known) if holds(known[key], asker)]


def holds(promotion: Promotion, asker: Asker) -> bool:
    """Whether a promotion is for whoever asks, here and now."""
    return (
        promotion.from_us <= asker.at_us < promotion.to_us
        and promotion.depot_id in (0, asker.depot_id)
        and (promotion.group_id == 0 or promotion.group_id in asker.groups)
        and in_hours(promotion, asker)
    )


def in_hours(promotion: Promotion, asker: Asker) -> bool:
    """Whether it holds on this day of the week and at this hour."""
    hours = promotion.from_minute, promotion.to_minute
    if not promotion.days and hours == _ALL_DAY:
        return True
    return is_within(asker.at_us, asker.time_zone, promotion.days, hours)


def _reached(promotion: Promotion, lines: Iterable[Line]) -> list[Line]:
    """The lines that a promotion may touch."""
    return [
        line
        for line in lines
        if line.product_id in promotion.products and (promotion.on_contracts or not line.by_contract)
    ]


def _of_lines(promotions: Sequence[Promotion], lines: Sequence[Line]) -> dict[int, Offer]:
    found: dict[int, Offer] = {}
    for promotion in promotions:
        for line in _reached(promotion, lines):
            discount = off_line(promotion, line)
            if abs(discount) > (abs(found[line.place].discount) if line.place in found else 0):
                found[line.place] = Offer(promotion, discount)
    return found


def off_line(promotion: Promotion, line: Line) -> int:
    """What a per cent or an amount takes off one line, in minor units."""
    if promotion.kind is OfferKind.PERCENT:
        return divide_half_up(extend(line.price, line.quantity) * promotion.percent_bp, WHOLE_BP)
    return extend(min(promotion.amount, line.price), line.quantity)


def _gain(taken: Mapping[int, int], best: Mapping[int, Offer]) -> int:
    """What is off beyond what the lines would get by themselves; of a line that is paid nothing goes."""
    return sum(off - (best[place].discount if place in best else 0) for place, off in taken.items() if off)


def taken_off(promotion: Promotion, lines: Sequence[Line]) -> dict[int, int]:
    """What a promotion takes off lines that go out, by place, 0 of those that are paid so that others are
    free; nothing of those that it does not touch.
    """
    reached = _reached(promotion, lines)
    if promotion.kind in OF_A_LINE:
        return {line.place: off for line in reached if (off := off_line(promotion, line))}
    if promotion.kind is OfferKind.N_FOR_M:
        return _free_pieces(promotion, reached)
    return _bundled(promotion, reached)


def _free_pieces(promotion: Promotion, lines: Sequence[Line]) -> dict[int, int]:
    """Of each `take` pieces, the dearest first, the last ones beyond `pay` are free."""
    take, pay = promotion.take, promotion.pay
    row = sorted(lines, key=lambda line: (-fine_parts(line.price), line.place))
    pieces = [line.quantity // ONE for line in row]
    whole = sum(pieces) // take * take

    def free_before(place: int) -> int:
        groups, rest = divmod(min(place, whole), take)
        return groups * (take - pay) + max(0, rest - pay)

    ends = [0]
    for count in pieces:
        ends.append(ends[-1] + count)
    return {
        line.place: extend(line.price, (free_before(end) - free_before(start)) * ONE)
        for line, (start, end) in zip(row, pairwise(ends), strict=True)
        if start < min(end, whole)
    }


def _bundled(promotion: Promotion, lines: Sequence[Line]) -> dict[int, int]:
    """As many whole bundles as the lines hold, each at its price, shared over what is in them."""
    held: dict[int, int] = dict.fromkeys(promotion.products, 0)
    for line in lines:
        held[line.product_id] += line.quantity
    bundles = min(held[key] // each for key, each in promotion.products.items())
    if not bundles:
        return {}
    parts = list(_parts(lines, {key: bundles * each for key, each in promotion.products.items()}))
    worth = sum(part for _, part in parts)
    off = worth - extend(promotion.amount, bundles * ONE)
    if off <= 0:
        return {}
    found, up_to, given = {}, 0, 0
    for place, part in parts:
        # By cumulative rounding: the shares add up to what is off, and none exceeds its part.
        up_to += part
        so_far = divide_half_up(off * up_to, worth)
        found[place], given = so_far - given, so_far
    return found


def _parts(lines: Sequence[Line], needed: dict[int, int]) -> Iterator[tuple[int, int]]:
    """What the bundled part of each line costs, the first lines first."""
    for line in lines:
        part = min(line.quantity, needed[line.product_id])
        if part:
            needed[line.product_id] -= part
            yield line.place, extend(line.price, part)
