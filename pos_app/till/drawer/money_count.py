"""What a shift took beside cash, told at its close: payments ticked one by one, or counted as a sum.

What is shown is a list of payments with their codes, held against the telephone, the statement, the strip of
the card terminal, the vouchers in the drawer.  It says nothing of the cash, which is counted blind.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.closing import OTHER_MONEY, MissingPayment, MoneyCount
from pos_app.ledger.day import zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.numbering import printed_number
from pos_app.store.documents import other_money, stretches
from pos_app.store.payments import matching
from pos_app.till.session.context import Context


class PaymentKey(NamedTuple):
    """A payment: the `place`-th tender (from 0) of a document."""

    document_id: int
    place: int


class Payment(NamedTuple):
    """One payment of the shift as it is ticked; `amount` in minor units, negative where it went out.

    `confirmed`: its provider said that it came, so nobody needs to look it up.
    """

    key: PaymentKey
    kind: TenderKind
    reference: str
    number: str
    time: str
    amount: int
    confirmed: bool = False


@dataclass(frozen=True)
class Found:
    """What a person found: the payments that they ticked, and of some kinds a sum instead (minor units)."""

    ticked: Collection[PaymentKey] = ()
    sums: Mapping[TenderKind, int] = field(default_factory=dict)


def payments(connection: Connection, context: Context) -> list[Payment]:
    """The payments of the shift that runs, kind by kind, oldest first.  Raises `Refused` without a shift."""
    place = context.place
    found = _payments(connection, context)
    by_code = [(one.document_id, one.place) for one in found if one.kind is TenderKind.MPESA]
    confirmed = matching.confirmed(connection, context.org_id, by_code)
    shown = [
        Payment(
            PaymentKey(one.document_id, one.place),
            one.kind,
            one.reference,
            printed_number(place.number_prefix, context.terminal.terminal_no, one.series, one.number),
            one.at.astimezone(zone(place.time_zone)).strftime("%H:%M"),
            one.amount,
            (one.document_id, one.place) in confirmed,
        )
        for one in found
    ]
    return sorted(shown, key=lambda one: OTHER_MONEY.index(one.kind))


def check(connection: Connection, context: Context, money: Found) -> None:
    """Raise `Refused` for a sum below nothing; only where more went out than came in may it be as far."""
    held = other_money.sums((one.kind, one.amount) for one in _payments(connection, context))
    for kind, told in money.sums.items():
        if told < min(0, held[kind].amount if kind in held else 0):
            raise Refused("money-sum-negative")


def counted(connection: Connection, context: Context, money: Found) -> tuple[MoneyCount, ...]:
    """What the close tells of it, from the documents as they are in this transaction."""
    check(connection, context, money)
    every = _payments(connection, context)
    held = other_money.sums((one.kind, one.amount) for one in every)
    counts = []
    for kind in OTHER_MONEY:
        if kind not in held:
            continue
        missing: tuple[MissingPayment, ...] = ()
        if kind in money.sums:
            told = money.sums[kind]
        else:
            missing = tuple(
                MissingPayment(
                    receipt_id=one.document_id, place=one.place, amount=one.amount, reference=one.reference
                )
                for one in every
                if one.kind is kind and PaymentKey(one.document_id, one.place) not in money.ticked
            )
            told = held[kind].amount - sum(one.amount for one in missing)
        counts.append(
            MoneyCount(
                kind=kind,
                times=held[kind].times,
                expected=held[kind].amount,
                counted=told,
                missing=missing,
            )
        )
    return tuple(counts)


def _payments(connection: Connection, context: Context) -> list[other_money.Payment]:
    org_id, terminal_no = context.org_id, context.terminal.terminal_no
    begun = stretches.before(connection, org_id, terminal_no, context.open_shift())
    return other_money.payments(connection, org_id, terminal_no, begun.seq + 1)
