"""Who holds cylinders and bottles of ours, and which products have a reorder level."""

from pos_app.ledger.quantity import ONE
from tests.support.worlds.depot_fixture import EMPTY13, FULL13, HOTEL, REG
from tests.support.worlds.till_fixture import Shop


def test_who_holds_what_by_name_and_those_without_one_together(depot: Shop) -> None:
    returnables = depot.till.returnables
    assert returnables.holders() == []
    returnables.move(HOTEL.party_id, {EMPTY13: 3 * ONE, FULL13: 2 * ONE})
    returnables.move(None, {EMPTY13: ONE})
    returnables.move(None, {EMPTY13: 2 * ONE})
    held = {
        (one.party_id, one.name): {level.product_id: level.quantity for level in one.levels}
        for one in returnables.holders()
    }
    assert held == {
        (None, ""): {EMPTY13: 3 * ONE},
        (HOTEL.party_id, HOTEL.name): {EMPTY13: 3 * ONE, FULL13: 2 * ONE},
    }
    returnables.move(HOTEL.party_id, {EMPTY13: -3 * ONE, FULL13: -2 * ONE})
    assert [one.party_id for one in returnables.holders()] == [None], "who gave all back holds nothing"


def test_what_is_here_and_at_places_is_not_held_by_anybody(depot: Shop) -> None:
    depot.till.stock_counts.count({REG: 5 * ONE})
    assert depot.till.returnables.holders() == []


def test_reorder_levels_of_this_depot(depot: Shop) -> None:
    assert depot.till.stock.reorder_levels() == {REG: 5 * ONE}
