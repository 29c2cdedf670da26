"""Rules for money that moves without goods, and for entries by hand."""

from collections import defaultdict
from typing import Final

from pos_app.ledger.bank_bag import BagBanked, BankBag, bag_number
from pos_app.ledger.chit import ROLES as CHIT_ROLES
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose, JournalEntry
from pos_app.ledger.line import PartyRole
from pos_app.ledger.rules.amounts import check_amount, check_day, need, need_clearing, need_reason
from pos_app.ledger.rules.chits import check_deposit_slip
from pos_app.ledger.rules.drawer import check_count
from pos_app.ledger.rules.settlement import check_credits, check_rounding, check_shares
from pos_app.ledger.rules.tenders import check_exchange, check_money
from pos_app.ledger.settlement import may_differ
from pos_app.ledger.treasury import (
    CREDIT_BACK,
    PAID_OUT,
    ROLE_OF,
    DepositReturn,
    MoneyTransfer,
    PartyMoney,
)

#: Which sign opens an item: a customer's debit, a vendor's credit.
_OPENS: Final = {PartyRole.CUSTOMER: 1, PartyRole.VENDOR: -1}


def check_party_money(document: PartyMoney) -> None:
    """Money with a party is tendered whole, and the party stands in the role that the reason says."""
    check_amount(document.total, "The amount", at_least=1)
    if document.party_role is not ROLE_OF[document.reason]:
        role = ROLE_OF[document.reason].value
        raise Refused("money-reason-of-other-role", reason=document.reason.value.replace("_", " "), role=role)
    need(document.party_account, f"a party as {document.party_role.value}")
    if document.base_amount is not None:
        check_amount(document.base_amount, "The amount in base currency")
        need(document.difference_account, "exchange differences")
    if document.credits and document.reason not in CREDIT_BACK:
        raise Refused("credits-of-other-reason")
    check_credits(document, document.credits, document.total)
    if document.shares and document.reason not in PAID_OUT | CREDIT_BACK:
        raise Refused("credits-of-other-reason")
    check_shares(document, document.shares, document.total - sum(one.amount for one in document.credits))
    if may_differ(document.rate_micro, document.credits) and document.base_amount is None:
        need("", "exchange differences")
    check_rounding(document)
    check_money(document, document.tenders, document.change, document.total + document.rounding)


def check_deposit_return(document: DepositReturn) -> None:
    """A deposit is paid back in money, of a slip that was issued."""
    check_amount(document.total, "The amount", at_least=1)
    need(document.deposit_account, "customer deposits")
    check_deposit_slip(document, document.chit)
    check_rounding(document)
    check_money(document, document.tenders, None, document.total + document.rounding)


def check_money_transfer(document: MoneyTransfer) -> None:
    """Money goes somewhere else, in its own currency or exchanged within one business."""
    check_amount(document.amount, "The amount", at_least=1)
    need(document.from_account, "where the money comes from")
    need(document.to_account, "where the money goes")
    there = document.business_id if document.to_business_id is None else document.to_business_id
    exchanged = bool(document.to_currency or document.to_amount or document.to_rate_micro)
    start = (document.business_id, document.from_account, document.from_drawer)
    if start == (there, document.to_account, document.to_drawer) and not exchanged:
        raise Refused("money-to-same-place")
    need_clearing(document, [there])
    if exchanged:
        if there != document.business_id:
            raise Refused("exchange-between-businesses")
        check_exchange(
            document,
            document.to_amount,
            document.to_currency,
            document.to_rate_micro,
            (document.exchange_account, document.difference_account),
        )


def check_bank_bag(document: BankBag) -> None:
    """A bag has its number, and two people counted what lies in it."""
    check_amount(document.amount, "The amount", at_least=1)
    need(document.safe_account, "safe")
    need(document.transit_account, "cash in transit")
    if not document.bag or document.bag != bag_number(document.bag):
        raise Refused("bag-without-number")
    if document.approver_id in (None, document.person_id):
        raise Refused("bag-counted-by-one")
    if document.counts:
        check_count(document.counts)
        if sum(one.value * one.pieces for one in document.counts) != document.amount:
            raise Refused("bag-count-differs")


def check_bag_banked(document: BagBanked) -> None:
    """A bag arrived, whole or not; why not is said."""
    check_amount(document.amount, "The amount", at_least=1)
    check_amount(document.arrived, "The amount")
    need(document.transit_account, "cash in transit")
    need(document.bank_account, "bank")
    if document.bag_id <= 0 or not document.bag:
        raise Refused("bag-without-number")
    if document.arrived != document.amount:
        need(document.over_short_account, "over/short")
        need_reason(document.reason, "the bag differs")


def check_journal_entry(document: JournalEntry) -> None:
    """An entry says what it is for, and every business balances in each currency and in base."""
    need_reason(document.description, "the entry is made")
    if not document.lines:
        raise Refused("entry-too-short")
    in_base = [line.base_amount is not None for line in document.lines]
    if any(in_base) and not all(in_base):
        raise Refused("entry-base-amounts-mixed")
    for line in document.lines:
        _check_entry_line(document, line)
    if document.purpose is EntryPurpose.REVALUATION:
        _check_revaluation(document)
    size = sum(abs(line.amount) + abs(line.base_amount or 0) for line in document.lines)
    check_amount(size, "What this entry moves")
    sums: dict[tuple[int, str], int] = defaultdict(int)
    bases: dict[int, int] = defaultdict(int)
    for line in document.lines:
        sums[line.business_id, line.currency or document.currency] += line.amount
        bases[line.business_id] += line.base_amount or 0
    if any(sums.values()):
        raise Refused("entry-unbalanced")
    if any(bases.values()):
        raise Refused("entry-unbalanced-in-base")


def _check_revaluation(document: JournalEntry) -> None:
    if any(line.amount or line.party_id is not None for line in document.lines):
        raise Refused("revaluation-moves-amounts")


def _check_entry_line(document: JournalEntry, line: EntryLine) -> None:
    need(line.account, "a line of the entry")
    if not line.amount and not line.base_amount:
        raise Refused("entry-line-empty")
    if line.amount * (line.base_amount or 0) < 0:
        raise Refused("entry-line-signs-differ")
    if line.currency:
        find_currency(line.currency)
        if line.currency != document.currency and line.base_amount is None:
            raise Refused("entry-line-needs-base", currency=line.currency)
    if (line.party_role is None) != (line.party_id is None):
        raise Refused("entry-line-party-half")
    if line.party_role in CHIT_ROLES:
        raise Refused("entry-on-chit")
    if line.due_on is not None:
        _check_opening(document, line, line.due_on)


def _check_opening(document: JournalEntry, line: EntryLine, due_on: int) -> None:
    check_day(due_on, "The due date")
    sign = _OPENS.get(line.party_role) if line.party_role is not None else None
    if sign is None or line.amount * sign <= 0:
        raise Refused("due-side-wrong")
    if line.currency not in ("", document.currency):
        raise Refused("due-in-other-currency")
    same = [
        one
        for one in document.lines
        if (one.business_id, one.party_role, one.party_id, one.due_on)
        == (line.business_id, line.party_role, line.party_id, due_on)
    ]
    if len(same) > 1:
        raise Refused("party-due-twice")
