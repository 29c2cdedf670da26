"""The day of a depot as one of its tills is told it: all its tills, for who may see reports there."""

from typing import Final

import msgspec

from pos_app.language import speaking
from pos_app.ledger.clock import Clock
from pos_app.ledger.day import to_date
from pos_app.ledger.day_asking import DayAsked
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.asked_report import MOST_ROWS, PATIENCE_MS
from pos_app.reports.ask.asked import Asked, answer
from pos_app.reports.model.page import page_of
from pos_app.store.engine.engine import Database
from pos_app.store.master import codes, enrolment, organisations, people
from pos_app.store.organisation import rights
from pos_app.store.report_queries.patience import within
from pos_app.store.tables.columns import micros

#: What has the form of one; no calendar is asked for a longer number.
_DAYS: Final = range(1_000_01_01, 9_999_12_32)


def page(database: Database, clock: Clock, org_id: int, asked: DayAsked) -> str:
    """The page as JSON, without its bars.  Raises `Refused` for who may not, and for a day that is none."""
    if asked.day not in _DAYS:
        raise Refused("not-a-day", text=asked.day)
    day = to_date(asked.day).isoformat()
    with speaking(asked.language), database.read() as connection:
        now = clock.now()
        organisation = organisations.get(connection, org_id)
        depot = codes.depot_of(connection, org_id, enrolment.depot_of(connection, org_id, asked.terminal_no))
        if depot is None or organisation is None:
            raise Refused("depot-gone")
        held, wanted = rights.load(connection, org_id), Permission.SEE_REPORTS
        if not held.allows(asked.person_id, wanted, depot.business_id, depot.depot_id, micros(now)):
            name = people.person_name(connection, org_id, asked.person_id)
            raise Refused("person-may-not-here", name=name, deed=WORDS[wanted])
        with within(connection, milliseconds=PATIENCE_MS, rows=MOST_ROWS):
            report = answer(
                connection,
                organisation,
                now,
                Asked(name="depot-day", first=day, last=day, depot=depot.code),
            )
        return msgspec.json.encode(page_of(report)._replace(bars=(), of="")).decode()
