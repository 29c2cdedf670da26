"""Rules for settling what is open: payments both ways, allocations, write-offs.

What only the balances know (that much is open, and of whose invoice) is asked by the store.
"""

from collections.abc import Sequence

from pos_app.ledger.errors import Refused
from pos_app.ledger.head import Head
from pos_app.ledger.line import PartyRole
from pos_app.ledger.rules.amounts import check_amount, check_day, need, need_clearing, need_reason
from pos_app.ledger.rules.tenders import check_money
from pos_app.ledger.settlement import (
    Allocation,
    Payment,
    Settlement,
    Share,
    VendorPayment,
    WriteOff,
    may_differ,
)
from pos_app.ledger.treasury import DepositReturn, Expense, PartyMoney


def check_payment(document: Payment) -> None:
    """A payment is tendered whole, and allocates no more than it is."""
    if document.total <= 0:
        raise Refused("payment-not-positive")
    check_money(document, document.tenders, document.change, document.total + document.rounding)
    need(document.receivable_account, "receivable")
    check_rounding(document)
    if document.rounding:
        _check_all_ends(document)
    if not document.allocations:
        return
    if document.party_role is not PartyRole.CUSTOMER:
        raise Refused("allocation-needs-customer")
    _check_payment_allocations(document)


def check_rounding(document: Payment | VendorPayment | PartyMoney | DepositReturn | Expense) -> None:
    """Rounding is less than a coin, and has its account."""
    if not document.rounding:
        return
    if abs(document.rounding) > max(document.cash_step, 1) - 1:
        raise Refused("rounding-too-large")
    need(document.rounding_account, "rounding")


def _check_all_ends(document: Payment | VendorPayment) -> None:
    """What is rounded ends with it: nothing of it is to anybody's credit."""
    if sum(one.amount for one in document.allocations) != document.total:
        raise Refused("rounding-of-a-part")


def check_vendor_payment(document: VendorPayment) -> None:
    """See `check_payment`."""
    if document.total <= 0:
        raise Refused("vendor-payment-not-positive")
    check_money(document, document.tenders, None, document.total + document.rounding)
    need(document.payable_account, "payable")
    check_rounding(document)
    if document.rounding:
        _check_all_ends(document)
    if document.allocations:
        _check_payment_allocations(document)


def _check_payment_allocations(document: Payment | VendorPayment) -> None:
    allocated = _check_allocations(document, document.allocations)
    if allocated > document.total:
        raise Refused("allocated-more-than-paid")
    if may_differ(document.rate_micro, document.allocations):
        need(document.difference_account, "exchange differences")


def check_settlement(document: Settlement) -> None:
    """What is allocated is what is settled, of a customer's or a vendor's money."""
    if document.party_role not in (PartyRole.CUSTOMER, PartyRole.VENDOR):
        raise Refused("settlement-needs-party")
    if document.deposit_account and document.party_role is not PartyRole.CUSTOMER:
        raise Refused("deposit-not-of-customer")
    need(document.account, "receivable" if document.party_role is PartyRole.CUSTOMER else "payable")
    if document.deposit_account == document.account:
        raise Refused("deposit-account-wrong")
    _check_all_allocated(document, document.total, document.allocations)
    if document.credits and document.deposit_account:
        raise Refused("credit-beside-deposit")
    check_credits(document, document.credits, document.total)
    check_shares(document, document.shares, document.total - sum(one.amount for one in document.credits))
    paid = {(one.invoice_id, one.due_on, one.business_id) for one in document.allocations}
    if paid & {(one.invoice_id, one.due_on, one.business_id) for one in document.credits}:
        raise Refused("credit-of-invoice-it-pays")
    check_amount(document.base_amount, "What is settled in base currency")
    if document.base_amount != sum(one.base_amount for one in document.allocations):
        need(document.difference_account, "exchange differences")


def check_write_off(document: WriteOff) -> None:
    """A bad debt names the invoices and says why."""
    need_reason(document.reason, "the debt is written off")
    need(document.receivable_account, "receivable")
    need(document.bad_debt_account, "bad debts")
    _check_all_allocated(document, document.total, document.allocations)


def check_credits(document: Head, used: Sequence[Allocation], total: int) -> None:
    """The credits of a party that a document uses, which come to no more than its total."""
    if used and _check_allocations(document, used) > total:
        raise Refused("credits-beyond-the-total")


def check_shares(document: Head, shares: Sequence[Share], rest: int) -> None:
    """What other businesses hold of a party's money: each named once, together no more than the `rest`."""
    for one in shares:
        check_amount(one.amount, "The amount in another business", at_least=1)
        check_amount(one.base_amount, "The amount in base currency")
        if one.business_id <= 0 or one.business_id == document.business_id:
            raise Refused("share-of-own-business")
    if len({one.business_id for one in shares}) < len(shares):
        raise Refused("share-of-own-business")
    if sum(one.amount for one in shares) > max(rest, 0):
        raise Refused("credits-beyond-the-total")
    need_clearing(document, [one.business_id for one in shares])


def _check_all_allocated(document: Head, total: int, allocations: Sequence[Allocation]) -> None:
    if not allocations:
        raise Refused("no-invoice-named")
    if _check_allocations(document, allocations) != total:
        raise Refused("allocations-not-the-total")


def _check_allocations(document: Head, allocations: Sequence[Allocation]) -> int:
    """Each allocation by itself; gives their sum."""
    for one in allocations:
        if one.invoice_id <= 0:
            raise Refused("allocation-of-nothing")
        check_amount(one.amount, "An allocated amount", at_least=1)
        check_amount(one.base_amount, "An allocated amount in base currency")
        check_day(one.due_on, "The due date of an invoice")
    # An entry of opening balances opens several items: they differ by their due dates or their businesses.
    named = {(one.invoice_id, one.due_on, one.business_id or document.business_id) for one in allocations}
    if len(named) < len(allocations):
        raise Refused("allocated-twice")
    total = sum(one.amount for one in allocations)
    check_amount(total, "What is allocated")
    check_amount(sum(one.base_amount for one in allocations), "What is allocated in base currency")
    need_clearing(document, [one.business_id or document.business_id for one in allocations])
    return total
