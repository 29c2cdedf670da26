"""The price of one unit by the lists: whose list comes first, and which of two that say different.

Decisions
---------
2026-11-30  What is agreed with a customer comes before the customer's list, that before a list of a group of
theirs, that before the depot's, that before everybody's, that before what the product itself says.  The
nearest that says anything of the product counts, also where it is dearer: what was agreed on is not beaten by
an offer to others, and a depot on an island may be dearer.  (ERPNext asks for a priority in each rule and
refuses the sale where two are alike; Odoo takes the first in an order that people drag.  Neither can be told
from looking at a price.)

2026-11-30  Two lists of one level that say different: the one that began to hold for this customer later, for
whoever put it knew the other; of two that began in one moment the lower price, which is what a customer would
hold out to us.  `bohari explain price` names what was passed over.

2026-11-30  A quantity break counts all of a product that goes out in one basket, whatever the lines; goods
that come back count for themselves.  A list that begins at ten says nothing to who takes nine.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pos_app.ledger.pack import Packed
from pos_app.ledger.price import Price
from pos_app.ledger.pricing.rules import LEVEL_OF, Asker, Level, Rules, ScopeKind


class Wanted(NamedTuple):
    """So much of a product, in thousandths (negative: it comes back), as a line of a basket.

    `base` is what the product itself says, `agreed` the customer's rate for it, where there is one.  Of a
    `fixed` line somebody set the price, or nothing may be taken off it: it counts for breaks alone.
    Of goods that go in packs with a price of their own (`packed`), `base` is what a unit costs in them.
    """

    product_id: int
    quantity: int
    base: Price
    agreed: Price | None = None
    fixed: bool = False
    packed: Packed | None = None


class Listed(NamedTuple):
    """The price of one unit, and where it comes from: `since_us` is when it began to hold for this customer,
    `list_id` 0 where it is no list's, `from_quantity` the break, in thousandths.
    """

    level: Level
    since_us: int
    price: Price
    list_id: int = 0
    from_quantity: int = 0

    def rank(self) -> tuple[Level, int, Price, int]:
        """What comes first of two that say something of a product."""
        return self.level, -self.since_us, self.price, self.list_id


class Lists(NamedTuple):
    """A list that is for whoever asks, how near it is, and since when it is for them."""

    level: Level
    list_id: int
    since_us: int


def lists_for(rules: Rules, asker: Asker) -> list[Lists]:
    """The lists that are for whoever asks, now."""
    if not rules.scopes:
        return []
    found = []
    for kind, of_id in _scopes_of(asker):
        for list_id, from_us, to_us in rules.scopes.get((kind, of_id), ()):
            if from_us <= asker.at_us < to_us:
                known = rules.lists.get(list_id)
                if known is not None:
                    level = Level.CONTRACT if known.is_contract else LEVEL_OF[kind]
                    found.append(Lists(level, list_id, from_us))
    return found


def _scopes_of(asker: Asker) -> Iterator[tuple[ScopeKind, int]]:
    if asker.party_id is not None:
        yield ScopeKind.CUSTOMER, asker.party_id
        for group_id in asker.groups:
            yield ScopeKind.GROUP, group_id
    yield ScopeKind.DEPOT, asker.depot_id
    yield ScopeKind.EVERYBODY, 0


def scopes_of(asker: Asker) -> list[tuple[ScopeKind, int]]:
    """Under what lists are found that may be for whoever asks."""
    return list(_scopes_of(asker))


def candidates(
    rules: Rules, lists: Sequence[Lists], at_us: int, wanted: Wanted, of_all: int
) -> Iterator[Listed]:
    """Everything that says what a unit costs; `of_all` is how much of the product the basket holds."""
    if wanted.agreed is not None:
        yield Listed(Level.CONTRACT, 0, wanted.agreed)
    known = rules.items.get(wanted.product_id) if lists else None
    if known:
        for level, list_id, since_us in lists:
            for item in known.get(list_id, ()):
                if item.from_quantity <= of_all and item.from_us <= at_us < item.to_us:
                    began = max(since_us, item.from_us)
                    yield Listed(level, began, item.price, list_id, item.from_quantity)
                    break
    yield Listed(Level.BASE, 0, wanted.base)


def listed(rules: Rules, lists: Sequence[Lists], at_us: int, wanted: Wanted, of_all: int) -> Listed:
    """What a unit costs whoever the lists are for, before promotions."""
    if not lists or wanted.product_id not in rules.items:
        if wanted.agreed is not None:
            return Listed(Level.CONTRACT, 0, wanted.agreed)
        return Listed(Level.BASE, 0, wanted.base)
    return min(candidates(rules, lists, at_us, wanted, of_all), key=Listed.rank)


def totals_of(wanted: Sequence[Wanted]) -> dict[tuple[int, bool], int]:
    """How much of each product goes out, and how much comes back, in thousandths, without a sign."""
    found: dict[tuple[int, bool], int] = {}
    for one in wanted:
        key = one.product_id, one.quantity < 0
        found[key] = found.get(key, 0) + abs(one.quantity)
    return found
