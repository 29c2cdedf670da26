"""The centre judges deposits: what two tills took out of one while they were offline, in goods or in cash."""

from pathlib import Path

import pytest

from pos_app.ledger.line import TenderKind
from pos_app.ledger.treasury import PartyReason
from tests.support.worlds.judged_desk import Desk, kinds
from tests.support.worlds.sync_fixtures import Centre

CUSTOMER = 1


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path / "1")


def sell(desk: Desk, amount: int) -> None:
    """A sale that the deposit pays so much of."""
    basket = desk.till.baskets.new()
    basket.set_customer(desk.till.customers.get(CUSTOMER))
    basket.add(desk.till.catalogue.scan("SKU1").product)
    taking = desk.till.checkout(basket)
    taking.add_tender(TenderKind.DEPOSIT, amount)
    if taking.due().still_due:
        taking.add_tender(TenderKind.CASH, taking.cash_due())
    taking.complete()


def test_two_tills_offline_that_draw_the_same_deposit_are_seen(
    centre: Centre, desk: Desk, tmp_path: Path
) -> None:
    other = Desk(centre, tmp_path / "2")
    desk.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, CUSTOMER, 100)
    desk.sync()
    other.sync()
    sell(desk, 60)
    sell(other, 40)
    desk.sync()
    other.line.drain()
    assert kinds(centre) == []
    # Neither hears of the other: the first hundred is spent, and each takes what it thinks is left.
    desk.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, CUSTOMER, 100)
    desk.sync()
    other.sync()
    desk.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT_RETURN, CUSTOMER, 100)
    sell(other, 100)
    desk.sync()
    assert kinds(centre) == []
    other.sync()
    assert kinds(centre) == ["deposit-beyond"]


def test_cash_out_of_what_was_spent_already_is_seen_too(centre: Centre, desk: Desk, tmp_path: Path) -> None:
    other = Desk(centre, tmp_path / "2")
    desk.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, CUSTOMER, 100)
    desk.sync()
    other.sync()
    sell(desk, 100)
    other.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT_RETURN, CUSTOMER, 100)
    desk.sync()
    other.sync()
    assert kinds(centre) == ["deposit-beyond"]
