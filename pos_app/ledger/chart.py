"""The chart of accounts: shared accounts of the organisation and own accounts of each business.

A posting asks for a role ("cash", "revenue") and a business and gets the business's own account or,
failing that, the shared one.  A fourth business is rows only.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from pos_app.ledger.errors import Refused


class AccountType(StrEnum):
    """Where an account stands in the statements."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class AccountRole(StrEnum):
    """What a posting rule may ask an account for."""

    CASH = "cash"
    SAFE = "safe"
    MPESA = "mpesa"
    BANK = "bank"
    CARD = "card"
    VOUCHER = "voucher"
    RECEIVABLE = "receivable"
    PAYABLE = "payable"
    INVENTORY = "inventory"
    TAX_PAYABLE = "tax_payable"
    REVENUE = "revenue"
    OTHER_INCOME = "other_income"
    COST_OF_GOODS = "cost_of_goods"
    PETTY_CASH = "petty_cash"
    OVER_SHORT = "over_short"
    ROUNDING = "rounding"
    CLEARING = "clearing"
    OPENING_EQUITY = "opening_equity"


class Account(NamedTuple):
    """One account; `business_id` None is shared, `role` None is posted to by hand only."""

    code: str
    name: str
    type: AccountType
    role: AccountRole | None
    business_id: int | None


class Chart:
    """Answers which account a role means in a business."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_role: dict[tuple[AccountRole, int | None], str] = {}
        for account in accounts:
            if account.role is not None:
                self._by_role[account.role, account.business_id] = account.code

    def account(self, role: AccountRole, business_id: int) -> str:
        """The code of the account.  Raises `Refused` when neither the business nor all have one."""
        code = self._by_role.get((role, business_id)) or self._by_role.get((role, None))
        if code is None:
            raise Refused(
                f"No account for {role.value.replace('_', ' ')} is set up; "
                "the owner adds one to the chart of accounts."
            )
        return code


_A, _R = AccountType, AccountRole

#: Accounts that all businesses share, with the codes of a Kenyan small company's chart.
SHARED_ACCOUNTS: tuple[Account, ...] = (
    Account("1150", "Safe", _A.ASSET, _R.SAFE, None),
    Account("1160", "Card settlement", _A.ASSET, _R.CARD, None),
    Account("1170", "Bank, main account", _A.ASSET, _R.BANK, None),
    Account("1171", "Bank, savings", _A.ASSET, None, None),
    Account("1300", "Customers (receivable)", _A.ASSET, _R.RECEIVABLE, None),
    Account("1900", "Between businesses", _A.ASSET, _R.CLEARING, None),
    Account("2110", "Vendors (payable)", _A.LIABILITY, _R.PAYABLE, None),
    Account("2120", "Accrued expenses", _A.LIABILITY, None, None),
    Account("2200", "VAT payable", _A.LIABILITY, _R.TAX_PAYABLE, None),
    Account("2400", "Vouchers issued", _A.LIABILITY, _R.VOUCHER, None),
    Account("3100", "Owner's capital", _A.EQUITY, None, None),
    Account("3200", "Owner's drawings", _A.EQUITY, None, None),
    Account("3900", "Opening balances", _A.EQUITY, _R.OPENING_EQUITY, None),
    Account("4900", "Other income", _A.INCOME, _R.OTHER_INCOME, None),
    Account("6100", "Rent", _A.EXPENSE, None, None),
    Account("6110", "Utilities", _A.EXPENSE, None, None),
    Account("6120", "Salaries", _A.EXPENSE, None, None),
    Account("6200", "Petty cash expenses", _A.EXPENSE, _R.PETTY_CASH, None),
    Account("6900", "Cash over and short", _A.EXPENSE, _R.OVER_SHORT, None),
    Account("6910", "Cash rounding", _A.EXPENSE, _R.ROUNDING, None),
)


def business_accounts(ordinal: int, business_id: int, name: str) -> tuple[Account, ...]:
    """The own accounts of the n-th business (0 to 7): cash, M-Pesa, inventory, revenue, cost.

    The codes leave room between them: a fourth business must not meet the shared accounts.
    """
    return (
        Account(f"111{ordinal}", f"Cash, {name}", _A.ASSET, _R.CASH, business_id),
        Account(f"114{ordinal}", f"M-Pesa till, {name}", _A.ASSET, _R.MPESA, business_id),
        Account(f"12{ordinal + 1}0", f"Inventory, {name}", _A.ASSET, _R.INVENTORY, business_id),
        Account(f"4{ordinal + 1}00", f"Revenue, {name}", _A.INCOME, _R.REVENUE, business_id),
        Account(f"5{ordinal + 1}00", f"Cost of goods, {name}", _A.EXPENSE, _R.COST_OF_GOODS, business_id),
    )
