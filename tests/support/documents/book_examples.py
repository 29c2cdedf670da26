"""One document of every type of the books, made with `book_specimens`."""

from pos_app.ledger.document import Document, document_key
from pos_app.ledger.journal_entry import EntryPurpose
from pos_app.ledger.line import CashCount, Change, PartyRole, TenderKind
from pos_app.ledger.service_orders import Step
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import PartyReason
from tests.support.documents import specimens
from tests.support.documents.book_specimens import (
    DOLLAR,
    DUE,
    R,
    allocated_payment,
    allocation,
    bag_banked,
    bank_bag,
    bill,
    bill_line,
    chit,
    credit_note,
    deposit_return,
    entry_line,
    expense,
    goods_receipt,
    invoice,
    journal_entry,
    landed_cost,
    money_transfer,
    party_money,
    purchase_order,
    receipt_bill_line,
    returnable,
    returnable_line,
    settlement,
    stock_adjustment,
    stock_valuation,
    transfer_received,
    transfer_sent,
    valued,
    vendor_credit,
    vendor_payment,
    write_off,
)
from tests.support.documents.service_specimens import service_line, service_order, service_step
from tests.support.documents.specimens import CUSTOMER, DRAWER, LOCATION, TILL, Item, account


def books_of_each() -> list[Document]:
    """One document of every type of the books, each with all that its type can carry.

    They name each other by the keys that they get when recorded after the seven of the till.
    """
    charged = invoice(
        Item(11_600, 3000),
        Item(5_000, code="Z", business_id=2, stocked=False),
        reference="PO 4711",
        returnables=(returnable_line(2000),),
    )
    receipt_id = document_key(TILL, 12)
    back = Change(amount=500, account=account(R.CASH), drawer_id=DRAWER)
    return [
        charged,
        credit_note(Item(11_600), returnables=(returnable_line(-1000),)),
        allocated_payment(12_000, allocation(10_000)),
        purchase_order((1, 10_000, 700), (2, 4_500, 999)),
        goods_receipt((1, 9_000, 700), (2, 4_500, 999)),
        landed_cost((1, 1_001), (2, 99)),
        bill(
            receipt_bill_line(6_500, 6_300, receipt_id),
            bill_line(116_00, "V16", description="Gas, no receipt", account=account(R.INVENTORY),
                      product_id=1, quantity=3_000, location_id=LOCATION),
        ),
        vendor_credit(bill_line(1_000, description="Gas gone back", account=account(R.INVENTORY),
                                product_id=1, quantity=1_000, location_id=LOCATION)),
        vendor_payment(5_000, allocation(4_000, document_key(TILL, 14))),
        settlement(allocation(2_000), deposit=True),
        write_off(allocation(1_000)),
        transfer_sent((1, 5_000)),
        transfer_received((1, 5_000, 4_000)),
        stock_adjustment(AdjustmentReason.DAMAGE, (1, -1_000)),
        returnable((5, 2_000), (6, -1_000)),
        stock_valuation(valued(1, 1_000, 701), valued(2, -500, -500, business_id=2)),
        party_money(PartyReason.CUSTOMER_DEPOSIT, 2_000, change=back,
                    tenders=(specimens.tender(TenderKind.CASH, 2_500),)),
        expense(bill_line(2_320, "V16", description="Broom", account="6200")),
        money_transfer(1_300, to_amount=10, to_currency="USD", to_rate_micro=DOLLAR,
                       exchange_account=account(R.EXCHANGE_CLEARING),
                       difference_account=account(R.EXCHANGE_DIFFERENCE)),
        journal_entry(
            entry_line(account(R.RECEIVABLE), 7_000, party_role=PartyRole.CUSTOMER, party_id=CUSTOMER,
                       due_on=DUE),
            entry_line(account(R.OPENING_EQUITY), -7_000),
            purpose=EntryPurpose.OPENING,
        ),
        service_order(
            service_line(Item(9_000, 3000, product_id=3, business_id=3), note="blue; stain on the collar"),
            service_line(Item(12_000, 2_500, "X16", 4, 3), unit="kg", list_price=13_000,
                         price_approver_id=43),
            party_id=CUSTOMER, customer_name="", tag="A 117", note="knock at the back",
        ),
        service_step(Step.RETURNED, (0, 3, 1_000), order_number="K3-SO000001"),
        deposit_return(2_500, chit(business_id=2)),
        allocated_payment(2_040, allocation(2_040), rounding=-40, rounding_account=account(R.ROUNDING),
                          cash_step=100, tenders=(specimens.tender(TenderKind.CASH, 2_000),)),
        bank_bag(5_100, counts=(CashCount(value=1_000, pieces=5), CashCount(value=50, pieces=2))),
        bag_banked(5_000, 5_100, bag_id=document_key(TILL, 33)),
    ]  # fmt: skip
