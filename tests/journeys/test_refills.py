"""Refills from the counter to the centre: deposits owed, cylinders by place, the same on both sides."""

from sqlalchemy import text

from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import location_of
from pos_app.store.stock import cylinders
from pos_app.store.tables import master
from pos_app.till.selling.refilling import Back
from tests.journeys.test_depot_domain import Domain, depot, key

__all__ = ["depot"]


def _pair(depot: Domain) -> None:
    """The gas comes in the cylinder, on which there is a deposit."""
    org = depot.centre.org_id
    with depot.centre.database.write() as connection:
        for sku, more in (
            ("GAS13", "type = 'returnable'"),
            ("DEP13", "type = 'deposit', tax_code = 'DEPOSIT'"),
        ):
            connection.execute(
                text(f"UPDATE product SET {more} WHERE org_id = :org AND sku = :sku"),
                {"org": org, "sku": sku},
            )
        pair = {"product_id": key("GAS13"), "empty_id": key("CYL13"), "deposit_id": key("DEP13")}
        connection.execute(master.returnable_pair.insert().values(org_id=org, stamp=2, **pair))
    depot.line.drain()
    depot.line.drain()
    depot.till.refresh()


def test_refills_with_and_without_empties(depot: Domain) -> None:
    _pair(depot)
    till, centre = depot.till, depot.centre
    till.stock_counts.count({key("GAS13"): 10 * ONE, key("CYL13"): 16 * ONE})
    gas = till.catalogue.by_id(key("GAS13"))
    basket = till.baskets.new()
    basket.add(gas, 3 * ONE)
    basket.set_back(0, Back.DEPOSIT)
    basket.add(gas, 2 * ONE)
    checkout = till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, basket.totals().total)
    done = checkout.complete()
    # Three are lent, two were changed for their empties.
    assert (depot.stock("CYL13"), depot.stock("CYL13", location_of(None))) == (13 * ONE, 3 * ONE)
    assert depot.stock("GAS13") == 5 * ONE
    assert depot.account("2320") == -3 * 3_500_00
    for database in (depot.line.database, centre.database):
        with database.read() as connection:
            (one,) = cylinders.owned(connection, centre.org_id)
            changed = cylinders.changed(connection, centre.org_id, key("CYL13"))
        assert (one.full, one.empty, one.customers, one.owned) == (5 * ONE, 8 * ONE, 3 * ONE, 16 * ONE)
        assert [each.quantity for each in changed] == [16 * ONE]
    # One comes back with its fill and its deposit.
    receipt = till.refunds.find(done.number)
    till.refunds.complete(receipt, {0: ONE, 1: ONE}, TenderKind.CASH, "leaks")
    assert (depot.stock("CYL13"), depot.stock("CYL13", location_of(None))) == (14 * ONE, 2 * ONE)
    assert (depot.stock("GAS13"), depot.account("2320")) == (6 * ONE, -2 * 3_500_00)
    depot.holds()
