"""What something costs somebody here now: examples a shop would give, and any rules against a naive model."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.ledger.currency import currency
from pos_app.ledger.judging import FOREVER_US, Held
from pos_app.ledger.price import FINE, Price, of_fine_parts
from pos_app.ledger.pricing.listed import Wanted
from pos_app.ledger.pricing.quoting import Quote, quote, quote_one
from pos_app.ledger.pricing.reasons import Words, reasons
from pos_app.ledger.pricing.rules import (
    ENDLESS_US,
    Asker,
    Item,
    Level,
    OfferKind,
    PriceList,
    Promotion,
    Rules,
    Scope,
    ScopeKind,
    by_product,
    in_order,
)
from pos_app.ledger.pricing.spans import Question, contract_spans, list_spans
from pos_app.ledger.quantity import ONE
from tests.support.oracle.prices import basket_costs

GAS, SODA, BREAD = 1, 2, 3
HOTEL, HOTELS, KISUMU = 7, 4, 2
KES = currency("KES")
WORDS = Words(KES, str)


def rules(*lists: tuple[ScopeKind, int, list[Item]], promotions: tuple[Promotion, ...] = ()) -> Rules:
    """Lists of gas, numbered from 1, each for somebody since ever."""
    scopes: dict[tuple[ScopeKind, int], tuple[Scope, ...]] = {}
    for number, (kind, of_id, _) in enumerate(lists, 1):
        scopes[kind, of_id] = (*scopes.get((kind, of_id), ()), Scope(number))
    return Rules(
        {number: PriceList(number, f"L{number}", f"List {number}") for number in range(1, len(lists) + 1)},
        scopes,
        {GAS: {number: in_order(items) for number, (_, _, items) in enumerate(lists, 1)}} if lists else {},
        by_product(list(promotions)),
    )


def asked(at_us: int = 100, groups: tuple[int, ...] = (HOTELS,)) -> Asker:
    return Asker(at_us, KISUMU, HOTEL, groups)


def one(quantity: int = ONE, agreed: Price | None = None, product: int = GAS, base: Price = 1000) -> Wanted:
    return Wanted(product, quantity, base, agreed)


EVERYBODY = (ScopeKind.EVERYBODY, 0, [Item(0, 900)])
DEPOT = (ScopeKind.DEPOT, KISUMU, [Item(0, 950)])
GROUP = (ScopeKind.GROUP, HOTELS, [Item(0, 930)])
CUSTOMER = (ScopeKind.CUSTOMER, HOTEL, [Item(0, 940)])


@pytest.mark.parametrize(
    ("lists", "agreed", "price", "level"),
    [
        ((), None, 1000, Level.BASE),
        ((EVERYBODY,), None, 900, Level.EVERYBODY),
        ((EVERYBODY, DEPOT), None, 950, Level.DEPOT),
        ((EVERYBODY, DEPOT, GROUP), None, 930, Level.GROUP),
        ((EVERYBODY, DEPOT, GROUP, CUSTOMER), None, 940, Level.CUSTOMER),
        ((EVERYBODY, DEPOT, GROUP, CUSTOMER), 990, 990, Level.CONTRACT),
        ((), Decimal("26.5"), Decimal("26.5"), Level.CONTRACT),
    ],
)
def test_the_nearest_that_says_anything_counts(
    lists: tuple[tuple[ScopeKind, int, list[Item]], ...], agreed: Price | None, price: Price, level: Level
) -> None:
    found = quote_one(rules(*lists), asked(), one(agreed=agreed))
    assert (found.price, found.level) == (price, level)


def test_a_stranger_at_another_depot_pays_what_everybody_pays() -> None:
    known = rules(EVERYBODY, DEPOT, GROUP, CUSTOMER)
    assert quote_one(known, Asker(100, 99), one()).price == 900


def test_tomorrows_price_is_entered_today() -> None:
    known = rules((ScopeKind.EVERYBODY, 0, [Item(0, 900), Item(0, 800, from_us=200), Item(0, 700, 300, 400)]))
    prices = [quote_one(known, asked(at), one()).price for at in (199, 200, 299, 300, 399, 400)]
    assert prices == [900, 800, 800, 700, 700, 800]


def test_two_lists_that_say_different() -> None:
    later = rules(
        (ScopeKind.GROUP, HOTELS, [Item(0, 900, from_us=10)]),
        (ScopeKind.GROUP, 5, [Item(0, 950, from_us=20)]),
    )
    assert quote_one(later, asked(groups=(HOTELS, 5)), one()).price == 950
    at_once = rules(
        (ScopeKind.GROUP, HOTELS, [Item(0, 960, from_us=20)]),
        (ScopeKind.GROUP, 5, [Item(0, 950, from_us=20)]),
    )
    found, steps = reasons(at_once, asked(groups=(5, HOTELS)), [one()], 0, WORDS)
    assert found.price == 950
    assert [step.code for step in steps] == [
        "price-by-group-list", "price-passed-over", "price-passed-over", "price-comes-to",
    ]  # fmt: skip
    assert "L1" in steps[1]


def test_a_break_counts_the_basket() -> None:
    known = rules((ScopeKind.EVERYBODY, 0, [Item(0, 900), Item(10 * ONE, 800), Item(100 * ONE, 700)]))
    basket = [one(6 * ONE), one(4 * ONE), one(-20 * ONE), one(6 * ONE, product=SODA)]
    assert [line.price for line in quote(known, asked(), basket)] == [800, 800, 800, 1000]
    assert quote_one(known, asked(), one(10 * ONE - 1)).price == 900
    assert quote_one(known, asked(), one(100 * ONE)).listed.from_quantity == 100 * ONE


def test_a_list_that_begins_at_ten_says_nothing_to_who_takes_nine() -> None:
    known = rules(EVERYBODY, (ScopeKind.DEPOT, KISUMU, [Item(10 * ONE, 500)]))
    assert quote_one(known, asked(), one(9 * ONE)).level is Level.EVERYBODY
    assert quote_one(known, asked(), one(10 * ONE)).price == 500


def promotion(kind: OfferKind, products: dict[int, int] | None = None, **said: Any) -> Promotion:
    plain: dict[str, object] = {"promotion_id": 1, "code": "P1", "name": "Offer", **said}
    return Promotion(kind=kind, products=products or {GAS: ONE}, **plain)  # type: ignore[arg-type]


def off(found: list[Quote]) -> list[int]:
    return [line.discount for line in found]


def test_the_best_of_two_and_not_their_sum() -> None:
    known = rules(
        promotions=(
            promotion(OfferKind.PERCENT, percent_bp=1000),
            promotion(OfferKind.AMOUNT, promotion_id=2, amount=150),
        )
    )
    (line,) = quote(known, asked(), [one(2 * ONE)])
    assert (line.discount, line.promotion_id, line.comes_to(2 * ONE)) == (300, 2, 1700)
    (back,) = quote(known, asked(), [one(-2 * ONE)])
    assert back.discount == -300


def test_nothing_is_taken_off_a_contract_unless_it_says_so() -> None:
    half = promotion(OfferKind.PERCENT, percent_bp=5000)
    agreed = [one(agreed=800)]
    assert off(quote(rules(promotions=(half,)), asked(), agreed)) == [0]
    also = promotion(OfferKind.PERCENT, percent_bp=5000, on_contracts=True)
    assert off(quote(rules(promotions=(also,)), asked(), agreed)) == [400]


def test_a_promotion_begins_and_ends_at_its_moments_and_places() -> None:
    half = promotion(
        OfferKind.PERCENT, percent_bp=5000, from_us=10, to_us=20, depot_id=KISUMU, group_id=HOTELS
    )
    known = rules(promotions=(half,))
    assert [off(quote(known, asked(at), [one()])) for at in (9, 10, 19, 20)] == [[0], [500], [500], [0]]
    assert off(quote(known, asked(15, groups=()), [one()])) == [0]
    assert off(quote(known, Asker(15, 3, HOTEL, (HOTELS,)), [one()])) == [0]


FRIDAY, SATURDAY = 1 << 4, 1 << 5
#: Midnight of Friday, 2 January 1970, in Nairobi.
FRIDAY_US = (24 - 3) * 3_600_000_000


@pytest.mark.parametrize(
    ("days", "hours", "minutes"),
    [
        (FRIDAY, (0, 0), {-1: 0, 0: 100, 1439: 100, 1440: 0}),
        (0, (14 * 60, 18 * 60), {839: 0, 840: 100, 1079: 100, 1080: 0}),
        # Friday night belongs to Friday, also after midnight.
        (FRIDAY, (22 * 60, 2 * 60), {60: 0, 1319: 0, 1320: 100, 1440 + 119: 100, 1440 + 120: 0, 2 * 1440: 0}),
        (SATURDAY, (0, 6 * 60), {1439: 0, 1440: 100, 1440 + 359: 100, 1440 + 360: 0}),
    ],
)
def test_days_and_hours_are_those_of_the_shops_wall(
    days: int, hours: tuple[int, int], minutes: dict[int, int]
) -> None:
    tenth = promotion(OfferKind.PERCENT, percent_bp=1000, days=days, from_minute=hours[0], to_minute=hours[1])
    for minute, taken in minutes.items():
        asker = Asker(FRIDAY_US + minute * 60_000_000, time_zone="Africa/Nairobi")
        assert off(quote(rules(promotions=(tenth,)), asker, [one()])) == [taken], minute
        _, steps = reasons(rules(promotions=(tenth,)), asker, [one()], 0, WORDS)
        assert ("price-promotion-other-hours" in {step.code for step in steps}) is not bool(taken)


def test_it_says_why_a_promotion_is_not_on() -> None:
    asker = Asker(500, KISUMU, HOTEL, (HOTELS,))
    for why, said in {
        "price-promotion-over": {"to_us": 400},
        "price-promotion-later": {"from_us": 501},
        "price-promotion-elsewhere": {"depot_id": 9},
        "price-promotion-for-others": {"group_id": 5},
    }.items():
        _, steps = reasons(
            rules(promotions=(promotion(OfferKind.PERCENT, None, percent_bp=1000, **said),)),
            asker,
            [one()],
            0,
            WORDS,
        )
        assert why in {step.code for step in steps}
    # Of what never held, or is long over, nobody needs to hear.
    for said in ({"from_us": 450, "to_us": 450}, {"to_us": 499}):
        late = asker._replace(at_us=500 if "from_us" in said else 8 * 24 * 3_600_000_000)
        _, steps = reasons(
            rules(promotions=(promotion(OfferKind.PERCENT, None, percent_bp=1000, **said),)),
            late,
            [one()],
            0,
            WORDS,
        )
        assert len(steps) == 2


def test_three_for_two_of_the_dearest_first() -> None:
    known = rules(promotions=(promotion(OfferKind.N_FOR_M, {GAS: ONE, SODA: ONE}, take=3, pay=2),))
    basket = [one(4 * ONE), one(3 * ONE + 500, product=SODA, base=100)]
    # Gas gas gas | gas soda soda | soda: one gas and one soda are free, half a soda counts for nothing.
    assert off(quote(known, asked(), basket)) == [1000, 100]
    # Of three together the cheapest is free.
    assert off(quote(known, asked(), [one(product=SODA, base=100), one(2 * ONE)])) == [100, 0]
    assert off(quote(known, asked(), [one(2 * ONE)])) == [0]


def test_what_is_paid_for_another_ones_sake_counts_once() -> None:
    """The two that were paid of two pairs are no pair themselves."""
    two_for_one = promotion(OfferKind.N_FOR_M, dict.fromkeys(range(1, 5), ONE), take=2, pay=1)
    basket = [one(product=key, base=base) for key, base in ((1, 40), (2, 30), (3, 20), (4, 10))]
    assert off(quote(rules(promotions=(two_for_one,)), asked(), basket)) == [0, 30, 0, 10]
    # Nor do they make another promotion whole.
    bundle = promotion(OfferKind.BUNDLE, {1: ONE, 3: ONE}, promotion_id=2, amount=30)
    assert off(quote(rules(promotions=(two_for_one, bundle)), asked(), basket)) == [0, 30, 0, 10]


def test_a_bundle_is_shared_over_what_is_in_it() -> None:
    bundle = promotion(OfferKind.BUNDLE, {GAS: ONE, SODA: 2 * ONE}, amount=1000)
    basket = [one(3 * ONE), one(5 * ONE, product=SODA, base=100), one(product=BREAD)]
    assert off(quote(rules(promotions=(bundle,)), asked(), basket)) == [333, 67, 0]
    assert off(quote(rules(promotions=(bundle,)), asked(), basket[:1])) == [0]


def test_a_bundle_waits_for_what_saves_more() -> None:
    """The line's own promotion stays where the bundle would save less."""
    bundle = promotion(OfferKind.BUNDLE, {GAS: ONE, SODA: ONE}, amount=1050)
    percent = promotion(OfferKind.PERCENT, promotion_id=2, percent_bp=1000)
    basket = [one(), one(product=SODA, base=100)]
    assert off(quote(rules(promotions=(bundle, percent)), asked(), basket)) == [100, 0]
    cheaper = promotion(OfferKind.BUNDLE, {GAS: ONE, SODA: ONE}, amount=900)
    assert sum(off(quote(rules(promotions=(cheaper, percent)), asked(), basket))) == 200
    _, steps = reasons(rules(promotions=(bundle, percent)), asked(), basket, 0, WORDS)
    assert [step.code for step in steps] == [
        "price-by-product", "price-promotion-not-best", "price-promotion-takes-off", "price-comes-to",
    ]  # fmt: skip


def test_what_a_unit_cost_over_time() -> None:
    known = rules(
        (ScopeKind.EVERYBODY, 0, [Item(0, 900, 100, 300), Item(0, 800, 200), Item(5 * ONE, 1, 250)])
    )
    base = [Held(1000 * FINE), Held(990 * FINE, 150)]
    asks = Question(GAS, ONE, asked())
    assert list_spans(known, asks, base, 1_000) == [
        Held(800 * FINE), Held(900 * FINE, 200), Held(990 * FINE, 100),
    ]  # fmt: skip
    # What begins later than now held for nobody yet.
    assert list_spans(known, asks, base, 150) == [Held(900 * FINE, FOREVER_US), Held(990 * FINE, 100)]
    assert list_spans(known, asks._replace(product_id=SODA), base, 1_000) == base
    contract = Rules(
        {1: PriceList(1, "C", "Contract", is_contract=True)},
        {(ScopeKind.CUSTOMER, HOTEL): (Scope(1),)},
        {GAS: {1: (Item(0, 700, 50, 80),)}},
    )
    assert contract_spans(contract, asks, 1_000) == [(None, FOREVER_US), (700 * FINE, 80), (None, 50)]
    assert list_spans(contract, asks, base, 1_000)[0] == base[0]


# --- against the naive model ------------------------------------------------------------------------

# Most of what is drawn meets: lists that are for whoever asks, of what they buy, in force.  Rules that pass
# by each other find no order that is the wrong way round.
PRICES = st.sampled_from([50, 90, 100, 200, 10, 0]) | st.integers(0, 40_000_000).map(of_fine_parts)
MOMENTS = st.sampled_from([0, 0, 3, 5, 6, 12])
QUANTITIES = st.sampled_from([0, ONE, 2 * ONE, 3 * ONE, 5 * ONE])
GOODS = st.sampled_from([GAS, GAS, SODA, BREAD])
NEAR = [
    (ScopeKind.EVERYBODY, 0),
    (ScopeKind.DEPOT, KISUMU),
    (ScopeKind.GROUP, HOTELS),
    (ScopeKind.CUSTOMER, HOTEL),
]
FAR = [(ScopeKind.DEPOT, 9), (ScopeKind.GROUP, 5), (ScopeKind.CUSTOMER, 8)]
SCOPES = st.sampled_from([*NEAR, *NEAR, *FAR])
TOGETHER = st.sampled_from([(GAS,), (GAS, SODA), (GAS, SODA), (GAS, SODA, BREAD), (BREAD,)])
KINDS = st.sampled_from([OfferKind.PERCENT, OfferKind.AMOUNT, OfferKind.N_FOR_M, *OfferKind])


def mostly(usual: Any, otherwise: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Five times out of six the usual."""
    is_usual = st.sampled_from([True, True, True, True, True, False])
    return is_usual.flatmap(lambda usually: st.just(usual) if usually else otherwise)


#: Moments are in the first minutes of 1970, a Thursday: midnight, or three in the morning in Nairobi.
DAYS = st.sampled_from([0, 0, 0, 0b1000, 0b0100, 0b1100, 0b1110111])
HOURS = st.sampled_from([*[(0, 0)] * 5, (0, 1), (1439, 1), (180, 181), (1320, 181), (181, 180)])


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    begin = draw(MOMENTS)
    return begin, draw(mostly(ENDLESS_US, st.integers(begin, 14)))


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    return [
        Item(draw(QUANTITIES), draw(PRICES), *draw(spans()), item_id)
        for item_id in range(1, draw(st.integers(1, 4)) + 1)
    ]


@st.composite
def promotions(draw: st.DrawFn) -> list[Promotion]:
    found = []
    for key in range(1, draw(st.sampled_from([0, 1, 2, 3, 4, 4])) + 1):
        take = draw(st.integers(2, 4))
        begin, end = draw(mostly((0, ENDLESS_US), spans()))
        found.append(
            Promotion(
                key,
                f"P{key}",
                f"Promotion {key}",
                draw(KINDS),
                {key: draw(QUANTITIES.filter(bool)) for key in draw(TOGETHER)},
                percent_bp=draw(st.sampled_from([500, 2_500]) | st.integers(0, 10_000)),
                amount=draw(PRICES),
                take=take,
                pay=draw(st.integers(1, take - 1)),
                depot_id=draw(mostly(0, st.sampled_from([KISUMU, 9]))),
                group_id=draw(mostly(0, st.sampled_from([HOTELS, 5]))),
                on_contracts=draw(st.booleans()),
                days=draw(DAYS),
                **dict(zip(("from_minute", "to_minute"), draw(HOURS), strict=True)),
                from_us=begin,
                to_us=end,
            )
        )
    return found


@st.composite
def ruled(draw: st.DrawFn) -> Rules:
    number = draw(st.integers(0, 5))
    scopes: dict[tuple[ScopeKind, int], tuple[Scope, ...]] = {}
    known: dict[int, dict[int, tuple[Item, ...]]] = {}
    for list_id in range(1, number + 1):
        for key in draw(st.lists(SCOPES, min_size=1, max_size=2, unique=True)):
            scopes[key] = (*scopes.get(key, ()), Scope(list_id, *draw(spans())))
        for product_id in {GAS, *draw(st.sets(GOODS))}:
            known.setdefault(product_id, {})[list_id] = in_order(draw(items()))
    is_contract = mostly(False, st.just(True))
    lists = {key: PriceList(key, f"L{key}", "", draw(is_contract)) for key in range(1, number + 1)}
    return Rules(lists, scopes, known, by_product(draw(promotions())))


LINES = st.builds(
    Wanted,
    GOODS,
    st.sampled_from([ONE, 2 * ONE, 3 * ONE, 6 * ONE]) | st.integers(-3_000, 9_000).filter(bool),
    PRICES,
    mostly(None, PRICES),
    mostly(False, st.just(True)),
)
ASKERS = st.builds(
    Asker,
    st.sampled_from([6, 6, 12]) | MOMENTS,
    mostly(KISUMU, st.just(9)),
    mostly(HOTEL, st.sampled_from([None, 8])),
    mostly((HOTELS,), st.sampled_from([(), (HOTELS, 5)])),
    st.sampled_from(["UTC", "Africa/Nairobi", "America/New_York"]),
)


@settings(max_examples=600, deadline=None)
@given(ruled(), ASKERS, st.lists(LINES, min_size=1, max_size=6))
def test_any_rules_give_what_the_naive_model_gives(known: Rules, asker: Asker, basket: list[Wanted]) -> None:
    if asker.party_id is None:
        asker = asker._replace(groups=())
    found = quote(known, asker, basket)
    told = [(Fraction(line.price), line.discount, line.promotion_id) for line in found]
    assert told == basket_costs(known, asker, basket)
    assert quote(known, asker, basket) == found
    for place, line in enumerate(basket):
        # Nothing is given away beyond the line, and what comes back is worth no more than it costs.
        whole = found[place].comes_to(line.quantity) + found[place].discount
        assert abs(found[place].discount) <= abs(whole)
        again, steps = reasons(known, asker, basket, place, WORDS)
        assert again == found[place]
        assert steps


@settings(max_examples=300, deadline=None)
@given(ruled(), ASKERS, st.integers(1, 6_000), PRICES)
def test_over_time_it_is_what_it_was_at_each_moment(
    known: Rules, asker: Asker, quantity: int, base: Price
) -> None:
    told = list_spans(known, Question(GAS, quantity, asker), [Held(int(Fraction(base) * FINE))], 20)
    plain = Rules(
        {key: one for key, one in known.lists.items() if not one.is_contract}, known.scopes, known.items
    )
    for at_us in range(21):
        held = min((one for one in told if one.until_us > at_us), key=lambda one: one.until_us)
        price = quote_one(plain, asker._replace(at_us=at_us), Wanted(GAS, quantity, base)).price
        assert Fraction(held.value, FINE) == Fraction(price)
