"""The migrations make what the declarations say, on both engines, and old tills open for ever."""

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import migrations
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.schema import schema, seal_check
from pos_app.store.upkeep import verification
from tests.conftest import TILL_KEY, prepared_till
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.till_fixture import CASHIER, GOOD, Shop

RELEASED = sorted(path.name for path in (Path(__file__).parent / "released").iterdir() if path.is_dir())


def differences(database: Database, side: str) -> list[Any]:
    with database.engine.connect() as connection:
        dialect = connection.dialect.name
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_object": lambda one, name, kind, *_: schema.is_compared(dialect, kind, name),
            },
        )
        # Several at once are documented, and missing from the signature.
        found: list[Any] = compare_metadata(context, schema.METADATA[side])  # type: ignore[arg-type]
        return found


def test_a_till_from_nothing_is_what_the_declarations_say(till_database: Database) -> None:
    assert differences(till_database, "till") == []


def test_a_centre_from_nothing_is_what_the_declarations_say(central: Database) -> None:
    assert differences(central, "central") == []


def test_the_tables_are_the_very_same_as_without_migrations(tmp_path: Path, till_database: Database) -> None:
    plain = open_sqlite(tmp_path / "plain.db", TILL_KEY)
    with plain.write() as connection:
        for metadata in schema.METADATA["till"]:
            metadata.create_all(connection)
    wanted = (
        "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND name NOT LIKE 'alembic%'"
    )

    def parts(database: Database) -> dict[str, list[str]]:
        """Each object by its clauses in order of the alphabet: alembic orders constraints otherwise."""
        with database.read() as connection:
            return {
                row[0]: sorted(line.strip(" ,)\t") for line in str(row[1]).replace(", \n", "\n").splitlines())
                for row in connection.execute(text(wanted))
                if row[1] and "autoindex" not in row[0]
            }

    assert parts(till_database) == parts(plain)
    plain.close()


@pytest.mark.parametrize("side", ["till", "central"])
def test_the_heads_are_the_newest_migrations(side: str) -> None:
    config = Config(migrations.folder().parent / "alembic.ini", ini_section=side)
    assert set(ScriptDirectory.from_config(config).get_heads()) == schema.HEADS[side]


def test_opening_again_reads_and_writes_nothing(till_database: Database) -> None:
    with till_database.read() as connection:
        before = connection.execute(text("PRAGMA schema_version")).scalar()
    started = time.perf_counter()
    schema.prepare_till(till_database)
    assert time.perf_counter() - started < 0.2
    with till_database.read() as connection:
        assert connection.execute(text("PRAGMA schema_version")).scalar() == before


def test_a_new_till_opens_quickly(tmp_path: Path) -> None:
    prepared_till(tmp_path, "first.db").close()
    started = time.perf_counter()
    prepared_till(tmp_path, "second.db").close()
    assert time.perf_counter() - started < 1.0


def test_two_processes_open_a_new_till_at_once(tmp_path: Path) -> None:
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            prepared_till(tmp_path).close()
        except BaseException as error:  # noqa: BLE001 - the thread's error is the test's
            trouble.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []


def test_triggers_of_another_version_are_made_anew(till_database: Database) -> None:
    with till_database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER seal_document_update")
        connection.exec_driver_sql("PRAGMA user_version = 1")
    schema.prepare_till(till_database)
    with till_database.read() as connection:
        assert list(seal_check.problems(connection)) == []


def test_a_database_of_a_newer_version_is_left_alone(till_database: Database) -> None:
    with till_database.write() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = 'till_9999' WHERE version_num LIKE 't%'")
        )
    with refused("database-of-newer-version"):
        schema.prepare_till(till_database)


@pytest.mark.parametrize("version", RELEASED)
def test_a_till_of_a_released_version_opens_verifies_and_sells(version: str, tmp_path: Path) -> None:
    folder = Path(__file__).parent / "released" / version
    expected = json.loads((folder / "expected.json").read_text())
    shutil.copyfile(folder / "till.db", tmp_path / "till.db")
    database = open_sqlite(tmp_path / "till.db", (folder / "till.key").read_bytes())
    schema.prepare_till(database)
    database.close()
    shop = Shop.at(tmp_path / "till.db")
    verdict = verification.verify(shop.database, ORG, shop.till.terminal_no)
    assert verdict.problems == []
    assert verdict.documents == expected["documents"]
    assert (shop.cash(), shop.owes(GOOD), shop.stock("GAS13")) == (
        expected["cash"],
        expected["owes"],
        expected["gas13"],
    )
    shop.be(CASHIER)
    assert [line.sku for line in shop.till.baskets.resume().lines] == ["SOAP"]
    shop.sell("REG")
    assert len(shop.documents()) == expected["documents"] + 1
    shop.database.close()
