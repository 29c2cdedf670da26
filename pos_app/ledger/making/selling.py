"""How goods that are sold and paid at once become a document: sales, and the refunds that take them back."""

from typing import TypedDict

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.document import SERIES, Refund, Sale
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.line import Change, GoodsLine, ReturnableLine, Tender
from pos_app.ledger.totals import totals_of


class Taken(TypedDict):
    """How a trade was paid, whichever way the money went.

    `rounding` in minor units is what cash rounding adds, `cash_step` the smallest coin.
    """

    tenders: tuple[Tender, ...]
    change: Change | None
    rounding: int
    cash_step: int


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
) -> Sale:
    """Goods or services given out, and the money taken for them."""
    return Sale(
        **head,
        **taken,
        **totals_of(lines).as_fields(),
        series=SERIES[Sale],
        clearing_account=accounts.clearing([line.business_id for line in lines]),
        party_id=party_id,
        lines=lines,
        rounding_account=accounts.of(AccountRole.ROUNDING) if taken["rounding"] else "",
        returnables=returnables,
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
    reason: str = "",
) -> Refund:
    """Goods taken back and money handed back; `original_id` is the sale's key where it is known."""
    return Refund(
        **head,
        **taken,
        **totals_of(lines).as_fields(),
        series=SERIES[Refund],
        clearing_account=accounts.clearing([line.business_id for line in lines]),
        party_id=party_id,
        lines=lines,
        rounding_account=accounts.of(AccountRole.ROUNDING) if taken["rounding"] else "",
        returnables=returnables,
        original_id=original_id,
        reason=note_of(reason),
    )
