"""Every contract test runs twice: on the till's encrypted SQLite and on the centre's Postgres."""

import pytest
from hypothesis import settings

from pos_app.store.engine.engine import Database
from tests.support.worlds.books import Store

settings.register_profile("contract", parent=settings.get_profile("bohari"), max_examples=25)
settings.load_profile("contract")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """A prepared, empty database of each engine in turn."""
    database = request.getfixturevalue("till_database" if request.param == "sqlite" else "central")
    assert isinstance(database, Database)
    made = Store(database)
    made.prepare()
    return made


@pytest.fixture
def till_store(till_database: Database) -> Store:
    """SQLite alone, for what only a till has."""
    return Store(till_database)


@pytest.fixture
def central_store(central: Database) -> Store:
    """Postgres alone, for what only the centre has."""
    made = Store(central)
    made.prepare()
    return made
