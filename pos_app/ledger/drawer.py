"""The cash drawer's documents: opened with a float, cash in and out with a reason, closed on a count."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from pos_app.ledger.closing import MoneyCount, PieceCount, Recount
from pos_app.ledger.head import Head
from pos_app.ledger.line import CashCount


class CashReason(StrEnum):
    """Why cash went in or out of a drawer without a sale."""

    FLOAT = "float"
    PAY_IN = "pay_in"
    PAY_OUT = "pay_out"
    SAFE_DROP = "safe_drop"
    DRAWING = "drawing"


#: What lets cash out of the drawer; the others put it in.
TAKING_OUT: Final = frozenset({CashReason.PAY_OUT, CashReason.SAFE_DROP, CashReason.DRAWING})
#: What leaves us, or comes from elsewhere: for a business that a person names, and with a word about it.
WITH_OTHERS: Final = frozenset({CashReason.PAY_IN, CashReason.PAY_OUT, CashReason.DRAWING})


class CashMovement(Head, frozen=True, kw_only=True, omit_defaults=True, tag="cash_movement"):
    """Cash put into (float, pay-in) or taken out of (pay-out, safe drop, the owner's drawing) a drawer.

    `contra_business_id` is for whom it is, where that is another business than the drawer's.
    """

    reason: CashReason
    drawer_id: int
    amount: int
    cash_account: str
    contra_account: str
    contra_business_id: int = 0


class DrawerOpen(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_open"):
    """A shift begins: `float_amount` comes out of the safe into the drawer."""

    drawer_id: int
    float_amount: int
    cash_account: str
    safe_account: str


class Stretch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The documents of a till from one Z to the next, as its close has them on record.

    They begin with the sequence `first_seq`, right behind the close before, and end with the close itself: so
    every document of a till is in exactly one Z.  `sales` is the total of their receipts and `grand_total`
    that of all receipts of the till since its first, in minor units of its currency, before what came back
    or was voided: it never goes back (the perpetual grand total of the French NF 525).  Up to `confirmed_seq`
    the centre had said that it has them.  `openings` of the drawer without a document and `copies` of papers
    are counted since the close before.  `business_day` (YYYYMMDD; 0: not told) is the day of the shop on
    which the shift began: a close after midnight belongs to it.
    """

    first_seq: int
    sales: int
    grand_total: int
    confirmed_seq: int = 0
    openings: int = 0
    copies: int = 0
    business_day: int = 0


class DrawerClose(Head, frozen=True, kw_only=True, omit_defaults=True, tag="drawer_close"):
    """A shift ends: what was counted, what the books expected, and what went to the safe.

    The difference between `counted` and `expected` is posted to over/short, never argued away: of the
    drawer's business, or of the one that it is said to be of (`over_short_business_id`).  The close of the
    till's own currency ends the shift, and is its Z: it says which `stretch` of documents it closes, what of
    the shift's `other_money` was found, how many cylinders and bottles lay there (`pieces`), and who counted
    again.  Who hands over to the next (`handed_to_id`) leaves them `left` as their float; for the books it
    went to the safe and came out of it again.
    """

    drawer_id: int
    counted: int
    expected: int
    removed: int
    counts: tuple[CashCount, ...] = ()
    cash_account: str
    safe_account: str
    over_short_account: str
    over_short_business_id: int = 0
    reason: str = ""
    stretch: Stretch | None = None
    other_money: tuple[MoneyCount, ...] = ()
    pieces: tuple[PieceCount, ...] = ()
    recount: Recount | None = None
    handed_to_id: int | None = None
    left: int = 0
