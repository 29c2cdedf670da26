"""Money in another currency at the till: the rate that holds today, and what a sum is worth at it."""

from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE, minor_rate, rate_text, worth_of
from pos_app.ledger.money import divide_half_up, grouped_text
from pos_app.store.master import rates
from pos_app.till.session.context import Context


class Rate(NamedTuple):
    """A currency and what it is worth today: `rate_micro` as people write it (129.50 shillings to a dollar),
    `minor` between minor units as documents carry it; both in millionths of the home currency.
    """

    currency: Currency
    rate_micro: int
    minor: int

    @property
    def is_home(self) -> bool:
        """Whether it is the home currency at its own rate."""
        return self.minor == RATE_ONE == self.rate_micro

    def in_home(self, amount: int) -> int:
        """What an amount of the currency is worth at home, in minor units of each."""
        return worth_of(amount, self.minor)

    def from_home(self, amount: int) -> int:
        """What an amount of home currency is worth in this one."""
        return divide_half_up(amount * RATE_ONE, self.minor)

    def to_cover(self, amount: int) -> int:
        """The least of this currency that is worth an amount of home currency."""
        found = self.from_home(amount)
        return found if self.in_home(found) >= amount else found + 1

    def text(self, amount: int) -> str:
        """ "USD 10.00 at 129.50": how a tender is shown."""
        return f"{self.currency.code} {grouped_text(amount, self.currency)} at {rate_text(self.rate_micro)}"


def rate_of(context: Context, connection: Connection, code: str) -> Rate:
    """The rate of a currency today; empty or the home currency's code is the home currency.

    Raises `Refused` for what is no currency, and while the office has set no rate.
    """
    home = context.place.currency
    if code in ("", home.code):
        return Rate(home, RATE_ONE, RATE_ONE)
    foreign = find_currency(code)
    found = rates.exchange_rate(connection, context.org_id, code, context.today)
    if found is None:
        raise Refused("no-rate-today", currency=code, own=home.code)
    return Rate(foreign, found, minor_rate(found, foreign, home))


def accepted(context: Context) -> list[Rate]:
    """The currencies that have a rate today, by code."""
    with context.database.read() as connection:
        codes = rates.exchange_rates(connection, context.org_id, context.today)
        return [rate_of(context, connection, code) for code in sorted(codes)]
