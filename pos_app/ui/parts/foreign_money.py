"""Owns the words and the choice of another currency at the tender: what is laid down and what it is worth.

Decisions
---------
2026-11-21  The screen never multiplies by a rate of its own: what is keyed is shown as the till would book
it (`Takings.worth`), so that the cashier reads out the same figure that stands on the receipt.
"""

from pos_app.language import _
from pos_app.ledger.currency import Currency
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.exchange_rate import RATE_ONE, major_rate, rate_text
from pos_app.ledger.money import grouped_text
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.session.exchange import Rate
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.session import Session


def choices(session: Session, own: Rate) -> list[Rate]:
    """What else can be laid down today: each currency with a rate, and ours where `own` is another."""
    home = [] if own.is_home else [Rate(session.till.currency, RATE_ONE, RATE_ONE)]
    return [*home, *(rate for rate in session.till.rates() if rate.currency != own.currency)]


def in_currency(amount: int, own: Rate, laid: Rate | None) -> int:
    """What is due of `own`, in minor units of what is laid down: the least that covers it."""
    if laid is None:
        return amount
    return laid.to_cover(amount if own.is_home else own.in_home(amount))


def coded(amount: int, currency: Currency) -> str:
    """ "USD 10.00"."""
    return f"{currency.code} {grouped_text(amount, currency)}"


def short(amount: int, currency: Currency) -> str:
    """A sum without its cents where it has none, for tiles."""
    text = grouped_text(amount, currency)
    return text.partition(".")[0] if amount % currency.scale == 0 else text


def rate_words(rate: Rate) -> str:
    """ "129.50", as people write it; of our own currency nothing."""
    return "" if rate.is_home else rate_text(rate.rate_micro)


def laid_words(amount: int, rate: Rate) -> str:
    """ "USD 10.00 at 129.50"."""
    if rate.is_home:
        return coded(amount, rate.currency)
    return _("{money} at {rate}", money=coded(amount, rate.currency), rate=rate_text(rate.rate_micro))


def entry_words(entry: TenderEntry, home: Currency) -> str:
    """What a taken tender was, where it was of another currency; else nothing."""
    if not entry.paid_currency:
        return ""
    currency = find_currency(entry.paid_currency)
    major = major_rate(entry.paid_rate_micro, currency, home)
    return laid_words(entry.paid, Rate(currency, major, entry.paid_rate_micro))


def rows(own: Rate, others: list[Rate]) -> list[Row]:
    """The currencies to choose from, by code."""
    return [
        Row(rate.currency.code, rate.currency.code, rate_words(rate), icon="banknote")
        for rate in (own, *others)
    ]
