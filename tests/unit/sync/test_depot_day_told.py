"""The day of a depot at one of its tills: asked by its daemon, made at the centre, kept for when the line is
down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.bootstrap import let_requests_be_decided
from pos_app.devices.escpos_layout import to_text
from pos_app.devices.paper import WidthChars
from pos_app.ledger.day_asking import AWAITED_US, DayWaits
from pos_app.store.documents import day_told
from pos_app.store.engine.engine import Database
from pos_app.store.master.people import Person
from pos_app.store.tables.columns import micros
from sync.client.day_ask import DayAsk
from sync.server import depot_day, request_intake
from tests.support.refused import refused
from tests.support.shop_days import today
from tests.support.worlds.judged_desk import Desk, hire
from tests.support.worlds.sync_fixtures import Centre


def this_day() -> int:
    return int(f"{today():%Y%m%d}")


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    let_requests_be_decided()
    made = Centre(central)
    yield made
    made.close()
    request_intake.use(request_intake.nobody)
    depot_day.use(depot_day.nobody)


def test_a_till_sees_and_prints_the_day_of_the_others(centre: Centre, tmp_path: Path) -> None:
    desk, other = Desk(centre, tmp_path / "1"), Desk(centre, tmp_path / "2")
    other.sell()
    desk.sync()
    other.sync()
    reports, day = desk.till.reports(), this_day()
    at_us = reports.ask_depot_day(day, "en")
    assert reports.depot_day(at_us) is None
    assert reports.depot_day_before(day) is None
    desk.sync()
    page = reports.depot_day(at_us)
    assert page is not None
    tills = [line.cells[0] for line in page.parts[0].lines if not line.strong]
    assert len(tills) == 2, page
    assert len([one for one in page.findings if "is not closed" in one]) == 2
    widths: tuple[WidthChars, ...] = (42, 32)
    reports.print_page(page)
    job = desk.till.status().unprinted[-1]
    for width in widths:
        letters = to_text(desk.till.paper_of(job, width))
        assert all(name in letters for name in tills), letters
        assert max(len(line) for line in letters.splitlines()) <= width
    # The line goes down: the question waits, what was told before is there with its hour, of that day alone.
    desk.line.transport.is_down = True
    desk.clock.by += timedelta(minutes=1)
    later = reports.ask_depot_day(day, "sw")
    assert reports.depot_day(later) is None
    told = reports.depot_day_before(day)
    assert told is not None
    assert told[0] == page
    assert reports.depot_day_before(day - 1) is None
    # Long after nobody waits for it any more, and the centre is not asked.
    asks = DayAsk(desk.line.database, desk.line.transport, desk.clock)
    assert asks.is_awaited()
    desk.clock.by += timedelta(microseconds=AWAITED_US)
    assert not asks.is_awaited()


def test_the_centre_tells_who_may_see_reports_alone(centre: Centre, tmp_path: Path) -> None:
    desk = Desk(centre, tmp_path / "1")
    cashier = hire(centre, "JUMA", "cashier")
    desk.sync()
    desk.start(Person(cashier, "JUMA", "Juma", "cashier"))
    with refused("person-may-not-here"):
        desk.till.reports().ask_depot_day(this_day(), "en")
    # A till that somebody edited asks all the same.
    at_us = micros(desk.clock.now())
    with desk.line.database.write() as connection:
        day_told.ask(connection, DayWaits(at_us, cashier, this_day(), "en"))
    desk.sync()
    desk.start(Person(centre.founded.owner_id, "OWNER", "Owner", "owner"))
    with refused("person-may-not-here"):
        desk.till.reports().depot_day(at_us)


@pytest.mark.parametrize("day", [0, 20_261_399, 10**18])
def test_a_day_that_is_none_is_a_sentence(centre: Centre, tmp_path: Path, day: int) -> None:
    desk = Desk(centre, tmp_path / "1")
    reports = desk.till.reports()
    at_us = reports.ask_depot_day(day, "en")
    desk.sync()
    with refused("not-a-day"):
        reports.depot_day(at_us)


def test_a_centre_of_before_is_said(centre: Centre, tmp_path: Path) -> None:
    depot_day.use(depot_day.nobody)
    desk = Desk(centre, tmp_path / "1")
    reports = desk.till.reports()
    at_us = reports.ask_depot_day(this_day(), "en")
    desk.sync()
    with refused("depot-day-not-told"):
        reports.depot_day(at_us)
