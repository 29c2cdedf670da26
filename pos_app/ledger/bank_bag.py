"""Cash on its way to the bank: the bag that leaves the safe, counted by two people, and its arrival.

Decisions
---------
2026-12-01  A bag is a document of its own and no money moved: it has a number that is printed on it, two
people stand behind what lies in it, and until the bank has said what it found the money is neither in the
safe nor at the bank but on an account between them.  What the bank finds more or less is over or short, by
name of the bag.

2026-12-01  The two are who records it and who approves it (`Head.approver_id`): both proved it by their own
PIN, and one of them may move money.  A second right for the other would keep a shop of a manager and a
cashier from banking at all.

2026-12-01  Its arrival is said at the centre alone, where statements are: two tills that were offline could
each say it, and a bag arrives once.
"""

from typing import Final

from pos_app.ledger.head import Head
from pos_app.ledger.line import CashCount

#: Numbers printed on bags and their seals are shorter than that.
MOST_BAG: Final = 40


class BankBag(Head, frozen=True, kw_only=True, omit_defaults=True, tag="bank_bag"):
    """Cash leaves the safe in a sealed bag: `amount` in minor units of the document's currency.

    `bag` is the number that is printed on it, `counts` the coins and notes in it where they were told (they
    come to `amount` then).  Who counted are the document's person and its approver.
    """

    bag: str
    amount: int
    safe_account: str
    transit_account: str
    counts: tuple[CashCount, ...] = ()


class BagBanked(Head, frozen=True, kw_only=True, omit_defaults=True, tag="bag_banked"):
    """The bank has a bag: `amount` left the safe in it, `arrived` stands on the statement.

    The difference is over or short, with a `reason`.  `reference` is the statement's or the slip's.
    """

    bag_id: int
    bag: str
    amount: int
    arrived: int
    transit_account: str
    bank_account: str
    over_short_account: str = ""
    reference: str = ""
    reason: str = ""


def bag_number(typed: str) -> str:
    """The number of a bag as documents keep it: capitals, without spaces, so that it is found again."""
    return "".join(typed.split()).upper()[:MOST_BAG]
