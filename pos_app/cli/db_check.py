"""`bohari db`: what must be done about the central database, and a new life after rows were moved in."""

from typing import Final

from pos_app import bootstrap
from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, Call, command, group, noun
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Refused
from pos_app.store.master import organisations
from pos_app.store.upkeep import database_check, health, life

app: Final = noun()
db_app: Final = group(app, "db", "The central database itself.")

_MARKS: Final = {database_check.OK: "ok  ", database_check.MAY: "may ", database_check.MUST: "MUST"}


@command(db_app, "check", TOLD_HOME, open_to_all("How the database is kept, nothing of what is in it."))
def db_check(call: Call) -> Answer:
    """Indexes, bloat, old snapshots, the feed's lag, partitions: what must be done, and what might be."""
    with bootstrap.central(call.home) as centre, centre.database.read() as connection:
        version = health.engine_version(connection)
        found = database_check.findings(connection, centre.clock.now())
    values = {
        "engine": version,
        "findings": [{"name": one.name, "level": one.level, "sentence": one.sentence} for one in found],
    }
    lines = [version, *(f"{_MARKS[one.level]} {one.name}: {one.sentence}" for one in found)]
    return Answer(values, lines, all(one.level != database_check.MUST for one in found))


@command(db_app, "new-life", TOLD_HOME, open_to_all("Whoever has the centre's home; it takes nothing away."))
def new_life(call: Call) -> Answer:
    """After rows were moved in: begin a new epoch, so that every till reads all of it again."""
    with bootstrap.central(call.home) as centre:
        with centre.database.read() as connection:
            if not organisations.all_ids(connection):
                raise Refused("organisation-missing", home=call.home)
        begun = life.moved(centre.database, centre.clock)
    lines = [
        f"Epoch {begun.epoch} began; {begun.restamped} rows were hidden from the tills and are not any more.",
        "Every till reads everything again with its next question and sends what is missing here.",
    ]
    return Answer(begun._asdict(), lines)
