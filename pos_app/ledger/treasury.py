"""Money that moves without goods: with parties, for expenses, and between our own places.

Amounts are in minor units of the document's currency and positive; the reason says the direction.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.head import Head
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import Change, Chit, PartyRole, Tender
from pos_app.ledger.settlement import Allocation, Share


class MoneyAccount(StrEnum):
    """A place of our own where money lies."""

    DRAWER = "drawer"
    SAFE = "safe"
    BANK = "bank"
    MPESA = "mpesa"
    CARD = "card"
    CHEQUES = "cheques"


#: The account of each; a drawer's cash is its business's.
MONEY_ROLE: Final = {
    MoneyAccount.DRAWER: AccountRole.CASH,
    MoneyAccount.SAFE: AccountRole.SAFE,
    MoneyAccount.BANK: AccountRole.BANK,
    MoneyAccount.MPESA: AccountRole.MPESA,
    MoneyAccount.CARD: AccountRole.CARD,
    MoneyAccount.CHEQUES: AccountRole.CHEQUES,
}


class Exchanged(NamedTuple):
    """What money was changed into: minor units of a currency (empty: our own).

    `rate_micro` is what a unit of it is worth in base currency, in millionths (None: the rate of the day).
    """

    amount: int
    currency: str = ""
    rate_micro: int | None = None


class PartyReason(StrEnum):
    """Why money went to or came from a party beside trade."""

    EMPLOYEE_ADVANCE = "employee_advance"
    EMPLOYEE_REPAYMENT = "employee_repayment"
    MEMBER_DEPOSIT = "member_deposit"
    MEMBER_WITHDRAWAL = "member_withdrawal"
    MEMBER_SHARE = "member_share"
    MEMBER_SHARE_RETURN = "member_share_return"
    CUSTOMER_DEPOSIT = "customer_deposit"
    CUSTOMER_DEPOSIT_RETURN = "customer_deposit_return"
    CUSTOMER_CREDIT_RETURN = "customer_credit_return"
    VENDOR_PREPAYMENT_RETURN = "vendor_prepayment_return"


#: In which role the party stands for each reason.
ROLE_OF: Final = {
    PartyReason.EMPLOYEE_ADVANCE: PartyRole.EMPLOYEE,
    PartyReason.EMPLOYEE_REPAYMENT: PartyRole.EMPLOYEE,
    PartyReason.MEMBER_DEPOSIT: PartyRole.MEMBER,
    PartyReason.MEMBER_WITHDRAWAL: PartyRole.MEMBER,
    PartyReason.MEMBER_SHARE: PartyRole.SHAREHOLDER,
    PartyReason.MEMBER_SHARE_RETURN: PartyRole.SHAREHOLDER,
    PartyReason.CUSTOMER_DEPOSIT: PartyRole.DEPOSITOR,
    PartyReason.CUSTOMER_DEPOSIT_RETURN: PartyRole.DEPOSITOR,
    PartyReason.CUSTOMER_CREDIT_RETURN: PartyRole.CUSTOMER,
    PartyReason.VENDOR_PREPAYMENT_RETURN: PartyRole.VENDOR,
}

#: Which role a party must have been given: deposits and shares are those of customers and members.
GIVEN_ROLE: Final = {PartyRole.DEPOSITOR: PartyRole.CUSTOMER, PartyRole.SHAREHOLDER: PartyRole.MEMBER}

#: The reasons for which we pay; for all others we are paid.
PAID_OUT: Final = frozenset(
    {
        PartyReason.EMPLOYEE_ADVANCE,
        PartyReason.MEMBER_WITHDRAWAL,
        PartyReason.MEMBER_SHARE_RETURN,
        PartyReason.CUSTOMER_DEPOSIT_RETURN,
        PartyReason.CUSTOMER_CREDIT_RETURN,
    }
)

#: What goes out of a party's own money, which lies with us.
DRAWN: Final = frozenset(
    {PartyReason.MEMBER_WITHDRAWAL, PartyReason.MEMBER_SHARE_RETURN, PartyReason.CUSTOMER_DEPOSIT_RETURN}
)

#: What gives credit back (see `party_credit`): a customer's with us, ours with a vendor.
CREDIT_BACK: Final = frozenset({PartyReason.CUSTOMER_CREDIT_RETURN, PartyReason.VENDOR_PREPAYMENT_RETURN})


class PartyMoney(Head, frozen=True, kw_only=True, omit_defaults=True, tag="party_money"):
    """Money to or from a party beside trade, or a credit given back: `total` changes what stands open.

    `party_account` is that of `party_role` (which follows from the reason, see `ROLE_OF`).  Where the
    money came at another rate than it goes back, `base_amount` is by how much the party's balance
    changes in base currency, and `difference_account` takes the rest.  `credits` name the invoices or
    bills on which the credit stood that is given back.  `shares` say what of the rest that goes back
    other businesses hold.  `rounding` is as in a `Payment`: tenders less change are `total + rounding`.
    """

    reason: PartyReason
    party_id: int
    party_role: PartyRole
    party_account: str
    total: int
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1
    tenders: tuple[Tender, ...]
    change: Change | None = None
    base_amount: int | None = None
    difference_account: str = ""
    credits: tuple[Allocation, ...] = ()
    shares: tuple[Share, ...] = ()


class DepositReturn(Head, frozen=True, kw_only=True, omit_defaults=True, tag="deposit_return"):
    """What was taken as a deposit is paid back to whoever brings the slip: `total`, all that is left or less.

    `deposit_account` is where the business of the chit owes it; `rounding` is as in a `Payment`.
    """

    chit: Chit
    deposit_account: str
    total: int
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1
    tenders: tuple[Tender, ...]


class Expense(Head, frozen=True, kw_only=True, omit_defaults=True, tag="expense"):
    """Something bought and paid at once, such as petty cash; `party_id` is the vendor, where known.

    Nothing stays open with the vendor: the lines are paid by the tenders.  `rounding` is as in a `Payment`:
    what the coins are more than the vendor's paper says.
    """

    party_id: int | None = None
    lines: tuple[BillLine, ...]
    subtotal: int
    tax_total: int
    total: int
    tenders: tuple[Tender, ...]
    reference: str = ""
    rounding: int = 0
    rounding_account: str = ""
    cash_step: int = 1


class MoneyTransfer(Head, frozen=True, kw_only=True, omit_defaults=True, tag="money_transfer"):
    """Money moved between our own drawers, safes, banks and M-Pesa tills.

    `amount` leaves `from_account` in the document's business and currency and arrives at `to_account`
    in `to_business_id` (None: the same business).  Where it arrives in another currency, `to_amount`
    minor units of `to_currency` at `to_rate_micro` arrive, over `exchange_account` and
    `difference_account` as in a `Tender`.
    """

    from_account: str
    from_drawer: int | None = None
    to_account: str
    to_drawer: int | None = None
    to_business_id: int | None = None
    amount: int
    reference: str = ""
    to_amount: int = 0
    to_currency: str = ""
    to_rate_micro: int = 0
    exchange_account: str = ""
    difference_account: str = ""
