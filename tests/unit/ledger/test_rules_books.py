"""The rules of invoices, bills and settlements: what breaks exactly one is refused with a sentence."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.document import Document
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.rules import rules
from pos_app.ledger.stock import AdjustmentReason, ValuationCause
from tests.support.documents import book_specimens as books
from tests.support.documents.book_specimens import (
    DOLLAR,
    allocation,
    bill_line,
    receipt_bill_line,
    returnable_line,
    valued,
)
from tests.support.documents.book_strategies import book_documents
from tests.support.documents.specimens import LOCATION, MOMENT, Item, change, payment, refund, sale, tender
from tests.unit.ledger.breakers import (
    BILL,
    CREDIT,
    DAY,
    EXCHANGED,
    INVOICE,
    LOST,
    MOVED,
    NOTE,
    ORDER,
    PAID,
    SETTLED,
    VENDOR_PAID,
    Breakers,
    assert_refused,
    first,
    with_,
)

DATES: Breakers = {
    "of 1970": (
        lambda: with_(INVOICE, occurred_at=MOMENT.replace(year=1970)),
        "year-implausible",
        {"year": 1970},
    ),
    "of 1999": (
        lambda: with_(INVOICE, occurred_at=MOMENT.replace(year=1999)),
        "year-implausible",
        {"year": 1999},
    ),
    "of 2099": (
        lambda: with_(INVOICE, occurred_at=MOMENT.replace(year=2099)),
        "year-implausible",
        {"year": 2099},
    ),
    "a clock of 2099": (
        lambda: with_(INVOICE, occurred_at=MOMENT.replace(year=2099), recorded_at=MOMENT.replace(year=2099)),
        "year-implausible",
        {"year": 2099},
    ),
    "a clock of 1970": (
        lambda: with_(INVOICE, recorded_at=MOMENT.replace(year=1970)),
        "year-implausible",
        {"year": 1970},
    ),
    "of the day after tomorrow": (
        lambda: with_(INVOICE, occurred_at=MOMENT + DAY + timedelta(seconds=1)),
        "dated-after-recorded",
    ),
    "due in 1970": (lambda: with_(INVOICE, due_on=19700101), "year-of-date-implausible", {"year": 1970}),
    "due in 2099": (lambda: with_(INVOICE, due_on=20990101), "year-of-date-implausible", {"year": 2099}),
    "due in eleven years": (lambda: with_(INVOICE, due_on=20370101), "due-too-far"),
    "due on no day": (lambda: with_(INVOICE, due_on=20260231), "not-a-day"),
    "due on nothing": (lambda: with_(INVOICE, due_on=0), "not-a-day"),
    "negative terms": (lambda: with_(INVOICE, terms_days=-1), "terms-implausible"),
    "terms of a century": (lambda: with_(INVOICE, terms_days=36_500), "terms-implausible"),
    "a bill due in 1970": (lambda: with_(BILL, due_on=19700101), "year-of-date-implausible", {"year": 1970}),
    "an order expected in 2099": (
        lambda: with_(ORDER, expected_on=20990101),
        "year-of-date-implausible",
        {"year": 2099},
    ),
    "rate of nothing": (lambda: with_(INVOICE, rate_micro=0), "rate-not-positive"),
    "rate of 10^9": (lambda: with_(INVOICE, rate_micro=10**15), "rate-implausible"),
    "rate just beyond": (lambda: with_(INVOICE, rate_micro=10**10 + 1), "rate-implausible"),
}

INVOICES: Breakers = {
    "invoice of nothing": (
        lambda: with_(INVOICE, lines=(), subtotal=0, tax_total=0, total=0),
        "no-lines-in",
        {"name": "invoice"},
    ),
    "invoice free of charge": (
        lambda: books.invoice(Item(0)),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "invoice in our disfavour": (
        lambda: books.invoice(Item(100, -1_000)),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "subtotal": (lambda: with_(INVOICE, subtotal=INVOICE.subtotal + 1), "totals-wrong", {"name": "invoice"}),
    "tax total": (
        lambda: with_(INVOICE, tax_total=INVOICE.tax_total + 1),
        "totals-wrong",
        {"name": "invoice"},
    ),
    "total": (lambda: with_(INVOICE, total=INVOICE.total + 1), "totals-wrong", {"name": "invoice"}),
    "net off by one": (lambda: first(INVOICE, net=10_001, tax=1_599), "net-and-tax-wrong"),
    "no receivable": (
        lambda: with_(INVOICE, receivable_account=""),
        "account-not-set-up",
        {"role": "receivable"},
    ),
    "no clearing": (
        lambda: books.invoice(Item(100, business_id=2), clearing_account=""),
        "account-not-set-up",
        {"role": "clearing"},
    ),
    "limit negative": (
        lambda: with_(INVOICE, over_limit=-1),
        "amount-out-of-range",
        {"what": "What goes beyond the credit limit"},
    ),
    "note of nothing": (
        lambda: with_(NOTE, lines=(), subtotal=0, tax_total=0, total=0),
        "no-lines-in",
        {"name": "credit note"},
    ),
    "note free of charge": (
        lambda: books.credit_note(Item(0)),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "note that does not add up": (
        lambda: with_(NOTE, total=NOTE.total - 1),
        "totals-wrong",
        {"name": "credit note"},
    ),
    "note for no invoice": (lambda: with_(NOTE, invoice_id=0), "credit-note-of-nothing"),
    "note without a reason": (lambda: with_(NOTE, reason=" "), "reason-missing"),
    "note of negative base": (
        lambda: with_(NOTE, base_amount=-1),
        "amount-out-of-range",
        {"what": "What the credit note takes off the invoice in base currency"},
    ),
    "note without receivable": (
        lambda: with_(NOTE, receivable_account=""),
        "account-not-set-up",
        {"role": "receivable"},
    ),
    "note for an invoice due never": (lambda: with_(NOTE, invoice_due_on=1), "not-a-day"),
    "note over businesses": (
        lambda: with_(NOTE, invoice_business_id=2),
        "account-not-set-up",
        {"role": "clearing"},
    ),
    "meter that turned over nowhere": (
        lambda: first(INVOICE, meter_before=9_500, meter_after=500, meter_turn=10_500),
        "meter-not-the-quantity",
    ),
    "meter that turned over twice": (
        lambda: first(INVOICE, meter_before=500, meter_after=9_500, meter_turn=10_000),
        "meter-not-the-quantity",
    ),
    "meter that turned over and was changed": (
        lambda: first(
            INVOICE, meter="K", meter_before=9_500, meter_after=500, meter_turn=10_000, meter_replaced=1
        ),
        "meter-not-the-quantity",
    ),
    "meter that took a place with less than nothing": (
        lambda: first(INVOICE, meter="K", meter_before=0, meter_after=1_000, meter_replaced=-1),
        "meter-not-the-quantity",
    ),
    "nothing but a turn": (lambda: first(INVOICE, meter_turn=10_000), "meter-not-the-quantity"),
    "meter read once": (lambda: first(INVOICE, meter_after=1_000), "meter-not-the-quantity"),
    "meter read wrong": (lambda: first(INVOICE, meter_before=0, meter_after=1_001), "meter-not-the-quantity"),
    "meter below nothing": (
        lambda: first(INVOICE, meter_before=-500, meter_after=500),
        "meter-not-the-quantity",
    ),
    "returnable of nothing": (
        lambda: with_(INVOICE, returnables=(returnable_line(0),)),
        "quantity-implausible-of",
    ),
    "returnable at another's": (
        lambda: with_(INVOICE, returnables=(returnable_line(1, 999),)),
        "returnables-at-stranger",
    ),
    "returnable at a stranger's": (
        lambda: sale(Item(100), returnables=(returnable_line(1_000),)),
        "returnables-at-stranger",
    ),
}

BILLS: Breakers = {
    "bill of nothing": (
        lambda: with_(BILL, lines=(), subtotal=0, tax_total=0, total=0),
        "no-lines-in",
        {"name": "bill"},
    ),
    "total": (lambda: with_(BILL, total=BILL.total + 1), "totals-wrong", {"name": "bill"}),
    "free of charge": (
        lambda: books.bill(bill_line(0, "Z")),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "absurd": (lambda: books.bill(bill_line(MOST_MINOR + 1, "Z")), "amount-too-large"),
    "tax too far off": (lambda: books.bill(bill_line(10_000, tax=1_602)), "line-tax-wrong"),
    "tax without a rate": (lambda: books.bill(bill_line(10_000, "Z", tax=1)), "line-tax-wrong"),
    "no description": (lambda: books.bill(bill_line(100, description=" ")), "line-undescribed"),
    "no account": (
        lambda: books.bill(bill_line(100, account="")),
        "account-not-set-up",
        {"role": "purchases"},
    ),
    "no tax account": (
        lambda: books.bill(bill_line(100, tax_account="")),
        "account-not-set-up",
        {"role": "tax on purchases"},
    ),
    "no payable": (lambda: with_(BILL, payable_account=""), "account-not-set-up", {"role": "payable"}),
    "no clearing": (
        lambda: books.bill(bill_line(100, "Z", 2), clearing_account=""),
        "account-not-set-up",
        {"role": "clearing"},
    ),
    "tax rate absurd": (lambda: first(BILL, tax_rate_bp=10**6), "tax-rate-implausible"),
    "quantity negative": (lambda: books.bill(bill_line(100, quantity=-1)), "quantity-implausible"),
    "quantity of nothing": (lambda: books.bill(bill_line(100, quantity=0)), "quantity-implausible"),
    "stock of no product": (
        lambda: books.bill(bill_line(100, location_id=LOCATION, quantity=5)),
        "stock-line-incomplete",
    ),
    "stock of no quantity": (
        lambda: books.bill(bill_line(100, location_id=LOCATION, product_id=5)),
        "stock-line-incomplete",
    ),
    "received without receipt": (
        lambda: books.bill(bill_line(100, received_net=100)),
        "billed-receipt-not-named",
    ),
    "receipt without line": (
        lambda: books.bill(receipt_bill_line(100, 100, 7, receipt_line=None)),
        "billed-line-not-named",
    ),
    "receipt without amount": (
        lambda: books.bill(with_(receipt_bill_line(100, 100, 7), received_net=None)),
        "billed-line-not-named",
    ),
    "received twice": (
        lambda: books.bill(receipt_bill_line(100, 100, 7, location_id=1, product_id=1, quantity=1)),
        "came-with-receipt",
    ),
    "receipt billed twice": (
        lambda: books.bill(receipt_bill_line(100, 100, 7), receipt_bill_line(100, 100, 7)),
        "receipt-line-billed-twice",
    ),
    "received at less than nothing": (
        lambda: books.bill(receipt_bill_line(100, -100, 7)),
        "bill-price-negative",
    ),
    "no account for the difference": (
        lambda: books.bill(receipt_bill_line(101, 100, 7, price_variance_account="")),
        "account-not-set-up",
        {"role": "price differences"},
    ),
    "no account for the exchange": (
        lambda: books.bill(receipt_bill_line(100, 100, 7, received_base=100), difference_account=""),
        "account-not-set-up",
        {"role": "exchange differences"},
    ),
    "credit of a receipt": (
        lambda: books.vendor_credit(receipt_bill_line(100, 100, 7)),
        "vendor-credit-bills-receipt",
    ),
    "credit of nothing": (
        lambda: with_(CREDIT, lines=(), subtotal=0, tax_total=0, total=0),
        "no-lines-in",
        {"name": "vendor's credit"},
    ),
    "credit for no bill": (lambda: with_(CREDIT, bill_id=0), "vendor-credit-of-nothing"),
    "credit without a reason": (lambda: with_(CREDIT, reason=""), "reason-missing"),
    "credit of negative base": (
        lambda: with_(CREDIT, base_amount=-1),
        "amount-out-of-range",
        {"what": "What the credit takes off the bill in base currency"},
    ),
    "credit of a bill due never": (lambda: with_(CREDIT, bill_due_on=7), "not-a-day"),
    "credit without payable": (
        lambda: with_(CREDIT, payable_account=""),
        "account-not-set-up",
        {"role": "payable"},
    ),
    "credit over businesses": (
        lambda: with_(CREDIT, bill_business_id=2),
        "account-not-set-up",
        {"role": "clearing"},
    ),
}

SETTLEMENTS: Breakers = {
    "more allocated than paid": (
        lambda: books.allocated_payment(8_999, allocation(7_000, 1), allocation(2_000, 2)),
        "allocated-more-than-paid",
    ),
    "allocated twice": (
        lambda: books.allocated_payment(10_000, allocation(1_000, 1), allocation(2_000, 1)),
        "allocated-twice",
    ),
    "allocation of nothing": (
        lambda: books.allocated_payment(10_000, allocation(0, 1)),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "negative allocation": (
        lambda: books.allocated_payment(10_000, allocation(12_000, 1), allocation(-2_000, 2)),
        "amount-out-of-range",
        {"rule": "more than zero"},
    ),
    "allocation of negative base": (
        lambda: books.allocated_payment(10_000, allocation(1_000, 1, base_amount=-1)),
        "amount-out-of-range",
        {"what": "An allocated amount in base currency"},
    ),
    "allocation to nothing": (
        lambda: books.allocated_payment(10_000, allocation(100, 0)),
        "allocation-of-nothing",
    ),
    "allocation due never": (lambda: books.allocated_payment(10_000, allocation(100, due_on=1)), "not-a-day"),
    "allocation elsewhere": (
        lambda: books.allocated_payment(10_000, allocation(100, business_id=2), clearing_account=""),
        "account-not-set-up",
        {"role": "clearing"},
    ),
    "an employee's allocation": (
        lambda: with_(PAID, party_role=PartyRole.EMPLOYEE),
        "allocation-needs-customer",
    ),
    "no account for the exchange": (
        lambda: with_(PAID, rate_micro=DOLLAR, currency="USD", difference_account=""),
        "account-not-set-up",
        {"role": "exchange differences"},
    ),
    "no account for a difference": (
        lambda: books.allocated_payment(100, allocation(100, 1, base_amount=99), difference_account=""),
        "account-not-set-up",
        {"role": "exchange differences"},
    ),
    "vendor paid nothing": (lambda: books.vendor_payment(0, tenders=()), "vendor-payment-not-positive"),
    "vendor paid on account": (
        lambda: with_(VENDOR_PAID, tenders=(tender(TenderKind.ACCOUNT, 10_000),)),
        "payment-on-account",
    ),
    "vendor not paid": (lambda: with_(VENDOR_PAID, tenders=()), "tenders-not-the-due"),
    "vendor paid less than allocated": (
        lambda: books.vendor_payment(100, allocation(101, 1)),
        "allocated-more-than-paid",
    ),
    "vendor without payable": (
        lambda: with_(VENDOR_PAID, payable_account=""),
        "account-not-set-up",
        {"role": "payable"},
    ),
    "settlement of nothing": (books.settlement, "no-invoice-named"),
    "settlement off by one": (lambda: with_(SETTLED, total=6_999), "allocations-not-the-total"),
    "settlement of an employee": (
        lambda: with_(SETTLED, party_role=PartyRole.EMPLOYEE),
        "settlement-needs-party",
    ),
    "a vendor's deposit": (lambda: with_(SETTLED, party_role=PartyRole.VENDOR), "deposit-not-of-customer"),
    "a deposit on the receivable": (lambda: with_(SETTLED, deposit_account="1300"), "deposit-account-wrong"),
    "settlement without account": (
        lambda: with_(SETTLED, account=""),
        "account-not-set-up",
        {"role": "receivable"},
    ),
    "settlement of negative base": (
        lambda: with_(SETTLED, base_amount=-1),
        "amount-out-of-range",
        {"what": "What is settled in base currency"},
    ),
    "settlement without difference": (
        lambda: with_(SETTLED, base_amount=1, difference_account=""),
        "account-not-set-up",
        {"role": "exchange differences"},
    ),
    "write-off of nothing": (books.write_off, "no-invoice-named"),
    "write-off off by one": (lambda: with_(LOST, total=7_001), "allocations-not-the-total"),
    "write-off without a reason": (lambda: with_(LOST, reason=""), "reason-missing"),
    "write-off without receivable": (
        lambda: with_(LOST, receivable_account=""),
        "account-not-set-up",
        {"role": "receivable"},
    ),
    "write-off without expense": (
        lambda: with_(LOST, bad_debt_account=""),
        "account-not-set-up",
        {"role": "bad debts"},
    ),
}

BREAKERS = {
    f"{family}: {name}": breaker
    for family, breakers in {
        "dates": DATES,
        "invoices": INVOICES,
        "bills": BILLS,
        "settlements": SETTLEMENTS,
    }.items()
    for name, breaker in breakers.items()
}


@pytest.mark.parametrize("name", BREAKERS)
def test_a_broken_rule_is_refused(name: str) -> None:
    assert_refused(BREAKERS[name])


@given(book_documents(st.sampled_from([1, 1_000_000, 129_550_000, 10**10])))
def test_whatever_an_office_could_make_passes(document: Document) -> None:
    rules.check(document)


def test_the_edges_pass() -> None:
    for document in (
        with_(INVOICE, occurred_at=MOMENT + DAY),
        with_(MOVED, occurred_at=MOMENT.replace(year=2000)),
        with_(INVOICE, due_on=20200101),
        with_(BILL, due_on=20201231),
        books.bill(bill_line(10_000, tax=1_601)),
        books.bill(bill_line(10_000, tax=1_599)),
        first(INVOICE, meter_before=500, meter_after=1_500),
        first(INVOICE, meter_before=9_500, meter_after=500, meter_turn=10_000),
        first(INVOICE, meter="K", meter_before=0, meter_after=1_000, meter_replaced=7),
        books.allocated_payment(9_000, allocation(7_000, 1), allocation(2_000, 1, due_on=20270101)),
        books.allocated_payment(100, allocation(100, 1), difference_account=""),
        books.vendor_payment(1, allocation(1, 1), difference_account=""),
        payment(100, currency="USD", rate_micro=DOLLAR),
        books.vendor_payment(100, currency="USD", rate_micro=DOLLAR, difference_account=""),
        books.bill(bill_line(100, "Z", tax_account=""), difference_account=""),
        books.stock_adjustment(AdjustmentReason.LOSS, (1, -1)),
        books.stock_adjustment(AdjustmentReason.FOUND, (1, 1)),
        books.stock_adjustment(AdjustmentReason.OTHER, (1, 5), (2, -5)),
        books.stock_valuation(valued(1, 0, -5, ValuationCause.REVALUATION)),
        books.transfer_received((1, 5_000, 0)),
        with_(MOVED, to_account=MOVED.from_account, to_drawer=8),
        with_(EXCHANGED, to_account=EXCHANGED.from_account, to_drawer=EXCHANGED.from_drawer),
        refund(Item(100), returnables=(returnable_line(-1_000, None),)),
        payment(100, back=5, change=change(5)),
    ):
        rules.check(document)
