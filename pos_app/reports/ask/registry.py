"""The reports by name, and how each wants to be asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from pos_app.reports.ask.account_ledger import account_ledger
from pos_app.reports.ask.ageing import ageing
from pos_app.reports.ask.balance_sheet import balance_sheet
from pos_app.reports.ask.cylinders import cylinders
from pos_app.reports.ask.deposits_owed import deposits_owed
from pos_app.reports.ask.depot_day import depot_day
from pos_app.reports.ask.drawer_differences import drawer_differences
from pos_app.reports.ask.flags import flagged
from pos_app.reports.ask.gst_f5 import gst_f5
from pos_app.reports.ask.margins import margins
from pos_app.reports.ask.meter_consumption import meter_consumption
from pos_app.reports.ask.mpesa import mpesa
from pos_app.reports.ask.mpesa_confirmed import mpesa_confirmed
from pos_app.reports.ask.party_statement import party_statement
from pos_app.reports.ask.profit_and_loss import profit_and_loss
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.sales import sales_by_cashier, sales_by_hour, sales_by_product, sales_totals
from pos_app.reports.ask.slow_stock import slow_stock
from pos_app.reports.ask.stock_valuation import stock_valuation
from pos_app.reports.ask.takings import cashiers, sales_by_till
from pos_app.reports.ask.tax import tax
from pos_app.reports.ask.tax_lines import tax_lines
from pos_app.reports.ask.trial_balance import trial_balance
from pos_app.reports.ask.vat import vat
from pos_app.reports.ask.vat3 import vat3
from pos_app.reports.model.report import Report


class Begins(Enum):
    """Where the period begins when nobody says."""

    NEVER = "never"
    WITH_THE_YEAR = "with the year"
    WITH_THE_MONTH = "with the month"
    WITH_THE_DAY = "with the day"


class Asks(Enum):
    """What only some reports can be asked."""

    ACCOUNT = "account"
    PARTY = "party"
    DEPOT = "depot"
    TILL = "till"
    DAYS = "days"
    BOX = "box"


@dataclass(frozen=True)
class Made:
    """What makes a report, and where its period begins by default.

    `is_at_a_day` when it is of the state at the end of a day: a beginning means nothing to it.
    """

    make: Callable[[Question], Report]
    begins: Begins
    is_at_a_day: bool = False
    asks: frozenset[Asks] = frozenset()

    def first_day(self, given: date | None, last: date) -> date | None:
        """The first day of the period that ends with `last`."""
        if self.is_at_a_day:
            return None
        if given is not None or self.begins is Begins.NEVER:
            return given
        if self.begins is Begins.WITH_THE_DAY:
            return last
        return last.replace(day=1) if self.begins is Begins.WITH_THE_MONTH else last.replace(month=1, day=1)


_PLACES: Final = frozenset({Asks.DEPOT, Asks.TILL})

REPORTS: Final[dict[str, Made]] = {
    "trial-balance": Made(trial_balance, Begins.NEVER),
    "profit-and-loss": Made(profit_and_loss, Begins.WITH_THE_YEAR),
    "balance-sheet": Made(balance_sheet, Begins.NEVER, is_at_a_day=True),
    "account-ledger": Made(account_ledger, Begins.WITH_THE_MONTH, asks=frozenset({Asks.ACCOUNT})),
    "party-statement": Made(party_statement, Begins.WITH_THE_MONTH, asks=frozenset({Asks.PARTY})),
    "ageing": Made(ageing, Begins.NEVER, is_at_a_day=True),
    "stock-valuation": Made(stock_valuation, Begins.NEVER, is_at_a_day=True),
    "sales-by-product": Made(sales_by_product, Begins.WITH_THE_MONTH, asks=_PLACES),
    "sales-by-hour": Made(sales_by_hour, Begins.WITH_THE_MONTH, asks=_PLACES),
    "sales-by-cashier": Made(sales_by_cashier, Begins.WITH_THE_MONTH, asks=_PLACES),
    "sales-totals": Made(sales_totals, Begins.WITH_THE_MONTH, asks=_PLACES),
    "sales-by-till": Made(sales_by_till, Begins.WITH_THE_MONTH, asks=_PLACES),
    "cashiers": Made(cashiers, Begins.WITH_THE_MONTH, asks=_PLACES),
    "depot-day": Made(depot_day, Begins.WITH_THE_DAY, asks=_PLACES),
    "drawer-differences": Made(drawer_differences, Begins.NEVER, asks=_PLACES),
    "margins": Made(margins, Begins.WITH_THE_MONTH),
    "slow-stock": Made(slow_stock, Begins.NEVER, is_at_a_day=True, asks=frozenset({Asks.DEPOT, Asks.DAYS})),
    "cylinders": Made(cylinders, Begins.NEVER, is_at_a_day=True),
    "meter-consumption": Made(meter_consumption, Begins.WITH_THE_MONTH, asks=_PLACES),
    "mpesa": Made(mpesa, Begins.WITH_THE_MONTH, asks=_PLACES),
    "mpesa-confirmed": Made(mpesa_confirmed, Begins.WITH_THE_DAY, asks=frozenset({Asks.DEPOT})),
    "vat": Made(vat, Begins.WITH_THE_MONTH),
    "gst-f5": Made(gst_f5, Begins.WITH_THE_MONTH),
    "vat3": Made(vat3, Begins.WITH_THE_MONTH),
    "tax-lines": Made(tax_lines, Begins.WITH_THE_MONTH, asks=frozenset({Asks.BOX})),
    "deposits-owed": Made(deposits_owed, Begins.NEVER, is_at_a_day=True),
    "flags": Made(flagged, Begins.WITH_THE_MONTH),
    "tax": Made(tax, Begins.WITH_THE_MONTH),
}
