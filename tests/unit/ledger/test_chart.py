"""The chart: a business's own account before the shared one, a sentence when there is none."""

import itertools

import pytest

from pos_app.ledger.chart import (
    PARTY_ACCOUNT,
    SHARED_ACCOUNTS,
    Account,
    AccountRole,
    AccountType,
    Chart,
    business_accounts,
    role_of,
)
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from tests.support.refused import refused

MOST_BUSINESSES = 8


def test_own_account_comes_before_the_shared_one() -> None:
    chart = Chart(
        [
            Account("1000", "Shared cash", AccountType.ASSET, AccountRole.CASH, None),
            Account("1001", "Water's cash", AccountType.ASSET, AccountRole.CASH, 2),
        ]
    )
    assert chart.account(AccountRole.CASH, 2) == "1001"
    assert chart.account(AccountRole.CASH, 1) == "1000"


def test_without_an_account_it_says_so() -> None:
    with refused("account-not-set-up"):
        Chart([]).account(AccountRole.TAX_PAYABLE, 1)


def test_an_account_without_a_role_answers_nothing() -> None:
    chart = Chart([Account("6100", "Rent", AccountType.EXPENSE, None, None)])
    with pytest.raises(Refused):
        chart.account(AccountRole.PETTY_CASH, 1)


def test_another_business_is_rows_only() -> None:
    """Every business answers every role, and no two accounts have one code."""
    accounts = list(
        itertools.chain(
            SHARED_ACCOUNTS, *(business_accounts(n, n + 1, f"Business {n}") for n in range(MOST_BUSINESSES))
        )
    )
    codes = [account.code for account in accounts]
    assert sorted(codes) == sorted(set(codes))
    chart = Chart(accounts)
    for role, business in itertools.product(AccountRole, range(1, MOST_BUSINESSES + 1)):
        assert chart.account(role, business) in codes
    own = [chart.account(AccountRole.REVENUE, business) for business in range(1, MOST_BUSINESSES + 1)]
    assert len(set(own)) == MOST_BUSINESSES


def test_every_role_of_a_party_has_its_account() -> None:
    chart = Chart(SHARED_ACCOUNTS)
    codes = {role: chart.account(PARTY_ACCOUNT[role], 1) for role in PartyRole}
    assert codes == {
        PartyRole.CUSTOMER: "1300",
        PartyRole.VENDOR: "2110",
        PartyRole.EMPLOYEE: "1310",
        PartyRole.MEMBER: "2310",
        PartyRole.DEPOSITOR: "2320",
        PartyRole.SHAREHOLDER: "3300",
        PartyRole.VOUCHER: "2400",
        # With a name or without: what is held for customers is one debt.
        PartyRole.DEPOSIT_SLIP: "2320",
        PartyRole.POINTS: "2410",
    }


def test_the_codes_of_the_first_chart_stay() -> None:
    """What a depot's books are written in: a code that moves moves its balance."""
    found = {account.role: (account.code, account.type.value) for account in SHARED_ACCOUNTS if account.role}
    assert found == {
        AccountRole.SAFE: ("1150", "asset"),
        AccountRole.CHEQUES: ("1155", "asset"),
        AccountRole.CARD: ("1160", "asset"),
        AccountRole.BANK: ("1170", "asset"),
        AccountRole.RECEIVABLE: ("1300", "asset"),
        AccountRole.EMPLOYEE_ADVANCES: ("1310", "asset"),
        AccountRole.CLEARING: ("1900", "asset"),
        AccountRole.EXCHANGE_CLEARING: ("1910", "asset"),
        AccountRole.PAYABLE: ("2110", "liability"),
        AccountRole.GRNI: ("2130", "liability"),
        AccountRole.LANDED_ACCRUED: ("2140", "liability"),
        AccountRole.TAX_PAYABLE: ("2200", "liability"),
        AccountRole.INPUT_TAX: ("2210", "liability"),
        AccountRole.MEMBER_DEPOSITS: ("2310", "liability"),
        AccountRole.CUSTOMER_DEPOSITS: ("2320", "liability"),
        AccountRole.VOUCHER: ("2400", "liability"),
        AccountRole.POINTS: ("2410", "liability"),
        AccountRole.POINTS_GIVEN: ("4890", "income"),
        AccountRole.MEMBER_SHARES: ("3300", "equity"),
        AccountRole.RETAINED_EARNINGS: ("3400", "equity"),
        AccountRole.OPENING_EQUITY: ("3900", "equity"),
        AccountRole.OTHER_INCOME: ("4900", "income"),
        AccountRole.STOCK_GAIN: ("4910", "income"),
        AccountRole.PRICE_VARIANCE: ("5900", "expense"),
        AccountRole.STOCK_LOSS: ("5910", "expense"),
        AccountRole.DRAWINGS: ("3200", "equity"),
        AccountRole.PETTY_CASH: ("6200", "expense"),
        AccountRole.BAD_DEBT: ("6300", "expense"),
        AccountRole.OVER_SHORT: ("6900", "expense"),
        AccountRole.ROUNDING: ("6910", "expense"),
        AccountRole.EXCHANGE_DIFFERENCE: ("6950", "expense"),
        AccountRole.CASH_IN_TRANSIT: ("1152", "asset"),
    }


def test_a_role_that_only_a_newer_centre_knows_is_none_at_a_till_of_today() -> None:
    """The centre is upgraded first; a till that read such an account must go on selling."""
    assert role_of("a_role_of_tomorrow") is None
    assert role_of("") is role_of(None) is None
    assert [role_of(role.value) for role in AccountRole] == list(AccountRole)
