"""Points at the till: earned with the sale, on the paper, taken back with the goods, voided with the sale."""

from typing import Any

import pytest
from msgspec import structs

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.line import Points, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.rules import rules
from pos_app.store.master.people import Party
from pos_app.store.tables import master
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.programmes import points_owed, promise_points
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, NO_CREDIT, Shop

OWED, GIVEN = "2410", "4890"


def sold_to(shop: Shop, party: Party | None, *skus: str, quantity: int = ONE) -> Recorded:
    basket = shop.basket(*skus, quantity=quantity)
    if party is not None:
        basket.set_customer(party)
    return shop.pay_cash(basket)


def points_of(shop: Shop, done: Recorded) -> Points | None:
    found: Points | None = shop.document(done.document_id).points
    return found


def back(shop: Shop, number: str, quantities: dict[int, int]) -> Recorded:
    receipt = shop.till.refunds.find(number)
    return shop.till.refunds.complete(
        receipt, quantities, TenderKind.CASH, "leaks", shop.approval(Action.REFUND)
    )


def rows_of_paper(shop: Shop) -> list[list[str]]:
    papers = [paper_of(shop.till._context, job) for job in shop.print_jobs()]
    return [piece.text.split() for paper in papers for piece in typeset(paper) if isinstance(piece, Line)]


def test_a_sale_to_a_customer_gives_points_in_its_own_document(shop: Shop) -> None:
    promise_points(shop)
    done = sold_to(shop, GOOD, "GAS13", "REG")
    points = points_of(shop, done)
    assert points is not None
    assert (points.points, points.worth, points.programme, points.left) == (31, 1_00, "Stars 1", 31)
    # Owed to the customer, off revenue; the money and the tax of the sale are as without.
    assert (shop.account(OWED), shop.account(GIVEN), points_owed(shop, GOOD.party_id)) == (
        -31_00,
        31_00,
        31_00,
    )
    assert shop.account("4100") + shop.account("2200") == -3_170_00
    assert ["Points", "earned", "31"] in rows_of_paper(shop)
    assert ["Your", "points", "31"] in rows_of_paper(shop)
    again = sold_to(shop, GOOD, "MATCHES", quantity=10 * ONE)
    assert (points_of(shop, again).points, points_of(shop, again).left) == (1, 32)  # type: ignore[union-attr]
    assert shop.drifts() == []


def test_who_is_nobody_and_what_is_no_sale_gives_none(shop: Shop) -> None:
    promise_points(shop)
    assert points_of(shop, sold_to(shop, None, "GAS13")) is None
    assert points_of(shop, sold_to(shop, GOOD, "GIFT", "DEP13")) is None
    assert points_of(shop, sold_to(shop, GOOD, "SOAP")) is None
    assert shop.till.points.standing(None) is None


def test_without_a_programme_nothing_is_other_than_before(shop: Shop) -> None:
    assert points_of(shop, sold_to(shop, GOOD, "GAS13")) is None
    assert shop.till.points.standing(GOOD.party_id) is None


def test_a_programme_is_for_its_group_and_its_time(shop: Shop) -> None:
    promise_points(shop, 1, group_id=9)
    promise_points(shop, 2, ended_us=1)
    assert points_of(shop, sold_to(shop, GOOD, "GAS13")) is None
    with shop.database.write() as connection:
        connection.execute(
            master.party_group_member.insert().values(
                org_id=ORG, member_id=1, group_id=9, party_id=GOOD.party_id
            )
        )
    assert points_of(shop, sold_to(shop, GOOD, "GAS13")).points == 23  # type: ignore[union-attr]
    assert points_of(shop, sold_to(shop, NO_CREDIT, "GAS13")) is None


def test_a_tier_is_reached_by_the_points_of_this_year_or_the_last(shop: Shop) -> None:
    promise_points(shop, tiers="Silver 20 150")
    first, second = sold_to(shop, GOOD, "GAS13"), sold_to(shop, GOOD, "GAS13")
    assert [(points_of(shop, one).points, points_of(shop, one).tier) for one in (first, second)] == [  # type: ignore[union-attr]
        (23, ""), (34, "Silver"),
    ]  # fmt: skip
    assert ["Points", "earned,", "Silver", "34"] in rows_of_paper(shop)
    assert shop.till.points.standing(GOOD.party_id) == (57, 57_00, "Silver")
    # What comes back no longer counts.
    back(shop, second.number, {0: ONE})
    back(shop, first.number, {0: ONE})
    assert shop.till.points.standing(GOOD.party_id) == (0, 0, "")


def test_goods_that_come_back_in_parts_take_every_point_with_them(shop: Shop) -> None:
    promise_points(shop, per_amount=7_00, worth=5)
    done = sold_to(shop, GOOD, "SOAP", quantity=3 * ONE)
    whole = points_of(shop, done).points  # type: ignore[union-attr]
    parts = [points_of(shop, back(shop, done.number, {0: ONE})) for _ in range(3)]
    assert sum(one.points for one in parts if one is not None) == whole == 42
    assert [one.points for one in parts if one is not None] == [14, 14, 14]
    assert (points_owed(shop, GOOD.party_id), shop.account(OWED), shop.account(GIVEN)) == (0, 0, 0)
    assert ["Points", "taken", "back", "14"] in rows_of_paper(shop)
    assert shop.drifts() == []


def test_a_voided_refund_gives_its_points_back_and_the_next_one_makes_up(shop: Shop) -> None:
    promise_points(shop, per_amount=9_00)
    done = sold_to(shop, GOOD, "SOAP", quantity=3 * ONE)
    first = back(shop, done.number, {0: ONE})
    back(shop, done.number, {0: ONE})
    shop.till.voids.void(first.document_id, "wrong one", shop.approval(Action.VOID))
    back(shop, done.number, {0: 2 * ONE})
    assert (points_owed(shop, GOOD.party_id), shop.account(GIVEN)) == (0, 0)


def test_a_voided_sale_never_gave_points(shop: Shop) -> None:
    promise_points(shop)
    done = sold_to(shop, GOOD, "GAS13")
    shop.till.voids.void(done.document_id, "not wanted", shop.approval(Action.VOID))
    assert points_owed(shop, GOOD.party_id) == shop.account(OWED) == shop.account(GIVEN) == 0


def test_a_till_whose_accounts_have_not_come_yet_sells_without_points(shop: Shop) -> None:
    promise_points(shop)
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE account SET role = NULL WHERE role LIKE 'points%'")
    shop.restart()
    shop.be(CASHIER)
    assert points_of(shop, sold_to(shop, GOOD, "GAS13")) is None


@pytest.mark.parametrize("said", [{"tiers": "nonsense"}, {"per_amount": 0}, {"worth": 0}, {"points": -1}])
def test_what_a_newer_centre_promises_is_not_counted_by(shop: Shop, said: dict[str, Any]) -> None:
    promise_points(shop, **said)
    shop.be(MANAGER)
    assert points_of(shop, sold_to(shop, GOOD, "GAS13")) is None


# --- paying with points ----------------------------------------------------------------------------


def with_points(shop: Shop, amount: int, party: Party = GOOD, *skus: str) -> Recorded:
    """A sale to a customer of which points pay so much, and cash the rest."""
    basket = shop.basket(*(skus or ("GAS13",)))
    basket.set_customer(party)
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.POINTS, amount)
    if checkout.due().still_due:
        checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    return checkout.complete()


def test_points_pay_for_goods_and_earn_nothing_on_what_they_pay(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13", quantity=10 * ONE)
    assert points_owed(shop, GOOD.party_id) == 232_00
    done = with_points(shop, 232_00)
    points = points_of(shop, done)
    # 2,088.00 were paid otherwise: twenty points, and they are all there are.
    assert points is not None
    assert (points.points, points.left, points_owed(shop, GOOD.party_id)) == (20, 20, 20_00)
    assert (shop.account(OWED), shop.account(GIVEN)) == (-20_00, 252_00)
    # Tax is on the whole price, and the drawer has what was paid in cash.
    assert shop.account("4100") + shop.account("2200") == -11 * 2_320_00
    assert shop.cash() == 5_000_00 + 10 * 2_320_00 + 2_088_00
    assert ["Points", "232.00"] in rows_of_paper(shop)


def test_points_pay_the_whole_and_never_more_than_there_are(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13", quantity=5 * ONE)
    done = with_points(shop, 99_99, GOOD, "SOAP")
    points = points_of(shop, done)
    # The balance is money: what is left of a point is kept, and shown rounded down.
    assert (points.points, points.left) == (0, 16)  # type: ignore[union-attr]
    assert points_owed(shop, GOOD.party_id) == 116_00 - 99_99
    with refused("points-too-few"):
        with_points(shop, 16_02, GOOD, "SOAP")
    basket = shop.basket("SOAP")
    basket.set_customer(GOOD)
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.POINTS, 10_00)
    with refused("points-too-few"):
        checkout.add_tender(TenderKind.POINTS, 6_02)
    assert checkout.points_left() == 6_01


def test_what_was_spent_at_another_till_since_pays_no_more(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13")
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.POINTS, 23_00)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    with_points(shop, 23_00)
    with refused("points-too-few"):
        checkout.complete()


def test_points_pay_for_nobody_and_for_no_debt(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13")
    checkout = shop.till.checkout(shop.basket("GAS13"))
    with refused("points-too-few"):
        checkout.add_tender(TenderKind.POINTS, 1)
    with refused("points-too-few"):
        with_points(shop, 1, NO_CREDIT)
    shop.sell_on_account(GOOD, "GAS13")
    payment = shop.till.receive_payment(GOOD, 100_00)
    with refused("points-for-goods-only"):
        payment.add_tender(TenderKind.POINTS, 1)


def test_what_points_paid_becomes_points_again_and_never_cash(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13", quantity=10 * ONE)
    done = with_points(shop, 32_00)
    receipt = shop.till.refunds.find(done.number)
    assert shop.till.refunds.tenders_for(receipt) == (TenderKind.POINTS, TenderKind.CASH)
    cash = shop.cash()
    first_points = shop.till.refunds.complete(
        receipt, {0: ONE}, TenderKind.POINTS, "leaks", shop.approval(Action.REFUND)
    )
    refund = shop.document(first_points.document_id)
    kinds = {one.kind: one.amount for one in refund.tenders}
    assert kinds == {TenderKind.POINTS: 32_00, TenderKind.CASH: 2_288_00}
    assert shop.cash() == cash - 2_288_00
    # The 22 points of the rest went with it.
    assert points_owed(shop, GOOD.party_id) == 232_00
    assert refund.points.left == 232


def test_points_that_were_spent_are_missing_when_the_goods_come_back(shop: Shop) -> None:
    promise_points(shop)
    first = sold_to(shop, GOOD, "GAS13")
    with_points(shop, 23_00, GOOD, "REG")
    back(shop, first.number, {0: ONE})
    assert points_owed(shop, GOOD.party_id) == 8_00 - 23_00
    assert shop.till.points.standing(GOOD.party_id).points == -15  # type: ignore[union-attr]
    with refused("points-too-few"):
        with_points(shop, 1)


def test_points_pay_after_the_programme_was_put_away(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13")
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE loyalty_programme SET ended_us = 1")
    done = with_points(shop, 20_00)
    points = points_of(shop, done)
    assert (points.points, points.left) == (0, 3)  # type: ignore[union-attr]


def test_points_pay_for_no_deposit_and_no_voucher_which_are_cash_again(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13", quantity=10 * ONE)
    for skus in (("DEP13",), ("GIFT",), ("DEP13", "GIFT")):
        basket = shop.basket(*skus)
        basket.set_customer(GOOD)
        checkout = shop.till.checkout(basket)
        assert checkout.points_left() == 0
        with refused("goods-only-pays"):
            checkout.add_tender(TenderKind.POINTS, 1)
    basket = shop.basket("SOAP", "DEP13")
    basket.set_customer(GOOD)
    checkout = shop.till.checkout(basket)
    soap = checkout.points_left()
    assert soap == shop.till.checkout(shop.basket("SOAP")).total < 232_00
    with refused("goods-only-pays"):
        checkout.add_tender(TenderKind.POINTS, soap + 1)
    checkout.add_tender(TenderKind.POINTS, soap)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    # What was laid down for goods pays no deposit when the goods leave the basket again.
    basket.remove(0)
    with refused("points-for-goods-only"):
        checkout.complete()


def test_the_ledger_takes_no_points_for_a_deposit(shop: Shop) -> None:
    promise_points(shop)
    sold_to(shop, GOOD, "GAS13", quantity=10 * ONE)
    sale = shop.document(with_points(shop, 100_00).document_id)
    rules.check(sale)
    deposit = shop.document(sold_to(shop, GOOD, "DEP13").document_id)
    points = structs.replace(sale.tenders[0], amount=deposit.total)
    with refused("points-for-goods-only"):
        rules.check(structs.replace(deposit, tenders=(points,), change=None))
