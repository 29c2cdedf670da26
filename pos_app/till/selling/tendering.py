"""What is due, what was given and what goes back: the arithmetic of a mixed tender.

Cash rounding applies to the part that is paid in cash.  Change comes out of cash only, and is a
line of its own: cash taken stays known (erpnext#23125).

Decisions
---------
2026-11-21  Money of another currency is worth what the office's rate of the day says, fixed when it is laid
down: the basket keeps it.  Change is given in the home currency, whatever was laid down; on a document that
is itself in another currency there is no change, because nobody counts coins of it into the drawer.

2026-11-21  Ten dollars are worth 1,295.53 and no drawer holds the coins for change of 445.53: where money of
another currency was laid down, the change is rounded to the smallest coin, and the rounding of the document
takes up what that leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Change, Tender, TenderKind
from pos_app.ledger.making.tenders import OtherMoney, TenderInput, tender, tender_reference
from pos_app.ledger.money import grouped_text, round_to_cash
from pos_app.store.documents import documents
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import Rate, rate_of

#: Cash beyond what is due by more than this many of the largest note is a typing error.
_MOST_NOTES_OVER: Final = 10
#: What can be of another currency than the document's.
_FOREIGN: Final = (TenderKind.CASH, TenderKind.CARD, TenderKind.BANK)


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
    if balance < 0 and any(entry.paid_currency for entry in tenders):
        change = round_to_cash(cash - in_cash, cash_step)
        return Due(total, cash - change - in_cash, cash + other, 0, change)
    return Due(total, rounding, cash + other, max(balance, 0), max(-balance, 0))


def cash_due(total: int, tenders: Sequence[TenderEntry], cash_step: int) -> int:
    """What is still due if the rest is paid in cash, rounded to the smallest coin."""
    taken = sum(entry.amount for entry in tenders)
    return max(round_to_cash(total - taken, cash_step), 0)


def add_tender(
    context: Context,
    total: int,
    tenders: Sequence[TenderEntry],
    entry: TenderEntry,
    *,
    document: Rate | None = None,
) -> list[TenderEntry]:
    """The tenders with one more.  Raises `Refused` with what to do.

    Refused are amounts of nothing, more cash than a note explains, any other tender beyond what is
    due, and an M-Pesa payment without its code.  `document` is the document's currency where it is not
    the home currency.
    """
    money = context.place.currency if document is None else document.currency
    if entry.amount <= 0:
        raise Refused("amount-not-positive")
    now = due(total, tenders, context.place.cash_step if document is None else 1)
    if now.still_due == 0 and total > 0:
        raise Refused("all-paid-already")
    over = entry.amount - now.still_due
    if entry.kind is TenderKind.CASH:
        if over > _most_over(context, entry, money.denominations()[0]):
            raise Refused(
                "cash-implausible",
                given=grouped_text(entry.amount, money),
                due=grouped_text(now.still_due, money),
            )
        if over > 0 and document is not None:
            raise Refused("exact-amount-needed", due=grouped_text(now.still_due, money), currency=money.code)
    elif over > 0:
        raise Refused("more-than-due", due=grouped_text(now.still_due, money))
    reference = tender_reference(entry.kind, entry.reference)
    if entry.kind is TenderKind.MPESA and any(other.reference == reference for other in tenders):
        raise Refused("code-in-tender-already", code=reference)
    added = TenderEntry(
        kind=entry.kind,
        amount=entry.amount,
        reference=reference,
        paid=entry.paid,
        paid_currency=entry.paid_currency,
        paid_rate_micro=entry.paid_rate_micro,
    )
    return [*tenders, added]


def _most_over(context: Context, entry: TenderEntry, largest: int) -> int:
    """How much more cash than is due a customer may lay down: some notes, or one large foreign one."""
    most = _MOST_NOTES_OVER * largest
    if not entry.paid_currency:
        return most
    with context.database.read() as connection:
        rate = rate_of(context, connection, entry.paid_currency)
    return max(most, rate.in_home(rate.currency.denominations()[0]))


def entry_of(
    context: Context, given: TenderInput, still_due: int, *, document: Rate | None = None
) -> TenderEntry:
    """A tender as a basket keeps it; money of another currency at today's rate.

    What a sum comes to beyond what is due by less than its smallest coin settles what is due, unless there
    is change for it.  Raises `Refused` for a currency without a rate.
    """
    if given.account or given.settles is not None or given.rate_micro is not None:
        raise Refused("tender-terms-by-office")
    home = context.place.currency.code
    own = home if document is None else document.currency.code
    if given.currency in ("", own):
        return TenderEntry(kind=given.kind, amount=given.amount, reference=given.reference)
    if given.kind not in _FOREIGN:
        raise Refused("tender-not-foreign")
    if given.amount <= 0:
        raise Refused("amount-not-positive")
    with context.database.read() as connection:
        rate = rate_of(context, connection, given.currency)
    worth = rate.in_home(given.amount)
    amount, coin = worth, rate.in_home(1) + 1
    if document is not None:
        amount, coin = document.from_home(worth), document.from_home(coin) + 1
    gives_change = given.kind is TenderKind.CASH and document is None
    if not gives_change and 0 < amount - still_due < coin:
        amount = still_due
    return TenderEntry(
        kind=given.kind,
        amount=amount,
        reference=given.reference,
        paid=given.amount,
        paid_currency=rate.currency.code,
        paid_rate_micro=rate.minor,
    )


def collect(
    context: Context,
    total: int,
    given: Sequence[TenderInput],
    *,
    document: Rate | None = None,
    exact: bool = False,
) -> tuple[list[TenderEntry], Due]:
    """Tenders of an amount, all at once; nothing given is the whole amount in cash.

    Raises `Refused` as `add_tender` does, when not all is given, and with `exact` (we hand it out) for
    anything beyond.
    """
    tenders: list[TenderEntry] = []
    for one in given or (TenderInput(TenderKind.CASH, total),):
        if one.kind is TenderKind.ACCOUNT:
            raise Refused("payment-on-account")
        still_due = due(total, tenders, 1).still_due
        entry = entry_of(context, one, still_due, document=document)
        tenders = add_tender(context, total, tenders, entry, document=document)
    found = due(total, tenders, 1)
    money = context.place.currency if document is None else document.currency
    if found.still_due:
        raise Refused("still-due", due=grouped_text(found.still_due, money))
    if exact and found.change:
        raise Refused("payout-not-exact")
    return tenders, found


def need_unused(context: Context, connection: Connection, tenders: Sequence[TenderEntry]) -> None:
    """Raise `Refused` for a code that a recorded tender of this till carries already."""
    for one in tenders:
        need_code_unused(context, connection, one.reference)


def need_code_unused(context: Context, connection: Connection, code: str) -> None:
    """Raise `Refused` for a code that a recorded tender carries already; nothing is no code."""
    if code and documents.reference_used(connection, context.org_id, code) is not None:
        raise Refused("code-used", code=code)


def need_change(
    context: Context, connection: Connection, tenders: Sequence[TenderEntry], change: int
) -> None:
    """Raise `Refused` when foreign money was laid down and the drawer has not the change for it."""
    if change and any(one.paid_currency for one in tenders):
        taken = sum(one.amount for one in tenders if one.kind is TenderKind.CASH and not one.paid_currency)
        if change > taken:
            context.need_cash(connection, change - taken)


def need_to_pay(
    context: Context, connection: Connection, tenders: Sequence[TenderEntry], currency: str = ""
) -> None:
    """Raise `Refused` when the drawer holds less than these tenders take out of it.

    `currency` is the document's (empty: ours).
    """
    out: dict[str, int] = {}
    for one in tenders:
        if one.kind is TenderKind.CASH:
            of = one.paid_currency or currency
            out[of] = out.get(of, 0) + (one.paid or one.amount)
    for of, amount in out.items():
        context.need_cash(connection, amount, of)


def as_lines(
    context: Context, tenders: Sequence[TenderEntry], change: int, *, in_drawer: bool
) -> tuple[tuple[Tender, ...], Change | None]:
    """Tenders and change as the document keeps them, each with its account."""
    drawer = context.terminal.drawer_id if in_drawer else None
    lines = tuple(
        tender(
            context.accounts,
            entry.kind,
            entry.amount,
            account=context.tender_account(entry.kind),
            reference=entry.reference,
            drawer_id=drawer if entry.kind is TenderKind.CASH else None,
            exchanged=_exchanged(entry),
        )
        for entry in tenders
    )
    if not change:
        return lines, None
    return lines, Change(amount=change, account=context.tender_account(TenderKind.CASH), drawer_id=drawer)


def _exchanged(entry: TenderEntry) -> OtherMoney | None:
    """What changed hands, where it was other money than the document's."""
    if not entry.paid_currency:
        return None
    return OtherMoney(entry.paid, entry.paid_currency, entry.paid_rate_micro)
