"""How money that moves without goods becomes a document: expenses, money with parties, between our places."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pos_app.ledger.chart import PARTY_ACCOUNT, AccountRole, Accounts
from pos_app.ledger.document import SERIES
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.head import HeadFields, reference_of
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import Change, Tender
from pos_app.ledger.making.tenders import OtherMoney, mpesa_code
from pos_app.ledger.settlement import lowered_base
from pos_app.ledger.totals import totals_of, with_tax
from pos_app.ledger.treasury import (
    PAID_OUT,
    ROLE_OF,
    Expense,
    MoneyAccount,
    MoneyTransfer,
    PartyMoney,
    PartyReason,
)

#: What brings a balance back: it goes at the rate at which the money came.
_BACK: Final = (PAID_OUT | {PartyReason.EMPLOYEE_REPAYMENT}) - {PartyReason.EMPLOYEE_ADVANCE}


def expense(
    head: HeadFields,
    accounts: Accounts,
    lines: Sequence[BillLine],
    *,
    tenders: tuple[Tender, ...],
    party_id: int | None = None,
    reference: str = "",
) -> Expense:
    """Something bought and paid at once; `lines` before their tax (see `totals.with_tax`)."""
    taxed = with_tax(lines)
    return Expense(
        **head,
        **totals_of(taxed).as_fields(),
        series=SERIES[Expense],
        clearing_account=accounts.clearing(line.business_id for line in taxed),
        party_id=party_id,
        lines=taxed,
        tenders=tenders,
        reference=reference_of(reference),
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
    held: tuple[int, int],
) -> PartyMoney:
    """Money to or from a party.

    `held` is what stands between us and them in the role of the reason, in the currency of the document and
    in base currency; positive is theirs to pay.
    """
    role = ROLE_OF[reason]
    total = sum(one.amount for one in tenders) - (0 if change is None else change.amount)
    base = _base(head, reason, total, held)
    return PartyMoney(
        **head,
        series=SERIES[PartyMoney],
        reason=reason,
        party_id=party_id,
        party_role=role,
        party_account=accounts.of(PARTY_ACCOUNT[role]),
        total=total,
        tenders=tenders,
        change=change,
        base_amount=base,
        difference_account="" if base is None else accounts.of(AccountRole.EXCHANGE_DIFFERENCE),
    )


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
