"""The posting rules: one pure function for each document type, document to journal lines and moves.

Debit is positive, credit negative.  A rule reads nothing but the document, so that it gives the
same lines in ten years.  The lines of every business sum to zero, in both currencies.
"""

import hashlib
from collections import defaultdict
from functools import singledispatch
from typing import Final, NamedTuple

import msgspec

from pos_app.ledger.canonical import decode
from pos_app.ledger.document import (
    CashMovement,
    CashReason,
    DrawerClose,
    DrawerOpen,
    Head,
    Payment,
    Refund,
    Reversal,
    Sale,
    StockCount,
    Trade,
)
from pos_app.ledger.line import Change, JournalLine, PartyRole, StockMove, Tender, TenderKind
from pos_app.ledger.money import divide_half_up

_RATE_ONE: Final = 1_000_000
_encoder: Final = msgspec.msgpack.Encoder(order="deterministic")


class Posting(NamedTuple):
    """What a document does to the books: journal lines (sum zero) and stock moves."""

    lines: tuple[JournalLine, ...]
    moves: tuple[StockMove, ...]


class _Entry(NamedTuple):
    """A journal line before base amounts are known."""

    business_id: int
    account: str
    amount: int
    party_role: PartyRole | None = None
    party_id: int | None = None
    drawer_id: int | None = None


def post(document: Head) -> Posting:
    """The journal lines and stock moves of any document."""
    return _post(document)


def digest(posting: Posting) -> bytes:
    """Sixteen bytes over what a document posted; the till and the server compare theirs."""
    return hashlib.sha256(_encoder.encode(posting)).digest()[:16]


@singledispatch
def _post(document: Head) -> Posting:
    raise TypeError(f"no posting rule for {type(document).__name__}")


@_post.register
def _(document: Sale) -> Posting:
    return _post_trade(document, direction=1)


@_post.register
def _(document: Refund) -> Posting:
    return _post_trade(document, direction=-1)


@_post.register
def _(document: Payment) -> Posting:
    entries = [
        _Entry(
            document.business_id,
            document.receivable_account,
            -document.total,
            document.party_role,
            document.party_id,
        ),
        *_tender_entries(document, document.tenders, document.change, document.party_id, 1),
    ]
    return _posting(document, entries)


@_post.register
def _(document: CashMovement) -> Posting:
    into_drawer = document.reason in (CashReason.FLOAT, CashReason.PAY_IN)
    amount = document.amount if into_drawer else -document.amount
    return _posting(
        document,
        [
            _Entry(document.business_id, document.cash_account, amount, drawer_id=document.drawer_id),
            _Entry(document.business_id, document.contra_account, -amount),
        ],
    )


@_post.register
def _(document: DrawerOpen) -> Posting:
    amount = document.float_amount
    return _posting(
        document,
        [
            _Entry(document.business_id, document.cash_account, amount, drawer_id=document.drawer_id),
            _Entry(document.business_id, document.safe_account, -amount),
        ],
    )


@_post.register
def _(document: DrawerClose) -> Posting:
    variance = document.counted - document.expected
    business, cash, drawer = document.business_id, document.cash_account, document.drawer_id
    return _posting(
        document,
        [
            _Entry(business, cash, variance, drawer_id=drawer),
            _Entry(business, document.over_short_account, -variance),
            _Entry(business, cash, -document.removed, drawer_id=drawer),
            _Entry(business, document.safe_account, document.removed),
        ],
    )


@_post.register
def _(document: StockCount) -> Posting:
    moves = tuple(
        StockMove(
            location_id=document.location_id,
            product_id=line.product_id,
            quantity=line.counted - line.expected,
        )
        for line in document.lines
        if line.counted != line.expected
    )
    return Posting((), moves)


@_post.register
def _(document: Reversal) -> Posting:
    original = post(decode(bytes(document.original)))
    lines = tuple(
        JournalLine(
            business_id=line.business_id,
            account=line.account,
            amount=-line.amount,
            base_amount=-line.base_amount,
            party_role=line.party_role,
            party_id=line.party_id,
            drawer_id=line.drawer_id,
        )
        for line in original.lines
    )
    moves = tuple(
        StockMove(location_id=move.location_id, product_id=move.product_id, quantity=-move.quantity)
        for move in original.moves
    )
    return Posting(lines, moves)


def _post_trade(document: Trade, direction: int) -> Posting:
    """Revenue and tax by account, tenders and change each by themselves, goods out of stock."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for line in document.lines:
        sums[line.business_id, line.revenue_account] -= direction * line.net
        if line.tax:
            sums[line.business_id, line.tax_account] -= direction * line.tax
    entries = [_Entry(business, account, amount) for (business, account), amount in sums.items()]
    entries += _tender_entries(document, document.tenders, document.change, document.party_id, direction)
    if document.rounding:
        entries.append(
            _Entry(document.business_id, document.rounding_account, -direction * document.rounding)
        )
    moves = tuple(
        StockMove(
            location_id=line.location_id,
            product_id=line.product_id,
            quantity=-direction * line.quantity,
        )
        for line in document.lines
        if line.location_id is not None
    )
    return _posting(document, entries, moves)


def _tender_entries(
    document: Head,
    tenders: tuple[Tender, ...],
    change: Change | None,
    party_id: int | None,
    direction: int,
) -> list[_Entry]:
    entries = []
    for tender in tenders:
        on_account = tender.kind is TenderKind.ACCOUNT
        entries.append(
            _Entry(
                document.business_id,
                tender.account,
                direction * tender.amount,
                PartyRole.CUSTOMER if on_account else None,
                party_id if on_account else None,
                tender.drawer_id,
            )
        )
    if change is not None and change.amount:
        entries.append(
            _Entry(
                document.business_id,
                change.account,
                -direction * change.amount,
                drawer_id=change.drawer_id,
            )
        )
    return entries


def _posting(document: Head, entries: list[_Entry], moves: tuple[StockMove, ...] = ()) -> Posting:
    """Drop empty entries, close each business, add base amounts."""
    entries = [entry for entry in entries if entry.amount]
    entries += _clearing(document, entries)
    rate = document.rate_micro
    lines = []
    running: dict[int, tuple[int, int]] = {}
    for entry in entries:
        base_amount = entry.amount
        if rate != _RATE_ONE:
            # Cumulative rounding: a business's amounts sum to zero, so its base amounts do too.
            so_far, base_so_far = running.get(entry.business_id, (0, 0))
            so_far += entry.amount
            base_total = divide_half_up(so_far * rate, _RATE_ONE)
            base_amount = base_total - base_so_far
            running[entry.business_id] = (so_far, base_total)
        lines.append(
            JournalLine(
                business_id=entry.business_id,
                account=entry.account,
                amount=entry.amount,
                base_amount=base_amount,
                party_role=entry.party_role,
                party_id=entry.party_id,
                drawer_id=entry.drawer_id,
            )
        )
    return Posting(tuple(lines), moves)


def _clearing(document: Head, entries: list[_Entry]) -> list[_Entry]:
    """What each business owes the others after this document, on the clearing account."""
    own = document.business_id
    if all(entry.business_id == own for entry in entries):
        return []
    sums: dict[int, int] = defaultdict(int)
    for entry in entries:
        sums[entry.business_id] += entry.amount
    return [
        _Entry(business, document.clearing_account, -amount) for business, amount in sums.items() if amount
    ]
