"""Why there is in a drawer what the books expect: the cash of a shift, in and out, by reason.

Decisions
---------
2026-11-21  The reasons are read from the journal lines that touched the drawer, not from the kinds of
documents that we know of: whatever no reason is named for stands under `OTHER`, so that the reasons always
come to what is expected.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.document import CashMovement, DrawerClose, MoneyTransfer, PartyMoney
from pos_app.store.documents import documents
from pos_app.store.stock import drawers
from pos_app.till.session.context import Context

#: The reasons by which cash comes and goes, in the order in which they are shown; beside them those of
#: `treasury.PartyReason`.
FLOAT, SALE, REFUND, PAYMENT, PAY_IN, PAY_OUT, SAFE_DROP, DRAWING = (
    "float", "sale", "refund", "payment", "pay_in", "pay_out", "safe_drop", "drawing",
)  # fmt: skip
EXPENSE, DEPOSIT_RETURN, TRANSFER_IN, TRANSFER_OUT, VOID, OTHER = (
    "expense", "deposit_return", "transfer_in", "transfer_out", "reversal", "other",
)  # fmt: skip
_FIRST: Final = (FLOAT, SALE, PAYMENT, REFUND, DEPOSIT_RETURN, PAY_IN, PAY_OUT, EXPENSE, DRAWING)
_LAST: Final = (TRANSFER_IN, TRANSFER_OUT, SAFE_DROP, VOID, OTHER)
#: Kinds whose documents say themselves why the cash moved.
SAY_WHY: Final = ("cash_movement", "party_money", "money_transfer")
#: Why the cash of a document moved, by its kind; a test holds that every type that moves a drawer says why.
OF_KIND: Final = {"drawer_open": FLOAT, "sale": SALE, "refund": REFUND, "payment": PAYMENT,
                  "expense": EXPENSE, "deposit_return": DEPOSIT_RETURN, "reversal": VOID}  # fmt: skip


class Flow(NamedTuple):
    """What came into a drawer (positive) or left it for one reason, in minor units, by how many documents."""

    reason: str
    amount: int
    times: int


def of_shift(
    connection: Connection,
    context: Context,
    shift: int,
    currency: str,
    *,
    expected: int,
    before: int | None = None,
) -> tuple[Flow, ...]:
    """The cash of a shift that began with the document `shift`, up to the document `before` (None: now).

    They come to `expected` in minor units of `currency`: what neither is of this shift nor
    known by a reason is `OTHER`.
    """
    found: dict[str, tuple[int, int]] = {}
    moved = drawers.movements(
        connection,
        context.org_id,
        context.terminal.drawer_id,
        currency,
        from_id=shift,
        before_id=before,
        one_by_one=SAY_WHY,
    )
    for one in moved:
        reason = OF_KIND.get(one.kind, OTHER)
        if one.document_id is not None:
            reason = _said(connection, context, one.document_id, one.amount)
        amount, count = found.get(reason, (0, 0))
        found[reason] = (amount + one.amount, count + one.times)
    rest = expected - sum(amount for amount, _count in found.values())
    if rest:
        amount, count = found.get(OTHER, (0, 0))
        found[OTHER] = (amount + rest, count)
    order = [*_FIRST, *sorted(found.keys() - {*_FIRST, *_LAST}), *_LAST]
    return tuple(Flow(reason, *found[reason]) for reason in order if reason in found)


def of_close(connection: Connection, context: Context, close: DrawerClose) -> tuple[Flow, ...]:
    """The cash of the shift that a close ended, as it was when it was closed; empty for one elsewhere."""
    if close.drawer_id != context.terminal.drawer_id or close.shift is None:
        return ()
    return of_shift(
        connection,
        context,
        close.shift,
        close.currency,
        expected=close.expected,
        before=close.document_id,
    )


def _said(connection: Connection, context: Context, document_id: int, amount: int) -> str:
    """The reason that a document gives."""
    match documents.get(connection, context.org_id, document_id):
        case CashMovement(reason=reason):
            return reason.value
        case PartyMoney(reason=reason):
            return reason.value
        case MoneyTransfer():
            return TRANSFER_IN if amount > 0 else TRANSFER_OUT
        case _:
            return OTHER
