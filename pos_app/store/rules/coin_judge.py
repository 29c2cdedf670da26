"""The judge of coins: whether what a till rounded is less than a coin of ours, and its cash a sum of coins.

Decisions
---------
2026-11-30  A document says itself to which coin it was rounded, so that its rules can be held for ever; the
centre holds that against the organisation's.  A coarser one would round away at every receipt what nobody
sees.  The coin is chosen when the organisation is founded, so an honest till names no other; what was rounded
to the cent names 1.  It is booked, as the money went that way, and flagged.
"""

import math
from collections.abc import Iterator

from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import (
    DepositReturn,
    Document,
    Expense,
    PartyMoney,
    Payment,
    Refund,
    Sale,
    VendorPayment,
)
from pos_app.ledger.flagging import NOT_IN_COINS, STEP_FOREIGN, Found
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import decimal_text
from pos_app.store.rules.then import Then

_Rounded = Sale | Refund | Payment | PartyMoney | DepositReturn | VendorPayment | Expense


def judge(then: Then, document: Document) -> Iterator[Found]:
    """What of a document is not in coins."""
    if not isinstance(document, _Rounded) or not document.rounding:
        return
    money, key = find_currency(document.currency), document.document_id
    coin = then.cash_step if document.currency == then.base else 1
    if document.cash_step > coin:
        step = decimal_text(document.cash_step, money)
        yield Found(key, STEP_FOREIGN, {"step": step, "coin": decimal_text(coin, money)})
    change = None if isinstance(document, DepositReturn | VendorPayment | Expense) else document.change
    own = [one for one in document.tenders if one.kind is TenderKind.CASH and not one.paid_currency]
    cash = sum(one.amount for one in own) - (0 if change is None else change.amount)
    # A shop that rounds to 0.25 where the smallest coin is 0.10 hands out sums of both.
    smallest = math.gcd(max(document.cash_step, 1), coin, money.cash_step)
    if own and cash % smallest:
        facts = {"cash": decimal_text(cash, money), "coin": decimal_text(smallest, money)}
        yield Found(key, NOT_IN_COINS, facts)
