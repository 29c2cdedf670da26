"""The moving average of one product in one business: what stock is worth, and what goes out costs.

Quantities in thousandths, values in minor units of the base currency, all integers; an average is a fraction,
so that nothing is lost between two movements.

Decisions
---------
2026-11-21  Stock may be negative, for a till sells what lies before it whatever the books say.  What goes out
beyond the stock costs the last known average; the stock is then worth less than nothing by as much.  The
next receipt shows what those goods really cost: the stock is set to the receipt's own cost, and the
difference is a revaluation.  Goods of which no cost was ever known cost nothing until then.

2026-11-21  What comes back without a price of its own (a refund, a find) comes at the average, and so it goes
out again: a sale that is refunded leaves no trace in the cost of goods as long as nothing came between.
"""

from typing import NamedTuple

from pos_app.ledger.money import divide_half_up


class Valued(NamedTuple):
    """A product's stock: so much, worth so much; the last known average is `of_value` for `of_quantity`."""

    quantity: int = 0
    value: int = 0
    of_value: int = 0
    of_quantity: int = 1

    def worth(self, quantity: int) -> int:
        """What a quantity is worth by the last known average."""
        return divide_half_up(self.of_value * quantity, self.of_quantity)


def received(stock: Valued, quantity: int, value: int) -> tuple[Valued, int]:
    """Something with a value of its own came (or went back); gives the stock and its revaluation.

    A landed cost has no quantity.  The revaluation is by how much the stock changes beyond `value`.
    """
    left = stock.quantity + quantity
    plain = stock.value + value
    if quantity > 0 and stock.quantity < 0:
        after = Valued(left, divide_half_up(value * left, quantity), value, quantity)
    elif left > 0 and plain >= 0:
        after = Valued(left, plain, plain, left)
    else:
        # Nothing is left that the value could lie on (or less than nothing would): at the average before.
        after = stock._replace(quantity=left, value=stock.worth(left))
    return after, after.value - plain


def moved(stock: Valued, quantity: int) -> tuple[Valued, int]:
    """Something went (negative) or came back; gives the stock and by how much its value changed."""
    left = stock.quantity + quantity
    if stock.quantity > 0 and left > 0:
        change = divide_half_up(stock.value * quantity, stock.quantity)
    else:
        change = stock.worth(left) - stock.value
    return stock._replace(quantity=left, value=stock.value + change), change
