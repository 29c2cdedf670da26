"""One place, one money: M-Pesa goes to the number of the business whose goods are paid."""

import pytest
from sqlalchemy import text

from pos_app.devices.paper import Text
from pos_app.ledger.document import Payment, Refund, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.balances import balances
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.store.tables.projections import ACCOUNT_BALANCE
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.selling.checkout import Checkout
from pos_app.till.session.context import Context
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, GOOD, LAUNDRY, LPG, WATER, Shop

MPESA, CASH = TenderKind.MPESA, TenderKind.CASH
NUMBERS = {LPG: "174444", WATER: "522533", LAUNDRY: "600100"}


@pytest.fixture
def street(shop: Shop) -> Shop:
    """Three businesses with a till number each."""
    numbered(shop, NUMBERS)
    return shop


def numbered(shop: Shop, numbers: dict[int, str]) -> None:
    with shop.database.write() as connection:
        for key, number in numbers.items():
            connection.execute(
                text("UPDATE business SET mpesa_till = :number WHERE business_id = :key"),
                {"number": number, "key": key},
            )
    shop.restart()
    shop.be(CASHIER)


def stands(shop: Shop, account: str, business_id: int) -> int:
    key = {"org_id": ORG, "business_id": business_id, "account_code": account, "currency": "KES"}
    with shop.database.read() as connection:
        return int(balances.current(connection, ACCOUNT_BALANCE, key)["amount"])


def asked(checkout: Checkout) -> list[tuple[str, int]]:
    return [(one.number, one.due) for one in checkout.mpesa_places() if one.due]


def test_a_basket_over_two_businesses_goes_to_two_numbers_with_two_codes(street: Shop) -> None:
    basket = street.basket("REG", "WATER20", "WATER20")
    checkout = street.till.checkout(basket)
    assert asked(checkout) == [("174444", 850_00), ("522533", 300_00)]
    with refused("mpesa-of-several-businesses"):
        checkout.add_tender(MPESA, 1_150_00, "QAAAAAAAA1")
    checkout.add_tender(MPESA, 850_00, "QAAAAAAAA1")
    assert asked(checkout) == [("522533", 300_00)]
    with refused("code-in-tender-already"):
        checkout.add_tender(MPESA, 300_00, "QAAAAAAAA1")
    checkout.add_tender(MPESA, 300_00, "QAAAAAAAA2")
    done = checkout.complete()
    sale = done.document
    assert isinstance(sale, Sale)
    assert [(one.account, one.business_id, one.paid_to) for one in sale.tenders] == [
        ("1140", 0, "174444"),
        ("1141", WATER, "522533"),
    ]
    assert (stands(street, "1140", LPG), stands(street, "1141", WATER)) == (850_00, 300_00)
    # Nobody owes anybody anything: each got its own.
    assert (stands(street, "1900", LPG), stands(street, "1900", WATER)) == (0, 0)
    context = Context(street.database, street.clock)
    job = PrintJob(1, sale.document_id, "receipt", 0, kick=False, state="", attempts=0, error="")
    lines = [one.text.strip() for one in paper_of(context, job).blocks if isinstance(one, Text)]
    assert [one for one in lines if one.startswith("to ")] == ["to 174444", "to 522533"]


def test_goods_of_another_business_alone_go_to_its_number(street: Shop) -> None:
    checkout = street.till.checkout(street.basket("BOTTLE20"))
    checkout.add_tender(MPESA, 900_00, "QAAAAAAAA3")
    checkout.complete()
    assert (stands(street, "1141", WATER), stands(street, "1900", WATER)) == (900_00, 0)


def test_cash_first_then_each_number_its_rest(street: Shop) -> None:
    checkout = street.till.checkout(street.basket("REG", "WATER20"))
    checkout.add_tender(CASH, 200_00)
    checkout.add_tender(MPESA, 800_00 - 50_00, "QAAAAAAAA4")
    assert asked(checkout) == [("174444", 50_00)]
    checkout.add_tender(MPESA, 50_00, "QAAAAAAAA5")
    checkout.complete()
    # The cash lies in the depot's drawer: what it collected for the water stands between them, and is seen.
    assert (stands(street, "1900", WATER), stands(street, "1900", LPG)) == (150_00, -150_00)


def test_what_a_customer_paid_to_one_number_is_where_the_person_says(street: Shop) -> None:
    checkout = street.till.checkout(street.basket("REG", "WATER20"))
    checkout.add_tender(MPESA, 1_000_00, "QAAAAAAAA6", business_id=WATER)
    checkout.complete()
    assert (stands(street, "1141", WATER), stands(street, "1900", WATER)) == (1_000_00, -850_00)
    with refused("business-takes-no-mpesa"):
        street.till.checkout(street.basket("REG")).add_tender(MPESA, 850_00, "QAAAAAAAA7", business_id=99)


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ({LPG: "174444"}, [("174444", 1_140_00)]),
        ({}, [("", 1_140_00)]),
        # One number for two: one purse.
        ({LPG: "174444", WATER: "174444", LAUNDRY: "600100"}, [("174444", 850_00), ("600100", 290_00)]),
        ({WATER: "522533", LAUNDRY: "522533"}, [("", 850_00), ("522533", 290_00)]),
    ],
)
def test_who_has_no_number_is_collected_for(
    shop: Shop, numbers: dict[int, str], wanted: list[tuple[str, int]]
) -> None:
    numbered(shop, numbers)
    assert asked(shop.till.checkout(shop.basket("REG", "WASH"))) == wanted


def test_goods_back_lower_what_their_business_gets(street: Shop) -> None:
    basket = street.basket("REG", "WATER20")
    basket.add(street.till.catalogue.scan("BOTTLE20").product, -500)
    assert asked(street.till.checkout(basket)) == [("174444", 550_00)]
    # More comes back than goes out: the money goes the other way, out of the same places.
    basket.add(street.till.catalogue.scan("GAS6").product, -ONE)
    checkout = street.till.checkout(basket)
    assert checkout.hands_back
    assert sum(due for _, due in asked(checkout)) == checkout.due().still_due


def test_a_payment_goes_to_the_number_of_the_business_of_its_invoice(street: Shop) -> None:
    basket = street.basket("REG")
    basket.set_customer(GOOD)
    street.till.invoicing.issue(basket)
    desk = street.till.receive_payment(GOOD, 850_00)
    assert [(one.number, one.due) for one in desk.mpesa_places() if one.due] == [("174444", 850_00)]
    desk.add_tender(MPESA, 850_00, "QAAAAAAAA8", business_id=LAUNDRY)
    paid = desk.complete().document
    assert isinstance(paid, Payment)
    assert (paid.tenders[0].business_id, stands(street, "1142", LAUNDRY)) == (LAUNDRY, 850_00)
    assert stands(street, "1900", LAUNDRY) == -850_00
    assert not isinstance(paid, Refund)
