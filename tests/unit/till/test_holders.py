"""Who holds cylinders and bottles of ours, and which products have a reorder level."""

from pos_app.ledger.quantity import ONE
from pos_app.store.master import master_edit
from pos_app.store.tables import master
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import EMPTY13, FULL13, HOTEL, REG
from tests.support.worlds.till_fixture import GONE, Shop


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


def test_who_is_archived_brings_back_and_is_lent_nothing(depot: Shop) -> None:
    with refused("party-inactive"):
        depot.till.returnables.move(GONE.party_id, {EMPTY13: ONE})
    depot.till.returnables.move(GONE.party_id, {EMPTY13: -ONE})
    basket = depot.basket("REG")
    basket.set_customer(GONE)
    cylinder = depot.till.catalogue.by_id(FULL13)
    basket.give_returnable(cylinder, ONE)
    with refused("party-inactive"):
        depot.pay_cash(basket)
    basket.give_returnable(cylinder, -2 * ONE)
    depot.pay_cash(basket)


def test_a_basket_of_a_double_is_the_others_and_says_so(depot: Shop) -> None:
    basket = depot.basket("REG")
    basket.set_customer(GONE)
    with depot.database.write() as connection:
        master_edit.change(connection, master.party, ORG, GONE.party_id, into_id=HOTEL.party_id)
    with refused("customer-merged", name=GONE.name, kept=HOTEL.name):
        depot.pay_cash(basket)
    again = depot.till.checkout(basket)
    assert depot.document(again.complete().document_id).party_id == HOTEL.party_id
