"""The chart: a business's own account before the shared one, a sentence when there is none."""

import itertools

import pytest

from pos_app.ledger.chart import (
    SHARED_ACCOUNTS,
    Account,
    AccountRole,
    AccountType,
    Chart,
    business_accounts,
)
from pos_app.ledger.errors import Refused

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
    with pytest.raises(Refused, match="No account for tax payable is set up"):
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
