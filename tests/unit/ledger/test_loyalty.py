"""Points: how many a programme gives, tiers, and that refunds in any parts take back just what was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.line import GoodsLine, Tender, TenderKind
from pos_app.ledger.line_parts import Gone, part_of_line
from pos_app.ledger.loyalty import (
    NO_TIER,
    Back,
    Programme,
    Tier,
    best,
    gone_gross,
    paid_for,
    points_in,
    reaches,
    taken_back,
    tiers_of,
    tiers_text,
)
from pos_app.ledger.quantity import ONE
from pos_app.ledger.totals import with_tax
from tests.support.refused import refused

PLAIN = Programme(1, "STAR", "Stars", 1, 100_00, 1_00)


def line(
    price: int, quantity: int = ONE, discount: int = 0, code: str = "A", rate_bp: int = 1_600
) -> GoodsLine:
    return GoodsLine(
        product_id=1,
        sku="GAS",
        description="Gas",
        quantity=quantity,
        unit_price=price,
        discount=discount,
        tax_code=code,
        tax_rate_bp=rate_bp,
        net=0,
        tax=0,
        business_id=1,
        revenue_account="4100",
        tax_account="2200",
    )


def test_points_are_rounded_down_once_over_the_receipt() -> None:
    assert [PLAIN.of(paid) for paid in (0, -5, 99_99, 100_00, 199_99, 2_320_00)] == [0, 0, 0, 1, 1, 23]
    # A tier's per cent is taken before, not after rounding: 1.99 points at 150 per cent are 2.
    assert PLAIN.of(199_99, 150) == 2


def test_deposits_vouchers_and_what_points_paid_give_nothing() -> None:
    lines = with_tax([line(850_00), line(2_500_00, code="DEPOSIT", rate_bp=0)])
    assert paid_for(lines, ()) == 850_00
    points = Tender(kind=TenderKind.POINTS, amount=50_00, account="2410")
    cash = Tender(kind=TenderKind.CASH, amount=800_00, account="1110")
    assert paid_for(lines, (points, cash)) == 800_00


def test_the_best_programme_and_the_highest_tier_that_was_reached() -> None:
    climbing = PLAIN._replace(programme_id=2, tiers=tiers_of("Silver 500 120; Gold 2000 150"))
    assert [climbing.tier(earned).name for earned in (0, 499, 500, 1_999, 2_000)] == [
        "", "", "Silver", "Silver", "Gold",
    ]  # fmt: skip
    offer = best([PLAIN, climbing], 2_000, 1_000_00)
    assert offer is not None
    assert (offer.programme.programme_id, offer.tier.name, offer.points) == (2, "Gold", 15)
    assert best([PLAIN, climbing], 0, 1_000_00) == (PLAIN, NO_TIER, 10)
    assert best([PLAIN], 0, 99_99) is best([], 0, 10**9) is None


def test_it_reaches_its_group_while_it_runs() -> None:
    of_group = PLAIN._replace(group_id=7, from_us=10, to_us=20)
    assert [reaches(of_group, (7,), at) for at in (9, 10, 19, 20)] == [False, True, True, False]
    assert not reaches(of_group, (8,), 15)
    assert reaches(PLAIN, (), 0)


def test_money_in_points_is_rounded_down() -> None:
    assert [points_in(owed, 50) for owed in (0, 49, 50, 149, -1)] == [0, 0, 1, 2, -1]
    assert points_in(100, 0) == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Silver", "loyalty-tiers-unreadable"),
        ("Silver 500", "loyalty-tiers-unreadable"),
        ("Silver 5,00 120", "loyalty-tiers-unreadable"),
        ("Silver ٥٠٠ 120", "loyalty-tiers-unreadable"),
        ("Silver 500 1001", "loyalty-tiers-unreadable"),
        ("Silver 500 9999999999", "loyalty-tiers-unreadable"),
        ("Silver 500 100", "loyalty-tiers-climb"),
        ("Silver 0 120", "loyalty-tiers-climb"),
        ("Silver 500 120; Gold 500 150", "loyalty-tiers-climb"),
        ("Silver 500 120; Gold 900 110", "loyalty-tiers-climb"),
        ("Silver 500 120; silver 900 130", "loyalty-tiers-climb"),
    ],
)
def test_tiers_that_cannot_be_meant(text: str, code: str) -> None:
    with refused(code):
        tiers_of(text)


def test_tiers_are_read_as_they_are_written() -> None:
    tiers = tiers_of(" Gold  card 2000 150 ;Silver 500 120; ")
    assert tiers == (Tier("Silver", 500, 120), Tier("Gold card", 2_000, 150))
    assert tiers_of(tiers_text(tiers)) == tiers
    assert tiers_of("") == ()


@given(
    st.lists(
        st.tuples(st.integers(1, 500_00), st.integers(1, 6), st.integers(0, 99)), min_size=1, max_size=4
    ),
    st.integers(1, 100_000),
    st.randoms(use_true_random=False),
)
def test_refunds_in_any_parts_take_back_what_was_given(
    goods: list[tuple[int, int, int]], points: int, chance: object
) -> None:
    """The naive model: with every piece as many are gone as the goods' part of the receipt, rounded down."""
    lines = with_tax([line(price, pieces * ONE, price * pieces * off // 100) for price, pieces, off in goods])
    pieces = [index for index, (_, many, _) in enumerate(goods) for _ in range(many)]
    chance.shuffle(pieces)  # type: ignore[attr-defined]
    whole = sum(one.gross for one in lines)
    gone: dict[int, Gone] = {}
    taken = 0
    for index in pieces:
        before = gone.get(index, Gone())
        part = part_of_line(lines[index], before, ONE, index)
        now = gone_gross(lines, [(index, Gone(0, part.net, part.tax))])
        so_far = gone_gross(lines, gone.items())
        back = taken_back(lines, points, Back(so_far, taken), now)
        taken += back
        gone[index] = Gone(before.quantity + ONE, before.net + part.net, before.tax + part.tax)
        assert back >= 0
        assert taken == (points * (so_far + now) // whole if whole else 0)
    assert taken == (points if whole else 0)
