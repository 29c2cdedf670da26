"""What purchases and stock documents post, worked out by hand, line by line."""

from pos_app.ledger.document import document_key
from pos_app.ledger.purchasing import share_by_value
from pos_app.ledger.stock import AdjustmentReason, ValuationCause, location_of
from tests.support.documents.book_specimens import (
    DOLLAR,
    DUE,
    TRANSIT,
    VEHICLE,
    goods_receipt,
    landed_cost,
    opening_count,
    purchase_order,
    returnable,
    stock_adjustment,
    stock_valuation,
    transfer_received,
    transfer_sent,
    valued,
)
from tests.support.documents.specimens import CUSTOMER, LOCATION, stock_count
from tests.unit.ledger.posted import (
    CLEARING,
    COGS,
    COGS_2,
    FOUND,
    GRNI,
    INVENTORY,
    INVENTORY_2,
    LANDED,
    LOST,
    OPENING,
    costs,
    flat,
    items,
    lines,
    moves,
    post,
)


def test_an_order_is_a_promise_only() -> None:
    assert post(purchase_order((1, 10_000, 700), currency="USD", rate_micro=DOLLAR)) == ((), (), (), ())


def test_a_receipt_is_stock_and_not_yet_invoiced() -> None:
    # 9 at 7.00 and 4.5 at 9.99 (44.955, rounded once).
    posted = post(goods_receipt((1, 9_000, 700), (2, 4_500, 999)))
    assert flat(posted) == [
        (1, INVENTORY, 6_300),
        (1, GRNI, -6_300),
        (1, INVENTORY, 4_496),
        (1, GRNI, -4_496),
    ]
    assert moves(posted) == [(LOCATION, 1, 9_000), (LOCATION, 2, 4_500)]
    assert costs(posted) == [(1, 1, 9_000, 6_300), (1, 2, 4_500, 4_496)]
    assert items(posted) == []


def test_a_foreign_receipt_is_valued_at_its_rate_line_by_line() -> None:
    posted = post(
        goods_receipt((1, 1_000, 1_001), (2, 1_000, 333), currency="USD", rate_micro=DOLLAR, business_id=2,
                      clearing_account=CLEARING)
    )  # fmt: skip
    assert lines(posted) == [
        (2, INVENTORY_2, 1_001, 129_680),
        (2, GRNI, -1_001, -129_680),
        (2, INVENTORY_2, 333, 43_140),
        (2, GRNI, -333, -43_140),
    ]
    assert costs(posted) == [(2, 1, 1_000, 129_680), (2, 2, 1_000, 43_140)]


def test_goods_that_cost_nothing_come_all_the_same() -> None:
    posted = post(goods_receipt((1, 2_000, 0)))
    assert lines(posted) == []
    assert moves(posted) == [(LOCATION, 1, 2_000)]
    assert costs(posted) == [(1, 1, 2_000, 0)]


def test_landed_cost_is_value_without_quantity() -> None:
    posted = post(landed_cost((1, 1_001), (2, 99), currency="USD", rate_micro=DOLLAR))
    assert lines(posted) == [
        (1, INVENTORY, 1_001, 129_680),
        (1, LANDED, -1_001, -129_680),
        (1, INVENTORY, 99, 12_825),
        (1, LANDED, -99, -12_825),
    ]
    assert moves(posted) == []
    assert costs(posted) == [(1, 1, 0, 129_680), (1, 2, 0, 12_825)]


def test_a_total_is_shared_out_by_value_to_the_last_cent() -> None:
    assert share_by_value(100, (1, 1, 1)) == (33, 34, 33)
    assert share_by_value(100, (300, 100)) == (75, 25)
    assert share_by_value(100, (0, 0, 0)) == (100, 0, 0)
    assert share_by_value(100, (0, 1)) == (0, 100)
    assert share_by_value(100, ()) == ()


def test_a_count_moves_the_difference_and_leaves_its_value_to_the_centre() -> None:
    posted = post(stock_count((1, 10_000, 9_000), (2, 5_000, 5_000), (3, 0, 4_000)))
    assert lines(posted) == []
    assert moves(posted) == [(LOCATION, 1, -1_000), (LOCATION, 3, 4_000)]
    assert costs(posted) == []


def test_opening_stock_is_valued_at_once() -> None:
    posted = post(opening_count((1, 2_500, 333), (2, 0, 700)))
    assert flat(posted) == [(1, INVENTORY, 833), (1, OPENING, -833)]
    assert moves(posted) == [(LOCATION, 1, 2_500)]
    assert costs(posted) == [(1, 1, 2_500, 833)]
    posted = post(opening_count((1, 1_000, 700), business_id=2))
    assert flat(posted) == [(2, INVENTORY_2, 700), (2, OPENING, -700)]
    assert costs(posted) == [(2, 1, 1_000, 700)]


def test_a_count_without_a_business_is_of_its_documents() -> None:
    whole = opening_count((1, 1_000, 700))
    line = type(whole.lines[0])(
        product_id=1,
        expected=3_000,
        counted=1_000,
        unit_cost=700,
        inventory_account=INVENTORY,
        contra_account=OPENING,
    )
    posted = post(opening_count(lines=(line,)))
    assert flat(posted) == [(1, INVENTORY, -1_400), (1, OPENING, 1_400)]
    assert costs(posted) == [(1, 1, -2_000, -1_400)]


def test_a_transfer_lies_in_transit_until_it_comes() -> None:
    posted = post(transfer_sent((1, 5_000), (2, 1_500)))
    assert moves(posted) == [
        (LOCATION, 1, -5_000),
        (TRANSIT, 1, 5_000),
        (LOCATION, 2, -1_500),
        (TRANSIT, 2, 1_500),
    ]
    assert lines(posted) == []


def test_what_does_not_come_stays_in_transit() -> None:
    posted = post(transfer_received((1, 5_000, 4_000), (2, 1_500, 0), (3, 2_000, 2_000)))
    assert moves(posted) == [
        (TRANSIT, 1, -4_000),
        (VEHICLE, 1, 4_000),
        (TRANSIT, 3, -2_000),
        (VEHICLE, 3, 2_000),
    ]


def test_an_adjustment_moves_what_it_says() -> None:
    assert moves(post(stock_adjustment(AdjustmentReason.DAMAGE, (1, -1_000)))) == [(LOCATION, 1, -1_000)]
    found = post(stock_adjustment(AdjustmentReason.FOUND, (1, 1_000), (2, 500)))
    assert moves(found) == [(LOCATION, 1, 1_000), (LOCATION, 2, 500)]
    assert costs(found) == []


def test_returnables_lie_at_who_has_them() -> None:
    there = location_of(CUSTOMER)
    assert there == (1 << 40) + CUSTOMER
    assert moves(post(returnable((5, 2_000), (6, -1_000)))) == [
        (LOCATION, 5, -2_000),
        (there, 5, 2_000),
        (LOCATION, 6, 1_000),
        (there, 6, -1_000),
    ]
    assert location_of(None) == 1 << 40


def test_a_valuation_takes_cost_out_of_stock_by_account() -> None:
    posted = post(
        stock_valuation(
            valued(1, 1_000, 701),
            valued(2, 2_000, 99),
            valued(3, 500, 50, ValuationCause.LOSS),
            valued(4, -1_000, -30, ValuationCause.FOUND),
            valued(5, 0, 7, ValuationCause.REVALUATION, 2),
        )
    )
    assert flat(posted) == [
        (1, COGS, 800),
        (1, INVENTORY, -820),
        (1, LOST, 50),
        (1, FOUND, -30),
        (2, COGS_2, 7),
        (2, INVENTORY_2, -7),
    ]
    assert costs(posted) == [
        (1, 1, -1_000, -701),
        (1, 2, -2_000, -99),
        (1, 3, -500, -50),
        (1, 4, 1_000, 30),
        (2, 5, 0, -7),
    ]
    assert moves(posted) == []


def test_what_names_another_document_names_it_by_key() -> None:
    assert transfer_received((1, 1, 1)).sent_id == document_key(3, 19)
    assert goods_receipt((1, 1_000, 1)).order_id == document_key(3, 11)
    assert purchase_order((1, 1_000, 1)).expected_on == DUE
