"""The oldest Postgres that we promise: a day's work on a system's PostgreSQL 15, where one is installed.

All contract tests run on it with BOHARI_TEST_POSTGRES_VERSION=15; this one is in every run.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pos_app.store.archive import archive
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.master import people
from pos_app.store.schema import seal_check, seals_centre
from pos_app.store.schema.schema import prepare_central
from pos_app.store.upkeep import database_check, verification
from tests.conftest import in_database
from tests.contract.test_archive import NOW
from tests.contract.test_database_check import TODAY
from tests.support.worlds import system_postgres
from tests.support.worlds.books import Store, record_each
from tests.support.worlds.sync_fixtures import Centre, drift


@pytest.fixture(scope="module")
def old_url() -> Iterator[str]:
    """A fresh PostgreSQL 15."""
    try:
        with system_postgres.running(15) as url:
            yield url
    except LookupError as error:
        pytest.skip(f"{error}: apt-get install postgresql-15 to run this")


@pytest.fixture
def old(old_url: str) -> Iterator[Database]:
    """A prepared central database on it."""
    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(old_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    database = open_postgres(in_database(old_url, name))
    prepare_central(database)
    yield database
    database.close()


def test_it_is_fifteen(old: Database) -> None:
    with old.read() as connection:
        assert str(connection.exec_driver_sql("SHOW server_version").scalar()).startswith("15.")


def test_documents_seals_projections_and_the_check(old: Database) -> None:
    store = Store(old)
    store.prepare()
    record_each(store.journal())
    assert verification.verify(old, 1).problems == []
    assert store.drifts() == []
    store.refuses("UPDATE document SET total = 1", because="sealed document cannot be changed")
    with old.read() as connection:
        assert list(seal_check.problems(connection)) == []
        levels = {one.level for one in database_check.findings(connection, TODAY)}
    assert database_check.MUST not in levels


def test_tills_push_and_pull(old: Database, tmp_path: Path) -> None:
    centre = Centre(old)
    try:
        till = centre.till(tmp_path / "till")
        sold = till.sell(customer=1)
        till.void(sold)
        till.drain()
        assert len(centre.documents(till.who.terminal_no)) == 2
        assert drift(old) == drift(till.database) == []
        with old.for_org(centre.org_id).read() as connection:
            assert people.parties_by_phone(connection, centre.org_id, "0712345678") == []
    finally:
        centre.close()


def test_years_are_made_and_archived(old: Database, tmp_path: Path) -> None:
    with old.write() as connection:
        seals_centre.make_year(connection, 2017)
    assert archive.make(old, tmp_path / "archive", 2019, NOW).ok
