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
    VendorPayment,
    WriteOff,
    may_differ,
)


def check_payment(document: Payment) -> None:
    """A payment is tendered whole, and allocates no more than it is."""
    if document.total <= 0:
        raise Refused("payment-not-positive")
    check_money(document, document.tenders, document.change, document.total)
    need(document.receivable_account, "receivable")
    if not document.allocations:
        return
    if document.party_role is not PartyRole.CUSTOMER:
        raise Refused("allocation-needs-customer")
    _check_payment_allocations(document)


def check_vendor_payment(document: VendorPayment) -> None:
    """See `check_payment`."""
    if document.total <= 0:
        raise Refused("vendor-payment-not-positive")
    check_money(document, document.tenders, None, document.total)
    need(document.payable_account, "payable")
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
    check_amount(document.base_amount, "What is settled in base currency")
    if document.base_amount != sum(one.base_amount for one in document.allocations):
        need(document.difference_account, "exchange differences")


def check_write_off(document: WriteOff) -> None:
    """A bad debt names the invoices and says why."""
    need_reason(document.reason, "the debt is written off")
    need(document.receivable_account, "receivable")
    need(document.bad_debt_account, "bad debts")
    _check_all_allocated(document, document.total, document.allocations)


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
