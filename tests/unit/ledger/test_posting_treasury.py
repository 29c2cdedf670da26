"""What money with parties, expenses, transfers and entries by hand post, worked out by hand."""

from typing import Any

import pytest

from pos_app.ledger.document import document_key
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.treasury import PartyReason
from tests.support.documents.book_specimens import (
    DOLLAR,
    DUE,
    EMPLOYEE,
    MEMBER,
    VENDOR,
    bill_line,
    entry_line,
    expense,
    foreign_tender,
    journal_entry,
    money_transfer,
    party_money,
)
from tests.support.documents.specimens import CUSTOMER, DRAWER, LOCATION, tender
from tests.support.refused import refused
from tests.unit.ledger.posted import (
    ADVANCES,
    BANK,
    CASH,
    CLEARING,
    DEPOSITS,
    DIFFERENCE,
    EXCHANGE,
    INPUT_TAX,
    INVENTORY,
    MEMBERS,
    OPENING,
    PAYABLE,
    PETTY_CASH,
    RECEIVABLE,
    RENT,
    REVENUE,
    SHARES,
    costs,
    currencies,
    drawers,
    flat,
    items,
    lines,
    moves,
    parties,
    post,
)

Reason = PartyReason
USD: dict[str, Any] = {"currency": "USD", "rate_micro": DOLLAR}


@pytest.mark.parametrize(
    ("reason", "account", "party", "sign"),
    [
        (Reason.EMPLOYEE_ADVANCE, ADVANCES, ("employee", EMPLOYEE), 1),
        (Reason.EMPLOYEE_REPAYMENT, ADVANCES, ("employee", EMPLOYEE), -1),
        (Reason.MEMBER_DEPOSIT, MEMBERS, ("member", MEMBER), -1),
        (Reason.MEMBER_WITHDRAWAL, MEMBERS, ("member", MEMBER), 1),
        (Reason.MEMBER_SHARE, SHARES, ("shareholder", MEMBER), -1),
        (Reason.MEMBER_SHARE_RETURN, SHARES, ("shareholder", MEMBER), 1),
        (Reason.CUSTOMER_DEPOSIT, DEPOSITS, ("depositor", CUSTOMER), -1),
        (Reason.CUSTOMER_DEPOSIT_RETURN, DEPOSITS, ("depositor", CUSTOMER), 1),
        (Reason.CUSTOMER_CREDIT_RETURN, RECEIVABLE, ("customer", CUSTOMER), 1),
        (Reason.VENDOR_PREPAYMENT_RETURN, PAYABLE, ("vendor", VENDOR), -1),
    ],
)
def test_money_goes_the_way_that_its_reason_says(
    reason: PartyReason, account: str, party: tuple[str, int], sign: int
) -> None:
    posted = post(party_money(reason, 5_000, back=500))
    assert flat(posted) == [
        (1, account, sign * 5_000),
        (1, CASH, -sign * 5_500),
        (1, CASH, sign * 500),
    ]
    assert parties(posted) == [party, None, None]
    assert drawers(posted) == [None, DRAWER, DRAWER]
    assert items(posted) == []


def test_a_deposit_goes_back_at_what_it_came_for() -> None:
    posted = post(
        party_money(
            Reason.CUSTOMER_DEPOSIT_RETURN, 1_000, base_amount=130_000, difference_account=DIFFERENCE, **USD
        )
    )
    assert lines(posted) == [
        (1, DEPOSITS, 1_000, 130_000),
        (1, CASH, -1_000, -129_550),
        (1, DIFFERENCE, 0, -450),
    ]
    posted = post(
        party_money(
            Reason.EMPLOYEE_REPAYMENT, 1_000, base_amount=130_000, difference_account=DIFFERENCE, **USD
        )
    )
    assert lines(posted) == [
        (1, ADVANCES, -1_000, -130_000),
        (1, CASH, 1_000, 129_550),
        (1, DIFFERENCE, 0, 450),
    ]


def test_a_deposit_in_another_currency_is_exchanged() -> None:
    posted = post(
        party_money(Reason.CUSTOMER_DEPOSIT, 2_600, tenders=(foreign_tender(20, 2_600, 129_000_000),))
    )
    assert lines(posted) == [
        (1, DEPOSITS, -2_600, -2_600),
        (1, CASH, 20, 2_580),
        (1, EXCHANGE, -20, -2_580),
        (1, EXCHANGE, 2_600, 2_580),
        (1, DIFFERENCE, 0, 20),
    ]


def test_an_expense_is_bought_and_paid() -> None:
    posted = post(
        expense(
            bill_line(1_160, "V16", account=PETTY_CASH),
            bill_line(500, "Z", 2),
            tenders=(tender(TenderKind.CASH, 1_000), tender(TenderKind.MPESA, 660, "SLK4AB9Z01")),
        )
    )
    assert flat(posted) == [
        (1, CASH, -1_000),
        (1, "1140", -660),
        (1, PETTY_CASH, 1_000),
        (2, RENT, 500),
        (1, INPUT_TAX, 160),
        (1, CLEARING, 500),
        (2, CLEARING, -500),
    ]
    assert drawers(posted)[:2] == [DRAWER, None]
    assert items(posted) == []


def test_goods_bought_out_of_the_drawer_come_to_stock() -> None:
    line = bill_line(1_001, "Z", account=INVENTORY, product_id=4, quantity=3_000, location_id=LOCATION)
    posted = post(expense(line, tenders=(foreign_tender(8, 1_001, 130_000_000),)))
    assert lines(posted) == [
        (1, CASH, -8, -1_040),
        (1, EXCHANGE, 8, 1_040),
        (1, EXCHANGE, -1_001, -1_040),
        (1, INVENTORY, 1_001, 1_001),
        (1, DIFFERENCE, 0, 39),
    ]
    assert moves(posted) == [(LOCATION, 4, 3_000)]
    assert costs(posted) == [(1, 4, 3_000, 1_001)]


def test_money_moves_from_place_to_place() -> None:
    posted = post(money_transfer(5_000, to_account=CASH, to_drawer=8))
    assert flat(posted) == [(1, CASH, -5_000), (1, CASH, 5_000)]
    assert drawers(posted) == [DRAWER, 8]


def test_money_moves_from_business_to_business() -> None:
    posted = post(money_transfer(5_000, to_account="1141", to_business_id=2, clearing_account=CLEARING))
    assert flat(posted) == [
        (1, CASH, -5_000),
        (2, "1141", 5_000),
        (1, CLEARING, 5_000),
        (2, CLEARING, -5_000),
    ]


def test_money_moves_into_another_currency() -> None:
    # 1,300 shillings in cents buy 10.00 dollars that are worth 1,295.50 shillings.
    posted = post(
        money_transfer(
            130_000,
            to_amount=1_000,
            to_currency="USD",
            to_rate_micro=DOLLAR,
            to_drawer=9,
            exchange_account=EXCHANGE,
            difference_account=DIFFERENCE,
        )
    )
    assert lines(posted) == [
        (1, CASH, -130_000, -130_000),
        (1, EXCHANGE, 130_000, 129_550),
        (1, EXCHANGE, -1_000, -129_550),
        (1, BANK, 1_000, 129_550),
        (1, DIFFERENCE, 0, 450),
    ]
    assert currencies(posted) == ["", "", "USD", "USD", ""]
    assert drawers(posted) == [DRAWER, None, None, 9, None]


def test_an_entry_by_hand_is_as_it_is_written() -> None:
    posted = post(
        journal_entry(
            entry_line(RENT, 5_000),
            entry_line("2120", -5_000),
            entry_line(CASH, -700, 2, drawer_id=8),
            entry_line(ADVANCES, 700, 2, party_role=PartyRole.EMPLOYEE, party_id=EMPLOYEE),
        )
    )
    assert flat(posted) == [(1, RENT, 5_000), (1, "2120", -5_000), (2, CASH, -700), (2, ADVANCES, 700)]
    assert drawers(posted) == [None, None, 8, None]
    assert parties(posted) == [None, None, None, ("employee", EMPLOYEE)]
    assert items(posted) == []


def test_an_entry_at_a_rate_follows_it() -> None:
    posted = post(journal_entry(entry_line(RENT, 333), entry_line(BANK, -100), entry_line(CASH, -233), **USD))
    assert lines(posted) == [(1, RENT, 333, 43_140), (1, BANK, -100, -12_955), (1, CASH, -233, -30_185)]


def test_opening_balances_open_what_is_due() -> None:
    posted = post(
        journal_entry(
            entry_line(RECEIVABLE, 7_000, party_role=PartyRole.CUSTOMER, party_id=CUSTOMER, due_on=DUE),
            entry_line(PAYABLE, -4_000, party_role=PartyRole.VENDOR, party_id=VENDOR, due_on=20261130),
            entry_line(RECEIVABLE, 100, party_role=PartyRole.CUSTOMER, party_id=CUSTOMER),
            entry_line(OPENING, -3_100),
            purpose=EntryPurpose.OPENING,
            terminal_no=3,
            seq=5,
            **USD,
        )
    )
    key = document_key(3, 5)
    assert items(posted) == [
        ("customer", CUSTOMER, key, DUE, 7_000, 906_850),
        ("vendor", VENDOR, key, 20261130, 4_000, 518_200),
    ]


def test_a_year_end_closes_each_currency_and_what_is_in_base_alone() -> None:
    posted = post(
        journal_entry(
            entry_line(REVENUE, 9_000, base_amount=9_000),
            entry_line("3400", -9_000, base_amount=-9_000),
            entry_line(REVENUE, 100, base_amount=12_955, currency="USD"),
            entry_line("3400", -100, base_amount=-12_955, currency="USD"),
            entry_line(DIFFERENCE, 0, base_amount=450, currency="KES"),
            entry_line("3400", 0, base_amount=-450),
            purpose=EntryPurpose.YEAR_END,
        )
    )
    assert lines(posted) == [
        (1, REVENUE, 9_000, 9_000),
        (1, "3400", -9_000, -9_000),
        (1, REVENUE, 100, 12_955),
        (1, "3400", -100, -12_955),
        (1, DIFFERENCE, 0, 450),
        (1, "3400", 0, -450),
    ]
    assert currencies(posted) == ["", "", "USD", "USD", "", ""]


def test_a_revaluation_changes_base_currency_alone() -> None:
    posted = post(
        journal_entry(
            entry_line(CASH, 0, base_amount=17_500, currency="USD"),
            entry_line(BANK, 0, base_amount=-300, currency="EUR"),
            entry_line(DIFFERENCE, 0, base_amount=-17_500),
            entry_line(DIFFERENCE, 0, base_amount=300),
            purpose=EntryPurpose.REVALUATION,
        )
    )
    assert lines(posted) == [
        (1, CASH, 0, 17_500),
        (1, BANK, 0, -300),
        (1, DIFFERENCE, 0, -17_500),
        (1, DIFFERENCE, 0, 300),
    ]
    assert currencies(posted) == ["USD", "EUR", "", ""]
    assert (posted.moves, posted.open_items, posted.costs) == ((), (), ())


@pytest.mark.parametrize(
    "wrong",
    [
        entry_line(CASH, 100, base_amount=12_955, currency="USD"),
        entry_line("1300", 0, base_amount=12_955, party_role=PartyRole.CUSTOMER, party_id=CUSTOMER),
    ],
)
def test_a_revaluation_of_an_amount_or_of_a_party_is_refused(wrong: EntryLine) -> None:
    other = entry_line(DIFFERENCE, -wrong.amount, base_amount=-12_955, currency=wrong.currency)
    with refused("revaluation-moves-amounts"):
        post(journal_entry(wrong, other, purpose=EntryPurpose.REVALUATION))
