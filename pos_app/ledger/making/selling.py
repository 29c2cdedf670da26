"""How goods that are sold and paid at once become a document: sales, and the refunds that take them back."""

from typing import Final, NamedTuple, TypedDict

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.document import SERIES, Refund, Sale
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.line import Change, GoodsLine, Points, ReturnableLine, Tender
from pos_app.ledger.making import chits as making_chits
from pos_app.ledger.totals import totals_of


class Taken(TypedDict):
    """How a trade was paid, whichever way the money went.

    `rounding` in minor units is what cash rounding adds, `cash_step` the smallest coin.
    """

    tenders: tuple[Tender, ...]
    change: Change | None
    rounding: int
    cash_step: int


class Chits(NamedTuple):
    """Whether deposits and vouchers among the lines get chits (history has none of ours), and how long
    vouchers hold (YYYYMMDD, 0: for ever).
    """

    are_issued: bool = True
    expires_on: int = 0


CHITS: Final = Chits()


def sale(
    head: HeadFields,
    accounts: Accounts,
    lines: tuple[GoodsLine, ...],
    taken: Taken,
    *,
    party_id: int | None,
    returnables: tuple[ReturnableLine, ...] = (),
    over_limit: int = 0,
    order_id: int | None = None,
    chits: Chits = CHITS,
    points: Points | None = None,
) -> Sale:
    """Goods or services given out, and the money taken for them."""
    if chits.are_issued:
        lines = making_chits.issued(head, lines, 1, expires_on=chits.expires_on)
    return Sale(
        **head,
        **taken,
        **totals_of(lines).as_fields(),
        series=SERIES[Sale],
        clearing_account=accounts.clearing(_businesses(lines, taken)),
        party_id=party_id,
        lines=lines,
        rounding_account=accounts.of(AccountRole.ROUNDING) if taken["rounding"] else "",
        returnables=returnables,
        points=points,
        over_limit=over_limit,
        order_id=order_id,
    )


def refund(
    head: HeadFields,
    accounts: Accounts,
    lines: tuple[GoodsLine, ...],
    taken: Taken,
    *,
    party_id: int | None,
    returnables: tuple[ReturnableLine, ...] = (),
    original_id: int | None = None,
    cash_instead: int = 0,
    reason: str = "",
    chits: Chits = CHITS,
    points: Points | None = None,
) -> Refund:
    """Goods taken back and money handed back; `original_id` is the sale's key where it is known."""
    lines = making_chits.taken_back(lines, original_id)
    if chits.are_issued:
        lines = making_chits.issued(head, lines, -1, expires_on=chits.expires_on)
    return Refund(
        **head,
        **taken,
        **totals_of(lines).as_fields(),
        series=SERIES[Refund],
        clearing_account=accounts.clearing(_businesses(lines, taken)),
        party_id=party_id,
        lines=lines,
        rounding_account=accounts.of(AccountRole.ROUNDING) if taken["rounding"] else "",
        returnables=returnables,
        points=points,
        original_id=original_id,
        cash_instead=cash_instead,
        reason=note_of(reason),
    )


def _businesses(lines: tuple[GoodsLine, ...], taken: Taken) -> list[int]:
    """Whose goods and whose money a trade is about."""
    return [*(line.business_id for line in lines), *(one.business_id for one in taken["tenders"])]
