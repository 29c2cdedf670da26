"""The day of a depot at the centre: ten tills and ten thousand documents, as a till is told it; beside a bare
SELECT of the shifts that it tells of."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import text

from pos_app.ledger import canonical
from pos_app.ledger.clock import SetClock
from pos_app.ledger.day_asking import DayAsked
from pos_app.ledger.document import Document, document_key
from pos_app.office import depot_days
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import open_postgres
from pos_app.store.journal import journal, till_journal
from pos_app.store.schema import schema
from tests.support.worlds.sync_fixtures import NOW, PRODUCTS, Centre, Till, closing, opening, sale

TILLS: Final = 10
DOCUMENTS: Final = 10_000
ROUNDS: Final = 9
#: The shop's day of all of them: noon in UTC is the afternoon in Nairobi.
DAY: Final = 2026_11_20


def run(documents: int = DOCUMENTS) -> dict[str, Any]:
    """The median of some rounds, in ms."""
    with tempfile.TemporaryDirectory() as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        database = open_postgres(embedded.start())
        try:
            schema.prepare_central(database)
            centre = Centre(database)
            for number in range(TILLS):
                till = centre.till(Path(folder) / f"till{number}")
                _queue(till, documents // TILLS)
                till.drain()
            # As the database does by itself in the course of a day.
            with database.write() as connection:
                connection.exec_driver_sql("ANALYZE")
            measured = _measure(centre)
            centre.close()
        finally:
            database.close()
            embedded.stop()
    return {"tills": TILLS, "documents": documents, **measured}


def _queue(till: Till, documents: int) -> None:
    """A shift that is opened, sells and is closed, straight into the till's ledger."""
    previous = canonical.genesis(till.who.org_id, till.who.terminal_no)
    drafts: list[Document] = [opening(till.who)]
    drafts += [sale(till.who, products=PRODUCTS) for _ in range(documents - 2)]
    drafts.append(closing(till.who, document_key(till.who.terminal_no, 1)))
    numbers: dict[str, int] = {}
    with till.database.write() as connection:
        for seq, draft in enumerate(drafts, start=1):
            numbers[draft.series] = numbers.get(draft.series, 0) + 1
            at = NOW + timedelta(seconds=seq)
            placed = msgspec.structs.replace(
                draft,
                terminal_no=till.who.terminal_no,
                seq=seq,
                number=numbers[draft.series],
                request_id=f"{till.who.terminal_no:016x}{seq:016x}",
                occurred_at=at,
                recorded_at=at,
            )
            sealed = journal.seal(placed, previous)
            previous = sealed.hash
            till_journal.append(connection, sealed)


def _measure(centre: Centre) -> dict[str, Any]:
    database = centre.database.for_org(centre.org_id)
    clock = SetClock(NOW + timedelta(hours=2))
    asked = DayAsked(centre.tills[0].who.terminal_no, centre.founded.owner_id, DAY, "en")
    told_ms, bare_ms = [], []
    page = depot_days.page(database, clock, centre.org_id, asked)
    if page.count('"closed"') != TILLS:
        raise AssertionError(f"not every till is in the day: {page[:500]}")
    for _ in range(ROUNDS):
        told_ms.append(_timed_ms(lambda: depot_days.page(database, clock, centre.org_id, asked)))
        with database.read() as connection:
            bare_ms.append(
                _timed_ms(
                    lambda: connection.execute(
                        text(
                            "SELECT * FROM document WHERE org_id = :org"
                            " AND kind IN ('drawer_open', 'drawer_close')"
                        ),
                        {"org": centre.org_id},
                    ).all()
                )
            )
    return {
        "told_p50_ms": round(statistics.median(told_ms), 1),
        "told_aim_ms": 300,
        "bare_select_p50_ms": round(statistics.median(bare_ms), 1),
    }


def _timed_ms(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1_000
