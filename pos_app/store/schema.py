"""Which tables each side has, and bringing a database up to this version's tables."""

from datetime import UTC, datetime

from pos_app.store import projections, seals
from pos_app.store.central import central_metadata
from pos_app.store.engine import Database
from pos_app.store.local import till_metadata
from pos_app.store.tables import ledger_metadata

#: Importing the projections puts their tables into the metadata; named so that it is not forgotten.
DERIVED_TABLES = (*projections.CACHED.values(), *projections.BASELINES.values())


def prepare_till(database: Database) -> None:
    """Make or upgrade a till's tables and triggers."""
    with database.write() as connection:
        ledger_metadata.create_all(connection)
        till_metadata.create_all(connection)
        seals.rebuild(connection)


def prepare_central(database: Database) -> None:
    """Make or upgrade the central tables, triggers and this year's partitions."""
    with database.write() as connection:
        ledger_metadata.create_all(connection)
        central_metadata.create_all(connection)
        seals.rebuild(connection)
        this_year = datetime.now(UTC).year
        for year in (this_year - 1, this_year, this_year + 1):
            seals.make_year(connection, year)
