"""Copies that are closed to a public key: what opens, for whom, and what does not."""

import os
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from pos_app.store.engine import age_files, copies
from pos_app.store.engine.embedded import _find_binaries
from pos_app.store.engine.engine import Database, open_sqlite
from tests.conftest import TILL_KEY
from tests.support.refused import damaged, refused


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, str]:
    """The file with the private key, and the public one."""
    identity = tmp_path / "backup.key"
    return identity, age_files.make_key(identity)


def test_a_tills_copy_opens_to_the_database_it_was(
    till_database: Database, pair: tuple[Path, str], tmp_path: Path
) -> None:
    identity, public = pair
    closed, opened = tmp_path / "copy.age", tmp_path / "opened.db"
    copies.copy_till(till_database, TILL_KEY, closed, age_files.recipients(public))
    assert [stat.S_IMODE(one.stat().st_mode) for one in (closed, identity)] == [0o600, 0o600]
    assert not list(tmp_path.glob("*ing"))
    age_files.open_file(closed, identity, opened)
    assert stat.S_IMODE(opened.stat().st_mode) == 0o600
    again = open_sqlite(opened, TILL_KEY)
    with again.read() as ours, till_database.read() as theirs:
        sql = "SELECT name, sql FROM sqlite_schema ORDER BY 1"
        assert ours.exec_driver_sql(sql).all() == theirs.exec_driver_sql(sql).all()
    again.close()


def test_of_a_tills_copy_that_failed_nothing_is_left(till_database: Database, tmp_path: Path) -> None:
    def fails(_: float) -> None:
        raise OSError("the stick was taken out")

    with pytest.raises(OSError, match="taken out"):
        copies.copy_till(till_database, TILL_KEY, tmp_path / "copy.db", rest=fails)
    assert not list(tmp_path.glob("copy*"))


def test_a_centres_copy_is_restored_row_for_row(
    central: Database, central_url: str, pair: tuple[Path, str], tmp_path: Path
) -> None:
    identity, public = pair
    closed, opened = tmp_path / "copy.age", tmp_path / "opened.dump"
    copies.copy_central(central, closed, age_files.recipients(public))
    age_files.open_file(closed, identity, opened)
    name = f"{central.engine.url.database}_again"
    again = central.engine.url.set(drivername="postgresql", database=name).render_as_string(
        hide_password=False
    )
    with psycopg.connect(central_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            program = str(_find_binaries() / "pg_restore")
            subprocess.run([program, "--exit-on-error", f"--dbname={again}", str(opened)], check=True)
            assert contents(again) == contents(central_url)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def contents(url: str) -> dict[str, str]:
    """A digest of every table."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        sql = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
        found = {
            str(name): str(connection.execute(sql.format(name).encode()).fetchone()) for (name,) in names
        }
    assert len(found) > 40
    return found


def test_what_was_cut_or_changed_or_is_anothers_gives_nothing(pair: tuple[Path, str], tmp_path: Path) -> None:
    identity, public = pair
    plain, closed, target = tmp_path / "plain", tmp_path / "closed.age", tmp_path / "out"
    plain.write_bytes(os.urandom(200_000))
    with plain.open("rb") as source, age_files.private(closed) as file:
        age_files.close(source, file, age_files.recipients(public))
    whole = closed.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    for content in (b"", whole[:22], whole[:100], whole[: len(whole) // 2], whole[:-1], bytes(changed)):
        closed.write_bytes(content)
        with damaged("backup-does-not-open"):
            age_files.open_file(closed, identity, target)
    closed.write_bytes(whole)
    age_files.make_key(tmp_path / "other.key")
    with damaged("backup-does-not-open"):
        age_files.open_file(closed, tmp_path / "other.key", target)
    assert not target.exists()
    assert not list(tmp_path.glob("*.making"))
    age_files.open_file(closed, identity, target)
    assert target.read_bytes() == plain.read_bytes()


def test_nothing_is_written_over_and_no_key_is_a_sentence(pair: tuple[Path, str], tmp_path: Path) -> None:
    identity, public = pair
    with refused("file-exists"):
        age_files.make_key(identity)
    with refused("file-exists"):
        age_files.open_file(identity, identity, identity)
    for wrong in ("age1", "ssh-ed25519 AAAA", public[:-1], "\u202eage1", "x" * 9_999):
        with refused("backup-recipient-malformed"):
            age_files.recipients(wrong)
    secret = identity.read_text().split()[-1]
    with refused("backup-recipient-malformed") as told:
        age_files.recipients(secret)
    assert secret[20:40] not in str(told.value)
    for content in (b"", b"# only a comment\n", b"AGE-SECRET-KEY-1\n", b"\xff\xfe" * 99):
        (tmp_path / "wrong.key").write_bytes(content)
        with refused("backup-key-malformed"):
            age_files.open_file(identity, tmp_path / "wrong.key", tmp_path / "out")
    with refused("path-unreadable"):
        age_files.open_file(identity, tmp_path / "missing", tmp_path / "out")
