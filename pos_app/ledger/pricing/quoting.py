"""What a basket costs whoever buys it, here and now: the one answer of till, office and judge."""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.ledger.price import Price
from pos_app.ledger.pricing.listed import Listed, Lists, Wanted, listed, lists_for, totals_of
from pos_app.ledger.pricing.offers import Offer, offers
from pos_app.ledger.pricing.rules import Asker, Level, Rules
from pos_app.ledger.quantity import extend


class Quote(NamedTuple):
    """What a line costs: a unit by the lists, what a promotion takes off the line, in minor units, and
    what that is called.
    """

    listed: Listed
    discount: int = 0
    promotion_id: int | None = None
    promotion: str = ""

    @property
    def price(self) -> Price:
        """What one unit costs this customer by the lists, in minor units."""
        return self.listed.price

    @property
    def level(self) -> Level:
        """Whose price it is."""
        return self.listed.level

    def comes_to(self, quantity: int) -> int:
        """What so much costs, in minor units."""
        return extend(self.listed.price, quantity) - self.discount


def quote(rules: Rules, asker: Asker, basket: Sequence[Wanted]) -> list[Quote]:
    """What each line of a basket costs whoever asks, at their place and moment.

    The same rules, asker and basket give the same answer wherever it is asked.
    """
    lists = lists_for(rules, asker)
    prices = unit_prices(rules, asker, lists, basket)
    if not rules.promotions:
        return [Quote(one) for one in prices]
    found = offers(rules, asker, basket, prices)
    return [_quoted(one, found.get(place)) for place, one in enumerate(prices)]


def quote_one(rules: Rules, asker: Asker, wanted: Wanted) -> Quote:
    """What a product costs that nothing else is bought beside."""
    return quote(rules, asker, (wanted,))[0]


def unit_prices(rules: Rules, asker: Asker, lists: Sequence[Lists], basket: Sequence[Wanted]) -> list[Listed]:
    """What a unit of each line costs by the lists, before promotions."""
    if not lists:
        return [listed(rules, lists, asker.at_us, one, 0) for one in basket]
    of_all = totals_of(basket)
    return [
        listed(rules, lists, asker.at_us, one, of_all[one.product_id, one.quantity < 0]) for one in basket
    ]


def _quoted(price: Listed, offer: Offer | None) -> Quote:
    if offer is None:
        return Quote(price)
    return Quote(price, offer.discount, offer.promotion.promotion_id, offer.promotion.name)
