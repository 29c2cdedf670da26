"""`bohari db check`: what must be done about the central database, and what might be."""

from pathlib import Path

from pos_app import bootstrap
from pos_app.cli.answer import Answer
from pos_app.store.upkeep import database_check, health

_MARKS = {database_check.OK: "ok  ", database_check.MAY: "may ", database_check.MUST: "MUST"}


def db_check(home: Path) -> Answer:
    """Look at indexes, bloat, transactions, the feed and partitions; not ok when something must be done."""
    with bootstrap.central(home) as centre, centre.database.read() as connection:
        version = health.engine_version(connection)
        found = database_check.findings(connection, centre.clock.now())
    values = {
        "engine": version,
        "findings": [{"name": one.name, "level": one.level, "sentence": one.sentence} for one in found],
    }
    lines = [version, *(f"{_MARKS[one.level]} {one.name}: {one.sentence}" for one in found)]
    return Answer(values, lines, all(one.level != database_check.MUST for one in found))
