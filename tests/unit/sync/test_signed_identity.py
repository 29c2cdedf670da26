"""Who a till is lies signed in its file: what fails on the way leaves it as it was, and never unsigned."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from pos_app.bootstrap import till_signing
from pos_app.ledger.errors import Damaged
from pos_app.store.documents import identity, settings
from pos_app.store.engine import commit_steps
from pos_app.store.engine.errors import DiskFull
from sync.client import known_centre
from sync.client.enrol import enrol
from sync.client.known_centre import KnownCentre
from tests.conftest import prepared_till
from tests.support.worlds.sync_fixtures import Centre, DeskTransport, Till, setting


class Full:
    """A disk that is full when the commit comes."""

    def before(self, connection: Connection) -> None:
        raise DiskFull("disk-full")

    def after(self) -> None:
        pass


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def noted(till: Till) -> Path:
    """The file that says that this till signed who it is."""
    return till.folder / "counts" / "identity"


def started_anew(till: Till) -> None:
    till.database.sign_with(till_signing(till.folder))


def never_signed(till: Till) -> None:
    """A till of before there was a signature."""
    with till.database.write() as connection:
        settings.put(connection, identity_signature="")
    noted(till).unlink()
    started_anew(till)


def check(till: Till, *last: commit_steps.Step) -> None:
    with till.database.write() as connection:
        identity.check(connection)
        for step in last:
            commit_steps.add(connection, "last", step)


def problem(till: Till) -> str:
    with till.database.read() as connection:
        return identity.problem(connection).code


def test_a_commit_that_fails_leaves_no_till_that_has_to_be_signed(till: Till) -> None:
    never_signed(till)
    with pytest.raises(DiskFull):
        check(till, Full())
    assert not noted(till).exists()
    started_anew(till)
    assert problem(till) == ""
    check(till)
    assert noted(till).exists()
    assert setting(till.database, "identity_signature")
    assert problem(till) == ""


def test_a_file_that_was_lost_after_the_commit_is_written_by_the_next_start(till: Till) -> None:
    noted(till).unlink()
    started_anew(till)
    check(till)
    assert noted(till).exists()
    with till.database.write() as connection:
        settings.put(connection, identity_signature="")
    with pytest.raises(Damaged) as told:
        check(till)
    assert told.value.code == "identity-edited"


@pytest.mark.parametrize("is_signed", [True, False])
def test_trust_without_the_key_raises_and_changes_nothing(till: Till, *, is_signed: bool) -> None:
    if not is_signed:
        never_signed(till)
    (till.folder / "terminal.key").rename(till.folder / "away")
    started_anew(till)
    believed = setting(till.database, "server_key")
    with pytest.raises(Damaged) as told:
        known_centre.trust(till.database, "AAAAAAAAAAAAAAAA")
    assert told.value.code == "terminal-key-damaged"
    assert (setting(till.database, "server_key"), setting(till.database, "server_key_told")) == (believed, "")
    (till.folder / "away").rename(till.folder / "terminal.key")
    started_anew(till)
    check(till)
    assert problem(till) == ""


def test_a_lost_database_enrolled_anew_in_its_home_is_signed(centre: Centre, till: Till) -> None:
    database = prepared_till(till.folder, "new.db")
    database.sign_with(till_signing(till.folder))

    def connect(_: str, key: Ed25519PrivateKey, name: str, known: KnownCentre) -> DeskTransport:
        return DeskTransport(centre.desk, key, name, known)

    who = enrol(database, till.folder / "terminal.key", "http://desk", centre.code(), connect=connect)
    assert who.terminal_no != till.who.terminal_no
    anew = Till(database, who, till.transport, till.folder)
    check(anew)
    assert problem(anew) == ""


def test_what_was_edited_is_not_signed_by_a_change_on_top(till: Till) -> None:
    with till.database.write() as connection:
        settings.put(connection, depot_id="77")
    known_centre.trust(till.database, "AAAAAAAAAAAAAAAA")
    assert problem(till) == "identity-edited"
