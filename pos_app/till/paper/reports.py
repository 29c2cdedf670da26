"""Reports on this till's screen: asked in a thread beside the window, and given as texts ready to be drawn.

Decisions
---------
2026-12-01  What a page shows is made whole in the thread that asks: texts, bars, and not more lines than a
person looks through.  The window only puts it up, so that no key waits for a report, however long it takes.
"""

from datetime import datetime
from typing import Final

import msgspec

from pos_app.language import said, speaking
from pos_app.ledger.day_asking import DayWaits
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.reports.ask.asked import Asked, answer
from pos_app.reports.model.page import Page, page_of
from pos_app.store.documents import day_told
from pos_app.store.journal import print_jobs
from pos_app.store.master import organisations
from pos_app.store.master.asked_here import sentence_of
from pos_app.store.tables.columns import from_micros, micros
from pos_app.till.paper.page_slip import PAGE
from pos_app.till.session.context import Context

#: What a till is asked; the others say nothing of a till's own documents.
AT_TILL: Final = (
    "depot-day",
    "sales-totals",
    "sales-by-product",
    "sales-by-hour",
    "sales-by-cashier",
    "drawer-differences",
    "mpesa",
    "meter-consumption",
    "cylinders",
    "deposits-owed",
    "tax",
)
#: So many lines of a section stand on a slip: a roll is no book.
MOST_ON_SLIP: Final = 60


class Reports:
    """Asks what this till's own books say."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def need(self) -> None:
        """Raise `Refused` for who may see no reports here; asked before a thread is begun.

        They say what the drawer holds, or let it be counted on: whoever counts it blind sees none here, as
        they see no X.
        """
        context = self._context
        context.need(Permission.SEE_REPORTS)
        counts = Permission.DRAWER.value in context.signed_in().may
        if counts and not context.may_know_cash():
            context.need(Permission.CLOSE_DRAWER)

    def page(self, name: str, first: str, last: str, language: str) -> Page:
        """A report of these days (2026-12-01), in the language of the window.  Raises `Refused` for days that
        are none.
        """
        context = self._context
        with context.reading, speaking(language), context.database.read() as connection:
            organisation = organisations.get(connection, context.org_id)
            if organisation is None:
                raise Refused("till-not-filled")
            asked = Asked(name=name, first=first, last=last)
            return page_of(answer(connection, organisation, context.clock.now(), asked))

    # -- the other tills of the depot, as the centre tells them -------------------------------------

    def ask_depot_day(self, day: int, language: str) -> int:
        """Ask the centre for a day (YYYYMMDD) of all tills of this depot; gives when, for `depot_day`.

        The daemon carries it.  Raises `Refused` as `need` does.
        """
        self.need()
        context = self._context
        at_us = micros(context.clock.now())
        with context.database.write() as connection:
            day_told.ask(connection, DayWaits(at_us, context.signed_in().person_id, day, language))
            context.note(connection, "depot_day_asked", f"day {day}")
        return at_us

    def depot_day(self, at_us: int) -> Page | None:
        """What the centre answered to that; None while it has not.  Raises `Refused` where it said no."""
        self.need()
        with self._context.database.read() as connection:
            told = day_told.told(connection)
        if told is None or told.at_us < at_us:
            return None
        if told.refused:
            raise Refused(sentence_of(told.refused) or said("depot-day-not-told"))
        return msgspec.json.decode(told.page, type=Page)

    def depot_day_before(self, day: int) -> tuple[Page, datetime] | None:
        """What the centre told last of this day, and when; None where it told of another, or of none."""
        self.need()
        with self._context.database.read() as connection:
            told = day_told.told(connection)
        if told is None or told.day != day or not told.page:
            return None
        return msgspec.json.decode(told.page, type=Page), from_micros(told.told_us)

    def print_page(self, page: Page) -> None:
        """Queue a page that was shown as a slip; audited.  Raises `Refused` as `need` does."""
        self.need()
        context = self._context
        parts = tuple(
            part._replace(
                lines=part.lines[:MOST_ON_SLIP], more=part.more + max(len(part.lines) - MOST_ON_SLIP, 0)
            )
            for part in page.parts
        )
        content = msgspec.json.encode(page._replace(parts=parts, bars=())).decode()
        with context.database.write() as connection:
            print_jobs.add(connection, context.org_id, what=PAGE, at=context.clock.now(), content=content)
            context.note(connection, "report_print", f"report {page.title}", after=page.days)
