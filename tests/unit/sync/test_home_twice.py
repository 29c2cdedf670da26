"""Two of one home: both are told with their next greeting, and the centre knows since when."""

import shutil
from pathlib import Path

import pytest

from pos_app.office import terminals
from pos_app.office.office import Office
from pos_app.store.documents import outbox
from pos_app.store.engine.engine import Database
from pos_app.store.organisation import terminals as kept
from sync.client.errors import ServerRefused, ServerUnreachable
from sync.protocol.messages import HELLO_PATH, HelloAnswer, HelloRequest
from tests.conftest import prepared_till
from tests.support.worlds.sync_fixtures import Centre, DeskTransport, Till, setting


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    till = centre.till(tmp_path / "till")
    till.drain()
    return till


def is_known_twice(centre: Centre) -> bool:
    office = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    return terminals.all_terminals(office)[0].twice_at is not None


def copied(till: Till, folder: Path) -> Till:
    shutil.copytree(till.folder, folder)
    transport = DeskTransport(till.transport.desk, till.transport.key, till.transport.terminal_name)
    return Till(prepared_till(folder), till.who, transport, folder)


def twice(database: Database) -> bool:
    return setting(database, "home_twice") == "1"


def test_one_home_started_again_and_again_is_one(centre: Centre, till: Till) -> None:
    for _ in range(4):
        till.drain()
    till.transport.is_down = True
    for _ in range(3):
        with pytest.raises(ServerUnreachable):
            till.daemon().step()
    till.transport.is_down = False
    till.drain()
    assert int(setting(till.database, "starts")) == 9
    assert not twice(till.database)
    assert not is_known_twice(centre)


def test_a_greeting_whose_answer_was_lost_makes_no_second_home(centre: Centre, till: Till) -> None:
    def lost() -> None:
        raise ConnectionError

    for _ in range(2):
        till.transport.meanwhile[HELLO_PATH] = lost
        with pytest.raises(ConnectionError):
            till.daemon().step()
    till.drain()
    assert not twice(till.database)
    assert not is_known_twice(centre)


def test_a_copied_home_and_its_first_are_both_told(centre: Centre, till: Till, tmp_path: Path) -> None:
    till.database.checkpoint()
    other = copied(till, tmp_path / "copy")
    other.drain()
    assert not twice(other.database)
    till.drain()
    assert twice(till.database)
    assert is_known_twice(centre)
    other.drain()
    assert twice(other.database)
    other.database.close()


@pytest.mark.parametrize(
    ("starts", "start", "since"),
    [(0, "", ()), (-5, "x", ("x",)), (2**62, "y" * 64, ()), (1, "'; --", ("\x01",) * 64)],
)
def test_whatever_a_till_tells_of_its_starts_it_is_greeted(
    till: Till, starts: int, start: str, since: tuple[str, ...]
) -> None:
    with till.database.read() as connection:
        last_seq, last_hash = outbox.last(connection, till.who)
    request = HelloRequest(
        last_seq=last_seq, last_hash=last_hash, starts=starts, start=start, starts_since=since
    )
    answer = till.transport.call(HELLO_PATH, request, HelloAnswer)
    assert answer.twice == bool(start)


def test_the_centre_hears_which_version_a_till_runs_and_what_it_still_has(centre: Centre, till: Till) -> None:
    for said, shown in (("0.1.0", "0.1.0"), ("1\x1b[31m", "1[31m"), ("", "")):
        request = HelloRequest(last_seq=7, last_hash=b"", program=said)
        mark = till.transport.call(HELLO_PATH, request, HelloAnswer).mark
        with centre.database.read() as connection:
            seen = next(
                one
                for one in kept.all_terminals(connection, centre.org_id)
                if one.terminal_no == till.who.terminal_no
            )
        assert (seen.program, seen.queue) == (shown, 7 - mark)


def test_a_token_without_end_is_malformed(till: Till) -> None:
    for start, since in (("x" * 65, ()), ("x", ("y",) * 65), ("\x00", ())):
        request = HelloRequest(last_seq=0, last_hash=b"", start=start, starts_since=since)
        with pytest.raises(ServerRefused):
            till.transport.call(HELLO_PATH, request, HelloAnswer)
