"""How much a role may take off without asking: a right for each step, told from the line itself; pure.

Decisions
---------
2026-12-01  A role's greatest discount is a permission of the roles (`bohari role grant cashier discount_10`),
not a column of theirs: what was allowed at a moment is known for ever, the feed brings it, and till and
centre judge a document by the same rows with the same code.  The steps are 5, 10, 20 and 30 per cent of what
a line costs by the list, cheaper price and discount together; what is beyond the last needs the right to
change prices, and so does a dearer price and what comes back.
"""

from typing import Final

from pos_app.ledger.permission import DISCOUNT_STEPS, Permission
from pos_app.ledger.price import Price
from pos_app.ledger.quantity import extend

_WHOLE: Final = 100


def right_for(list_price: Price, unit_price: Price, quantity: int, discount: int) -> Permission:
    """The least right by which a line may stand at this price, with so many minor units off."""
    listed = extend(list_price, quantity)
    given = listed - extend(unit_price, quantity) + discount
    if quantity <= 0 or given < 0 or unit_price > list_price:
        return Permission.PRICE
    for per_cent, permission in DISCOUNT_STEPS.items():
        # A discount on all is shared over its lines: by less than the smallest coin a line may have more.
        if given * _WHOLE <= listed * per_cent + _WHOLE - 1:
            return permission
    return Permission.PRICE
