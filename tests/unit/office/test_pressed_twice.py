"""Sent twice is one document: what the office records, asked again under its request."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from pos_app.ledger.chit import barcode_of
from pos_app.ledger.document import TYPES, Invoice, kind_of
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import PartyReason
from pos_app.office import (
    bank_bags,
    bills,
    chits,
    invoicing,
    journal_entries,
    payments,
    purchasing,
    stock,
    treasury,
    voids,
)
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.office.journal_entries import Row
from pos_app.office.purchasing import Bought
from pos_app.office.stock import Quantity
from tests.support.worlds.bags import leave
from tests.support.worlds.office_fixture import ONE, Desk, bank, cash

R: Final = "cd" * 16
AS: Final = PostingDetails(request_id=R)
Press = Callable[[], Any]
RENT: Final = [Cost("Rent", 116_00, "6100", "A")]
GAS: Final = [Bought("GAS", 2 * ONE, 1_500_00)]


def _void(desk: Desk) -> Press:
    made = treasury.expense(desk.office, RENT, cash(116_00))
    return lambda: voids.void(desk.office, made.document_id, "twice", request_id=R)


def _payment(desk: Desk) -> Press:
    invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    # The code was used by the very payment that is asked for again.
    paid = [TenderInput(TenderKind.MPESA, 580_00, "SLK4AB9Z01")]
    return lambda: payments.receive(desk.office, "C1", paid, occasion=AS)


def _to_a_vendor(desk: Desk) -> Press:
    bills.bill(desk.office, "V1", RENT)
    return lambda: payments.pay_vendor(desk.office, "V1", bank(116_00), occasion=AS)


def _settlement(desk: Desk) -> Press:
    payments.receive(desk.office, "C1", cash(580_00), prepay=True)
    invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    return lambda: payments.settle(desk.office, "C1", occasion=AS)


def _credit_note(desk: Desk) -> Press:
    made = invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    return lambda: invoicing.credit(desk.office, made.document_id, "dented", occasion=AS)


def _write_off(desk: Desk) -> Press:
    made = invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    wanted = [InvoiceChoice(made.document_id)]
    return lambda: invoicing.write_off(desk.office, "C1", "they are gone", wanted, AS)


def _vendor_credit(desk: Desk) -> Press:
    made = bills.bill(desk.office, "V1", RENT)
    return lambda: bills.credit(desk.office, made.document_id, "too much", RENT, AS)


def _goods(desk: Desk) -> Press:
    order = purchasing.order(desk.office, "V1", GAS)
    return lambda: purchasing.receive(desk.as_("MGR"), order.document_id, occasion=AS)


def _landed(desk: Desk) -> Press:
    receipt = purchasing.receive_without_order(desk.as_("MGR"), "V1", GAS)
    return lambda: purchasing.landed_cost(desk.office, receipt.document_id, 400_00, "Lorry", AS)


def _bill_of_goods(desk: Desk) -> Press:
    receipt = purchasing.receive_without_order(desk.as_("MGR"), "V1", GAS)
    return lambda: bills.bill_for_receipt(desk.office, receipt.document_id, AS)


def _arrived(desk: Desk) -> Press:
    sent = stock.send(desk.as_("MGR"), "MAIN", "WEST", [Quantity("GAS", ONE)])
    return lambda: stock.receive(desk.as_("MGR"), sent.document_id, occasion=AS)


def _deposit_return(desk: Desk) -> Press:
    sold = invoicing.invoice(desk.office, "C1", [Goods("DEP", ONE)]).document
    assert isinstance(sold, Invoice)
    chit = sold.lines[0].chit
    assert chit is not None
    slip = barcode_of(chit.role, chit.number)
    return lambda: chits.pay_back(desk.as_("MGR"), slip, bank(100_00), AS)


def _bag_banked(desk: Desk) -> Press:
    leave(desk.office, "KCB1", 100_00)
    return lambda: bank_bags.bank(desk.office, "KCB1", None, AS)


CASES: Final[dict[str, Callable[[Desk], Press]]] = {
    "reversal": _void,
    "payment": _payment,
    "vendor_payment": _to_a_vendor,
    "settlement": _settlement,
    "credit_note": _credit_note,
    "write_off": _write_off,
    "vendor_credit": _vendor_credit,
    "goods_receipt": _goods,
    "landed_cost": _landed,
    "bill": _bill_of_goods,
    "transfer_received": _arrived,
    "invoice": lambda desk: lambda: invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)], AS),
    "expense": lambda desk: lambda: treasury.expense(desk.office, RENT, cash(116_00), AS),
    "purchase_order": lambda desk: lambda: purchasing.order(desk.office, "V1", GAS, AS),
    "transfer_sent": lambda desk: (
        lambda: stock.send(desk.as_("MGR"), "MAIN", "WEST", [Quantity("GAS", ONE)], AS)
    ),
    "stock_adjustment": lambda desk: (
        lambda: stock.adjust(desk.as_("MGR"), "MAIN", AdjustmentReason.LOSS, [Quantity("GAS", -ONE)], AS)
    ),
    "stock_count": lambda desk: lambda: stock.count(desk.as_("MGR"), "MAIN", [Quantity("GAS", ONE)], AS),
    "returnable": lambda desk: (
        lambda: stock.returnables(desk.as_("MGR"), "MAIN", "C1", [Quantity("GAS", ONE)], AS)
    ),
    "party_money": lambda desk: (
        lambda: treasury.party_money(desk.office, PartyReason.EMPLOYEE_ADVANCE, "E1", cash(100_00), AS)
    ),
    "deposit_return": _deposit_return,
    "money_transfer": lambda desk: lambda: treasury.transfer(desk.office, "safe", "bank", 100_00, AS),
    "bag_banked": _bag_banked,
    "journal_entry": lambda desk: (
        lambda: journal_entries.entry(
            desk.office, "A loan", [Row("1310", 10_00, party="E1"), Row("1170", -10_00)], AS
        )
    ),
}
#: Made at the till alone, or by the centre by itself.
ELSEWHERE: Final = {
    "sale",
    "refund",
    "cash_movement",
    "drawer_open",
    "drawer_close",
    "bank_bag",
    "service_order",
    "service_step",
    "stock_valuation",
}


@pytest.mark.parametrize("kind", CASES)
def test_sent_twice_is_one_document(desk: Desk, kind: str) -> None:
    desk.fill_safe()
    press = CASES[kind](desk)
    first = press()
    assert kind_of(first.document) == kind
    before = desk.documents()
    assert press().document == first.document
    assert desk.documents() == before


def test_every_type_that_the_office_makes_is_asked() -> None:
    assert {*CASES, *ELSEWHERE} == {one.kind for one in TYPES}
