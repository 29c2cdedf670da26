"""Closes of a long Saturday: three people hand a drawer over, and every sum is held against another one.

What the documents should come to is added up beside them, as they are sold; nothing of it asks the product.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest

from pos_app.ledger.document import CashReason, DrawerClose, DrawerOpen, Sale
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.store.master.people import Person
from pos_app.till.drawer.drawer import Found, TakingOver
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action, Approval, Proved
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, MANAGER, OWNER, STRANGER, Shop

CASH, MPESA, CARD, BANK = TenderKind.CASH, TenderKind.MPESA, TenderKind.CARD, TenderKind.BANK
SKUS = ("SOAP", "WATER20", "MATCHES", "REG", "CLIP")


def cents(amount: int) -> tuple[CashCount, ...]:
    return (CashCount(value=1, pieces=amount),)


def proved(shop: Shop, person: Person) -> Proved:
    """As after their PIN."""
    here = next((one for one in shop.till.sign_in.people() if one.person_id == person.person_id), person)
    return Proved(here)


def sell(shop: Shop, chance: random.Random, number: int) -> tuple[TenderKind, int]:
    """A sale in one of the ways; gives which, and how much it came to."""
    taking = shop.till.checkout(shop.basket(*chance.choices(SKUS, k=chance.randint(1, 4))))
    kind = chance.choice((CASH, CASH, CASH, MPESA, CARD, BANK))
    total = taking.cash_due() if kind is CASH else taking.total
    reference = {MPESA: f"QGH{number:07d}", CARD: f"{number:06d}", BANK: f"SLIP {number}"}.get(kind, "")
    taking.add_tender(kind, total, reference)
    taking.complete()
    return kind, total


@pytest.mark.parametrize("sales", [60])
def test_a_saturday_of_three_people_and_two_closes_adds_up(closed_shop: Shop, sales: int) -> None:
    shop, chance = closed_shop, random.Random(20261205)
    shop.rule(HouseRule.DRAWER_OF_PERSON, 1)
    people = (CASHIER, MANAGER, OWNER)
    shop.be(CASHIER)
    shop.open_drawer(2_000_00)
    drawer, floats, number = 2_000_00, [2_000_00], 0
    taken: list[Counter[TenderKind]] = [Counter()]
    for turn in range(4):
        for _sale in range(sales // 4):
            number += 1
            kind, total = sell(shop, chance, number)
            taken[-1][kind] += total
            drawer += total if kind is CASH else 0
        every = Found(frozenset(one.key for one in shop.till.drawer.payments_to_tick()))
        approval = Approval(MANAGER, Action.CLOSE_DRAWER)
        is_last = turn == 3
        following = people[(turn + 1) % 3]
        left = min(1_500_00, drawer)
        taking = None if is_last else TakingOver(proved(shop, following), left)
        closed = shop.till.drawer.close(cents(drawer), "", approval, money=every, taking_over=taking)
        assert (closed.counted, closed.expected) == (drawer, drawer)
        if taking is not None:
            assert shop.till.person is not None
            assert shop.till.person.person_id == following.person_id
            drawer = left
            floats.append(left)
            taken.append(Counter())
    closes = [one for one in shop.documents() if isinstance(one, DrawerClose)]
    assert [close.handed_to_id for close in closes] == [43, 44, 42, None]
    for close, wanted, began in zip(closes, taken, floats, strict=True):
        found = {one.kind: one.counted for one in close.other_money}
        assert found == {kind: total for kind, total in wanted.items() if kind is not CASH}
        assert close.expected == began + wanted[CASH]
    whole = [one for one in shop.documents() if isinstance(one, Sale)]
    assert sum(stretch_of(close).sales for close in closes) == sum(one.total for one in whole)
    assert stretch_of(closes[-1]).grand_total == sum(one.total for one in whole)
    inside = [range(stretch_of(close).first_seq, close.seq + 1) for close in closes]
    assert [seq for one in inside for seq in one] == [one.seq for one in shop.documents()]
    opened = [one for one in shop.documents() if isinstance(one, DrawerOpen)]
    assert [one.person_id for one in opened] == [42, 43, 44, 42]
    # All that was ever in the drawer is in the safe, the floats among it.
    assert shop.cash() == 0
    assert shop.account("1150") == sum(wanted[CASH] for wanted in taken)
    assert shop.drifts() == []


def stretch_of(close: DrawerClose) -> Stretch:
    assert close.stretch is not None
    return close.stretch


def test_nobody_takes_a_drawer_over_who_may_not_or_with_more_than_there_is(shop: Shop) -> None:
    shop.be(MANAGER)
    before = len(shop.documents())
    with refused("person-may-not-here"):
        shop.till.drawer.close(cents(5_000_00), taking_over=TakingOver(Proved(STRANGER), 1_00))
    with refused("hand-over-more-than-counted"):
        shop.till.drawer.close(cents(5_000_00), taking_over=TakingOver(proved(shop, CASHIER), 5_000_01))
    with refused("float-negative"):
        shop.till.drawer.close(cents(5_000_00), taking_over=TakingOver(proved(shop, CASHIER), -1))
    with refused("close-handover-impossible"):
        shop.till.drawer.close(cents(5_000_00), taking_over=TakingOver(proved(shop, MANAGER), 1))
    assert len(shop.documents()) == before
    assert shop.till.drawer.is_open()


def test_a_hand_over_needs_the_same_yes_as_a_close(shop: Shop) -> None:
    with pytest.raises(NeedsApproval):
        shop.till.drawer.close(cents(5_000_00), taking_over=TakingOver(proved(shop, MANAGER), 0))
    assert shop.till.drawer.is_open()


def test_a_request_again_hands_over_once(shop: Shop) -> None:
    shop.be(MANAGER)
    taking, request = TakingOver(proved(shop, CASHIER), 100_00), "a" * 32
    first = shop.till.drawer.close(cents(5_000_00), taking_over=taking, request_id=request)
    shop.be(MANAGER)
    again = shop.till.drawer.close(cents(5_000_00), taking_over=taking, request_id=request)
    assert first.done.document_id == again.done.document_id
    assert sum(isinstance(one, DrawerClose) for one in shop.documents()) == 1


def test_a_drawer_of_one_person_is_closed_by_who_may_close_any(shop: Shop) -> None:
    shop.rule(HouseRule.DRAWER_OF_PERSON, 1)
    shop.sell("SOAP")
    shop.be(MANAGER)
    with refused("drawer-is-anothers", name=CASHIER.name):
        shop.till.drawer.move(CashReason.PAY_IN, 100_00, "the till of the kiosk")
    shop.till.drawer.close((), "she went home")
    assert not shop.till.drawer.is_open()


def test_a_close_after_midnight_belongs_to_its_business_day(closed_shop: Shop) -> None:
    shop = closed_shop
    shop.rule(HouseRule.DAY_STARTS, 4 * 60)
    shop.be(MANAGER)
    shop.open_drawer()
    day = shop.till._context.business_day(shop.clock.now())
    shop.clock.advance(timedelta(hours=20))
    assert shop.till.today != day
    close = shop.till.drawer.close((), "late").done.document
    assert isinstance(close, DrawerClose)
    assert stretch_of(close).business_day == day


def test_with_the_clock_set_back_the_close_is_behind_what_it_closes(shop: Shop) -> None:
    shop.be(MANAGER)
    sold = shop.sell("SOAP")
    # A few minutes, as somebody sets a clock right: nothing is recorded before its last document.
    shop.clock.put(shop.clock.now() - timedelta(minutes=1))
    close = shop.till.drawer.close((), "the clock was wrong").done.document
    assert isinstance(close, DrawerClose)
    assert close.recorded_at >= sold.document.recorded_at
    assert stretch_of(close).first_seq == 1
    assert [one.seq for one in shop.documents()] == [1, 2, 3]


def test_another_price_than_the_lists_is_counted_on_the_z(shop: Shop) -> None:
    shop.be(MANAGER)
    basket = shop.basket("SOAP", "REG")
    basket.set_price(0, 90_00)
    shop.pay_cash(basket)
    lines = {one.words: one.figure for one in shop.till.drawer.x_report()}
    assert lines["Other prices than the list's (1)"] == "9.99"
