"""What lies in the safe and at the bank: nothing is paid out of a place that does not hold it."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.treasury import Exchanged, PartyReason
from pos_app.office import bills, journal_entries, payments, treasury, voids
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.journal_entries import Row
from pos_app.office.masters import accounts
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk, bank, cash

TOO_LITTLE = "purse-holds-too-little"
#: A bank may lend, and the sentence says by which command it is told so.
BANK_TOO_LITTLE = "bank-holds-too-little"
#: Every way in which the office hands cash out of the safe, by what it is; the amount in minor units.
WAYS: dict[str, Callable[[Desk, int], object]] = {
    "advance": lambda desk, amount: treasury.party_money(
        desk.office, PartyReason.EMPLOYEE_ADVANCE, "E1", cash(amount)
    ),
    "expense": lambda desk, amount: treasury.expense(
        desk.office, [Cost("Rent", amount, "6100")], cash(amount)
    ),
    "vendor": lambda desk, amount: payments.pay_vendor(desk.office, "V1", cash(amount), prepay=True),
    "to the bank": lambda desk, amount: treasury.transfer(desk.office, "safe", "bank", amount),
    "to another business": lambda desk, amount: treasury.transfer(
        desk.office, "safe", "safe", amount, to_business="WATER"
    ),
    "by its code": lambda desk, amount: treasury.transfer(desk.office, "1150", "1171", amount),
    "by hand": lambda desk, amount: journal_entries.entry(
        desk.office, "Lost", [Row("6900", amount), Row("1150", -amount)]
    ),
    "into dollars": lambda desk, amount: treasury.transfer(
        desk.office, "safe", "bank", amount, exchanged=Exchanged(1_00, "USD")
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_safe_is_emptied_and_not_a_cent_further(desk: Desk, way: str) -> None:
    with refused(TOO_LITTLE, held="KES 0.00"):
        WAYS[way](desk, 1)
    desk.fill_safe(250_00)
    with refused(TOO_LITTLE, code="1150", held="KES 250.00"):
        WAYS[way](desk, 250_01)
    WAYS[way](desk, 250_00)
    assert desk.account("1150") == 0
    assert desk.is_whole()


def test_what_another_business_or_currency_has_is_not_ours_to_hand_out(desk: Desk) -> None:
    desk.fill_safe(300_00)
    rent = [Cost("Rent", 300_00, "6100")]
    with refused(TOO_LITTLE):
        treasury.expense(desk.office, rent, cash(300_00), PostingDetails(business="WATER"))
    with refused(TOO_LITTLE, held="USD 0.00"):
        treasury.party_money(
            desk.office, PartyReason.EMPLOYEE_ADVANCE, "E1", cash(1_00), PostingDetails(currency="USD")
        )
    treasury.transfer(desk.office, "safe", "safe", 300_00, to_business="WATER")
    treasury.expense(desk.office, rent, cash(300_00), PostingDetails(business="WATER"))
    assert (desk.account("1150"), desk.account("1150", 2)) == (0, 0)


def test_what_came_in_is_not_voided_once_it_went_out(desk: Desk) -> None:
    came = payments.receive(desk.office, "C1", cash(100_00), prepay=True)
    spent = treasury.expense(desk.office, [Cost("Rent", 60_00, "6100")], cash(60_00))
    owner = desk.as_("OWNER")
    with refused(TOO_LITTLE, held="KES 40.00"):
        voids.void(owner, came.document_id, "never came")
    voids.void(owner, spent.document_id, "never went")
    voids.void(owner, came.document_id, "never came")
    assert desk.account("1150") == 0


def test_a_bank_lends_where_its_account_says_so(desk: Desk) -> None:
    office, owner = desk.office, desk.as_("OWNER")
    treasury.expense(office, [Cost("Rent", 10_00, "6100")], bank(10_00))
    assert accounts.let_overdraw(owner, "1170", False).may_overdraw is False
    # What is below nothing already rises, and falls no further.
    with refused(BANK_TOO_LITTLE, code="1170", held="KES 0.00"):
        treasury.expense(office, [Cost("Rent", 1, "6100")], bank(1))
    payments.receive(office, "C1", bank(4_00), prepay=True)
    bills.bill(office, "V1", [Cost("Rent", 5_00, "6100")])
    with refused(BANK_TOO_LITTLE):
        payments.pay_vendor(office, "V1", bank(5_00))
    accounts.let_overdraw(owner, "1170", True)
    payments.pay_vendor(office, "V1", bank(5_00))
    # An account without a role is a place of money where it is named as one.
    accounts.let_overdraw(owner, "1171", False)
    with refused(BANK_TOO_LITTLE, code="1171"):
        payments.pay_vendor(office, "V1", [TenderInput(TenderKind.BANK, 1_00, account="1171")], prepay=True)
    for code in ("1150", "1110", "1300", "6100"):
        with refused("account-cannot-lend"):
            accounts.let_overdraw(owner, code, True)
    with refused("person-may-not-here"):
        accounts.let_overdraw(desk.as_("AUD"), "1170", True)


STEPS = st.lists(
    st.tuples(st.sampled_from([*WAYS, "in", "in"]), st.integers(1, 400_00)), min_size=1, max_size=6
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_no_safe_is_below_nothing(desk: Desk, steps: list[tuple[str, int]]) -> None:
    expected = desk.account("1150")
    for way, amount in steps:
        if way == "in":
            desk.fill_safe(amount)
            expected += amount
        elif amount > expected and way != "advance":
            with refused(TOO_LITTLE):
                WAYS[way](desk, amount)
        elif way != "advance":
            WAYS[way](desk, amount)
            expected -= amount
        assert desk.account("1150") == expected >= 0
