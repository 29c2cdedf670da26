"""Payments on invoices: oldest first or chosen, in parts, more than is open; earlier money and deposits."""

import pytest

from pos_app.ledger.document import Payment, Settlement, document_key
from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import ONE
from pos_app.ledger.treasury import PartyReason
from pos_app.store.master.people import Party
from pos_app.till.receivables.open_invoices import InvoiceChoice
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import (
    CASH,
    HOTEL,
    MPESA,
    between,
    elsewhere,
    in_cash,
    invoiced,
    open_of,
)
from tests.support.worlds.till_fixture import GOOD, LAUNDRY, LPG, MANAGER, Shop

FIRST, SECOND = 850_00, 1_700_00


def paid(shop: Shop, party: Party, amount: int, invoices: list[InvoiceChoice] | None = None) -> Payment:
    """A payment in cash."""
    desk = shop.till.receive_payment(party, amount, invoices)
    desk.add_tender(CASH, amount)
    document = shop.document(desk.complete().document_id)
    assert isinstance(document, Payment)
    return document


@pytest.fixture
def two(depot: Shop) -> tuple[int, int]:
    """Two invoices of the hotel: the second is due first."""
    return invoiced(depot, HOTEL, "REG"), invoiced(depot, HOTEL, "REG", quantity=2 * ONE, terms_days=5)


def test_what_is_due_first_is_paid_first(depot: Shop, two: tuple[int, int]) -> None:
    first, second = two
    payment = paid(depot, HOTEL, 2_000_00)
    assert [(one.invoice_id, one.amount) for one in payment.allocations] == [
        (second, SECOND),
        (first, 300_00),
    ]
    assert payment.allocations[0].invoice_number == "K3-I000002"
    assert open_of(depot, HOTEL) == {first: 550_00}
    paid(depot, HOTEL, 550_00)
    assert open_of(depot, HOTEL) == {}
    assert between(depot, PartyRole.CUSTOMER, HOTEL.party_id) == (0, 0)


def test_the_customer_chooses(depot: Shop, two: tuple[int, int]) -> None:
    first, second = two
    paid(depot, HOTEL, 900_00, [InvoiceChoice(first), InvoiceChoice(second, 50_00)])
    assert open_of(depot, HOTEL) == {second: SECOND - 50_00}


def test_what_is_left_over_stays_to_their_credit_and_pays_the_next_invoice(depot: Shop) -> None:
    first = invoiced(depot, HOTEL, "REG")
    paid(depot, HOTEL, 2_000_00)
    assert depot.till.open_invoices.credit(HOTEL.party_id) == 1_150_00
    second = invoiced(depot, HOTEL, "REG", quantity=2 * ONE)
    done = depot.till.settling.settle(HOTEL.party_id)
    settlement = depot.document(done.document_id)
    assert isinstance(settlement, Settlement)
    assert [(one.invoice_id, one.amount) for one in settlement.allocations] == [(second, 1_150_00)]
    assert open_of(depot, HOTEL) == {second: SECOND - 1_150_00}
    assert first not in open_of(depot, HOTEL)
    assert depot.owes(HOTEL) == SECOND - 1_150_00
    with refused("nothing-unallocated"):
        depot.till.settling.settle(HOTEL.party_id)


def test_a_payment_on_none_chosen_is_all_to_their_credit(depot: Shop, two: tuple[int, int]) -> None:
    assert paid(depot, HOTEL, 500_00, []).allocations == ()
    assert sum(open_of(depot, HOTEL).values()) == FIRST + SECOND


def test_what_stands_on_account_without_an_invoice_is_paid_before_anything_is_free(depot: Shop) -> None:
    depot.sell_on_account(GOOD, "REG")
    paid(depot, GOOD, 850_00)
    assert depot.till.open_invoices.credit(GOOD.party_id) == 0
    paid(depot, GOOD, 100_00)
    assert depot.till.open_invoices.credit(GOOD.party_id) == 100_00


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (InvoiceChoice(1 << 32), "not-an-open-invoice-in"),
        (InvoiceChoice(0, 900_00), "paid-more-than-open"),
        (InvoiceChoice(0, -1), "paid-of-invoice-not-positive"),
    ],
)
def test_bad_choices(depot: Shop, chosen: InvoiceChoice, code: str) -> None:
    key = invoiced(depot, HOTEL, "REG")
    desk = depot.till.receive_payment(HOTEL, 900_00, [chosen._replace(invoice_id=chosen.invoice_id or key)])
    desk.add_tender(CASH, 900_00)
    with refused(code):
        desk.complete()
    assert open_of(depot, HOTEL) == {key: 850_00}


def test_somebody_elses_invoice(depot: Shop) -> None:
    key = invoiced(depot, HOTEL, "REG")
    desk = depot.till.receive_payment(GOOD, 850_00, [InvoiceChoice(key)])
    desk.add_tender(CASH, 850_00)
    with refused("not-an-open-invoice-in"):
        desk.complete()


def test_more_chosen_than_paid(depot: Shop, two: tuple[int, int]) -> None:
    desk = depot.till.receive_payment(HOTEL, 900_00, [InvoiceChoice(key) for key in two])
    desk.add_tender(CASH, 900_00)
    with refused("chosen-more-than-paid"):
        desk.complete()


def test_pressing_twice_is_one_payment(depot: Shop, two: tuple[int, int]) -> None:
    desk = depot.till.receive_payment(HOTEL, SECOND)
    desk.add_tender(MPESA, SECOND, "SLK4AB9Z01")
    assert desk.complete() == desk.complete()
    assert open_of(depot, HOTEL) == {two[0]: FIRST}


def test_an_invoice_of_another_till(depot: Shop) -> None:
    other = document_key(9, 4)
    elsewhere(depot, HOTEL, other, 3_000_00, 20261201)
    (found,) = depot.till.open_invoices.of(HOTEL.party_id)
    assert (found.invoice_number, found.amount) == ("", 3_000_00)
    payment = paid(depot, HOTEL, 1_000_00)
    assert [(one.invoice_id, one.amount) for one in payment.allocations] == [(other, 1_000_00)]
    assert open_of(depot, HOTEL) == {other: 2_000_00}


def test_an_invoice_of_another_business_is_paid_over_the_clearing_account(depot: Shop) -> None:
    with depot.database.write() as connection:
        connection.exec_driver_sql("UPDATE depot SET business_id = ?", (LAUNDRY,))
    depot.restart()
    depot.be(MANAGER)
    key = invoiced(depot, HOTEL, "WASH")
    with depot.database.write() as connection:
        connection.exec_driver_sql("UPDATE depot SET business_id = ?", (LPG,))
    depot.restart()
    depot.be(MANAGER)
    payment = paid(depot, HOTEL, 290_00)
    assert [(one.invoice_id, one.business_id) for one in payment.allocations] == [(key, LAUNDRY)]
    assert depot.account("1300", LAUNDRY) == 0
    assert (depot.account("1900", LAUNDRY), depot.account("1900", LPG)) == (290_00, -290_00)


# --- deposits -------------------------------------------------------------------------------------


def test_a_deposit_pays_an_invoice(depot: Shop) -> None:
    depot.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL.party_id, 1_000_00)
    assert depot.till.open_invoices.deposited(HOTEL.party_id) == 1_000_00
    assert depot.owes(HOTEL) == 0
    key = invoiced(depot, HOTEL, "REG")
    done = depot.till.settling.settle(HOTEL.party_id, [InvoiceChoice(key, 800_00)], out_of_deposit=True)
    assert done.total == 800_00
    assert open_of(depot, HOTEL) == {key: 50_00}
    assert depot.till.open_invoices.deposited(HOTEL.party_id) == 200_00
    assert depot.owes(HOTEL) == 50_00
    with refused("chosen-more-than-paid"):
        depot.till.settling.settle(
            HOTEL.party_id, [InvoiceChoice(invoiced(depot, HOTEL, "REG"))], out_of_deposit=True
        )


def test_settling_with_nothing(depot: Shop) -> None:
    with refused("no-deposit-here"):
        depot.till.settling.settle(HOTEL.party_id, out_of_deposit=True)
    depot.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL.party_id, 100_00, in_cash(100_00))
    with refused("nothing-open-of-customer"):
        depot.till.settling.settle(HOTEL.party_id, out_of_deposit=True)
