"""The count of a blind close, sealed on disk before anybody is told what was expected.

A sealed count is an entry of the audit log, which the database lets nobody change.  Whoever counts again
after they were told leaves a second entry that names the first.

Decisions
---------
2026-12-01  Where the power goes between count and Z, the close goes on with the count that lies sealed, as
long as nothing was recorded at the till since.  Another count than the first is a recount: the close of that
currency names both figures and both people, whoever counted and however they came to count again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.line import CashCount, TenderKind
from pos_app.store.documents import audit, outbox
from pos_app.till.drawer.money_count import Found, PaymentKey
from pos_app.till.session.context import Context

ACTION: Final = "drawer.counted"
Counts = Mapping[str, Sequence[CashCount]]


@dataclass(frozen=True)
class Count:
    """What was counted at a close: pieces of each currency by its code, ours among them.

    `money` is what was found of the other money, `goods` how many cylinders and bottles lay there by product,
    in thousandths; None where nobody looked.
    """

    cash: Counts
    money: Found | None = None
    goods: Mapping[int, int] | None = None

    def total(self, currency: str) -> int:
        """What was counted of a currency, in minor units."""
        return sum(each.value * each.pieces for each in self.cash.get(currency, ()))


class Sealed(NamedTuple):
    """One count as it lies sealed: the entry's number, what was counted, as JSON, and who counted."""

    entry_id: int
    told: str
    person_id: int

    @property
    def behind(self) -> int:
        """The sequence of the till's last document when it was counted; -1 in one of before that was kept."""
        return int(json.loads(self.told).get("behind", -1))

    def total(self, currency: str) -> int | None:
        """What was counted of a currency, in minor units; None where nobody counted it."""
        counted: int | None = json.loads(self.told)["counted"].get(currency)
        return counted


def seal(connection: Connection, context: Context, shift_id: int, count: Count) -> None:
    """Seal a count of the shift's drawer; the same one again changes nothing."""
    known = sealed(connection, context, shift_id)
    last_seq, _hash = outbox.last(connection, context.terminal)
    told = _told(count, last_seq)
    if known and known[-1].told == told:
        return
    first = json.dumps({"first": known[0].entry_id, "count": len(known)}) if known else ""
    context.note(connection, ACTION, _subject(shift_id), before=first, after=told)


def sealed(connection: Connection, context: Context, shift_id: int) -> list[Sealed]:
    """What was counted of a shift so far, the first count first."""
    found = audit.of_subject(connection, context.org_id, ACTION, _subject(shift_id))
    return [Sealed(one.entry_id, one.after, one.person_id or 0) for one in found]


def read(told: str) -> Count:
    """A count as it was sealed."""
    values: dict[str, Any] = json.loads(told)
    cash = {
        currency: tuple(CashCount(value=int(value), pieces=pieces) for value, pieces in of.items())
        for currency, of in values["pieces"].items()
    }
    money = None
    if "ticked" in values:
        money = Found(
            frozenset(PaymentKey(*one) for one in values["ticked"]),
            {TenderKind(kind): amount for kind, amount in values["sums"].items()},
        )
    goods = {int(key): pieces for key, pieces in values["goods"].items()} if "goods" in values else None
    return Count(cash, money, goods)


def _subject(shift_id: int) -> str:
    return f"shift {shift_id}"


def _told(count: Count, behind: int) -> str:
    """Pieces by value in minor units, of every currency; what was counted as none is left out."""
    cash = sorted(count.cash.items())
    pieces = {
        currency: {str(each.value): each.pieces for each in _largest_first(of) if each.pieces}
        for currency, of in cash
    }
    told: dict[str, Any] = {
        "counted": {currency: count.total(currency) for currency, _of in cash},
        "pieces": pieces,
        "behind": behind,
    }
    if count.money is not None:
        told["ticked"] = sorted([*one] for one in count.money.ticked)
        told["sums"] = {kind.value: amount for kind, amount in sorted(count.money.sums.items())}
    if count.goods is not None:
        told["goods"] = {str(key): pieces for key, pieces in sorted(count.goods.items())}
    return json.dumps(told)


def _largest_first(of: Sequence[CashCount]) -> list[CashCount]:
    return sorted(of, key=lambda each: -each.value)
