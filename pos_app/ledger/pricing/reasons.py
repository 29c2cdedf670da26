"""Why a line of a basket costs what it costs: the steps of the answer, each a sentence with its facts."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from pos_app.language import Sentence, kept_code, said
from pos_app.ledger.currency import Currency
from pos_app.ledger.money import grouped_text
from pos_app.ledger.pack import Packed
from pos_app.ledger.price import price_text
from pos_app.ledger.pricing.listed import Listed, Wanted, candidates, lists_for, totals_of
from pos_app.ledger.pricing.offers import Line, holds, taken_off
from pos_app.ledger.pricing.quoting import Quote, quote
from pos_app.ledger.pricing.rules import Asker, Level, Promotion, Rules
from pos_app.ledger.quantity import extend, quantity_text

_SAYS: Final = {
    Level.CONTRACT: kept_code("price-by-contract", "price"),
    Level.CUSTOMER: kept_code("price-by-customer-list", "list", "price", "since"),
    Level.GROUP: kept_code("price-by-group-list", "list", "price", "since"),
    Level.DEPOT: kept_code("price-by-depot-list", "list", "price", "since"),
    Level.EVERYBODY: kept_code("price-by-list", "list", "price", "since"),
    Level.BASE: kept_code("price-by-product", "price"),
}


#: So long after its end a promotion is still told of: a week.
_LONG_OVER_US: Final = 7 * 24 * 3_600_000_000


class Words(NamedTuple):
    """How money and moments (microseconds since 1970) are written."""

    money: Currency
    moment: Callable[[int], str]


class _Case(NamedTuple):
    """What is asked."""

    rules: Rules
    asker: Asker
    basket: Sequence[Wanted]


def reasons(
    rules: Rules, asker: Asker, basket: Sequence[Wanted], place: int, words: Words
) -> tuple[Quote, list[Sentence]]:
    """The answer for the line at a place of the basket, and the steps to it, in their order."""
    found = quote(rules, asker, basket)
    steps = [
        *_by_lists(rules, asker, basket, place, words),
        *_by_promotions(_Case(rules, asker, basket), found, place, words),
    ]
    line, wanted = found[place], basket[place]
    total = grouped_text(line.comes_to(wanted.quantity), words.money)
    steps.append(said("price-comes-to", quantity=quantity_text(wanted.quantity), total=total))
    return line, steps


def _by_lists(
    rules: Rules, asker: Asker, basket: Sequence[Wanted], place: int, words: Words
) -> Iterator[Sentence]:
    wanted = basket[place]
    of_all = totals_of(basket)[wanted.product_id, wanted.quantity < 0]
    lists = lists_for(rules, asker)
    first, *others = sorted(candidates(rules, lists, asker.at_us, wanted, of_all), key=Listed.rank)
    yield _says(rules, first, words, wanted.packed)
    if first.from_quantity:
        yield said("price-break-reached", quantity=quantity_text(first.from_quantity))
    for one in others:
        yield said("price-passed-over", reason=_says(rules, one, words, wanted.packed))


def _says(rules: Rules, listed: Listed, words: Words, packed: Packed | None) -> Sentence:
    price = price_text(listed.price, words.money)
    if packed is not None and listed.level is Level.BASE:
        whole = grouped_text(extend(listed.price, packed.size), words.money)
        size = quantity_text(packed.size)
        return said("price-by-pack", pack=packed.word, size=size, whole=whole, price=price)
    known = rules.lists.get(listed.list_id)
    if known is None:
        return said(_SAYS[listed.level], price=price)
    code = kept_code("price-by-contract-list", "list", "price", "since")
    if listed.level is not Level.CONTRACT:
        code = _SAYS[listed.level]
    return said(code, list=known.code, price=price, since=words.moment(listed.since_us))


def _by_promotions(case: _Case, quotes: Sequence[Quote], place: int, words: Words) -> Iterator[Sentence]:
    rules, asker, basket = case
    wanted, line = basket[place], quotes[place]
    known = rules.promotions.get(wanted.product_id, ())
    for promotion in known:
        if not holds(promotion, asker):
            yield from _why_not(promotion, asker, words)
        elif promotion.promotion_id == line.promotion_id:
            off = grouped_text(line.discount, words.money)
            yield said("price-promotion-takes-off", promotion=promotion.name, off=off)
        elif wanted.fixed:
            yield said("price-promotion-not-on-fixed", promotion=promotion.name)
        elif line.level is Level.CONTRACT and not promotion.on_contracts:
            yield said("price-promotion-not-on-contract", promotion=promotion.name)
        else:
            would = grouped_text(_alone(promotion, basket, quotes).get(place, 0), words.money)
            yield said("price-promotion-not-best", promotion=promotion.name, off=would)


def _why_not(promotion: Promotion, asker: Asker, words: Words) -> Iterator[Sentence]:
    """Why a promotion that names the product does not hold here now; nothing of one that is long over."""
    name = promotion.name
    if promotion.to_us <= max(asker.at_us - _LONG_OVER_US, promotion.from_us):
        return
    if promotion.to_us <= asker.at_us:
        yield said("price-promotion-over", promotion=name, moment=words.moment(promotion.to_us))
    elif asker.at_us < promotion.from_us:
        yield said("price-promotion-later", promotion=name, moment=words.moment(promotion.from_us))
    elif promotion.depot_id not in (0, asker.depot_id):
        yield said("price-promotion-elsewhere", promotion=name)
    elif promotion.group_id and promotion.group_id not in asker.groups:
        yield said("price-promotion-for-others", promotion=name)
    else:
        yield said("price-promotion-other-hours", promotion=name)


def _alone(promotion: Promotion, basket: Sequence[Wanted], quotes: Sequence[Quote]) -> dict[int, int]:
    """What a promotion would take off each line if it were the only one."""
    lines = [
        Line(place, one.product_id, one.quantity, line.price, line.level is Level.CONTRACT)
        for place, (one, line) in enumerate(zip(basket, quotes, strict=True))
        if not one.fixed and one.quantity > 0
    ]
    return taken_off(promotion, lines)
