"""Posting rules for settling what is open: payments both ways, allocations, credits used, write-offs."""

from collections.abc import Iterable

from pos_app.ledger.head import Head
from pos_app.ledger.line import PartyRole
from pos_app.ledger.posting.lines import PostingLine, difference_account_of, lines_of, merged, tender_entries
from pos_app.ledger.posting.posting import OpenItem, Posting
from pos_app.ledger.settlement import Allocation, Payment, Settlement, Share, VendorPayment, WriteOff
from pos_app.ledger.treasury import DepositReturn, Expense, PartyMoney

#: What allocates.
Settling = Payment | VendorPayment | Settlement | WriteOff


def post_payment(document: Payment) -> Posting:
    """The customer owes less: each invoice at its own rate, the rest at the payment's."""
    rest = document.total - sum(one.amount for one in document.allocations)
    account, role, party = document.receivable_account, document.party_role, document.party_id
    entries = [
        *_allocated(document, account, role, -1),
        PostingLine(document.business_id, account, -rest, role, party),
        *tender_entries(document, document.tenders, document.change, party, 1),
    ]
    entries += rounding_entries(document, -1)
    difference = document.difference_account or difference_account_of(document.tenders)
    return Posting(lines_of(document, entries, difference), (), _lowered(document, role))


def post_vendor_payment(document: VendorPayment) -> Posting:
    """We owe the vendor less: each bill at its own rate, the rest at the payment's."""
    rest = document.total - sum(one.amount for one in document.allocations)
    account, party = document.payable_account, document.party_id
    entries = [
        *_allocated(document, account, PartyRole.VENDOR, 1),
        PostingLine(document.business_id, account, rest, PartyRole.VENDOR, party),
        *tender_entries(document, document.tenders, None, party, -1),
        *rounding_entries(document, 1),
    ]
    difference = document.difference_account or difference_account_of(document.tenders)
    items = _lowered(document, PartyRole.VENDOR)
    return Posting(lines_of(document, entries, difference), (), items)


def rounding_entries(
    document: Payment | VendorPayment | PartyMoney | DepositReturn | Expense, sign: int
) -> list[PostingLine]:
    """What coins are more than what they settle: a gain of money that comes (-1), a cost of what goes (1)."""
    if not document.rounding:
        return []
    return [PostingLine(document.business_id, document.rounding_account, sign * document.rounding)]


def post_settlement(document: Settlement) -> Posting:
    """Out of a deposit, or within the account itself, where only a difference in base is left of it."""
    role, party = document.party_role, document.party_id
    sign = -1 if role is PartyRole.CUSTOMER else 1
    used = document.credits
    named, named_base = named_of(used, document.shares)
    source = PostingLine(
        document.business_id,
        document.deposit_account or document.account,
        -sign * (document.total - named),
        PartyRole.DEPOSITOR if document.deposit_account else role,
        party,
        base=-sign * (document.base_amount - named_base),
    )
    entries = [
        source,
        *share_entries(source, document.shares, -sign),
        *credit_entries(document, used, (document.account, role, party), -sign),
        *_allocated(document, document.account, role, sign),
    ]
    lines = lines_of(document, merged(entries), document.difference_account)
    return Posting(lines, (), (*_lowered(document, role), *credit_items(document, used, role, party)))


def post_write_off(document: WriteOff) -> Posting:
    """The invoices' base amounts are the loss, each in its own business."""
    role = PartyRole.CUSTOMER
    lost = [
        PostingLine(
            one.business_id or document.business_id,
            document.bad_debt_account,
            one.amount,
            base=one.base_amount,
        )
        for one in document.allocations
    ]
    owed = _allocated(document, document.receivable_account, role, -1)
    lines = lines_of(document, merged([*lost, *owed]))
    return Posting(lines, (), _lowered(document, role))


def named_of(used: Iterable[Allocation], shares: Iterable[Share]) -> tuple[int, int]:
    """How much of a party's money a document names where it lies, in its currency and in base currency."""
    amount = base = 0
    for one in used:
        amount, base = amount + one.amount, base + one.base_amount
    for share in shares:
        amount, base = amount + share.amount, base + share.base_amount
    return amount, base


def share_entries(own: PostingLine, shares: Iterable[Share], sign: int) -> list[PostingLine]:
    """What other businesses hold of a party's money, beside the line of the document's `own`."""
    return [
        own._replace(business_id=one.business_id, amount=sign * one.amount, base=sign * one.base_amount)
        for one in shares
    ]


def credit_entries(
    document: Head, used: Iterable[Allocation], whose: tuple[str, PartyRole, int], sign: int
) -> list[PostingLine]:
    """What of a party's credit is used, in the business in which it stood; `whose` is account and party."""
    account, role, party = whose
    return [
        PostingLine(
            one.business_id or document.business_id,
            account,
            sign * one.amount,
            role,
            party,
            base=sign * one.base_amount,
        )
        for one in used
    ]


def credit_items(
    document: Head, used: Iterable[Allocation], role: PartyRole, party_id: int
) -> tuple[OpenItem, ...]:
    """The items below nothing on which the credit stood: they go up by what is used of it."""
    return tuple(
        OpenItem(
            business_id=one.business_id or document.business_id,
            party_role=role,
            party_id=party_id,
            invoice_id=one.invoice_id,
            due_on=one.due_on,
            amount=one.amount,
            base_amount=one.base_amount,
        )
        for one in used
    )


def _allocated(document: Settling, account: str, role: PartyRole, sign: int) -> list[PostingLine]:
    """What the allocations take off the party's account, in the business of each invoice."""
    return [
        PostingLine(
            one.business_id or document.business_id,
            account,
            sign * one.amount,
            role,
            document.party_id,
            base=sign * one.base_amount,
        )
        for one in document.allocations
    ]


def _lowered(document: Settling, role: PartyRole) -> tuple[OpenItem, ...]:
    """What the allocations take off the open items."""
    return tuple(
        OpenItem(
            business_id=one.business_id or document.business_id,
            party_role=role,
            party_id=document.party_id,
            invoice_id=one.invoice_id,
            due_on=one.due_on,
            amount=-one.amount,
            base_amount=-one.base_amount,
        )
        for one in document.allocations
    )
