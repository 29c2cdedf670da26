"""What is handed back for a receipt that comes back in parts: in the end what was paid, to the last coin.

Decisions
---------
2026-11-29  Rounding belongs to the coins of one receipt, so it goes back with its goods once: what coins hand
back up to here is rounded, less what was handed back before.  Ten refunds of 10.60 out of 106.00 are 106.00,
and the last part brings back whatever is left of what was paid, by whichever way it goes.

2026-11-29  Where exact money comes back in coins (137.00 paid by M-Pesa 134.00 and 5.00 in coins of five),
the last part is rounded to the smallest coin of the currency and not to a coarser step of the shop: nobody
gets less than they paid because a shop rounds to five.
"""

from typing import NamedTuple

from pos_app.ledger.currency import Currency
from pos_app.ledger.money import round_to_cash


class Handed(NamedTuple):
    """Of refunds: what the goods cost, and by how much more than that was handed back; minor units."""

    goods: int = 0
    rounding: int = 0


class Receipt(NamedTuple):
    """A receipt as what goes back of it needs it, in minor units.

    `paid` is what its goods cost and what rounding added, `before` what of that went back already.  `coin` is
    the smallest coin and `step` what cash is rounded to.
    """

    paid: Handed
    before: Handed
    step: int
    coin: int

    def exact_back(self, goods: int) -> int:
        """What goes back by M-Pesa, bank, card or account for goods that cost so much."""
        left = self._left()
        return max(self._within(goods, min(goods, left) if self._goes_on(goods) else left), 0)

    def coins_back(self, goods: int, exact: int = 0) -> int:
        """What coins hand back for goods that cost so much, beside what goes back exactly."""
        left = self._left() - exact
        if self._goes_on(goods):
            # Half a coin more than what is left could not be had back from the parts that follow.
            coins = min(
                round_to_cash(goods - self.before.rounding - exact, self.step), left // self.coin * self.coin
            )
        else:
            coins = round_to_cash(left, self.coin)
        return max(self._within(goods, coins + exact) - exact, 0)

    def _goes_on(self, goods: int) -> bool:
        """Whether something is left of the receipt after this."""
        return self.before.goods + goods < self.paid.goods

    def _left(self) -> int:
        """What of the money paid was not handed back yet."""
        return sum(self.paid) - sum(self.before)

    def _within(self, goods: int, wanted: int) -> int:
        """No refund rounds by more than the rules allow, whatever an older program handed back before."""
        most = most_rounded(self.step)
        if wanted < goods - most:
            return -((most - goods) // self.coin) * self.coin
        return wanted if wanted <= goods + most else (goods + most) // self.coin * self.coin


def most_rounded(step: int) -> int:
    """By how much a refund of a receipt may differ from what its goods cost, in minor units.

    The last one makes up for half a coin of the receipt, half a coin of those before it and its own.
    """
    return 2 * step - 1 if step > 1 else 0


def smallest(step: int, currency: Currency) -> int:
    """The smallest coin that a shop hands out which rounds its cash to `step`."""
    return min(step, currency.cash_step)
