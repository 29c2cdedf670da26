"""Goods in packs: whole packs come to exactly their price, parts to the pack, and every rule reads them."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pos_app.ledger.document import Sale
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.line_parts import Gone, part_of_line
from pos_app.ledger.pack import MOST_IN_PACK, Pack, Packed, check_whole, each_of
from pos_app.ledger.price import price_fields
from pos_app.ledger.pricing.listed import Wanted
from pos_app.ledger.pricing.quoting import quote
from pos_app.ledger.pricing.reasons import reasons
from pos_app.ledger.pricing.rules import Asker, Item, Level, OfferKind, Rules, ScopeKind
from pos_app.ledger.quantity import ONE, extend
from pos_app.ledger.rules import rules as document_rules
from pos_app.ledger.totals import with_tax
from tests.support.documents import specimens
from tests.support.oracle.prices import basket_costs, rounded
from tests.support.refused import refused
from tests.unit.ledger.test_pricing import ASKERS, GAS, WORDS, asked, off, promotion, ruled, rules

SIZES = st.sampled_from([2, 3, 6, 7, 12, 24, 144]).map(lambda many: many * ONE) | st.integers(1, MOST_IN_PACK)
MONEY = st.integers(1, 10_000_000)


def pack(price: int, size: int = 12 * ONE) -> Pack:
    return Pack(Packed(unit="CS", word="cs", size=size), price, each_of(price, size))


def naive_each(price: int, size: int) -> Fraction:
    """What a unit costs in it, with four decimals, by hand."""
    return Fraction(rounded(Fraction(price * ONE * 10_000, size)), 10_000)


@given(MONEY, SIZES, st.integers(1, 500))
def test_whole_packs_come_to_their_price_or_are_refused(price: int, size: int, count: int) -> None:
    made, quantity = pack(price, size), count * size
    assert extend(made.each, size) == price
    if quantity < 10_000 * ONE:
        # Half a cent is reached where ten thousand are each off by half of the last decimal.
        check_whole(made, quantity)
    with contextlib.suppress(Refused):
        check_whole(made, quantity)
        assert extend(made.each, quantity) == count * price


def test_parts_of_a_pack_are_no_packs() -> None:
    with refused("pack-not-whole"):
        check_whole(pack(250_00), 18 * ONE)
    with refused("pack-too-many"):
        check_whole(pack(250_00), 24_012 * ONE * 12)
    with refused("quantity-implausible-text"):
        check_whole(pack(250_00), 12_000 * 2**50)
    check_whole(pack(250_00), -24 * ONE)


def line(price: int, size: int, count: int, *, rate: int = 1600, inclusive: bool = True) -> GoodsLine:
    made = pack(price, size)
    return with_tax(
        [
            GoodsLine(
                product_id=1,
                sku="SODA",
                description="Soda",
                quantity=count * size,
                **price_fields(made.each),
                tax_code="T",
                tax_rate_bp=rate,
                tax_inclusive=inclusive,
                net=0,
                tax=0,
                business_id=1,
                revenue_account="4100",
                tax_account="2200",
                pack=made.packed,
            )
        ]
    )[0]


@settings(max_examples=300)
@given(
    MONEY,
    st.integers(2, 60).map(lambda many: many * ONE),
    st.integers(1, 20),
    st.booleans(),
    st.lists(st.integers(1, 30_000), max_size=12),
)
def test_however_a_pack_comes_back_the_parts_are_the_pack(
    price: int, size: int, count: int, inclusive: bool, cuts: list[int]
) -> None:
    whole = line(price, size, count, inclusive=inclusive)
    assert (whole.gross if inclusive else whole.net) == price * count
    left, gone, money, tax = whole.quantity, Gone(), 0, 0
    for cut in [*cuts, whole.quantity]:
        quantity = min(cut, left)
        if not quantity:
            break
        part = part_of_line(whole, gone, quantity, 0)
        assert (part.pack is None) is bool(quantity % size)
        gone = Gone(gone.quantity + quantity, gone.net + part.net, gone.tax + part.tax)
        left, money, tax = left - quantity, money + part.gross, tax + part.tax
    assert (left, money, tax) == (0, whole.gross, whole.tax)


@pytest.mark.parametrize("packed", [
    Packed(unit="CS", word="cs", size=0),
    Packed(unit="CS", word="cs", size=-12_000),
    Packed(unit="CS", word="cs", size=7_000),
    Packed(unit="CS", word="cs", size=2**63),
    Packed(unit="", word="cs", size=12_000),
    Packed(unit="CS", word="", size=12_000),
    Packed(unit="CS", word="c\n", size=12_000),
    Packed(unit="CS", word="c" * 21, size=12_000),
])  # fmt: skip
def test_a_document_in_no_such_packs_is_refused(packed: Packed) -> None:
    sale = next(one for one in specimens.one_of_each() if isinstance(one, Sale))
    whole = line(250_00, 12 * ONE, 2)
    with refused("pack-implausible"):
        document_rules.check(replace(sale, lines=(replace(whole, pack=packed),)))
    with refused("pack-implausible"):
        document_rules.check(replace(sale, lines=(replace(whole, meter_before=0, meter_after=24_000),)))


# --- the order in which prices count ------------------------------------------------------------------


def in_packs(count: int, price: int = 100_00, agreed: int | None = None) -> Wanted:
    made = pack(price)
    return Wanted(GAS, count * 12 * ONE, made.base(1000), agreed, packed=made.packed)


def test_a_pack_stands_in_the_place_of_the_products_own_price() -> None:
    everybody = (ScopeKind.EVERYBODY, 0, [Item(0, 900), Item(24 * ONE, 700)])
    plain = quote(rules(), asked(), [in_packs(1), Wanted(GAS, ONE, 1000)])
    assert [one.level for one in plain] == [Level.BASE] * 2
    assert [one.comes_to(quantity) for one, quantity in zip(plain, (12 * ONE, ONE), strict=True)] == [
        100_00,
        1000,
    ]
    # A contract, and any list, say what a piece costs; pieces in packs reach its breaks with all others.
    assert quote(rules(), asked(), [in_packs(1, agreed=950)])[0].price == 950
    assert quote(rules(everybody), asked(), [in_packs(1)])[0].price == 900
    assert quote(rules(everybody), asked(), [in_packs(1), Wanted(GAS, 12 * ONE, 1000)])[0].price == 700
    # A pack without a price of its own is as many times the product.
    assert Pack(Packed(unit="CS", word="cs", size=12_000)).base(1000) == 1000


def test_promotions_take_off_a_pack_what_they_take_off_pieces() -> None:
    tenth = promotion(OfferKind.PERCENT, percent_bp=1000)
    assert off(quote(rules(promotions=(tenth,)), asked(), [in_packs(2)])) == [20_00]
    each = promotion(OfferKind.AMOUNT, amount=50)
    assert off(quote(rules(promotions=(each,)), asked(), [in_packs(2)])) == [12_00]


def test_it_is_said_that_the_price_is_the_packs() -> None:
    _, steps = reasons(rules(), asked(), [in_packs(2, 250_00)], 0, WORDS)
    assert [step.code for step in steps] == ["price-by-pack", "price-comes-to"]
    assert steps[0].facts == {"pack": "cs", "size": "12", "whole": "250.00", "price": "20.833333"}
    everybody = (ScopeKind.EVERYBODY, 0, [Item(0, 900)])
    _, steps = reasons(rules(everybody), asked(), [in_packs(2, 250_00)], 0, WORDS)
    assert [step.code for step in steps] == ["price-by-list", "price-passed-over", "price-comes-to"]


PACKED_LINES = st.builds(
    lambda price, many, count, agreed: (price, many * ONE, count, agreed),
    st.sampled_from([10, 50, 600, 1100]) | st.integers(1, 100_000),
    st.integers(2, 12),
    st.sampled_from([1, 1, 2, 3, -1]),
    st.sampled_from([None, None, None, 90]),
)


@settings(max_examples=300, deadline=None)
@given(ruled(), ASKERS, st.lists(PACKED_LINES, min_size=1, max_size=4), st.integers(0, 3))
def test_any_rules_read_packs_as_the_naive_model_does(
    known: Rules, asker: Asker, packed: list[tuple[int, int, int, int | None]], pieces: int
) -> None:
    if asker.party_id is None:
        asker = asker._replace(groups=())
    basket = [
        Wanted(GAS, count * size, pack(price, size).base(1), agreed, packed=pack(price, size).packed)
        for price, size, count, agreed in packed
    ]
    basket += [Wanted(GAS, pieces * ONE, 77)] * bool(pieces)
    model = [
        one._replace(base=naive_each(*packed[place][:2]) if place < len(packed) else one.base)  # type: ignore[arg-type]
        for place, one in enumerate(basket)
    ]
    found = quote(known, asker, basket)
    told = [(Fraction(line.price), line.discount, line.promotion_id) for line in found]
    assert told == basket_costs(known, asker, model)
    for place, (price, size, count, _) in enumerate(packed):
        if found[place].level is Level.BASE:
            assert found[place].comes_to(count * size) + found[place].discount == count * price
