"""Clocks that jump, at the centre and on tills: they order nothing, so nothing is lost or doubled."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from pos_app.ledger.clock import SetClock
from pos_app.store.journal.till_journal import TillJournal
from tests.faults import sync_process
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, Till, bodies, drift, sale, waiting

YEAR_S = 365 * 24 * 3600


def sell_at(till: Till, moment: datetime) -> None:
    journal = TillJournal(till.database, till.who.org_id, till.who.terminal_no, SetClock(moment))
    journal.record_document(msgspec.structs.replace(sale(till.who, customer=1), occurred_at=moment))


def test_a_tills_clock_jumps_back_and_forth(server_url: str, centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till", server_url)
    new_year = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    for moment in (
        new_year,
        new_year + timedelta(seconds=2),
        new_year - timedelta(days=30),
        datetime(2027, 6, 1, tzinfo=UTC),
        datetime(2026, 11, 20, tzinfo=UTC),
    ):
        sell_at(till, moment)
        till.drain()
    # A dead battery, and a year beyond all reason: a sentence, and nothing is written.
    for moment in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)):
        with refused("year-implausible", year=moment.year):
            sell_at(till, moment)
    sell_at(till, new_year)
    till.drain()
    assert waiting(till) == 0
    aside = [one.seq for one in centre.quarantine()]
    assert sorted([key & 0xFF for key in centre.documents()] + aside) == list(range(1, 7))
    assert drift(centre.database) == []
    assert {key: body for key, body in bodies(till.database).items() if key in centre.documents()} == bodies(
        centre.database
    )


@pytest.mark.parametrize("jump_s", [-YEAR_S, -3600, 3600, YEAR_S])
def test_the_centres_clock_jumps(centre: Centre, central_url: str, tmp_path: Path, jump_s: int) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    with sync_process.serving(central_url, clock_file=clock) as (url, _):
        tills = [centre.till(tmp_path / f"till{number}", url) for number in range(2)]
        for till in tills:
            till.sell(customer=1)
            till.drain()
        clock.write_text(str(jump_s))
        for till in tills:
            till.sell(customer=1)
            till.drain()
        clock.write_text("0")
        for till in tills:
            till.sell(customer=1)
            till.drain()
        # What the sister sold came over meanwhile, in the order of commits.
        tills[0].drain()
    assert [waiting(till) for till in tills] == [0, 0]
    assert (len(centre.documents()), centre.quarantine()) == (6, [])
    assert [drift(database) for database in (centre.database, *(till.database for till in tills))] == [
        [],
        [],
        [],
    ]
