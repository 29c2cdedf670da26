"""Pressed twice is one document: every use case of the till that records, asked again under its request."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from pos_app.ledger.document import TYPES, CashReason, kind_of
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import PartyReason
from pos_app.till.drawer.expense import Spent
from pos_app.till.drawer.money_transfer import MoneyAccount
from pos_app.till.laundry.intake import Wanted
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.session.sign_in import Proved
from pos_app.till.stock.half_returns import Half
from tests.support.worlds.depot_fixture import (
    EMPLOYEE,
    EMPTY13,
    GAS13,
    HOTEL,
    REG,
    SOAP,
    VEHICLE,
    VENDOR,
    by_mpesa,
    invoiced,
)
from tests.support.worlds.till_fixture import CASHIER, MANAGER, PRODUCTS, Shop

R: Final = "ab" * 16
Press = Callable[[], Any]


@pytest.fixture
def depot(depot: Shop) -> Shop:
    """The depot, in which twelve regulators and pieces of soap lie."""
    depot.till.stock_counts.count({REG: 12 * ONE, SOAP: 12 * ONE})
    return depot


def _sale(depot: Shop) -> Press:
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(TenderKind.MPESA, checkout.due().still_due, "SLK4AB9Z01")
    return checkout.complete


def _refund(depot: Shop) -> Press:
    found = depot.till.refunds.find(depot.sell("REG").number)
    return lambda: depot.till.refunds.complete(found, {0: ONE}, TenderKind.CASH, "dented")


def _basket_of_goods_back(depot: Shop) -> Press:
    depot.sell("REG")
    basket = depot.basket("REG")
    basket.set_quantity(0, -ONE)
    checkout = depot.till.checkout(basket)
    checkout.add_tender(TenderKind.CASH, checkout.due().still_due)
    return checkout.complete


def _half_return(depot: Shop) -> Press:
    half = Half(GAS13, EMPTY13, 500)
    return lambda: depot.till.half_returns.take_back([half], request_id=R)


def _payment(depot: Shop) -> Press:
    invoiced(depot, HOTEL, "REG")
    desk = depot.till.receive_payment(HOTEL, 100_00)
    desk.add_tender(TenderKind.MPESA, 100_00, "SLK4AB9Z01")
    return desk.complete


def _drawer_open(depot: Shop) -> Press:
    depot.till.drawer.close((CashCount(value=1000_00, pieces=5),))
    return lambda: depot.till.drawer.open(5_000_00, request_id=R)


def _cash_movement(depot: Shop) -> Press:
    return lambda: depot.till.drawer.move(CashReason.SAFE_DROP, 3_000_00, "", request_id=R)


def _drawer_close(depot: Shop) -> Press:
    checkout = depot.till.checkout(depot.basket("REG"))
    checkout.add_tender(TenderKind.CASH, 20_00, currency="USD")
    checkout.complete()
    counts, foreign = (CashCount(value=1000_00, pieces=3),), {"USD": (CashCount(value=20_00, pieces=1),)}
    return lambda: depot.till.drawer.close(counts, "as counted", foreign=foreign, request_id=R)


def _reversal(depot: Shop) -> Press:
    sold = depot.sell("REG")
    return lambda: depot.till.voids.void(sold.document_id, "typed twice", request_id=R)


def _reversal_of_the_opening(depot: Shop) -> Press:
    opening = depot.till.drawer.move(CashReason.FLOAT, 100_00, "")
    return lambda: depot.till.voids.void(opening.document_id, "wrong bag", request_id=R)


def _invoice(depot: Shop) -> Press:
    basket = depot.basket("REG")
    basket.set_customer(HOTEL)
    return lambda: depot.till.invoicing.issue(basket)


def _invoice_of_a_draft(depot: Shop) -> Press:
    basket = depot.basket("REG")
    basket.set_customer(HOTEL)
    draft = depot.till.invoicing.save_draft(basket)
    return lambda: depot.till.invoicing.issue_draft(draft.request_id)


def _credit_note(depot: Shop) -> Press:
    key = invoiced(depot, HOTEL, "REG")
    found = depot.till.credit_notes.find(depot.till.printed(depot.document(key)))
    return lambda: depot.till.credit_notes.complete(found, {0: ONE}, "dented")


def _settlement(depot: Shop) -> Press:
    depot.till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, HOTEL.party_id, 100_00)
    invoiced(depot, HOTEL, "REG")
    return lambda: depot.till.settling.settle(HOTEL.party_id, out_of_deposit=True, request_id=R)


def _party_money(depot: Shop) -> Press:
    return lambda: depot.till.party_money.record(
        PartyReason.EMPLOYEE_ADVANCE, EMPLOYEE, 4_000_00, by_mpesa(4_000_00, "SLK4AB9Z01"), request_id=R
    )


def _deposit_return(depot: Shop) -> Press:
    taking = depot.till.chits.pay_back(depot.slip(depot.sell("DEP13")))
    taking.add_tender(TenderKind.CASH, taking.total)
    return taking.complete


def _expense(depot: Shop) -> Press:
    given = by_mpesa(70_00, "SLK4AB9Z01")
    return lambda: depot.till.expenses.pay([Spent("Tea", 70_00)], given, request_id=R)


def _money_transfer(depot: Shop) -> Press:
    transfers = depot.till.money_transfers
    return lambda: transfers.move(MoneyAccount.DRAWER, MoneyAccount.BANK, 4_000_00, request_id=R)


def _bank_bag(depot: Shop) -> Press:
    depot.be(CASHIER)
    return lambda: depot.till.bank_bags.seal("KCB1", 400_00, Proved(MANAGER), request_id=R)


def _purchase_order(depot: Shop) -> Press:
    return lambda: depot.till.orders.order(VENDOR, {REG: Ordered(ONE, 1_00)}, request_id=R)


def _goods_receipt(depot: Shop) -> Press:
    order = depot.document(depot.till.orders.order(VENDOR, {REG: Ordered(ONE, 1_00)}).document_id)
    return lambda: depot.till.receiving.against_order(order, request_id=R)


def _goods_without_an_order(depot: Shop) -> Press:
    return lambda: depot.till.receiving.without_order(VENDOR, {REG: Ordered(ONE, 1_00)}, request_id=R)


def _transfer_sent(depot: Shop) -> Press:
    return lambda: depot.till.transfers.send(VEHICLE, {REG: ONE}, request_id=R)


def _transfer_received(depot: Shop) -> Press:
    sent = depot.document(depot.till.transfers.send(VEHICLE, {REG: ONE}).document_id)
    return lambda: depot.till.transfers.receive(sent, request_id=R)


def _stock_count(depot: Shop) -> Press:
    return lambda: depot.till.stock_counts.count({REG: ONE}, request_id=R)


def _stock_adjustment(depot: Shop) -> Press:
    return lambda: depot.till.stock_adjustments.adjust(AdjustmentReason.LOSS, {REG: ONE}, request_id=R)


def _returnable_move(depot: Shop) -> Press:
    return lambda: depot.till.returnables.move(HOTEL.party_id, {EMPTY13: ONE}, request_id=R)


def _service_order(depot: Shop) -> Press:
    wanted = (Wanted(PRODUCTS["WASH"].product_id, ONE, "shirts"),)
    return lambda: depot.till.service_orders.take_in(
        wanted, promised_on=20261121, customer_name="Kamau", request_id=R
    )


def _service_step(depot: Shop) -> Press:
    wanted = (Wanted(PRODUCTS["WASH"].product_id, ONE, "shirts"),)
    order = depot.till.service_orders.take_in(wanted, promised_on=20261121, customer_name="Kamau")
    return lambda: depot.till.service_orders.mark_ready(order.document_id, request_id=R)


CASES: Final[dict[str, tuple[Callable[[Shop], Press], str]]] = {
    "a sale": (_sale, "sale"),
    "a refund": (_refund, "refund"),
    "a basket of goods that come back": (_basket_of_goods_back, "refund"),
    "half a cylinder back": (_half_return, "refund"),
    "a payment": (_payment, "payment"),
    "a drawer opened": (_drawer_open, "drawer_open"),
    "cash to the safe": (_cash_movement, "cash_movement"),
    "a drawer closed": (_drawer_close, "drawer_close"),
    "a void": (_reversal, "reversal"),
    "a void of a movement": (_reversal_of_the_opening, "reversal"),
    "an invoice": (_invoice, "invoice"),
    "an invoice of a draft": (_invoice_of_a_draft, "invoice"),
    "a credit note": (_credit_note, "credit_note"),
    "a settlement": (_settlement, "settlement"),
    "an advance": (_party_money, "party_money"),
    "a deposit paid back": (_deposit_return, "deposit_return"),
    "an expense": (_expense, "expense"),
    "money moved": (_money_transfer, "money_transfer"),
    "a bag for the bank": (_bank_bag, "bank_bag"),
    "an order": (_purchase_order, "purchase_order"),
    "goods of an order": (_goods_receipt, "goods_receipt"),
    "goods without an order": (_goods_without_an_order, "goods_receipt"),
    "goods sent": (_transfer_sent, "transfer_sent"),
    "goods received": (_transfer_received, "transfer_received"),
    "a count": (_stock_count, "stock_count"),
    "a loss": (_stock_adjustment, "stock_adjustment"),
    "cylinders lent": (_returnable_move, "returnable"),
    "laundry taken in": (_service_order, "service_order"),
    "laundry made ready": (_service_step, "service_step"),
}


@pytest.mark.parametrize("name", CASES)
def test_pressed_twice_is_one_document(depot: Shop, name: str) -> None:
    prepare, kind = CASES[name]
    press = prepare(depot)
    before, papers = len(depot.documents()), len(depot.print_jobs())
    first = press()
    recorded, printed = depot.documents(), depot.print_jobs()
    assert kind_of(recorded[-1]) == kind
    assert len(recorded) > before
    assert len(printed) >= papers
    assert press() == first
    assert depot.documents() == recorded
    assert depot.print_jobs() == printed


def test_every_type_that_the_till_makes_is_asked() -> None:
    of_the_office = {"bill", "vendor_credit", "vendor_payment", "write_off", "landed_cost", "journal_entry",
                     "bag_banked"}  # fmt: skip
    by_itself = {"stock_valuation"}
    assert {kind for _, kind in CASES.values()} | of_the_office | by_itself == {one.kind for one in TYPES}
