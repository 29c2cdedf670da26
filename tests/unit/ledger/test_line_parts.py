"""Whatever a line is split into, and in whatever order, the parts add up to it: money and tax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos_app.ledger import tax
from pos_app.ledger.document import Refund
from pos_app.ledger.line import GoodsLine, TenderKind
from pos_app.ledger.line_parts import (
    MOST_ROUNDED,
    MOST_SHARE_OFF,
    Agreed,
    Gone,
    left_of,
    part_of,
    part_of_line,
    parts_of,
    up_to,
)
from pos_app.ledger.quantity import ONE, extend
from pos_app.ledger.rules import rules
from pos_app.ledger.totals import totals_of, with_tax
from tests.support.documents import specimens
from tests.support.documents.specimens import Item
from tests.support.refused import refused


def line(price: int, quantity: int, *, discount: int = 0, rate: int = 0, inclusive: bool = True) -> GoodsLine:
    """A line of its own document."""
    return with_tax(
        [
            GoodsLine(
                product_id=1,
                sku="X",
                description="Thing",
                quantity=quantity,
                unit_price=price,
                discount=discount,
                tax_code="T" if rate else "",
                tax_rate_bp=rate,
                tax_inclusive=inclusive,
                net=0,
                tax=0,
                business_id=1,
                revenue_account="4100",
                tax_account="2200",
            )
        ]
    )[0]


def split(whole: GoodsLine, sizes: list[int]) -> list[GoodsLine]:
    """The parts of these sizes, one after the other."""
    gone, parts = Gone(), []
    for size in sizes:
        part = part_of_line(whole, gone, size, 0)
        gone = Gone(gone.quantity + size, gone.net + part.net, gone.tax + part.tax)
        parts.append(part)
    return parts


@pytest.mark.parametrize(
    ("whole", "grosses"),
    [
        (line(10_00, 3 * ONE, discount=1_00), [9_67, 9_66, 9_67]),
        (line(100_00, 2 * ONE, discount=1), [100_00, 99_99]),
        (line(333_33, 3 * ONE, discount=1_00), [333_00, 332_99, 333_00]),
        (line(35, 3 * ONE, rate=1600, inclusive=False), [41, 40, 41]),
    ],
)
def test_parts_of_one_piece_each(whole: GoodsLine, grosses: list[int]) -> None:
    parts = split(whole, [ONE] * len(grosses))
    assert [part.gross for part in parts] == grosses
    assert (sum(part.net for part in parts), sum(part.tax for part in parts)) == (whole.net, whole.tax)


@pytest.mark.parametrize(
    ("whole", "pieces"),
    [
        (line(23_90, 10 * ONE, discount=59_75, rate=2000), 10),
        (line(250_03, 10 * ONE, rate=1600, inclusive=False), 10),
    ],
)
def test_tax_that_goes_back_is_tax_that_was_charged(whole: GoodsLine, pieces: int) -> None:
    parts = split(whole, [ONE] * pieces)
    assert (sum(part.net for part in parts), sum(part.tax for part in parts)) == (whole.net, whole.tax)


_rates = st.sampled_from([0, 500, 800, 1600, 2000, 2500, 10_000])


@st.composite
def _wholes(draw: st.DrawFn) -> tuple[GoodsLine, ...]:
    """The lines of a document, which share their tax out between them."""
    made = []
    for _ in range(draw(st.integers(1, 4))):
        price, quantity = draw(st.integers(0, 10**6)), draw(st.integers(1, 50 * ONE))
        most = extend(price, quantity)
        made.append(
            line(
                price,
                quantity,
                discount=draw(st.integers(0, most)),
                rate=draw(_rates),
                inclusive=draw(st.booleans()),
            )
        )
    return with_tax(made)


@given(_wholes(), st.data())
def test_the_parts_add_up_and_obey_the_rules(wholes: tuple[GoodsLine, ...], data: st.DataObject) -> None:
    gone: dict[int, Gone] = {}
    while any(left_of(wholes, gone)):
        left = left_of(wholes, gone)
        chosen = {index: data.draw(st.integers(0, most)) for index, most in enumerate(left)}
        if not any(chosen.values()):
            chosen = dict(enumerate(left))
        lines = tuple(parts_of(wholes, gone, chosen, "receipt"))
        for part in lines:
            index = part.origin_line
            assert index is not None
            before = gone.get(index, Gone())
            gone[index] = Gone(before.quantity + part.quantity, before.net + part.net, before.tax + part.tax)
            assert part.gross >= 0
        rules.check(_refund(lines))
    assert {index: (one.net, one.tax) for index, one in gone.items()} == {
        index: (whole.net, whole.tax) for index, whole in enumerate(wholes)
    }


def _refund(lines: tuple[GoodsLine, ...]) -> Refund:
    """A refund of these lines on a customer's account."""
    refund = specimens.refund(Item(100), party_id=specimens.CUSTOMER, original_id=1)
    totals = totals_of(lines)
    tenders = (specimens.tender(TenderKind.ACCOUNT, totals.total),) if totals.total else ()
    return replace(refund, lines=lines, **totals.as_fields(), rounding=0, tenders=tenders)


@given(_wholes(), st.data())
def test_a_voided_part_is_made_up_for(wholes: tuple[GoodsLine, ...], data: st.DataObject) -> None:
    whole = wholes[0]
    if whole.quantity < 3:
        return
    first = data.draw(st.integers(1, whole.quantity - 2))
    second = data.draw(st.integers(1, whole.quantity - first - 1))
    voided, kept = split(whole, [first, second])
    assert voided.quantity == first
    gone = Gone(kept.quantity, kept.net, kept.tax)
    last = part_of_line(whole, gone, whole.quantity - second, 0)
    assert (kept.net + last.net, kept.tax + last.tax) == (whole.net, whole.tax)


def test_parts_by_their_places_are_those_one_after_the_other() -> None:
    whole = line(35, 3 * ONE, rate=1600, inclusive=False)
    found = [part_of(whole, up_to(whole, before * ONE), ONE) for before in range(3)]
    assert found == [(part.net, part.tax) for part in split(whole, [ONE] * 3)]


def test_a_part_of_a_metered_line_has_no_readings() -> None:
    whole = replace(line(150_00, 12_500), meter_before=100_000, meter_after=112_500)
    part = part_of_line(whole, Gone(), 2_500, 0)
    assert (part.gross, part.meter_before, part.meter_after) == (375_00, None, None)


def test_tax_far_from_its_price_is_refused() -> None:
    whole = line(100_00, 3 * ONE, rate=1600)
    part = part_of_line(whole, Gone(), ONE, 0)
    wrong = replace(part, net=part.net - 3, tax=part.tax + 3)
    with refused("net-and-tax-wrong"):
        rules.check(_refund((wrong,)))
    untaxed = replace(line(100_00, ONE), origin_line=0)
    assert tax.share_out([untaxed.taxable()])[0].tax == 0
    with refused("net-and-tax-wrong"):
        rules.check(_refund((replace(untaxed, net=99_99, tax=1),)))


@pytest.mark.parametrize(
    ("quantities", "code"),
    [
        ({}, "no-line-taken"),
        ({0: 0}, "no-line-taken"),
        ({4: ONE}, "line-not-on-document"),
        ({-1: ONE}, "line-not-on-document"),
        ({0: 3 * ONE}, "taken-more-than-left"),
        ({0: -ONE}, "taken-more-than-left"),
    ],
)
def test_what_is_not_there_does_not_come_back(quantities: dict[int, int], code: str) -> None:
    with refused(code):
        parts_of([line(1_00, 3 * ONE)], {0: Gone(ONE, 1_00, 0)}, quantities, "receipt")


@given(
    st.integers(1, 100_000), st.lists(st.integers(1, 9_999), min_size=1, max_size=6),
    st.integers(0, 10_000), st.sampled_from([0, 800, 1600]), st.booleans(),
)  # fmt: skip
def test_what_is_off_a_part_is_nearly_its_share(
    price: int, sizes: list[int], off_bp: int, rate: int, inclusive: bool
) -> None:
    """As the rules of the books hold it; where nothing is off it, it is the rounding that needs no leave."""
    quantity = sum(sizes)
    off = extend(price, quantity) * off_bp // 10_000
    whole = line(price, quantity, discount=off, rate=rate, inclusive=inclusive)
    agreed = Agreed(quantity, price, whole.tax_code, rate, inclusive, whole.net, whole.tax)
    gone, money = 0, 0
    for size in sizes:
        part = part_of(agreed, up_to(agreed, gone), size)
        comes_to = part.net + part.tax if inclusive else part.net
        reduction = extend(price, size) - comes_to
        assert abs(reduction * quantity - off * size) <= MOST_SHARE_OFF * quantity
        assert reduction > 0 or abs(reduction) <= MOST_ROUNDED
        gone, money = gone + size, money + comes_to
    assert money == extend(price, quantity) - off
