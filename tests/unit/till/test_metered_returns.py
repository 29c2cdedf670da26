"""Goods that ran through a meter come back in part: the money does, the meter stays where it stood."""

import pytest

from pos_app.ledger.document import Refund
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import BULK, HOTEL
from tests.support.worlds.till_fixture import Shop

CASH = TenderKind.CASH
PRICE = 150_00


def sold(depot: Shop, before: int = 100_000, after: int = 112_500) -> str:
    """12.5 kg by meter at 150.00, paid in cash; gives the receipt's number."""
    basket = depot.till.baskets.new()
    basket.add_metered(depot.till.catalogue.by_id(BULK), before, after)
    basket.set_price(0, PRICE)
    return depot.pay_cash(basket).number


def back(depot: Shop, number: str, quantity: int) -> Refund:
    receipt = depot.till.refunds.find(number)
    done = depot.till.refunds.complete(
        receipt, {0: quantity}, CASH, "not used", depot.approval(Action.REFUND)
    )
    made = depot.document(done.document_id)
    assert isinstance(made, Refund)
    return made


def test_a_part_of_metered_goods_comes_back(depot: Shop) -> None:
    number = sold(depot)
    part = back(depot, number, 2_500)
    assert (part.total, part.lines[0].meter_before, part.lines[0].meter_after) == (375_00, None, None)
    assert depot.till.refunds.find(number).left == (10_000,)
    assert depot.till.catalogue.last_reading(BULK) == 112_500


@pytest.mark.parametrize("parts", [[12_500], [2_500, 2_500, 7_500], [1, 12_499], [333, 12_000, 167]])
def test_metered_goods_in_parts_are_the_whole(depot: Shop, parts: list[int]) -> None:
    number = sold(depot)
    assert sum(back(depot, number, part).total for part in parts) == 1_875_00
    with refused("taken-more-than-left"):
        back(depot, number, 1)
    assert depot.till.catalogue.last_reading(BULK) == 112_500


def test_a_part_of_a_metered_invoice_is_credited(depot: Shop) -> None:
    basket = depot.till.baskets.new()
    basket.add_metered(depot.till.catalogue.by_id(BULK), 100_000, 112_500)
    basket.set_price(0, PRICE)
    basket.set_customer(HOTEL)
    invoice = depot.till.invoicing.issue(basket)
    credited = depot.till.credit_notes.find(invoice.number)
    done = depot.till.credit_notes.complete(
        credited, {0: 2_500}, "not used", approval=depot.approval(Action.CREDIT_NOTE)
    )
    assert done.total in (375_00, -375_00)
    assert depot.owes(HOTEL) == 1_500_00
    assert depot.till.catalogue.last_reading(BULK) == 112_500


def test_metered_goods_out_beside_more_that_comes_back(depot: Shop) -> None:
    """The document is a refund, and the meter ran all the same: its readings stay."""
    basket = depot.till.baskets.new()
    basket.add(depot.till.catalogue.scan("GAS13").product, -ONE)
    basket.add_metered(depot.till.catalogue.by_id(BULK), 100_000, 101_000)
    taking = depot.till.checkout(basket)
    taking.add_tender(CASH, taking.cash_due())
    done = taking.complete(depot.approval(Action.REFUND))
    refund = depot.document(done.document_id)
    assert isinstance(refund, Refund)
    assert (refund.lines[1].quantity, refund.lines[1].meter_after) == (-ONE, 101_000)
    assert depot.till.catalogue.last_reading(BULK) == 101_000


def test_metered_goods_brought_back_without_a_receipt(depot: Shop) -> None:
    sold(depot)
    basket = depot.till.baskets.new()
    basket.add(depot.till.catalogue.by_id(BULK), -2_500)
    basket.set_price(0, PRICE)
    taking = depot.till.checkout(basket)
    taking.add_tender(CASH, 375_00)
    taking.complete(depot.approval(Action.REFUND))
    assert depot.till.catalogue.last_reading(BULK) == 112_500


def test_a_reading_waits_in_no_draft(depot: Shop) -> None:
    basket = depot.till.baskets.new()
    basket.add_metered(depot.till.catalogue.by_id(BULK), 100_000, 112_500)
    basket.set_customer(HOTEL)
    with refused("draft-with-readings"):
        depot.till.invoicing.save_draft(basket)
    # Nothing is lost: it is issued at once, and the meter stands where it was read.
    depot.till.invoicing.issue(basket)
    assert depot.till.catalogue.last_reading(BULK) == 112_500
