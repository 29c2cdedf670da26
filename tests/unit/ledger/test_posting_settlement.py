"""What payments, settlements and write-offs post, worked out by hand, line by line."""

from typing import Any

from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.settlement import Open, allocate, base_of
from tests.support.documents.book_specimens import (
    DOLLAR,
    DUE,
    VENDOR,
    allocated_payment,
    allocation,
    foreign_tender,
    settlement,
    vendor_payment,
    write_off,
)
from tests.support.documents.specimens import CUSTOMER, DRAWER, change, payment, tender
from tests.support.refused import refused
from tests.unit.ledger.posted import (
    BAD_DEBT,
    BANK,
    CASH,
    CLEARING,
    DEPOSITS,
    DIFFERENCE,
    EXCHANGE,
    PAYABLE,
    RECEIVABLE,
    currencies,
    drawers,
    flat,
    items,
    lines,
    moves,
    owed_in,
    parties,
    post,
)

USD: dict[str, Any] = {"currency": "USD", "rate_micro": DOLLAR}
THEM = ("customer", CUSTOMER)


def test_a_payment_closes_two_invoices_and_leaves_a_credit() -> None:
    posted = post(allocated_payment(10_000, allocation(7_000, 11), allocation(2_500, 12, due_on=20270101)))
    assert flat(posted) == [
        (1, RECEIVABLE, -7_000),
        (1, RECEIVABLE, -2_500),
        (1, RECEIVABLE, -500),
        (1, BANK, 10_000),
    ]
    assert parties(posted) == [THEM, THEM, THEM, None]
    assert items(posted) == [
        ("customer", CUSTOMER, 11, DUE, -7_000, -7_000),
        ("customer", CUSTOMER, 12, 20270101, -2_500, -2_500),
    ]
    assert moves(posted) == []


def test_a_payment_with_change_and_nothing_allocated_opens_and_closes_nothing() -> None:
    posted = post(payment(70_000, back=30_000))
    assert flat(posted) == [(1, RECEIVABLE, -70_000), (1, CASH, 100_000), (1, CASH, -30_000)]
    assert drawers(posted) == [None, DRAWER, DRAWER]
    assert items(posted) == []


def test_the_payment_of_another_role_is_of_that_role() -> None:
    posted = post(payment(70_000, party_role=PartyRole.EMPLOYEE, party_id=7))
    assert parties(posted) == [("employee", 7), None]


def test_a_payment_at_another_rate_realises_the_difference() -> None:
    # 100 dollars invoiced at 129.55 (12,955.00), paid when they are worth 13,000.00: a gain of 45.00.
    posted = post(
        allocated_payment(
            10_000, allocation(10_000, 11, base_amount=1_295_500), currency="USD", rate_micro=130_000_000
        )
    )
    assert lines(posted) == [
        (1, RECEIVABLE, -10_000, -1_295_500),
        (1, BANK, 10_000, 1_300_000),
        (1, DIFFERENCE, 0, -4_500),
    ]
    assert items(posted) == [("customer", CUSTOMER, 11, DUE, -10_000, -1_295_500)]


def test_a_payment_of_less_worth_realises_a_loss() -> None:
    posted = post(allocated_payment(12_000, allocation(10_000, 11, base_amount=1_300_000), **USD))
    assert lines(posted) == [
        (1, RECEIVABLE, -10_000, -1_300_000),
        (1, RECEIVABLE, -2_000, -259_100),
        (1, BANK, 12_000, 1_554_600),
        (1, DIFFERENCE, 0, 4_500),
    ]


def test_an_invoice_of_another_business_is_paid_there() -> None:
    posted = post(
        allocated_payment(
            10_000,
            allocation(10_000, 11, base_amount=1_295_500, business_id=2),
            currency="USD",
            rate_micro=130_000_000,
        )
    )
    # The second business gets what it stood at; who took the money has the gain.
    assert lines(posted) == [
        (2, RECEIVABLE, -10_000, -1_295_500),
        (1, BANK, 10_000, 1_300_000),
        (2, CLEARING, 10_000, 1_295_500),
        (1, CLEARING, -10_000, -1_295_500),
        (1, DIFFERENCE, 0, -4_500),
    ]
    assert items(posted) == [("customer", CUSTOMER, 11, DUE, -10_000, -1_295_500)]


def test_a_dollar_invoice_is_paid_in_shillings() -> None:
    # 10 dollars, the document at 129.55; 1,300.00 shillings in cash settle them.
    posted = post(
        payment(
            1_000,
            tenders=(foreign_tender(130_000, 1_000, 1_000_000, "KES"),),
            allocations=(allocation(1_000, 11, base_amount=129_000),),
            difference_account=DIFFERENCE,
            **USD,
        )
    )
    assert lines(posted) == [
        (1, RECEIVABLE, -1_000, -129_000),
        (1, CASH, 130_000, 130_000),
        (1, EXCHANGE, -130_000, -130_000),
        (1, EXCHANGE, 1_000, 130_000),
        (1, DIFFERENCE, 0, -1_000),
    ]
    assert currencies(posted) == ["", "KES", "KES", "", ""]


def test_a_payment_to_a_vendor_closes_bills() -> None:
    posted = post(vendor_payment(10_000, allocation(7_000, 21), allocation(2_500, 22)))
    assert flat(posted) == [
        (1, PAYABLE, 7_000),
        (1, PAYABLE, 2_500),
        (1, PAYABLE, 500),
        (1, BANK, -10_000),
    ]
    assert parties(posted) == [("vendor", VENDOR)] * 3 + [None]
    assert items(posted) == [
        ("vendor", VENDOR, 21, DUE, -7_000, -7_000),
        ("vendor", VENDOR, 22, DUE, -2_500, -2_500),
    ]


def test_a_payment_to_a_vendor_at_another_rate_realises_the_difference() -> None:
    # 100 dollars billed at 130, paid at 129.55: it cost 45.00 less.
    posted = post(vendor_payment(10_000, allocation(10_000, 21, base_amount=1_300_000), **USD))
    assert lines(posted) == [
        (1, PAYABLE, 10_000, 1_300_000),
        (1, BANK, -10_000, -1_295_500),
        (1, DIFFERENCE, 0, -4_500),
    ]
    foreign = vendor_payment(2_580, tenders=(foreign_tender(20, 2_580, 129_000_000),), difference_account="")
    assert lines(post(foreign)) == [
        (1, PAYABLE, 2_580, 2_580),
        (1, CASH, -20, -2_580),
        (1, EXCHANGE, 20, 2_580),
        (1, EXCHANGE, -2_580, -2_580),
    ]


def test_a_settlement_within_the_account_moves_nothing() -> None:
    posted = post(settlement(allocation(3_000, 11), allocation(2_000, 12)))
    assert lines(posted) == []
    assert items(posted) == [
        ("customer", CUSTOMER, 11, DUE, -3_000, -3_000),
        ("customer", CUSTOMER, 12, DUE, -2_000, -2_000),
    ]


def test_a_settlement_realises_what_the_money_was_worth_more() -> None:
    posted = post(settlement(allocation(1_000, 11, base_amount=129_000), base_amount=130_000, **USD))
    assert lines(posted) == [(1, RECEIVABLE, 0, 1_000), (1, DIFFERENCE, 0, -1_000)]
    assert parties(posted) == [THEM, None]
    vendor: dict[str, Any] = {"party_role": PartyRole.VENDOR, "party_id": VENDOR, "account": PAYABLE}
    posted = post(
        settlement(allocation(1_000, 11, base_amount=129_000), base_amount=130_000, **vendor, **USD)
    )
    assert lines(posted) == [(1, PAYABLE, 0, -1_000), (1, DIFFERENCE, 0, 1_000)]
    assert items(posted) == [("vendor", VENDOR, 11, DUE, -1_000, -129_000)]


def test_a_deposit_pays_an_invoice() -> None:
    posted = post(settlement(allocation(3_000, 11), deposit=True))
    assert flat(posted) == [(1, DEPOSITS, 3_000), (1, RECEIVABLE, -3_000)]
    assert parties(posted) == [("depositor", CUSTOMER), THEM]
    posted = post(
        settlement(allocation(1_000, 11, base_amount=129_000), deposit=True, base_amount=130_000, **USD)
    )
    assert lines(posted) == [
        (1, DEPOSITS, 1_000, 130_000),
        (1, RECEIVABLE, -1_000, -129_000),
        (1, DIFFERENCE, 0, -1_000),
    ]


def test_what_is_too_little_for_base_currency_is_settled_all_the_same() -> None:
    posted = post(settlement(allocation(1, 11, base_amount=0), deposit=True))
    assert lines(posted) == [(1, DEPOSITS, 1, 0), (1, RECEIVABLE, -1, 0)]
    assert items(posted) == [("customer", CUSTOMER, 11, DUE, -1, 0)]


def test_a_settlement_between_businesses_meets_on_the_clearing_account() -> None:
    posted = post(settlement(allocation(3_000, 11, business_id=2)))
    assert flat(posted) == [
        (1, RECEIVABLE, 3_000),
        (2, RECEIVABLE, -3_000),
        (1, CLEARING, -3_000),
        (2, CLEARING, 3_000),
    ]


def test_what_is_written_off_is_lost_at_what_it_stood_at() -> None:
    posted = post(
        write_off(
            allocation(1_000, 11, base_amount=129_000),
            allocation(500, 12, base_amount=65_000),
            allocation(700, 13, base_amount=90_000, business_id=2),
            **USD,
        )
    )
    assert lines(posted) == [
        (1, BAD_DEBT, 1_500, 194_000),
        (2, BAD_DEBT, 700, 90_000),
        (1, RECEIVABLE, -1_500, -194_000),
        (2, RECEIVABLE, -700, -90_000),
    ]
    assert parties(posted) == [None, None, THEM, THEM]
    assert [(item[2], *item[-2:]) for item in items(posted)] == [
        (11, -1_000, -129_000),
        (12, -500, -65_000),
        (13, -700, -90_000),
    ]
    assert owed_in(posted) == [1, 1, 2]


def test_a_difference_without_an_account_is_refused_not_lost() -> None:
    with refused("exchange-account-missing"):
        posting_rules.post(allocated_payment(10, allocation(10, 11, base_amount=9), difference_account=""))


# --- sharing a payment out ------------------------------------------------------------------------


def test_the_oldest_is_paid_first_and_the_last_only_in_part() -> None:
    found = allocate(
        10_000,
        [
            Open(3, "K1-I000003", 20270301, 5_000, 5_000),
            Open(2, "K1-I000002", 20270201, 4_000, 4_001, 2),
            Open(9, "K1-I000009", 20270101, 0, 0),
            Open(1, "K1-I000001", 20270201, 3_000, 390_001),
        ],
    )
    assert [(one.invoice_id, one.amount, one.base_amount, one.business_id) for one in found] == [
        (1, 3_000, 390_001, 0),
        (2, 4_000, 4_001, 2),
        (3, 3_000, 3_000, 0),
    ]
    assert (found[0].invoice_number, found[0].due_on) == ("K1-I000001", 20270201)


def test_the_last_cent_is_allocated() -> None:
    found = allocate(5_001, [Open(1, "", DUE, 5_000, 5_000), Open(2, "", DUE, 1, 2)])
    assert [(one.invoice_id, one.amount, one.base_amount) for one in found] == [(1, 5_000, 5_000), (2, 1, 2)]


def test_what_is_over_is_not_allocated() -> None:
    assert [one.amount for one in allocate(9_000, [Open(1, "", DUE, 5_000, 5_000)])] == [5_000]
    assert allocate(0, [Open(1, "", DUE, 5_000, 5_000)]) == ()


def test_parts_of_an_invoice_add_up_to_it_in_base_currency() -> None:
    left, base = 1_000, 129_551
    taken = 0
    for part in (333, 333, 334):
        lowered = base_of(part, left, base)
        left, base, taken = left - part, base - lowered, taken + lowered
    assert (left, base, taken) == (0, 0, 129_551)
    assert base_of(1, 3, 2) == 1
    assert base_of(1, 3, 1) == 0


def test_mixed_money_is_taken_each_by_itself() -> None:
    posted = post(
        payment(
            5_000,
            tenders=(tender(TenderKind.CASH, 3_000), tender(TenderKind.MPESA, 2_500, "SLK4AB9Z01")),
            change=change(500),
        )
    )
    assert flat(posted) == [
        (1, RECEIVABLE, -5_000),
        (1, CASH, 3_000),
        (1, "1140", 2_500),
        (1, CASH, -500),
    ]
