"""Rules about what stands in every document: amounts, quantities, rates, days, accounts, reasons."""

from collections.abc import Iterable, Sequence
from typing import Final

from pos_app.language import said
from pos_app.ledger import day
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import Head
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.price import FINE
from pos_app.ledger.quantity import MOST_ON_A_LINE

#: Ten thousand to one; with it the largest amount stays within 64 bits in base currency too.
MOST_RATE_MICRO: Final = 10**10
#: A till that says another year has lost its clock; no depot has books of a century ago or ahead.
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2090
#: What lies at a location may be a thousand times what stands on a line.
MOST_AT_A_PLACE: Final = MOST_ON_A_LINE * 1000
_MOST_TERMS_DAYS: Final = 3_650


def check_amount(amount: int, what: str, at_least: int = 0, *, of: str = "") -> None:
    """Raise `Refused` for an amount below `at_least` (0 or 1) or larger than any.

    `what` is a word of the language, or with `of` the code of a phrase about that.
    """
    if at_least <= amount <= MOST_MINOR:
        return
    named = said(what, of=of) if of else what
    if amount < at_least:
        rule = "more than zero" if at_least else "zero or more"
        raise Refused("amount-out-of-range", what=named, rule=rule)
    raise Refused("amount-too-large", what=named)


def check_fine(fine: int, what: str) -> None:
    """Raise `Refused` for what cannot stand beside the minor units of a price: see `ledger.price`."""
    if not 0 <= fine < FINE:
        raise Refused("price-fine-impossible", what=what)


def check_quantity(quantity: int, what: str, most: int = MOST_ON_A_LINE) -> None:
    """Raise `Refused` for a quantity of nothing or an absurd one; its sign is the caller's affair."""
    if quantity == 0 or abs(quantity) > most:
        raise Refused("quantity-implausible-of", what=what)


def check_rate(rate_micro: int) -> None:
    """Raise `Refused` for a rate of exchange of nothing or an absurd one."""
    if rate_micro <= 0:
        raise Refused("rate-not-positive")
    if rate_micro > MOST_RATE_MICRO:
        raise Refused("rate-implausible")


def check_day(local_day: int, what: str) -> None:
    """Raise `Refused` for a number that is no day (YYYYMMDD) of a year that can be right."""
    year = day.to_date(local_day).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("year-of-date-implausible", what=what, year=year)


def check_due(document: Head, due_on: int, terms_days: int) -> None:
    """Raise `Refused` for a due date or terms of payment that cannot be right.

    A bill may be overdue on the day on which it is entered, and an old invoice on that of its import.
    """
    check_day(due_on, "The due date")
    if not 0 <= terms_days <= _MOST_TERMS_DAYS:
        raise Refused("terms-implausible")
    if due_on // 10_000 > document.year + _MOST_TERMS_DAYS // 365:
        raise Refused("due-too-far")


def need(account: str, name: str) -> None:
    """Raise `Refused` when an account is not named."""
    if not account:
        raise Refused("account-not-set-up", role=name)


def need_clearing(document: Head, businesses: Iterable[int]) -> None:
    """Raise `Refused` when lines of other businesses have no clearing account to meet on."""
    if not document.clearing_account and any(one != document.business_id for one in businesses):
        need("", "clearing")


def need_reason(reason: str, what: str) -> None:
    """Raise `Refused` when nobody said why."""
    if not reason.strip():
        raise Refused("reason-missing", what=what)


def check_once(products: Sequence[int], name: str) -> None:
    """Raise `Refused` when a product stands on two lines."""
    if len(set(products)) < len(products):
        raise Refused("product-twice", name=name)
