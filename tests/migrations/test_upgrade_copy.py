"""An upgrade of a till: a copy before, an end that leaves the old file, and the way back."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pos_app import bootstrap
from pos_app.cli.restore_upgrade import app
from pos_app.store.engine import copies
from pos_app.store.engine.engine import open_sqlite
from pos_app.store.engine.signing import COUNTS
from pos_app.store.engine.sole import DAEMON, UPGRADE, WINDOW, sole
from pos_app.store.medium import upgrade_copy
from pos_app.store.schema import schema, seals
from tests.migrations.test_migrations import RELEASED
from tests.support.refused import refused, unavailable

FOLDER = Path(__file__).parent / "released"


@pytest.fixture(params=RELEASED)
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A home as a released version left it."""
    made = tmp_path / "till"
    shutil.copytree(FOLDER / request.param, made)
    return made


def rows(file: Path, key: bytes) -> dict[str, Any]:
    """Everything that stands in a till's file, and the migrations that made it."""
    database = open_sqlite(file, key)
    try:
        with database.read() as connection:
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            ).scalars()
            return {
                name: connection.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
                for name in names
            }
    finally:
        database.close()


def test_what_a_released_version_left_is_copied_before_it_is_changed_and_comes_back(home: Path) -> None:
    key = (home / "till.key").read_bytes()
    before = rows(home / "till.db", key)
    bootstrap.till_database(home).close()
    assert rows(home / "before-upgrade" / "till.db", key) == before
    after = rows(home / "till.db", key)
    assert {one[0] for one in after["alembic_version"]} == schema.HEADS["till"]
    told = CliRunner().invoke(app, ["--home", str(home)])
    assert told.exit_code == 0, told.output
    assert rows(home / "till.db", key) == before
    # Nothing was thrown away, and the upgrade can be had again.
    assert rows(home / "till.db.after-upgrade", key) == after
    bootstrap.till_database(home).close()
    assert rows(home / "till.db", key).keys() == after.keys()


def test_a_start_that_changes_nothing_copies_nothing(home: Path) -> None:
    bootstrap.till_database(home).close()
    kept = home / "before-upgrade" / "till.db"
    stamp = kept.stat().st_mtime_ns
    bootstrap.till_database(home).close()
    assert kept.stat().st_mtime_ns == stamp


def test_a_migration_that_fails_half_way_leaves_the_old_file_and_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (home / "till.key").read_bytes()
    before = rows(home / "till.db", key)

    def half(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE half_made (x INTEGER)")
        raise RuntimeError("the disk said no")

    with monkeypatch.context() as broken:
        broken.setattr(seals, "rebuild", half)
        with unavailable("upgrade-failed"):
            bootstrap.till_database(home)
    assert rows(home / "till.db", key) == before
    bootstrap.till_database(home).close()
    assert {one[0] for one in rows(home / "till.db", key)["alembic_version"]} == schema.HEADS["till"]


def test_no_way_back_once_something_was_signed(home: Path) -> None:
    with refused("upgrade-copy-missing"):
        upgrade_copy.put_back(home)
    bootstrap.till_database(home).close()
    (home / COUNTS).write_bytes(b"one more document")
    with refused("upgrade-recorded-since"):
        upgrade_copy.put_back(home)


def test_two_at_once(home: Path) -> None:
    """Two installers, or a window and a daemon: one upgrades, and nobody goes back under an open till."""
    with sole(home, UPGRADE), refused("upgrade-runs-already"), sole(home, UPGRADE):
        pass
    bootstrap.till_database(home).close()
    for what in (WINDOW, DAEMON):
        with sole(home, what):
            assert CliRunner().invoke(app, ["--home", str(home)]).exit_code == 1


def test_who_waited_while_another_upgraded_does_not_copy_what_that_one_made(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (home / "till.key").read_bytes()
    before = rows(home / "till.db", key)
    first = upgrade_copy.before_upgrade

    def late(*facts: Any) -> None:
        # Meanwhile somebody else comes first, from the copy to the end.
        with monkeypatch.context() as other:
            other.setattr(upgrade_copy, "before_upgrade", first)
            bootstrap.till_database(home).close()
        first(*facts)

    monkeypatch.setattr(upgrade_copy, "before_upgrade", late)
    bootstrap.till_database(home).close()
    assert rows(home / "before-upgrade" / "till.db", key) == before


def test_without_room_for_the_copy_nothing_is_upgraded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = (home / "till.key").read_bytes()
    before = rows(home / "till.db", key)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "copy_till", full)
    with unavailable("home-unwritable"):
        bootstrap.till_database(home)
    assert rows(home / "till.db", key) == before
