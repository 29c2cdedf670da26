"""How money that settles becomes a document: payments both ways, earlier money allocated, bad debts.

Who pays, which invoices and where the money lies the till and the office find out; what the document says of
it follows here, once.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.document import SERIES
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.line import Change, PartyRole, Tender
from pos_app.ledger.settlement import (
    Allocation,
    Payment,
    Settlement,
    VendorPayment,
    WriteOff,
    base_of,
    may_differ,
)


def payment(
    head: HeadFields,
    accounts: Accounts,
    *,
    party_id: int,
    tenders: tuple[Tender, ...],
    change: Change | None = None,
    allocations: tuple[Allocation, ...],
) -> Payment:
    """A customer's money: what is not allocated stays to their credit.  `total` is tenders less change."""
    return Payment(
        **head,
        series=SERIES[Payment],
        clearing_account=accounts.clearing(_businesses(allocations)),
        party_id=party_id,
        receivable_account=accounts.of(AccountRole.RECEIVABLE),
        total=_taken(tenders) - (0 if change is None else change.amount),
        tenders=tenders,
        change=change,
        allocations=_named(accounts, allocations),
        difference_account=_difference(head, accounts, allocations),
    )


def vendor_payment(
    head: HeadFields,
    accounts: Accounts,
    *,
    party_id: int,
    tenders: tuple[Tender, ...],
    allocations: tuple[Allocation, ...],
) -> VendorPayment:
    """Our money to a vendor: what is not allocated to bills is a prepayment."""
    return VendorPayment(
        **head,
        series=SERIES[VendorPayment],
        clearing_account=accounts.clearing(_businesses(allocations)),
        party_id=party_id,
        payable_account=accounts.of(AccountRole.PAYABLE),
        total=_taken(tenders),
        tenders=tenders,
        allocations=_named(accounts, allocations),
        difference_account=_difference(head, accounts, allocations),
    )


def settlement(
    head: HeadFields,
    accounts: Accounts,
    *,
    party_id: int,
    role: PartyRole = PartyRole.CUSTOMER,
    free: tuple[int, int],
    allocations: tuple[Allocation, ...],
    out_of_deposit: bool = False,
) -> Settlement:
    """Earlier money allocated; `free` is what there is of it: amount, and base amount when it came."""
    account = AccountRole.RECEIVABLE if role is PartyRole.CUSTOMER else AccountRole.PAYABLE
    total, base = _allocated(allocations), base_of(_allocated(allocations), *free)
    differs = base != sum(one.base_amount for one in allocations)
    return Settlement(
        **head,
        series=SERIES[Settlement],
        clearing_account=accounts.clearing(_businesses(allocations)),
        party_id=party_id,
        party_role=role,
        account=accounts.of(account),
        deposit_account=accounts.of(AccountRole.CUSTOMER_DEPOSITS) if out_of_deposit else "",
        total=total,
        base_amount=base,
        allocations=_named(accounts, allocations),
        difference_account=accounts.of(AccountRole.EXCHANGE_DIFFERENCE) if differs else "",
    )


def write_off(
    head: HeadFields,
    accounts: Accounts,
    *,
    party_id: int,
    allocations: tuple[Allocation, ...],
    reason: str,
) -> WriteOff:
    """What a customer will not pay becomes a bad debt."""
    return WriteOff(
        **head,
        series=SERIES[WriteOff],
        clearing_account=accounts.clearing(_businesses(allocations)),
        party_id=party_id,
        receivable_account=accounts.of(AccountRole.RECEIVABLE),
        bad_debt_account=accounts.of(AccountRole.BAD_DEBT),
        total=_allocated(allocations),
        allocations=_named(accounts, allocations),
        reason=note_of(reason),
    )


def _named(accounts: Accounts, allocations: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """Allocations as a document has them: they name a business where it is another than the document's."""
    own = accounts.business_id
    return tuple(replace(one, business_id=0) if one.business_id == own else one for one in allocations)


def _businesses(allocations: Iterable[Allocation]) -> set[int]:
    """Whose invoices are paid; 0 is the document's own business."""
    return {one.business_id for one in allocations}


def _allocated(allocations: Iterable[Allocation]) -> int:
    return sum(one.amount for one in allocations)


def _taken(tenders: Iterable[Tender]) -> int:
    return sum(one.amount for one in tenders)


def _difference(head: HeadFields, accounts: Accounts, allocations: Sequence[Allocation]) -> str:
    differs = may_differ(head["rate_micro"], allocations)
    return accounts.of(AccountRole.EXCHANGE_DIFFERENCE) if differs else ""
