"""What pays for goods alone: vouchers and points, of which no money is made again.  Pure.

Decisions
---------
2026-12-01  A deposit is paid back in cash, and a voucher that is sold is money: who could pay either with
points or with a voucher would carry out of the drawer what is never paid out.  They pay for what is sold,
with its tax, less what came back in the same basket.  A deposit slip pays for anything: it was cash, and is
cash again.
"""

from collections.abc import Iterable
from typing import Protocol

from pos_app.ledger.line import Chit, PartyRole, TenderKind
from pos_app.ledger.tax import NO_SALE


class Laid(Protocol):
    """A tender, of a document or of a basket."""

    @property
    def kind(self) -> TenderKind:
        """How."""

    @property
    def amount(self) -> int:
        """How much, in minor units."""

    @property
    def chit(self) -> Chit | None:
        """By which voucher or slip."""


def goods_of(lines: Iterable[tuple[str, int]]) -> int:
    """What of lines (tax code, and minor units with tax) is sold; nothing where more came back."""
    return max(sum(gross for code, gross in lines if code not in NO_SALE), 0)


def pays_goods_only(kind: TenderKind, chit: Chit | None) -> bool:
    """Whether a tender pays for nothing but goods."""
    return kind is TenderKind.POINTS or (chit is not None and chit.role is PartyRole.VOUCHER)


def paid_so(tenders: Iterable[Laid]) -> int:
    """What was laid down that pays for nothing but goods, in minor units."""
    return sum(one.amount for one in tenders if pays_goods_only(one.kind, one.chit))
