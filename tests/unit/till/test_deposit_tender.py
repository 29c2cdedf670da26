"""What a customer has on deposit pays a sale: by what the till knows, back onto it, and never as cash."""

import pytest

from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.treasury import PartyReason
from pos_app.store.master.people import Party
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from tests.support.refused import refused
from tests.support.worlds.till_fixture import GOOD, NO_CREDIT, Shop

OWED = "2320"


def put_down(shop: Shop, amount: int, party: Party = GOOD) -> Recorded:
    return shop.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, party.party_id, amount)


def paid(shop: Shop, amount: int, sku: str = "GAS13", party: Party | None = GOOD) -> Recorded:
    basket = shop.basket(sku)
    if party is not None:
        basket.set_customer(party)
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.DEPOSIT, amount)
    if checkout.due().still_due:
        checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    return checkout.complete()


def test_a_deposit_pays_and_the_rest_is_cash(shop: Shop) -> None:
    put_down(shop, 1_000_00)
    cash = shop.cash()
    done = paid(shop, 400_00)
    sale = shop.document(done.document_id)
    assert [(one.kind, one.amount, one.account) for one in sale.tenders] == [
        (TenderKind.DEPOSIT, 400_00, OWED),
        (TenderKind.CASH, 1_920_00, "1110"),
    ]
    assert (shop.account(OWED), shop.cash()) == (-600_00, cash + 1_920_00)
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    assert shop.till.checkout(basket).deposit_left() == 600_00
    assert shop.drifts() == []


def test_no_more_than_there_is_and_of_nobody_else(shop: Shop) -> None:
    put_down(shop, 500_00)
    for amount, party in ((500_01, GOOD), (1, NO_CREDIT), (1, None)):
        with refused("deposit-left-less"):
            paid(shop, amount, party=party)
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.DEPOSIT, 300_00)
    assert checkout.deposit_left() == 200_00
    with refused("deposit-left-less"):
        checkout.add_tender(TenderKind.DEPOSIT, 200_01)


def test_what_went_out_of_it_meanwhile_is_judged_when_it_is_recorded(shop: Shop) -> None:
    put_down(shop, 500_00)
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    checkout = shop.till.checkout(basket)
    checkout.add_tender(TenderKind.DEPOSIT, 500_00)
    checkout.add_tender(TenderKind.CASH, checkout.cash_due())
    paid(shop, 1_00)
    with refused("deposit-left-less"):
        checkout.complete()
    basket.set_customer(NO_CREDIT)
    with refused("deposit-left-less"):
        checkout.complete()


def test_it_pays_no_invoice_here_and_nothing_goes_onto_it_without_its_receipt(shop: Shop) -> None:
    put_down(shop, 500_00)
    shop.sell_on_account(GOOD, "GAS13")
    payment = shop.till.receive_payment(GOOD, 100_00)
    with refused("deposit-for-sales-only"):
        payment.add_tender(TenderKind.DEPOSIT, 1_00)


def test_it_goes_back_onto_the_deposit_and_never_into_the_hand(shop: Shop) -> None:
    put_down(shop, 3_000_00)
    done = paid(shop, 2_320_00)
    assert shop.account(OWED) == -680_00
    receipt = shop.till.refunds.find(done.number)
    assert shop.till.refunds.tenders_for(receipt) == (TenderKind.DEPOSIT,)
    cash = shop.cash()
    shop.till.refunds.complete(receipt, {0: ONE}, TenderKind.DEPOSIT, "leaks", shop.approval(Action.REFUND))
    assert (shop.account(OWED), shop.cash()) == (-3_000_00, cash)


def test_a_void_gives_it_back_and_a_deposit_that_paid_is_not_voided(shop: Shop) -> None:
    down = put_down(shop, 3_000_00)
    done = paid(shop, 2_320_00)
    with refused("money-used-since"):
        shop.till.voids.void(down.document_id, "wrong one", shop.approval(Action.VOID))
    shop.till.voids.void(done.document_id, "wrong one", shop.approval(Action.VOID))
    assert shop.account(OWED) == -3_000_00


def test_two_who_pay_with_the_same_names_pay_with_their_own(shop: Shop) -> None:
    put_down(shop, 50_00)
    put_down(shop, 20_00, NO_CREDIT)
    paid(shop, 50_00)
    with refused("deposit-left-less"):
        paid(shop, 20_01, party=NO_CREDIT)
    sale = shop.document(paid(shop, 20_00, party=NO_CREDIT).document_id)
    assert isinstance(sale, Sale)
    assert sale.party_id == NO_CREDIT.party_id


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_pays_nothing(shop: Shop, amount: int) -> None:
    put_down(shop, 50_00)
    with refused("amount-not-positive"):
        paid(shop, amount)
