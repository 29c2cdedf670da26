"""What is due, what was given and what goes back: the arithmetic of a mixed tender.

Cash rounding applies to what coins pay of a receipt and to nothing else: card and M-Pesa are asked the exact
sum, in whatever order they come.  Change goes back in cash, and is a line of its own: what was taken stays
known (erpnext#23125).

Decisions
---------
2026-11-21  Money of another currency is worth what the office's rate of the day says, fixed when it is laid
down: the basket keeps it, until another rate holds where it is recorded (2026-11-29: it is given back then,
see `Takings`).  Change is given in the home currency, whatever was laid down; on a document that
is itself in another currency there is no change, because nobody counts coins of it into the drawer.

2026-11-21  Ten dollars are worth 1,295.53 and no drawer holds the coins for change of 445.53: where money of
another currency was laid down, the change is rounded to the smallest coin, and the rounding of the document
takes up what that leaves.

2026-11-29  Who sends 3,000 by M-Pesa or through the bank for 2,320 has paid 3,000: the code says so, and the
books must, or the M-Pesa account never agrees with its statement.  The rest goes back as change out of the
drawer, rounded to the smallest coin as all cash is.  A card is charged what is due and no more: whoever asks
for more wants cash of a card, which costs the shop its fee.

2026-11-29  What all other tenders leave is what coins pay, rounded once, to the nearest that they can: a rest
under half a coin asks for none and completes the receipt.  While it is not complete nothing is rounded yet:
the customer may still pay the rest to the cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection

from pos_app.ledger.chart import PARTY_ACCOUNT
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import Change, Tender, TenderKind
from pos_app.ledger.making.tenders import OtherMoney, TenderInput, tender, tender_reference
from pos_app.ledger.money import grouped_text, round_to_cash
from pos_app.ledger.mpesa_code import alike
from pos_app.ledger.rules.tenders import FOREIGN, GIVES_CHANGE
from pos_app.store.documents import documents, used_codes
from pos_app.store.payments import received
from pos_app.store.tables.payment_tables import STANDING
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.selling.mpesa_places import number_of
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import Rate, rate_of

#: Cash beyond what is due by more than this many of the largest note is a typing error.
_MOST_NOTES_OVER: Final = 10


@dataclass(frozen=True)
class Due:
    """The state of a tender in minor units.

    `still_due` is what card and M-Pesa are asked, 0 when it may be finished; `in_cash` what coins are asked.
    `rounding` is what the coins pay more than they leave, once it may be finished.
    """

    total: int
    rounding: int
    taken: int
    still_due: int
    in_cash: int
    change: int


def due(total: int, tenders: Sequence[TenderEntry], cash_step: int, most: int | None = None) -> Due:
    """What is still due and what goes back; coins bring it to no more than `most` (None: to the nearest)."""
    coins = coins_of(tenders)
    exact = sum(entry.amount for entry in tenders) - coins
    # Below 0 it is change, for money that no coins paid.
    asked = round_to_cash(total - exact, cash_step)
    if most is not None and total <= most < exact + asked:
        asked -= cash_step
    taken = exact + coins
    if coins >= asked:
        return Due(total, asked - (total - exact), taken, 0, 0, coins - asked)
    if taken >= total:
        # Whoever pays to the cent in coins that we do not count on owes nothing more.
        return Due(total, taken - total, taken, 0, 0, 0)
    return Due(total, 0, taken, total - taken, asked - coins, 0)


def coins_of(tenders: Sequence[TenderEntry]) -> int:
    """What of these is cash of ours, in minor units."""
    return sum(entry.amount for entry in tenders if _is_coins(entry))


def _is_coins(entry: TenderEntry) -> bool:
    """Whether it is cash of ours; that of another currency is worth what its rate says, to the cent."""
    return entry.kind is TenderKind.CASH and not entry.paid_currency


def add_tender(
    context: Context,
    total: int,
    tenders: Sequence[TenderEntry],
    entry: TenderEntry,
    *,
    cash_step: int,
    document: Rate | None = None,
    most: int | None = None,
) -> list[TenderEntry]:
    """The tenders with one more; `most` as in `due`.  Raises `Refused` with what to do.

    Refused are amounts of nothing, more than a note explains, a tender that gives no change beyond what is
    due, and an M-Pesa payment without its code.  `document` is the document's currency where it is not
    the home currency.
    """
    money = context.place.currency if document is None else document.currency
    if entry.amount <= 0:
        raise Refused("amount-not-positive")
    now = due(total, tenders, cash_step, most)
    # A rest that no coin pays may still be paid to the cent.
    rest = now.in_cash if _is_coins(entry) else max(total - now.taken, 0)
    if total > 0 and now.taken >= total:
        raise Refused("all-paid-already")
    over = entry.amount - rest
    if entry.kind is TenderKind.CASH or (entry.kind in GIVES_CHANGE and not entry.paid_currency):
        if over > _most_over(context, entry, money.denominations()[0]):
            raise Refused(
                "cash-implausible" if entry.kind is TenderKind.CASH else "tender-implausible",
                given=grouped_text(entry.amount, money),
                due=grouped_text(rest, money),
            )
        if over > 0 and document is not None:
            raise Refused("exact-amount-needed", due=grouped_text(rest, money), currency=money.code)
    elif over > 0:
        raise Refused("more-than-due", due=grouped_text(rest, money))
    reference = tender_reference(entry.kind, entry.reference)
    same = (alike(other.reference) == alike(reference) for other in tenders)
    if entry.kind is TenderKind.MPESA and any(same):
        raise Refused("code-in-tender-already", code=reference)
    return [*tenders, replace(entry, reference=reference)]


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
        return TenderEntry(
            kind=given.kind,
            amount=given.amount,
            reference=given.reference,
            business_id=given.business_id,
            cheque=given.cheque,
        )
    if given.kind not in FOREIGN or given.kind is TenderKind.MPESA:
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
    cash_step: int = 1,
    most: int | None = None,
) -> tuple[list[TenderEntry], Due]:
    """Tenders of an amount, all at once; nothing given is the whole amount in cash, in coins of `cash_step`:
    none at all where no coin is so small.  `most` is as in `due`.

    Raises `Refused` as `add_tender` does, when not all is given, and with `exact` (we hand it out) for
    anything beyond.
    """
    tenders: list[TenderEntry] = []
    in_coins = due(total, (), cash_step, most).in_cash
    in_cash = (TenderInput(TenderKind.CASH, in_coins),) if in_coins or total <= 0 else ()
    for one in given or in_cash:
        if one.kind is TenderKind.ACCOUNT:
            raise Refused("payment-on-account")
        if one.kind is TenderKind.VOUCHER:
            raise Refused("voucher-for-goods-only")
        if one.kind is TenderKind.CHEQUE and exact:
            raise Refused("cheque-pays-us-only")
        still_due = due(total, tenders, cash_step, most).still_due
        entry = entry_of(context, one, still_due, document=document)
        tenders = add_tender(
            context, total, tenders, entry, cash_step=cash_step, document=document, most=most
        )
    found = due(total, tenders, cash_step, most)
    money = context.place.currency if document is None else document.currency
    if found.still_due:
        raise Refused("still-due", due=grouped_text(found.still_due, money))
    if exact and found.change:
        raise Refused("payout-not-exact")
    return tenders, found


def need_unused(context: Context, connection: Connection, tenders: Sequence[TenderEntry]) -> None:
    """Raise `Refused` for a code or a slip that a recorded document carries already."""
    for one in tenders:
        if one.kind is TenderKind.MPESA:
            need_code_unused(context, connection, one.reference)
        elif one.kind is TenderKind.CHEQUE:
            # Two banks number theirs alike.
            continue
        elif one.reference and documents.reference_used(connection, context.org_id, one.reference):
            raise Refused("code-used", code=one.reference)


def need_code_unused(context: Context, connection: Connection, code: str) -> None:
    """Raise `Refused` for an M-Pesa code that another document holds, or whose payment went back, was settled
    or waits for a person; nothing is no code.
    """
    holder = used_codes.holder(connection, context.org_id, code)
    if holder is not None:
        raise Refused("mpesa-code-used", code=code, number=holder.number)
    paid = received.of_code(connection, context.org_id, code) if code else None
    if paid is not None and paid.state != STANDING:
        raise Refused("payment-not-for-sale", code=code)


def moves_cash(tenders: Sequence[TenderEntry], change: int) -> bool:
    """Whether the drawer opens for these tenders."""
    return bool(change) or any(one.kind is TenderKind.CASH for one in tenders)


def need_change(
    context: Context, connection: Connection, tenders: Sequence[TenderEntry], change: int
) -> None:
    """Raise `Refused` when the drawer has not the change for what came in another currency, by M-Pesa or
    through the bank.
    """
    coins = coins_of(tenders)
    if change > coins:
        context.need_cash(connection, change - coins)


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
    context: Context, tenders: Sequence[TenderEntry], change: int, *, in_drawer: bool, goes_out: bool = False
) -> tuple[tuple[Tender, ...], Change | None]:
    """Tenders and change as the document keeps them, each with its account.

    Of money that comes in by M-Pesa here (`in_drawer`), to which number: history's is not known.
    """
    drawer = context.terminal.drawer_id if in_drawer else None
    lines = tuple(
        tender(
            context.accounts,
            entry.kind,
            entry.amount,
            account=_account_of(context, entry),
            reference=entry.reference,
            drawer_id=drawer if entry.kind is TenderKind.CASH else None,
            business_id=entry.business_id,
            paid_to=number_of(context.place, entry) if in_drawer and not goes_out else "",
            exchanged=_exchanged(entry),
            chit=entry.chit,
            cheque=entry.cheque,
        )
        for entry in tenders
    )
    if not change:
        return lines, None
    return lines, Change(amount=change, account=context.tender_account(TenderKind.CASH), drawer_id=drawer)


def _account_of(context: Context, entry: TenderEntry) -> str:
    """Where the money lies; of a chit, where the business that issued it owes it."""
    if entry.chit is None:
        return context.tender_account(entry.kind, entry.business_id)
    return context.account(PARTY_ACCOUNT[entry.chit.role], entry.chit.business_id)


def _exchanged(entry: TenderEntry) -> OtherMoney | None:
    """What changed hands, where it was other money than the document's."""
    if not entry.paid_currency:
        return None
    return OtherMoney(entry.paid, entry.paid_currency, entry.paid_rate_micro)
