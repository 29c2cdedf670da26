"""Posting rules for money that moves without goods, and for entries by hand."""

from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.chit import Moved
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.journal_entry import EntryLine, JournalEntry
from pos_app.ledger.line import PartyRole
from pos_app.ledger.posting.chits import chit_items
from pos_app.ledger.posting.lines import PostingLine, close, difference_account_of, lines_of, tender_entries
from pos_app.ledger.posting.posting import OpenItem, Posting
from pos_app.ledger.posting.settlement import (
    credit_entries,
    credit_items,
    named_of,
    rounding_entries,
    share_entries,
)
from pos_app.ledger.treasury import PAID_OUT, DepositReturn, MoneyTransfer, PartyMoney


def post_party_money(document: PartyMoney) -> Posting:
    """Money one way, what stands between us and the party the other way: credits where they stood."""
    direction = -1 if document.reason in PAID_OUT else 1
    account, role, party = document.party_account, document.party_role, document.party_id
    used = document.credits
    base = document.base_amount
    named, named_base = named_of(used, document.shares)
    rest_base = None if base is None else base - named_base
    own = PostingLine(
        document.business_id,
        account,
        -direction * (document.total - named),
        role,
        party,
        base=None if rest_base is None else -direction * rest_base,
    )
    entries = [
        own,
        *share_entries(own, document.shares, -direction),
        *credit_entries(document, used, (account, role, party), -direction),
        *tender_entries(document, document.tenders, document.change, document.party_id, direction),
        *rounding_entries(document, -direction),
    ]
    difference = document.difference_account or difference_account_of(document.tenders)
    items = credit_items(document, used, role, party)
    return Posting(lines_of(document, entries, difference), (), items)


def post_deposit_return(document: DepositReturn) -> Posting:
    """Owed no longer by the business that took it; the money goes out of the one that pays it."""
    chit = document.chit
    entries = [
        PostingLine(chit.business_id, document.deposit_account, document.total),
        *tender_entries(document, document.tenders, None, None, -1),
        *rounding_entries(document, 1),
    ]
    lines = lines_of(document, entries, difference_account_of(document.tenders))
    return Posting(lines, (), chit_items(document, [Moved(chit, -document.total)]))


def post_money_transfer(document: MoneyTransfer) -> Posting:
    """Out of one place, into another; into another currency over the exchange account."""
    own, amount = document.business_id, document.amount
    there = own if document.to_business_id is None else document.to_business_id
    leaves = PostingLine(own, document.from_account, -amount, drawer_id=document.from_drawer)
    if not document.to_currency:
        arrives = PostingLine(there, document.to_account, amount, drawer_id=document.to_drawer)
        return Posting(lines_of(document, [leaves, arrives]), ())
    worth = worth_of(document.to_amount, document.to_rate_micro)
    currency = document.to_currency
    entries = [
        leaves,
        PostingLine(own, document.exchange_account, amount, base=worth),
        PostingLine(own, document.exchange_account, -document.to_amount, currency=currency, base=-worth),
        PostingLine(
            own,
            document.to_account,
            document.to_amount,
            drawer_id=document.to_drawer,
            currency=currency,
            base=worth,
        ),
    ]
    return Posting(lines_of(document, entries, document.difference_account), ())


def post_bank_bag(document: BankBag) -> Posting:
    """Out of the safe, onto its way."""
    own, amount = document.business_id, document.amount
    entries = [
        PostingLine(own, document.safe_account, -amount),
        PostingLine(own, document.transit_account, amount),
    ]
    return Posting(lines_of(document, entries), ())


def post_bag_banked(document: BagBanked) -> Posting:
    """All of the bag has arrived; what the bank found more or less is over or short."""
    own, over = document.business_id, document.arrived - document.amount
    entries = [PostingLine(own, document.transit_account, -document.amount)]
    if document.arrived:
        entries.append(PostingLine(own, document.bank_account, document.arrived))
    if over:
        entries.append(PostingLine(own, document.over_short_account, -over))
    return Posting(lines_of(document, entries), ())


def post_journal_entry(document: JournalEntry) -> Posting:
    """The lines as they are written; those with a due date open an item each."""
    entries = [
        PostingLine(
            line.business_id,
            line.account,
            line.amount,
            line.party_role,
            line.party_id,
            line.drawer_id,
            "" if line.currency == document.currency else line.currency,
            line.base_amount,
        )
        for line in document.lines
    ]
    closed = close(document, entries)
    items = [
        item
        for line, base in zip(document.lines, closed.bases, strict=True)
        for item in _opened(document, line, base)
    ]
    return Posting(closed.lines, (), tuple(items))


def _opened(document: JournalEntry, line: EntryLine, base: int) -> tuple[OpenItem, ...]:
    """What the line opens: a customer's debit or a vendor's credit is still to be paid."""
    if line.due_on is None or line.party_role is None or line.party_id is None:
        return ()
    sign = 1 if line.party_role is PartyRole.CUSTOMER else -1
    return (
        OpenItem(
            business_id=line.business_id,
            party_role=line.party_role,
            party_id=line.party_id,
            invoice_id=document.document_id,
            due_on=line.due_on,
            amount=sign * line.amount,
            base_amount=sign * base,
        ),
    )
