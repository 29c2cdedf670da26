"""Two windows on one till: what one closed, the other does not sell into; and a log that no clock hides."""

from datetime import timedelta

from pos_app.ledger.document import DrawerClose
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.till.drawer.money_count import Found
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import by_mpesa
from tests.support.worlds.till_fixture import MANAGER, Shop


def close(shop: Shop) -> DrawerClose:
    drawer = shop.till.drawer
    done = drawer.close((CashCount(value=1, pieces=drawer.expected()),), "")
    document = done.done.document
    assert isinstance(document, DrawerClose)
    return document


def test_nobody_sells_into_a_shift_that_another_window_closed(depot: Shop) -> None:
    other = Shop.at(depot.path, depot.clock)
    other.be(MANAGER)
    depot.be(MANAGER)
    depot.sell("REG")
    z = close(other)
    before = depot.documents()
    with refused("shift-closed-meanwhile"):
        depot.sell("REG")
    with refused("drawer-not-open"):
        depot.sell("REG")
    assert depot.documents() == before
    # The next shift is found by both, and each sale is in the Z of its own.
    other.open_drawer(1_000_00)
    with refused("drawer-not-open"):
        depot.sell("REG")
    depot.till._context.refresh_shift()
    depot.sell("REG")
    # What was refused lies in a basket each time.
    while (left := depot.till.baskets.resume()).lines:
        left.discard()
    following = close(depot)
    assert following.stretch is not None
    assert following.stretch.first_seq == z.seq + 1
    with refused("shift-closed-meanwhile"):
        other.sell("REG")
    other.till.close()


def test_an_opening_while_the_clock_stands_before_the_last_z_is_in_the_next_one(depot: Shop) -> None:
    depot.be(MANAGER)
    depot.till.drawer.kick("change")
    first = close(depot)
    depot.clock.advance(timedelta(hours=-5))
    depot.till.drawer.kick("to look")
    depot.clock.advance(timedelta(hours=5, minutes=1))
    depot.open_drawer(0)
    depot.till.drawer.kick("change again")
    assert first.stretch is not None
    second = close(depot).stretch
    assert second is not None
    assert (first.stretch.openings, second.openings) == (1, 2)
    depot.clock.advance(timedelta(hours=6))
    depot.open_drawer(0)
    third = close(depot).stretch
    assert third is not None
    assert third.openings == 0


def test_a_sum_of_other_money_below_nothing_is_not_counted(depot: Shop) -> None:
    depot.be(MANAGER)
    basket = depot.basket("REG")
    taking = depot.till.checkout(basket)
    for one in by_mpesa(taking.total, "SLK4AB9Z01"):
        taking.add_tender(one.kind, one.amount, one.reference)
    taking.complete()
    counts = (CashCount(value=1, pieces=depot.till.drawer.expected()),)
    with refused("money-sum-negative"):
        depot.till.drawer.fix_count({"KES": counts}, Found(sums={TenderKind.MPESA: -1}))
    with refused("money-sum-negative"):
        depot.till.drawer.close(counts, "typed", money=Found(sums={TenderKind.MPESA: -1}))
    depot.till.drawer.close(counts, "typed", money=Found(sums={TenderKind.MPESA: 0}))
