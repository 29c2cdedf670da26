"""What currencies are worth, as the office keeps it."""

from typing import NamedTuple

from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import minor_rate
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules.amounts import check_day, check_rate
from pos_app.office.office import Office
from pos_app.store.master import rates


class Shown(NamedTuple):
    """A currency, and what one of it is worth from which local day on, in millionths; the newest first."""

    code: str
    rates: list[tuple[int, int]]

    def on(self, day: int) -> tuple[int, int] | None:
        """The rate that holds on a day, and since when; None before the first."""
        return next((one for one in self.rates if one[0] <= day), None)


def listed(office: Office) -> list[Shown]:
    """Every currency of which somebody said what it is worth, by code."""
    with office.read() as books:
        found = rates.every_exchange_rate(books.connection, books.org_id)
    return [Shown(code, told) for code, told in found.items()]


def show(office: Office, code: str) -> Shown:
    """One of them.  Raises `Refused` where nobody said what it is worth."""
    wanted = code.strip().upper()
    for one in listed(office):
        if one.code == wanted:
            return one
    raise Refused("currency-has-no-rate", currency=wanted[:8])


def add(office: Office, currency: str, rate_micro: int, from_day: int | None = None) -> int:
    """Say for the first time what a currency is worth, as `set_rate` does.

    Raises `Refused` for one of which that was said: another rate holds from a day on, and is no correction.
    """
    code = find_currency(currency.strip().upper()).code
    if any(one.code == code for one in listed(office)):
        raise Refused("currency-rate-taken", currency=code)
    return set_rate(office, code, rate_micro, from_day)


def set_rate(office: Office, currency: str, rate_micro: int, from_day: int | None = None) -> int:
    """Say what a unit of a currency is worth from a local day (None: today), in millionths of base.

    Gives the day.  Raises `Refused` for a rate or a day that cannot be right.
    """
    foreign = find_currency(currency)
    with office.change(Permission.EDIT_MASTER) as books:
        if not books.is_foreign(foreign.code):
            raise Refused("own-currency-has-no-rate", currency=currency)
        if rate_micro <= 0:
            raise Refused("rate-not-positive")
        # What a document could not be made with must not be set either.
        check_rate(minor_rate(rate_micro, foreign, books.organisation.currency))
        day = books.today if from_day is None else from_day
        check_day(day, "The rate")
        rates.put_exchange_rate(books.connection, books.org_id, foreign.code, day, rate_micro)
    return day
