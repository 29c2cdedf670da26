"""What is due, what was given and what goes back: the arithmetic of a mixed tender.

Cash rounding applies to the part that is paid in cash.  Change comes out of cash only, and is a
line of its own: cash taken stays known (erpnext#23125).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Change, Tender, TenderKind
from pos_app.ledger.money import grouped_text, round_to_cash
from pos_app.till.basket import TenderEntry
from pos_app.till.context import Context

#: Cash beyond what is due by more than this many of the largest note is a typing error.
_MOST_NOTES_OVER: Final = 10
_MOST_REFERENCE: Final = 40


@dataclass(frozen=True)
class Due:
    """The state of a tender in minor units: `still_due` is 0 when it may be finished."""

    total: int
    rounding: int
    taken: int
    still_due: int
    change: int


def due(total: int, tenders: Sequence[TenderEntry], cash_step: int) -> Due:
    """What is still due and what goes back."""
    cash = sum(entry.amount for entry in tenders if entry.kind is TenderKind.CASH)
    other = sum(entry.amount for entry in tenders if entry.kind is not TenderKind.CASH)
    in_cash = total - other
    rounding = round_to_cash(in_cash, cash_step) - in_cash if cash else 0
    balance = in_cash + rounding - cash
    return Due(total, rounding, cash + other, max(balance, 0), max(-balance, 0))


def cash_due(total: int, tenders: Sequence[TenderEntry], cash_step: int) -> int:
    """What is still due if the rest is paid in cash, rounded to the smallest coin."""
    taken = sum(entry.amount for entry in tenders)
    return max(round_to_cash(total - taken, cash_step), 0)


def add_tender(
    context: Context, total: int, tenders: Sequence[TenderEntry], entry: TenderEntry
) -> list[TenderEntry]:
    """The tenders with one more.  Raises `Refused` with what to do.

    Refused are amounts of nothing, more cash than a note explains, any other tender beyond what is
    due, and an M-Pesa payment without its code.
    """
    money = context.place.currency
    if entry.amount <= 0:
        raise Refused("Enter an amount of more than zero.")
    now = due(total, tenders, context.place.cash_step)
    if now.still_due == 0 and total > 0:
        raise Refused("All is paid already; finish, or remove a tender first.")
    if entry.kind is TenderKind.CASH:
        largest = money.denominations()[0]
        if entry.amount - now.still_due > _MOST_NOTES_OVER * largest:
            raise Refused(
                f"{grouped_text(entry.amount, money)} in cash for {grouped_text(now.still_due, money)} due "
                "cannot be right; check the digits."
            )
    elif entry.amount > now.still_due:
        raise Refused(f"Only {grouped_text(now.still_due, money)} is due; change is given out of cash only.")
    reference = entry.reference.strip().upper()[:_MOST_REFERENCE]
    if entry.kind is TenderKind.MPESA:
        if not (reference.isalnum() and reference.isascii() and 8 <= len(reference) <= 12):
            raise Refused("Enter the M-Pesa code from the message: ten letters and digits.")
        if any(other.reference == reference for other in tenders):
            raise Refused(f"The code {reference} is in this tender already.")
    return [*tenders, TenderEntry(kind=entry.kind, amount=entry.amount, reference=reference)]


def as_lines(
    context: Context, tenders: Sequence[TenderEntry], change: int, *, in_drawer: bool
) -> tuple[tuple[Tender, ...], Change | None]:
    """Tenders and change as the document keeps them, each with its account."""
    drawer = context.terminal.drawer_id if in_drawer else None
    lines = tuple(
        Tender(
            kind=entry.kind,
            amount=entry.amount,
            account=context.tender_account(entry.kind),
            reference=entry.reference,
            drawer_id=drawer if entry.kind is TenderKind.CASH else None,
        )
        for entry in tenders
    )
    if not change:
        return lines, None
    return lines, Change(amount=change, account=context.tender_account(TenderKind.CASH), drawer_id=drawer)
