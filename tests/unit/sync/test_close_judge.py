"""What the house rules of drawers and closes holds at the centre too: a till that was edited is found."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pos_app.ledger.document import DrawerClose
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.making import drawer as making_drawer
from pos_app.ledger.quantity import ONE
from pos_app.store.master import house_rules, master_edit
from pos_app.store.master.people import Person
from pos_app.store.tables import master
from pos_app.till.drawer.money_count import Found
from tests.support.worlds.judged_desk import Desk, change, hire, kinds, long_ago
from tests.support.worlds.sync_fixtures import Centre


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path / "1")


def rule(centre: Centre, which: HouseRule, value: int) -> None:
    """The house has ruled so for some hours."""
    change(centre, lambda one: house_rules.put(one, centre.org_id, which, None, value))
    long_ago(centre)


def forget(desk: Desk, which: HouseRule, value: int = 0) -> None:
    """Somebody edits the till's file: it knows another rule."""
    desk.sync()
    desk.edit("UPDATE house_rule SET value = :value WHERE name = :name", value=value, name=which.value)


def by_mpesa(desk: Desk, code: str) -> None:
    basket = desk.till.baskets.new()
    basket.add(desk.till.catalogue.scan("SKU1").product, ONE)
    taking = desk.till.checkout(basket)
    taking.add_tender(TenderKind.MPESA, taking.total, code)
    taking.complete()


def close(desk: Desk, reason: str = "as it is", short: int = 0, *, counts_money: bool = True) -> None:
    drawer = desk.till.drawer
    every = Found(frozenset(one.key for one in drawer.payments_to_tick())) if counts_money else None
    drawer.close((CashCount(value=1, pieces=drawer.expected() - short),), reason, money=every)


@pytest.mark.parametrize("in_one_push", [True, False])
def test_money_in_the_drawer_of_somebody_else(centre: Centre, desk: Desk, *, in_one_push: bool) -> None:
    rule(centre, HouseRule.DRAWER_OF_PERSON, 1)
    cashier = hire(centre, "JUMA", "cashier")
    forget(desk, HouseRule.DRAWER_OF_PERSON)
    desk.sell()
    if not in_one_push:
        desk.sync()
        forget(desk, HouseRule.DRAWER_OF_PERSON)
    desk.start(Person(cashier, "JUMA", "Juma", "cashier"))
    desk.sell()
    desk.sync()
    assert kinds(centre) == ["drawer-of-another"]


def test_cylinders_that_nobody_counted(centre: Centre, desk: Desk) -> None:
    def pair(connection: Any) -> None:
        master_edit.put(
            connection, master.returnable_pair, centre.org_id, product_id=1, empty_id=2, deposit_id=0
        )

    change(centre, pair)
    rule(centre, HouseRule.COUNT_CYLINDERS, 1)
    forget(desk, HouseRule.COUNT_CYLINDERS)
    close(desk)
    desk.sync()
    assert kinds(centre) == ["close-goods-uncounted"]


def test_a_difference_that_nobody_explained(centre: Centre, desk: Desk) -> None:
    rule(centre, HouseRule.CLOSE_REASON_FROM, 100)
    forget(desk, HouseRule.CLOSE_REASON_FROM, 10**9)
    close(desk, "", short=99)
    desk.till.drawer.open(0)
    desk.sync()
    assert kinds(centre) == []
    desk.sell()
    close(desk, "", short=100)
    desk.sync()
    assert kinds(centre) == ["close-unreasoned"]


def test_money_that_nobody_counted(centre: Centre, desk: Desk) -> None:
    desk.sell()
    close(desk, counts_money=False)
    desk.till.drawer.open(0)
    desk.sync()
    # Nothing but cash came: there was nothing to count.
    assert kinds(centre) == []
    by_mpesa(desk, "QGH7SKLM01")
    close(desk, counts_money=False)
    desk.sync()
    assert kinds(centre) == ["close-money-uncounted"]


def lying(monkeypatch: pytest.MonkeyPatch, **lies: Any) -> None:
    true = making_drawer.drawer_close

    def made(*given: Any, **named: Any) -> DrawerClose:
        return structs.replace(true(*given, **named), **lies)

    monkeypatch.setattr(making_drawer, "drawer_close", made)


def test_a_drawer_handed_to_who_may_have_none(
    centre: Centre, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(monkeypatch, handed_to_id=hire(centre, "OTIENO", "driver"))
    close(desk)
    desk.sync()
    assert kinds(centre) == ["handed-unallowed"]


def test_a_z_that_forgets_its_stretch_behind_one_that_had_it(
    centre: Centre, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(desk)
    desk.till.drawer.open(0)
    lying(monkeypatch, stretch=None, other_money=(), pieces=())
    close(desk)
    desk.sync()
    assert kinds(centre) == ["z-gap"]
