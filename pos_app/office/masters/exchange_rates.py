"""What currencies are worth, as the office keeps it."""

from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import minor_rate
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules.amounts import check_day, check_rate
from pos_app.office.office import Office
from pos_app.store.master import rates


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
