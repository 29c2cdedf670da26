"""A bit that flips in a page of the centre's Postgres: damage and an alarm, no document's fault."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from pos_app.ledger.clock import SetClock
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.engine.errors import DamagedDatabase
from pos_app.store.engine.outage import is_outage
from pos_app.store.tables import master
from pos_app.store.upkeep import database_check, night_state, verification
from pos_app.store.upkeep.night_check import NightCheck
from sync.server.endpoint import Endpoint
from tests.conftest import in_database
from tests.support.documents.specimens import MOMENT, ORG
from tests.support.refused import damaged
from tests.support.worlds.books import Store, record_each


@pytest.fixture
def flipped(central_url: str, postgres_url: str) -> Iterator[Database]:
    """A copy of some books, as files, in which one bit of the documents is another."""
    database = open_postgres(central_url)
    store = Store(database)
    store.prepare()
    record_each(store.journal())
    with database.write() as connection:
        connection.execute(
            master.organisation.insert().values(
                org_id=ORG, organisation_id=1, name="Depot", base_currency="KES",
                time_zone="Africa/Nairobi", cash_step=1,
            )
        )  # fmt: skip
    database.close()
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        with psycopg.connect(central_url) as connection:
            where = connection.execute(
                "SELECT current_setting('data_directory'), pg_relation_filepath('document')"
            ).fetchone()
            name = connection.info.dbname
        assert where is not None
        path = Path(*where)
        if not path.exists():
            pytest.skip("the files of this Postgres are not here")
        content = bytearray(path.read_bytes())
        content[8192 - 200] ^= 4
        path.write_bytes(content)
        copy = f"{name}_flipped"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        admin.execute(made.format(sql.Identifier(copy), sql.Identifier(name)))
        opened = open_postgres(in_database(postgres_url, copy))
        yield opened
        opened.close()
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy)))


def test_a_page_with_a_wrong_checksum_is_damage(flipped: Database) -> None:
    with damaged("central-database-damaged") as caught, flipped.read() as connection:
        connection.exec_driver_sql("SELECT count(body) FROM document")
    # A batch that meets it is asked for again, and not quarantined.
    assert is_outage(caught.value)


def test_the_night_finds_it_and_tells(flipped: Database) -> None:
    told: list[dict[str, Any]] = []
    night = NightCheck(flipped, SetClock(MOMENT), hour=2, tell=told.append)
    for _ in range(40):
        night.turn(50)
        with flipped.read() as connection:
            state = night_state.read(connection, ORG)
        if state.last is not None:
            break
    assert state.last is not None
    assert state.last.problem_count > 0
    assert [one["alert"] for one in told] == ["verification failed"]


def test_verify_names_it_and_looks_at_the_rest(flipped: Database) -> None:
    verdict = verification.verify(flipped, ORG)
    assert not verdict.ok
    assert set(verdict.projections) >= {"account_balance", "stock_level"}


def test_checksums_are_on_and_counted(flipped: Database) -> None:
    with flipped.read() as connection:
        found = {one.name: one.level for one in database_check.findings(connection, MOMENT)}
    assert found["checksums"] in (database_check.OK, database_check.MUST)
    with flipped.read() as connection:
        assert connection.exec_driver_sql("SHOW data_checksums").scalar() == "on"


def test_a_till_is_told_to_come_again(flipped: Database) -> None:
    endpoint = Endpoint(flipped, SetClock(MOMENT))

    with pytest.raises(DamagedDatabase) as met, flipped.read() as connection:
        connection.exec_driver_sql("SELECT count(body) FROM document")
    status, _ = endpoint._told("/v1/push", met.value)
    assert status == 503
