"""How money that settles becomes a document: payments both ways, earlier money allocated, bad debts.

Who pays, which invoices and where the money lies the till and the office find out; what the document says of
it follows here, once.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.document import SERIES
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.line import Change, PartyRole, Tender
from pos_app.ledger.party_credit import PartyCredit
from pos_app.ledger.settlement import (
    Allocation,
    Payment,
    Settlement,
    Share,
    VendorPayment,
    WriteOff,
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
    rounding: int = 0,
    cash_step: int = 1,
) -> Payment:
    """A customer's money: what is not allocated stays to their credit.

    `total` is tenders less change, less what of it is `rounding` to coins (see `coins.settled_by`).
    """
    return Payment(
        **head,
        series=SERIES[Payment],
        clearing_account=accounts.clearing(
            [*_businesses(allocations), *(one.business_id for one in tenders)]
        ),
        party_id=party_id,
        receivable_account=accounts.of(AccountRole.RECEIVABLE),
        total=_taken(tenders) - (0 if change is None else change.amount) - rounding,
        rounding=rounding,
        rounding_account=accounts.of(AccountRole.ROUNDING) if rounding else "",
        cash_step=cash_step if rounding else 1,
        tenders=tenders,
        change=change,
        allocations=named(accounts, allocations),
        difference_account=_difference(head, accounts, allocations),
    )


def vendor_payment(
    head: HeadFields,
    accounts: Accounts,
    *,
    party_id: int,
    tenders: tuple[Tender, ...],
    allocations: tuple[Allocation, ...],
    rounding: int = 0,
    cash_step: int = 1,
) -> VendorPayment:
    """Our money to a vendor: what is not allocated to bills is a prepayment; `rounding` as in `payment`."""
    return VendorPayment(
        **head,
        series=SERIES[VendorPayment],
        clearing_account=accounts.clearing(
            [*_businesses(allocations), *(one.business_id for one in tenders)]
        ),
        party_id=party_id,
        payable_account=accounts.of(AccountRole.PAYABLE),
        total=_taken(tenders) - rounding,
        rounding=rounding,
        rounding_account=accounts.of(AccountRole.ROUNDING) if rounding else "",
        cash_step=cash_step if rounding else 1,
        tenders=tenders,
        allocations=named(accounts, allocations),
        difference_account=_difference(head, accounts, allocations),
    )


def settlement(
    head: HeadFields,
    accounts: Accounts,
    *,
    party_id: int,
    role: PartyRole = PartyRole.CUSTOMER,
    credit: PartyCredit,
    allocations: tuple[Allocation, ...],
    out_of_deposit: bool = False,
) -> Settlement:
    """Earlier money allocated; `credit` is what there is of it.  Raises `Refused` for more."""
    account = AccountRole.RECEIVABLE if role is PartyRole.CUSTOMER else AccountRole.PAYABLE
    total = _allocated(allocations)
    if total > credit.amount:
        raise Refused("deposit-too-small" if out_of_deposit else "not-so-much-unallocated")
    used = credit.draw(total)
    differs = used.base_amount != sum(one.base_amount for one in allocations)
    return Settlement(
        **head,
        series=SERIES[Settlement],
        clearing_account=accounts.clearing(_businesses((*allocations, *used.items, *used.shares))),
        party_id=party_id,
        party_role=role,
        account=accounts.of(account),
        deposit_account=accounts.of(AccountRole.CUSTOMER_DEPOSITS) if out_of_deposit else "",
        total=total,
        base_amount=used.base_amount,
        allocations=named(accounts, allocations),
        credits=named(accounts, used.items),
        difference_account=accounts.of(AccountRole.EXCHANGE_DIFFERENCE) if differs else "",
        shares=of_others(accounts, used.shares),
    )


def of_others(accounts: Accounts, shares: Iterable[Share]) -> tuple[Share, ...]:
    """Shares as a document has them: what its own business holds needs no name."""
    return tuple(one for one in shares if one.business_id != accounts.business_id)


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
        allocations=named(accounts, allocations),
        reason=note_of(reason),
    )


def named(accounts: Accounts, allocations: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """Allocations as a document has them: they name a business where it is another than the document's."""
    own = accounts.business_id
    return tuple(replace(one, business_id=0) if one.business_id == own else one for one in allocations)


def _businesses(allocations: Iterable[Allocation | Share]) -> set[int]:
    """Whose invoices are paid; 0 is the document's own business."""
    return {one.business_id for one in allocations}


def _allocated(allocations: Iterable[Allocation]) -> int:
    return sum(one.amount for one in allocations)


def _taken(tenders: Iterable[Tender]) -> int:
    return sum(one.amount for one in tenders)


def _difference(head: HeadFields, accounts: Accounts, allocations: Sequence[Allocation]) -> str:
    differs = may_differ(head["rate_micro"], allocations)
    return accounts.of(AccountRole.EXCHANGE_DIFFERENCE) if differs else ""
