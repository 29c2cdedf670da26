"""The chart of accounts: shared accounts of the organisation and own accounts of each business.

A posting asks for a role ("cash", "revenue") and a business and gets the business's own account or,
failing that, the shared one.  A fourth business is rows only.

Decisions
---------
2026-11-21  Tax on purchases has an account of its own (2210) beside that on sales (2200), both among
the debts to the tax office: the tax report of a period then equals the movement of each, and what is
owed is their sum.

2026-11-21  What a posting only passes through stands at nothing by itself: 1900 between businesses over
all of them, 1910 between currencies in base currency.  A balance there is a bug that shows.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.line import PartyRole
from pos_app.ledger.tax import DEPOSIT_CODE, VOUCHER_CODE


class AccountType(StrEnum):
    """Where an account stands in the statements."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class AccountRole(StrEnum):
    """What a posting rule may ask an account for (see `role_of` for what a newer centre may send)."""

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
    DRAWINGS = "drawings"
    OVER_SHORT = "over_short"
    ROUNDING = "rounding"
    CLEARING = "clearing"
    OPENING_EQUITY = "opening_equity"
    GRNI = "grni"
    LANDED_ACCRUED = "landed_accrued"
    PRICE_VARIANCE = "price_variance"
    STOCK_LOSS = "stock_loss"
    STOCK_GAIN = "stock_gain"
    BAD_DEBT = "bad_debt"
    EXCHANGE_CLEARING = "exchange_clearing"
    EXCHANGE_DIFFERENCE = "exchange_difference"
    EMPLOYEE_ADVANCES = "employee_advances"
    MEMBER_DEPOSITS = "member_deposits"
    MEMBER_SHARES = "member_shares"
    CUSTOMER_DEPOSITS = "customer_deposits"
    RETAINED_EARNINGS = "retained_earnings"
    INPUT_TAX = "input_tax"
    POINTS = "points"
    POINTS_GIVEN = "points_given"
    CHEQUES = "cheques"
    CASH_IN_TRANSIT = "cash_in_transit"


_ROLES: Final = frozenset(role.value for role in AccountRole)


def role_of(name: str | None) -> AccountRole | None:
    """The role by its stored name; none for a name that only a newer program knows.

    The centre is upgraded before its tills: an account with a role of tomorrow has none today.
    """
    return AccountRole(name) if name in _ROLES else None


#: The account that holds what stands between us and a party, for each of their roles.
PARTY_ACCOUNT: Final = {
    PartyRole.CUSTOMER: AccountRole.RECEIVABLE,
    PartyRole.VENDOR: AccountRole.PAYABLE,
    PartyRole.EMPLOYEE: AccountRole.EMPLOYEE_ADVANCES,
    PartyRole.MEMBER: AccountRole.MEMBER_DEPOSITS,
    PartyRole.DEPOSITOR: AccountRole.CUSTOMER_DEPOSITS,
    PartyRole.SHAREHOLDER: AccountRole.MEMBER_SHARES,
    PartyRole.VOUCHER: AccountRole.VOUCHER,
    PartyRole.DEPOSIT_SLIP: AccountRole.CUSTOMER_DEPOSITS,
    PartyRole.POINTS: AccountRole.POINTS,
}
#: Where the money goes for what is no sale, by its tax code: it is owed to whoever holds the paper.
NO_SALE_ROLE: Final = {
    DEPOSIT_CODE: PartyRole.DEPOSIT_SLIP,
    VOUCHER_CODE: PartyRole.VOUCHER,
}


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
            raise Refused("account-not-set-up", role=role.value.replace("_", " "))
        return code


class Accounts(NamedTuple):
    """The accounts of one document: the chart as the business sees it that the document is of."""

    chart: Chart
    business_id: int

    def of(self, role: AccountRole, business_id: int = 0) -> str:
        """The account of a role in the document's business, or in the one named.  Raises `Refused`."""
        return self.chart.account(role, business_id or self.business_id)

    def sold(self, tax_code: str, business_id: int) -> str:
        """Where the money for a line goes: revenue, or, for what is no sale, what is owed back."""
        role = NO_SALE_ROLE.get(tax_code)
        return self.of(AccountRole.REVENUE if role is None else PARTY_ACCOUNT[role], business_id)

    def clearing(self, businesses: Iterable[int]) -> str:
        """Where the businesses of the document's lines meet; empty when all (0 too) are its own."""
        if set(businesses) <= {0, self.business_id}:
            return ""
        return self.of(AccountRole.CLEARING)

    def difference(self, rate_micro: int) -> str:
        """Where a document at this rate posts exchange differences; empty where there can be none."""
        return "" if rate_micro == RATE_ONE else self.of(AccountRole.EXCHANGE_DIFFERENCE)


_A, _R = AccountType, AccountRole

#: Accounts that all businesses share, with the codes of a Kenyan small company's chart.
SHARED_ACCOUNTS: tuple[Account, ...] = (
    Account("1150", "Safe", _A.ASSET, _R.SAFE, None),
    Account("1152", "Cash on its way to the bank", _A.ASSET, _R.CASH_IN_TRANSIT, None),
    Account("1155", "Cheques not yet banked", _A.ASSET, _R.CHEQUES, None),
    Account("1160", "Card settlement", _A.ASSET, _R.CARD, None),
    Account("1170", "Bank, main account", _A.ASSET, _R.BANK, None),
    Account("1171", "Bank, savings", _A.ASSET, None, None),
    Account("1300", "Customers (receivable)", _A.ASSET, _R.RECEIVABLE, None),
    Account("1310", "Advances to employees", _A.ASSET, _R.EMPLOYEE_ADVANCES, None),
    Account("1900", "Between businesses", _A.ASSET, _R.CLEARING, None),
    Account("1910", "Between currencies", _A.ASSET, _R.EXCHANGE_CLEARING, None),
    Account("2110", "Vendors (payable)", _A.LIABILITY, _R.PAYABLE, None),
    Account("2120", "Accrued expenses", _A.LIABILITY, None, None),
    Account("2130", "Goods received, not invoiced", _A.LIABILITY, _R.GRNI, None),
    Account("2140", "Freight and duty, not invoiced", _A.LIABILITY, _R.LANDED_ACCRUED, None),
    Account("2200", "VAT payable", _A.LIABILITY, _R.TAX_PAYABLE, None),
    Account("2210", "VAT on purchases", _A.LIABILITY, _R.INPUT_TAX, None),
    Account("2310", "Deposits of members", _A.LIABILITY, _R.MEMBER_DEPOSITS, None),
    Account("2320", "Deposits of customers", _A.LIABILITY, _R.CUSTOMER_DEPOSITS, None),
    Account("2400", "Vouchers issued", _A.LIABILITY, _R.VOUCHER, None),
    Account("2410", "Points of customers", _A.LIABILITY, _R.POINTS, None),
    Account("3100", "Owner's capital", _A.EQUITY, None, None),
    Account("3200", "Owner's drawings", _A.EQUITY, _R.DRAWINGS, None),
    Account("3300", "Members' shares", _A.EQUITY, _R.MEMBER_SHARES, None),
    Account("3400", "Retained earnings", _A.EQUITY, _R.RETAINED_EARNINGS, None),
    Account("3900", "Opening balances", _A.EQUITY, _R.OPENING_EQUITY, None),
    Account("4890", "Points given, off revenue", _A.INCOME, _R.POINTS_GIVEN, None),
    Account("4900", "Other income", _A.INCOME, _R.OTHER_INCOME, None),
    Account("4910", "Stock found", _A.INCOME, _R.STOCK_GAIN, None),
    Account("5900", "Purchase price differences", _A.EXPENSE, _R.PRICE_VARIANCE, None),
    Account("5910", "Stock lost", _A.EXPENSE, _R.STOCK_LOSS, None),
    Account("6100", "Rent", _A.EXPENSE, None, None),
    Account("6110", "Utilities", _A.EXPENSE, None, None),
    Account("6120", "Salaries", _A.EXPENSE, None, None),
    Account("6130", "Transport and fuel", _A.EXPENSE, None, None),
    Account("6140", "Bank and M-Pesa charges", _A.EXPENSE, None, None),
    Account("6200", "Petty cash expenses", _A.EXPENSE, _R.PETTY_CASH, None),
    Account("6300", "Bad debts", _A.EXPENSE, _R.BAD_DEBT, None),
    Account("6900", "Cash over and short", _A.EXPENSE, _R.OVER_SHORT, None),
    Account("6910", "Cash rounding", _A.EXPENSE, _R.ROUNDING, None),
    Account("6950", "Exchange differences", _A.EXPENSE, _R.EXCHANGE_DIFFERENCE, None),
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
