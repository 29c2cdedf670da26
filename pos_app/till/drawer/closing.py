"""The close of a drawer: what was counted becomes one document a currency, and the last of them is the Z.

What the books expect is read inside the transaction of the close, so that no sale is missed or counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.closing import Recount
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import Document, DrawerClose, DrawerOpen
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import worth_of
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.ledger.making import drawer as making_drawer
from pos_app.ledger.making.drawer import CASH_ALONE, Told
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import WORDS, Permission
from pos_app.store.documents import documents, outbox, stretches
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import drafts
from pos_app.store.master.people import Person
from pos_app.store.stock import drawers
from pos_app.till.drawer import count_seal, goods_count, money_count
from pos_app.till.drawer.count_seal import Count
from pos_app.till.session import recording
from pos_app.till.session.context import Context
from pos_app.till.session.exchange import rate_of
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, Proved, require


@dataclass(frozen=True)
class Closed:
    """How a close came out, in minor units; shown after the count is fixed, never before.

    `currency` is empty for ours; `others` are the other currencies that lay in the drawer.
    """

    done: Recorded
    counted: int
    expected: int
    currency: str = ""
    others: "tuple[Closed, ...]" = ()

    @property
    def variance(self) -> int:
        """Over (positive) or short (negative)."""
        return self.counted - self.expected


@dataclass(frozen=True)
class TakingOver:
    """Who takes a drawer over, with so much of what was counted as their float, in minor units."""

    proved: Proved
    left: int

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.proved.person


@dataclass(frozen=True)
class Ending:
    """With what a shift ends: the count, why it differs, and whose that is (0: the depot's).

    Somebody may take the drawer over: their shift begins in the same transaction.
    """

    count: Count
    reason: str = ""
    business_id: int = 0
    taking_over: TakingOver | None = None


def foreign_currencies(connection: Connection, context: Context) -> list[str]:
    """The currencies beside ours of which the books have something in the drawer."""
    held = drawers.holdings(connection, context.org_id, context.terminal.drawer_id)
    return [code for code in held if code != context.place.currency.code]


def standing_count(connection: Connection, context: Context) -> Count | None:
    """The count that lies sealed, where the till recorded nothing after it."""
    known = count_seal.sealed(connection, context, context.open_shift())
    last_seq, _hash = outbox.last(connection, context.terminal)
    if not known or known[-1].behind != last_seq:
        return None
    return count_seal.read(known[-1].told)


class Beside(NamedTuple):
    """What differs beside the cash: a way of paying (`kind`), or cylinders by their name (thousandths)."""

    name: str
    kind: TenderKind | None
    counted: int
    expected: int


def beside(connection: Connection, context: Context, count: Count) -> tuple[Beside, ...]:
    """What of a count differs from the books beside the cash."""
    found = []
    if count.money is not None:
        found += [
            Beside("", one.kind, one.counted, one.expected)
            for one in money_count.counted(connection, context, count.money)
        ]
    if count.goods is not None:
        names = {one.product_id: one.name for one in goods_count.kinds(connection, context)}
        found += [
            Beside(names[one.product_id], None, one.counted, one.expected)
            for one in goods_count.counted(connection, context, count.goods)
        ]
    return tuple(one for one in found if one.counted != one.expected)


def close(context: Context, ending: Ending, approval: Approval | None, request_id: str) -> Closed:
    """End the shift.  Raises `Refused`, `NeedsApproval`; any count is accepted."""
    person = context.need(Permission.DRAWER)
    approver = require(person, Action.CLOSE_DRAWER, approval)
    with context.database.read() as connection:
        if drafts.load(connection, context.org_id, parked=False):
            raise Refused("basket-open-at-close")

    def build(connection: Connection) -> list[Document]:
        found = closes(connection, context, ending, approver)
        # Closed with another count than was sealed: that one is a record beside the first.
        count_seal.seal(connection, context, context.open_shift(), ending.count)
        return [*found, *_next_shift(context, ending.taking_over)]

    def finish(connection: Connection, sealed: Sequence[Sealed]) -> None:
        for one in sealed:
            is_close = isinstance(one.document, DrawerClose)
            if isinstance(one.document, DrawerClose) and one.document.stretch is not None:
                context.note(connection, stretches.CLOSED, stretches.subject_of(one.document.document_id))
            recording.queue(connection, context, one, paper=is_close, kick=not is_close)

    try:
        recorded = context.journal.record_all(request_id, build, finish)
    finally:
        context.refresh_shift()
    context.leave_used()
    if ending.taking_over is not None:
        context.take_over(ending.taking_over.person, ending.taking_over.proved.secret)
    ended = [one.document for one in recorded if isinstance(one.document, DrawerClose)]
    *rest, last = [closed_of(context, one) for one in ended]
    return replace(last, currency="", others=tuple(rest))


def check_left(left: int, counted: int) -> None:
    """Raise `Refused` for a float that nobody can be left: below nothing, or more than was counted."""
    if left < 0:
        raise Refused("float-negative")
    if left > counted:
        raise Refused("hand-over-more-than-counted")


def _next_shift(context: Context, taking: TakingOver | None) -> list[DrawerOpen]:
    """The shift of who takes over begins with what stayed; for the books it came out of the safe."""
    if taking is None:
        return []
    if Permission.DRAWER.value not in taking.person.may:
        raise Refused("person-may-not-here", name=taking.person.name, deed=WORDS[Permission.DRAWER])
    head = context.head_fields()
    head["person_id"], head["shift"] = taking.person.person_id, None
    drawer_id = context.terminal.drawer_id
    return [making_drawer.drawer_open(head, context.accounts, drawer_id=drawer_id, float_amount=taking.left)]


def closes(
    connection: Connection, context: Context, ending: Ending, approver: Person | None
) -> list[DrawerClose]:
    """The close of each currency, ours last: it is the one that ends the shift on the strip and on paper."""
    home, count = context.place.currency.code, ending.count
    shift = context.open_shift()
    running = documents.open_shift(connection, context.org_id, context.terminal.terminal_no)
    if running is None or running.document_id != shift:
        # Somebody else closed it while this one counted: a shift has one Z.
        raise Refused("drawer-closed-meanwhile")
    for code in foreign_currencies(connection, context):
        if code not in count.cash:
            raise Refused("foreign-cash-not-counted", currency=code)
    codes = [*sorted(count.cash.keys() - {home}), home]
    found = [_closing(connection, context, code, ending, approver) for code in codes]
    if not ending.reason.strip():
        _demand_reason(context, found)
    return found


def _closing(
    connection: Connection, context: Context, code: str, ending: Ending, approver: Person | None
) -> DrawerClose:
    """The close of one currency."""
    rate, is_home = rate_of(context, connection, code), code == context.place.currency.code
    told = _told(connection, context, ending) if is_home else CASH_ALONE
    return making_drawer.drawer_close(
        # Whoever may close closes anybody's drawer: its own person may have gone home.
        context.head_fields(approver=approver, currency=rate.currency.code, rate_micro=rate.minor),
        context.accounts,
        tuple(ending.count.cash.get(code, ())),
        drawer_id=context.terminal.drawer_id,
        expected=context.cash(connection, code),
        reason=ending.reason,
        business_id=context.known_business(ending.business_id),
        stretch=stretch(connection, context) if is_home else None,
        told=told._replace(recount=_recount(connection, context, code, ending.count, approver)),
    )


def stretch(connection: Connection, context: Context) -> Stretch:
    """What the close of our currency says as the shift's Z."""
    shift = context.open_shift()
    began = context.clock.now() if context.shift is None else context.shift.occurred_at
    return stretches.now(
        connection,
        context.org_id,
        context.terminal.terminal_no,
        shift,
        context.place.currency.code,
        business_day=context.business_day(began),
    )


def _told(connection: Connection, context: Context, ending: Ending) -> Told:
    """What the Z tells beside the cash."""
    count, taking = ending.count, ending.taking_over
    if taking is not None:
        check_left(taking.left, count.total(context.place.currency.code))
    return Told(
        other_money=() if count.money is None else money_count.counted(connection, context, count.money),
        pieces=() if count.goods is None else goods_count.counted(connection, context, count.goods),
        handed_to_id=None if taking is None else taking.person.person_id,
        left=0 if taking is None else taking.left,
    )


def _recount(
    connection: Connection, context: Context, code: str, count: Count, approver: Person | None
) -> Recount | None:
    """Who counted a currency again, where the first count of it that lies sealed came to another sum."""
    again = approver or context.signed_in()
    for one in count_seal.sealed(connection, context, context.open_shift()):
        first = one.total(code)
        if first is not None:
            if first == count.total(code):
                return None
            return Recount(person_id=again.person_id, first=first, first_person_id=one.person_id)
    return None


def _demand_reason(context: Context, ends: Sequence[DrawerClose]) -> None:
    """Raise `Refused` for a difference of so much that somebody has to say why."""
    least = context.place.rules[HouseRule.CLOSE_REASON_FROM]
    for one in ends:
        over = one.counted - one.expected
        if over and worth_of(abs(over), one.rate_micro) >= least:
            amount = f"{one.currency} {grouped_text(abs(over), find_currency(one.currency))}"
            if over > 0:
                raise Refused("close-over-without-reason", amount=amount)
            raise Refused("close-short-without-reason", amount=amount)
        for money in one.other_money:
            differs = abs(money.counted - money.expected)
            if differs and differs >= least:
                amount = f"{one.currency} {grouped_text(differs, find_currency(one.currency))}"
                raise Refused("close-money-without-reason", amount=amount)


def closed_of(context: Context, document: DrawerClose) -> Closed:
    """The answer to one close."""
    done = Recorded(document, context.printed(document))
    return Closed(done, document.counted, document.expected, document.currency)
