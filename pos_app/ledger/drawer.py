"""The cash drawer's documents: opened with a float, cash in and out with a reason, closed on a count."""

from enum import StrEnum

from pos_app.ledger.head import Head
from pos_app.ledger.line import CashCount


class CashReason(StrEnum):
    """Why cash went in or out of a drawer without a sale."""

    FLOAT = "float"
    PAY_IN = "pay_in"
    PAY_OUT = "pay_out"
    SAFE_DROP = "safe_drop"


class CashMovement(Head, frozen=True, kw_only=True, omit_defaults=True, tag="cash_movement"):
    """Cash put into (float, pay-in) or taken out of (pay-out, safe drop) a drawer."""

    reason: CashReason
    drawer_id: int
    amount: int
    cash_account: str
    contra_account: str


class DrawerOpen(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_open"):
    """A shift begins: `float_amount` comes out of the safe into the drawer."""

    drawer_id: int
    float_amount: int
    cash_account: str
    safe_account: str


class DrawerClose(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_close"):
    """A shift ends: what was counted, what the books expected, and what went to the safe.

    The difference between `counted` and `expected` is posted to over/short, never argued away.
    """

    drawer_id: int
    counted: int
    expected: int
    removed: int
    counts: tuple[CashCount, ...] = ()
    cash_account: str
    safe_account: str
    over_short_account: str
    reason: str = ""
