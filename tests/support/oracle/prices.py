"""What a basket costs, reckoned anew from the words of the rules: slowly, piece by piece, with fractions.

Knows the shapes of the rules and nothing of how the program reads them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from fractions import Fraction
from itertools import count
from zoneinfo import ZoneInfo

from pos_app.ledger.pricing.listed import Wanted
from pos_app.ledger.pricing.rules import Asker, OfferKind, Promotion, Rules, ScopeKind

Answer = tuple[Fraction, int, int | None]


def rounded(amount: Fraction) -> int:
    """Half away from zero."""
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole


def unit_price(rules: Rules, asker: Asker, basket: Sequence[Wanted], place: int) -> tuple[Fraction, bool]:
    """What a unit of a line costs by the lists, and whether by contract."""
    wanted = basket[place]
    of_all = sum(
        abs(one.quantity)
        for one in basket
        if one.product_id == wanted.product_id and (one.quantity > 0) == (wanted.quantity > 0)
    )
    says: list[tuple[int, int, Fraction, int]] = [(9, 0, Fraction(wanted.base), 0)]
    if wanted.agreed is not None:
        says.append((0, 0, Fraction(wanted.agreed), 0))
    for (kind, of_id), scopes in rules.scopes.items():
        is_for = (
            (kind is ScopeKind.EVERYBODY)
            or (kind is ScopeKind.DEPOT and of_id == asker.depot_id)
            or (kind is ScopeKind.CUSTOMER and of_id == asker.party_id)
            or (kind is ScopeKind.GROUP and asker.party_id is not None and of_id in asker.groups)
        )
        for scope in scopes:
            if not is_for or not scope.from_us <= asker.at_us < scope.to_us:
                continue
            items = [
                one
                for one in rules.items.get(wanted.product_id, {}).get(scope.list_id, ())
                if one.from_us <= asker.at_us < one.to_us and one.from_quantity <= of_all
            ]
            if not items:
                continue
            largest = max(one.from_quantity for one in items)
            latest = max(
                (one for one in items if one.from_quantity == largest), key=lambda i: (i.from_us, i.item_id)
            )
            near = {"party": 1, "group": 2, "depot": 3, "all": 4}[kind.value]
            if rules.lists[scope.list_id].is_contract:
                near = 0
            says.append((near, -max(latest.from_us, scope.from_us), Fraction(latest.price), scope.list_id))
    near, _, price, _ = min(says)
    return price, near == 0


def basket_costs(rules: Rules, asker: Asker, basket: Sequence[Wanted]) -> list[Answer]:
    """Price of a unit, what is off the line, and by which promotion, for each line."""
    units = [unit_price(rules, asker, basket, place) for place in range(len(basket))]
    known = {one.promotion_id: one for found in rules.promotions.values() for one in found}
    held = [
        one
        for _, one in sorted(known.items())
        if one.from_us <= asker.at_us < one.to_us
        and one.depot_id in {0, asker.depot_id}
        and (not one.group_id or one.group_id in asker.groups)
        and _is_its_hour(one, asker)
    ]
    alone = _by_themselves(held, basket, units)
    taken: dict[int, tuple[int, int]] = dict(alone)
    free = {place for place, one in enumerate(basket) if one.quantity > 0 and not one.fixed}
    for _ in count():
        best: tuple[int, int, dict[int, int]] | None = None
        for one in held:
            if one.kind in {OfferKind.PERCENT, OfferKind.AMOUNT}:
                continue
            off = _together(one, basket, units, free)
            gain = sum(much - alone.get(place, (0, 0))[0] for place, much in off.items() if much)
            if gain > 0 and (best is None or gain > best[0]):
                best = gain, one.promotion_id, off
        if best is None:
            break
        for place, much in best[2].items():
            if much:
                taken[place] = much, best[1]
            # Whoever was paid for another one's sake is in no second promotion.
            free.discard(place)
    return [(units[place][0], *taken.get(place, (0, None))) for place in range(len(basket))]


def _is_its_hour(one: Promotion, asker: Asker) -> bool:
    """Minute by minute of its hours, from the local midnight of the day on which they begin."""
    local = datetime.fromtimestamp(asker.at_us // 1_000_000, ZoneInfo(asker.time_zone))
    now = local.replace(second=0, microsecond=0, tzinfo=None)
    long = (one.to_minute - one.from_minute) % 1440 or 1440
    for back in (0, 1):
        began = datetime.combine(now.date() - timedelta(days=back), time()) + timedelta(
            minutes=one.from_minute
        )
        is_day = one.days == 0 or f"{one.days:07b}"[6 - began.weekday()] == "1"
        if is_day and any(began + timedelta(minutes=minute) == now for minute in range(long)):
            return True
    return False


def _may(
    one: Promotion, basket: Sequence[Wanted], units: Sequence[tuple[Fraction, bool]], place: int
) -> bool:
    return (
        not basket[place].fixed
        and basket[place].product_id in one.products
        and (one.on_contracts or not units[place][1])
    )


def _by_themselves(
    held: Sequence[Promotion], basket: Sequence[Wanted], units: Sequence[tuple[Fraction, bool]]
) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for one in held:
        for place, line in enumerate(basket):
            if not _may(one, basket, units, place):
                continue
            price = units[place][0]
            if one.kind is OfferKind.PERCENT:
                off = rounded(Fraction(rounded(price * line.quantity / 1000) * one.percent_bp, 10_000))
            elif one.kind is OfferKind.AMOUNT:
                off = rounded(min(Fraction(one.amount), price) * line.quantity / 1000)
            else:
                continue
            if abs(off) > abs(found.get(place, (0, 0))[0]):
                found[place] = off, one.promotion_id
    return found


def _together(
    one: Promotion, basket: Sequence[Wanted], units: Sequence[tuple[Fraction, bool]], free: set[int]
) -> dict[int, int]:
    places = [place for place in sorted(free) if _may(one, basket, units, place)]
    if one.kind is OfferKind.N_FOR_M:
        pieces = [
            (-units[place][0], place) for place in places for _ in range(basket[place].quantity // 1000)
        ]
        pieces.sort()
        freed: dict[int, int] = {}
        while len(pieces) >= one.take:
            group, pieces = pieces[: one.take], pieces[one.take :]
            for at, (_, place) in enumerate(group):
                freed[place] = freed.get(place, 0) + (at >= one.pay)
        return {place: rounded(units[place][0] * much) for place, much in freed.items()}
    return dict(_bundle(one, basket, units, places))


def _bundle(
    one: Promotion, basket: Sequence[Wanted], units: Sequence[tuple[Fraction, bool]], places: Sequence[int]
) -> Iterator[tuple[int, int]]:
    left = {place: basket[place].quantity for place in places}
    used: dict[int, int] = {}
    bundles = 0
    while True:
        trial, more = dict(left), dict(used)
        for product_id, each in one.products.items():
            needed = each
            for place in places:
                if basket[place].product_id == product_id:
                    take = min(trial[place], needed)
                    trial[place] -= take
                    more[place] = more.get(place, 0) + take
                    needed -= take
            if needed:
                break
        else:
            left, used, bundles = trial, more, bundles + 1
            continue
        break
    parts = [(place, rounded(units[place][0] * used[place] / 1000)) for place in places if used.get(place)]
    worth = sum(part for _, part in parts)
    off = worth - rounded(Fraction(one.amount) * bundles)
    if bundles and off > 0:
        up_to = given = 0
        for place, part in parts:
            up_to += part
            share = rounded(Fraction(off * up_to, worth)) - given
            given += share
            yield place, share
