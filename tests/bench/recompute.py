"""Recomputation on a long history: the whole of it, one key, and a balance read; at the centre and on a till.

Every full recompute stands beside the bare `SELECT keys, SUM(values) … GROUP BY keys` of the same run.
`--lines` (or BOHARI_BENCH_LINES) makes the central history shorter than ten million lines; the till's
is a tenth of it.  Below a million lines the two sides' keys are no longer few beside the lines, and the
ratios say little.

2026-11-21  The aim of 1.3 is the centre's.  On a till the recompute does more than a sum: each line is
held against its baseline's mark, and documents are looked up from both sides because SQLite merges
nothing; of a million lines every projection is done within a second all the same.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.balances import balances, checkpoint
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database
from pos_app.store.tables.projections import PROJECTIONS, Projection
from pos_app.store.upkeep.recalculation import WORK_MEM, Recalculation, waiting_documents
from tests.bench import central_history, depot
from tests.bench.central_history import ORG
from tests.bench.one_core import one_core

LINES: Final = int(os.environ.get("BOHARI_BENCH_LINES", "10000000"))
TILL_LINES: Final = LINES // 10
SHORT_LINES: Final = 10_000
ROUNDS: Final = 3
READS: Final = 400
KEYS: Final = 60
#: Documents that no checkpoint has yet: as many as the background leaves waiting; a till keeps its own.
WAITING: Final = 400


def run() -> dict[str, Any]:
    """All figures; about three to six minutes, and five gigabytes that are gone afterwards."""
    return {**_centre(), **_till()}


def _centre() -> dict[str, Any]:
    # Where Postgres' own user can reach: not below a home.
    with tempfile.TemporaryDirectory(prefix="bohari-bench-", ignore_cleanup_errors=True) as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            url = central_history.hurried(embedded)
            short = central_history.make(url, "short", SHORT_LINES)
            began = time.perf_counter()
            database = central_history.make(url, "long", LINES)
            made_s = round(time.perf_counter() - began, 1)
            figures = {"centre_lines": LINES, "centre_made_s": made_s}
            figures |= _measured("centre", database, short, ORG, SERVER_TERMINAL_NO)
            database.close()
            short.close()
        finally:
            embedded.stop()
    return figures


def _till() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bohari-bench-") as folder:
        databases = []
        for name, lines in (("short", SHORT_LINES), ("long", TILL_LINES)):
            (Path(folder) / name).mkdir()
            databases.append(depot.open_depot(Path(folder) / name, products=2_000))
            depot.fill_history(databases[-1], lines, 2_000, customers=30)
        short, database = databases
        figures = {"till_lines": TILL_LINES}
        figures |= _measured("till", database, short, depot.ORG, depot.TERMINAL)
        for one in databases:
            one.close()
    return figures


def _measured(
    side: str, database: Database, short: Database, org_id: int, terminal_no: int
) -> dict[str, Any]:
    run_ = Recalculation(database, SystemClock(), org_id=org_id, terminal_no=terminal_no)
    figures: dict[str, Any] = {}
    began = time.perf_counter()
    if database.on_till:
        run_.bring_up()
    else:
        with database.write() as connection:
            checkpoint.advance(connection, org_id, waiting_documents(connection, org_id) - WAITING)
    figures[f"{side}_checkpoints_s"] = round(time.perf_counter() - began, 2)
    # A till values no stock: what its ledger has nothing of is no measurement.
    held = [projection for projection in PROJECTIONS if _keys(database, projection, org_id)]
    for projection in held:
        figures |= _recompute(side, run_, database, projection, org_id)
    for projection in held:
        keys = _keys(database, projection, org_id)
        took_ms = sorted(_validate_ms(database, projection, key) for key in keys)
        figures[f"{side}_{projection.name}_validate_p50_ms"] = round(statistics.median(took_ms), 2)
        figures[f"{side}_{projection.name}_validate_p95_ms"] = round(took_ms[int(len(took_ms) * 0.95)], 2)
    figures[f"{side}_validate_aim_ms"] = 5
    for projection in held:
        if not projection.grows:
            continue
        # In turns, so that a busy moment of the machine meets both.
        rounds = [[_read_ms(one, projection, org_id) for one in (short, database)] for _ in range(ROUNDS)]
        figures[f"{side}_{projection.name}_read_ms_short_long"] = list(map(min, *rounds))
    return figures


def _recompute(
    side: str, run_: Recalculation, database: Database, projection: Projection, org_id: int
) -> dict[str, Any]:
    """The walk as `recalculate` does it, the look at the checkpoints included, beside the bare sums."""
    values = ", ".join(f"max({name})" for name in projection.values)
    bare_sql = text(f"SELECT count(*), {values} FROM ({_bare(projection)}) AS bare")

    def bare() -> None:
        with database.read() as connection:
            if not database.on_till:
                connection.execute(text(f"SET LOCAL work_mem = '{WORK_MEM}'"))
            connection.execute(bare_sql, {"org": org_id}).one()

    def walk() -> None:
        found = run_.walk(projection).found
        if found:
            raise AssertionError(f"{len(found)} keys of {projection.name} drifted")

    # SQLite works in this very process: its own time tells more than the clock of a busy machine.
    clock = time.process_time if database.on_till else time.perf_counter
    bare_s, walk_s = [], []
    for _ in range(ROUNDS):
        bare_s.append(_timed(bare, clock))
        walk_s.append(_timed(walk, clock))
    return {
        f"{side}_{projection.name}_recompute_s": round(min(walk_s), 3),
        f"{side}_{projection.name}_bare_s": round(min(bare_s), 3),
        f"{side}_{projection.name}_ratio": round(min(walk_s) / min(bare_s), 2),
        **({} if database.on_till else {f"{side}_ratio_aim": 1.3}),
    }


def _bare(projection: Projection) -> str:
    keys = ", ".join(projection.keys)
    sums = ", ".join(f"SUM({sql}) AS {name}" for name, sql in projection.values.items())
    where = projection.where("org_id = :org")
    return f"SELECT {keys}, {sums} FROM {projection.source.name}{where} GROUP BY {keys}"


def _keys(database: Database, projection: Projection, org_id: int) -> list[dict[str, Any]]:
    """Keys from all over the projection."""
    keys = ", ".join(projection.keys)
    limit = {"org_id": org_id}
    with database.read() as connection:
        step = max(1, balances.count(connection, projection, limit) // KEYS)
        rows = connection.execute(
            text(
                f"SELECT {keys} FROM (SELECT {keys}, row_number() OVER (ORDER BY {keys}) AS place"
                f" FROM {projection.name} WHERE org_id = :org_id) AS numbered WHERE place % :step = 0"
            ),
            {**limit, "step": step},
        ).mappings()
        return [dict(row) for row in rows]


def _validate_ms(database: Database, projection: Projection, key: dict[str, Any]) -> float:
    """One validation with warm pages: it is asked after every critical operation."""
    with database.read() as connection:

        def validate() -> None:
            if balances.validate(connection, projection, key) is not None:
                raise AssertionError(f"{projection.name} {key} drifted")

        validate()
        return 1000 * min(_timed(validate) for _ in range(7))


def _read_ms(database: Database, projection: Projection, org_id: int) -> float:
    keys = _keys(database, projection, org_id)
    with database.read() as connection, one_core(*_server_process(connection)):
        took = [
            _timed(lambda key=key: balances.current(connection, projection, key))  # type: ignore[misc]
            for _ in range(max(1, READS // len(keys)))
            for key in keys
        ]
    return round(1000 * statistics.median(took), 3)


def _server_process(connection: Connection) -> tuple[int, ...]:
    """Who answers this connection, where that is another process."""
    if connection.dialect.name == "sqlite":
        return ()
    return (int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one()),)


def _timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began
