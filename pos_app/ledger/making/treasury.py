"""How money that moves without goods becomes a document: expenses, money with parties, between our places."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pos_app.ledger.bank_bag import BagBanked, BankBag, bag_number
from pos_app.ledger.chart import PARTY_ACCOUNT, AccountRole, Accounts
from pos_app.ledger.document import SERIES
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.head import HeadFields, note_of, reference_of
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import CashCount, Change, Chit, Tender
from pos_app.ledger.making.settlement import named, of_others
from pos_app.ledger.making.tenders import OtherMoney
from pos_app.ledger.mpesa_code import mpesa_code
from pos_app.ledger.party_credit import PartyCredit, shares_of
from pos_app.ledger.settlement import Allocation, Share, lowered_base
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.ledger.treasury import (
    CREDIT_BACK,
    PAID_OUT,
    ROLE_OF,
    DepositReturn,
    Expense,
    MoneyAccount,
    MoneyTransfer,
    PartyMoney,
    PartyReason,
)

#: What brings a balance back: it goes at the rate at which the money came.
_BACK: Final = (PAID_OUT | {PartyReason.EMPLOYEE_REPAYMENT}) - {PartyReason.EMPLOYEE_ADVANCE} - CREDIT_BACK


def expense(
    head: HeadFields,
    accounts: Accounts,
    lines: Sequence[BillLine],
    *,
    tenders: tuple[Tender, ...],
    party_id: int | None = None,
    reference: str = "",
    rounding: int = 0,
    cash_step: int = 1,
) -> Expense:
    """Something bought and paid at once; `lines` before their tax (see `totals.with_tax`).

    `rounding` is what its coins are more than the lines come to (see `coins.settled_by`).
    """
    taxed = with_tax(lines)
    return Expense(
        **head,
        **totals_of(taxed).as_fields(),
        series=SERIES[Expense],
        clearing_account=accounts.clearing(
            [*(one.business_id for one in taxed), *(one.business_id for one in tenders)]
        ),
        party_id=party_id,
        lines=taxed,
        tenders=tenders,
        reference=reference_of(reference),
        rounding=rounding,
        rounding_account=accounts.of(AccountRole.ROUNDING) if rounding else "",
        cash_step=cash_step if rounding else 1,
    )


def deposit_return(
    head: HeadFields,
    accounts: Accounts,
    chit: Chit,
    tenders: tuple[Tender, ...],
    *,
    rounding: int = 0,
    cash_step: int = 1,
) -> DepositReturn:
    """What was taken as a deposit goes back to whoever brings the slip: what the tenders come to.

    `rounding` is what its coins are more than what they settle (see `coins.settled_by`).
    """
    return DepositReturn(
        **head,
        series=SERIES[DepositReturn],
        clearing_account=accounts.clearing([chit.business_id]),
        chit=chit,
        deposit_account=accounts.of(PARTY_ACCOUNT[chit.role], chit.business_id),
        total=sum(one.amount for one in tenders) - rounding,
        rounding=rounding,
        rounding_account=accounts.of(AccountRole.ROUNDING) if rounding else "",
        cash_step=cash_step if rounding else 1,
        tenders=tenders,
    )


# --- parties --------------------------------------------------------------------------------------------


def party_money(
    head: HeadFields,
    accounts: Accounts,
    *,
    reason: PartyReason,
    party_id: int,
    tenders: tuple[Tender, ...],
    change: Change | None = None,
    held: tuple[int, int] = (0, 0),
    credit: PartyCredit | None = None,
    lies: tuple[Share, ...] = (),
    rounding: int = 0,
    cash_step: int = 1,
) -> PartyMoney:
    """Money to or from a party.

    `held` is what stands between us and them in the role of the reason, in the currency of the document and
    in base currency; positive is theirs to pay.  Where a credit goes back, `credit` is what there is of it;
    raises `Refused` for more.  Where what they hold goes back, `lies` says which businesses have it.
    `rounding` is what its coins are more than what they settle (see `coins.settled_by`).
    """
    role = ROLE_OF[reason]
    total = sum(one.amount for one in tenders) - (0 if change is None else change.amount) - rounding
    used: tuple[Allocation, ...] = ()
    if credit is None:
        base = _base(head, reason, total, held)
        shares = shares_of(total, lies)
    else:
        used, base, shares = _drawn(head, credit, total)
    return PartyMoney(
        **head,
        series=SERIES[PartyMoney],
        clearing_account=accounts.clearing(
            [
                *(one.business_id for one in used),
                *(one.business_id for one in shares),
                *(one.business_id for one in tenders),
            ]
        ),
        reason=reason,
        party_id=party_id,
        party_role=role,
        party_account=accounts.of(PARTY_ACCOUNT[role]),
        total=total,
        rounding=rounding,
        rounding_account=accounts.of(AccountRole.ROUNDING) if rounding else "",
        cash_step=cash_step if rounding else 1,
        tenders=tenders,
        change=change,
        base_amount=base,
        difference_account="" if base is None else accounts.of(AccountRole.EXCHANGE_DIFFERENCE),
        credits=named(accounts, used),
        shares=of_others(accounts, shares),
    )


def _drawn(
    head: HeadFields, credit: PartyCredit, total: int
) -> tuple[tuple[Allocation, ...], int | None, tuple[Share, ...]]:
    """What of a credit goes back, and what it was worth when it came where that may differ."""
    if total > credit.amount:
        raise Refused("not-so-much-unallocated")
    used = credit.draw(total)
    differs = head["rate_micro"] != RATE_ONE or used.base_amount != total
    return used.items, used.base_amount if differs else None, used.shares


def _base(head: HeadFields, reason: PartyReason, total: int, held: tuple[int, int]) -> int | None:
    """By how much the balance changes in base currency where it came at another rate; else None."""
    if head["rate_micro"] == RATE_ONE or reason not in _BACK:
        return None
    # A repayment lowers what they owe us, all else what we owe them.
    sign = 1 if reason is PartyReason.EMPLOYEE_REPAYMENT else -1
    amount, base = sign * held[0], sign * held[1]
    return None if amount <= 0 else lowered_base(total, amount, base, head["rate_micro"])


# --- our own places -------------------------------------------------------------------------------------


class MoneyPlace(NamedTuple):
    """Where money of ours lies: an account, the drawer in which it is, and which of our places that is."""

    account: str
    drawer_id: int | None = None
    place: MoneyAccount | None = None


def transfer_reference(reference: str, start: MoneyPlace, end: MoneyPlace) -> str:
    """What proves a transfer: the code of the message where M-Pesa is a part of it, the slip's number else.

    Raises `Refused` for a code that is none.  There may be nothing.
    """
    if reference.strip() and MoneyAccount.MPESA in (start.place, end.place):
        return mpesa_code(reference)
    return reference_of(reference)


def money_transfer(
    head: HeadFields,
    accounts: Accounts,
    start: MoneyPlace,
    end: MoneyPlace,
    amount: int,
    *,
    to_business_id: int,
    arrives: OtherMoney | None = None,
    reference: str = "",
) -> MoneyTransfer:
    """Money leaves one place of ours for another; `arrives` is what it was changed into on the way."""
    if amount <= 0:
        raise Refused("amount-not-positive")
    exchanged = arrives is not None
    return MoneyTransfer(
        **head,
        series=SERIES[MoneyTransfer],
        clearing_account=accounts.clearing({to_business_id}),
        from_account=start.account,
        from_drawer=start.drawer_id,
        to_account=end.account,
        to_drawer=end.drawer_id,
        to_business_id=None if to_business_id == accounts.business_id else to_business_id,
        amount=amount,
        reference=transfer_reference(reference, start, end),
        to_amount=0 if arrives is None else arrives.amount,
        to_currency="" if arrives is None else arrives.currency,
        to_rate_micro=0 if arrives is None else arrives.rate_micro,
        exchange_account=accounts.of(AccountRole.EXCHANGE_CLEARING) if exchanged else "",
        difference_account=accounts.of(AccountRole.EXCHANGE_DIFFERENCE) if exchanged else "",
    )


def bank_bag(
    head: HeadFields, accounts: Accounts, *, bag: str, amount: int, counts: tuple[CashCount, ...] = ()
) -> BankBag:
    """Cash leaves the safe in a bag with this number, counted by the head's person and its approver."""
    if amount <= 0:
        raise Refused("amount-not-positive")
    return BankBag(
        **head,
        series=SERIES[BankBag],
        bag=bag_number(bag),
        amount=amount,
        safe_account=accounts.of(AccountRole.SAFE),
        transit_account=accounts.of(AccountRole.CASH_IN_TRANSIT),
        counts=tuple(one for one in counts if one.pieces),
    )


def bag_banked(
    head: HeadFields, accounts: Accounts, bag: BankBag, arrived: int, *, reference: str = "", reason: str = ""
) -> BagBanked:
    """The bank has the bag, with `arrived` in it; both in the bag's business, currency and rate.

    The rate is the bag's: a difference of rates is the bank account's, whose money is valued anew.
    """
    return BagBanked(
        **head,
        series=SERIES[BagBanked],
        bag_id=bag.document_id,
        bag=bag.bag,
        amount=bag.amount,
        arrived=arrived,
        transit_account=bag.transit_account,
        bank_account=accounts.of(AccountRole.BANK),
        over_short_account="" if arrived == bag.amount else accounts.of(AccountRole.OVER_SHORT),
        reference=reference_of(reference),
        reason=note_of(reason),
    )
