"""Posting rules for settling what is open: payments both ways, allocations, write-offs."""

from pos_app.ledger.line import PartyRole
from pos_app.ledger.posting.lines import PostingLine, difference_account_of, lines_of, merged, tender_entries
from pos_app.ledger.posting.posting import OpenItem, Posting
from pos_app.ledger.settlement import Payment, Settlement, VendorPayment, WriteOff

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
    ]
    difference = document.difference_account or difference_account_of(document.tenders)
    items = _lowered(document, PartyRole.VENDOR)
    return Posting(lines_of(document, entries, difference), (), items)


def post_settlement(document: Settlement) -> Posting:
    """Out of a deposit, or within the account itself, where only a difference in base is left of it."""
    role, party = document.party_role, document.party_id
    sign = -1 if role is PartyRole.CUSTOMER else 1
    source = PostingLine(
        document.business_id,
        document.deposit_account or document.account,
        -sign * document.total,
        PartyRole.DEPOSITOR if document.deposit_account else role,
        party,
        base=-sign * document.base_amount,
    )
    entries = merged([source, *_allocated(document, document.account, role, sign)])
    lines = lines_of(document, entries, document.difference_account)
    return Posting(lines, (), _lowered(document, role))


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
