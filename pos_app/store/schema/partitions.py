"""The yearly partitions: made ahead by the server itself, so that New Year's first sale finds its place.

This year's and the next one's always stand; the server looks at its start and every day.  A year that a
terminal with a wrong clock brings is made when its first document comes (see `sync.server.ingest`).
"""

from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.store.engine.engine import Database
from pos_app.store.schema import seals_centre
from pos_app.store.tables.tables import BY_YEAR

#: How many years beyond this one stand ready.
AHEAD = 1


def wanted(today: datetime) -> range:
    """The years that must stand: the last one too, for what tills bring on the first days of January."""
    return range(today.year - 1, today.year + AHEAD + 1)


def missing(connection: Connection, years: range) -> list[str]:
    """The names of the partitions that do not stand."""
    names = [f"{table.name}_{year:04d}" for year in years for table in BY_YEAR]
    rows = connection.execute(
        text(
            "SELECT name FROM unnest(CAST(:names AS text[])) AS name WHERE NOT EXISTS ("
            "SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(name))"
        ),
        {"names": names},
    )
    return [str(row[0]) for row in rows]


def make_ahead(database: Database, today: datetime) -> list[str]:
    """Make what is missing; gives the names of what was made.  Locks nobody out."""
    years = wanted(today)
    with database.read() as connection:
        absent = missing(connection, years)
    if absent:
        with database.write() as connection:
            for year in years:
                seals_centre.make_year(connection, year)
    return absent
