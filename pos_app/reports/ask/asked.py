"""A report as a person asks for it: by words, which are looked up, and answered by the report of that name.

Decisions
---------
2026-12-01  What is asked of a report that cannot be asked it (a depot of the balance sheet) is refused and
not passed over: a link that stays would else show the figures of everything under the name of a depot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.registry import REPORTS, Asks
from pos_app.reports.model import period as days
from pos_app.reports.model.period import Period
from pos_app.reports.model.report import Report
from pos_app.store.master.organisations import Organisation
from pos_app.store.report_queries import chart_of_accounts
from pos_app.store.report_queries.chart_of_accounts import Named

_MOST_DAYS: Final = 3_650
#: No number that is asked for has more.
_DIGITS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked, as it was written; empty where nothing was."""

    name: str
    business: str = ""
    first: str = ""
    last: str = ""
    account: str = ""
    party: str = ""
    depot: str = ""
    till: str = ""
    days: str = ""
    by_business: bool = False
    box: str = ""


def answer(connection: Connection, organisation: Organisation, now: datetime, asked: Asked) -> Report:
    """The report.  Raises `Refused` for a name, business, depot, till, account, party or day that is none,
    and for what this report cannot be asked.
    """
    made = REPORTS.get(asked.name)
    if made is None:
        raise Refused("report-unknown", name=asked.name[:40], names=", ".join(REPORTS))
    _check(asked, made.asks)
    org_id = organisation.org_id
    question = Question(
        connection=connection,
        organisation=organisation,
        period=_period(organisation, now, asked),
        business=_business(connection, org_id, asked.business),
        by_business=asked.by_business,
        account=asked.account,
        party=asked.party,
        depot=_depot(connection, org_id, asked.depot),
        till=_till(connection, org_id, asked.till),
        days=_days(asked.days),
        box=asked.box,
    )
    return made.make(question)


def _check(asked: Asked, asks: frozenset[Asks]) -> None:
    if asked.depot and Asks.DEPOT not in asks:
        raise Refused("report-not-by-depot", name=asked.name)
    if asked.till and Asks.TILL not in asks:
        raise Refused("report-not-by-till", name=asked.name)
    if asked.days and Asks.DAYS not in asks:
        raise Refused("report-without-days", name=asked.name)
    if asked.box and Asks.BOX not in asks:
        raise Refused("report-without-boxes", name=asked.name)


def _business(connection: Connection, org_id: int, code: str) -> Named | None:
    if not code:
        return None
    found = _named(chart_of_accounts.businesses(connection, org_id), code)
    if found is None:
        raise Refused("business-unknown", code=code[:40])
    return found


def _depot(connection: Connection, org_id: int, code: str) -> Named | None:
    if not code:
        return None
    known = chart_of_accounts.depots(connection, org_id)
    found = _named(known, code)
    if found is None:
        raise Refused("depot-unknown", code=code[:40], known=", ".join(one.code for one in known.values()))
    return found


def _named(known: Mapping[int, Named], code: str) -> Named | None:
    return next((one for one in known.values() if one.code.lower() == code.lower()), None)


def _till(connection: Connection, org_id: int, written: str) -> int | None:
    if not written:
        return None
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < _DIGITS else 0
    known = chart_of_accounts.tills(connection, org_id)
    if not 0 < number <= SERVER_TERMINAL_NO or (known and number not in known):
        raise Refused("report-till-unknown", till=written[:20])
    return number


def _days(written: str) -> int | None:
    if not written:
        return None
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < _DIGITS else 0
    if not 0 < number <= _MOST_DAYS:
        raise Refused("report-days-implausible", most=_MOST_DAYS, days=written[:20])
    return number


def _period(organisation: Organisation, now: datetime, asked: Asked) -> Period:
    zone = days.zone_of(organisation.time_zone)
    last = days.parse_day(asked.last, "--to") if asked.last else now.astimezone(zone).date()
    given = days.parse_day(asked.first, "--from") if asked.first else None
    if given is not None:
        days.period(given, last, zone)
    return days.period(REPORTS[asked.name].first_day(given, last), last, zone)
