"""What an old till has comes to the centre once: as it is where it fits, for two people where it does not."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.bootstrap import till_signing
from pos_app.ledger.clock import SetClock
from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox
from pos_app.store.engine.errors import DatabaseBusy
from sync.server.ingest import Ingest
from sync.server.rescue import Rescue, Rescued
from tests.conftest import prepared_till
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, Till, bodies, drift


def quiet(centre: Centre) -> SetClock:
    """When nothing was heard of the till for a while."""
    return SetClock(centre.clock.now() + timedelta(minutes=2))


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    """A till of which the centre has three documents, with four more that never came there."""
    one = centre.till(tmp_path / "till")
    for _ in range(3):
        one.sell(customer=1)
    one.drain()
    for _ in range(4):
        one.sell(customer=2)
    return one


def packets(till: Till) -> list[Packet]:
    with till.database.read() as connection:
        return outbox.read_after(connection, till.who, 0, most=10_000, most_bytes=10**9)


def carry(centre: Centre, till: Till, brought: list[Packet], *, despite_gap: bool = False) -> Rescued:
    rescue = Rescue(centre.database, centre.org_id, till.who.terminal_no, quiet(centre))
    return rescue.carry(brought, despite_gap=despite_gap)


def restored(till: Till, folder: Path) -> Till:
    """The same till from a copy of its home, which goes its own way from there."""
    shutil.copytree(till.folder, folder)
    database = prepared_till(folder)
    database.sign_with(till_signing(folder))
    return Till(database, till.who, till.transport, folder)


def test_what_fits_is_taken_as_it_is_and_once(centre: Centre, till: Till) -> None:
    brought = packets(till)
    assert carry(centre, till, brought) == Rescued(3, 4, 0, 0, ())
    assert carry(centre, till, brought) == Rescued(7, 0, 0, 0, ())
    assert bodies(centre.database) == bodies(till.database)
    assert centre.quarantine() == []
    assert drift(centre.database) == []
    # The till that was not dead after all goes on where it is.
    till.sell(customer=3)
    till.drain()
    assert bodies(centre.database) == bodies(till.database)


def test_killed_in_the_middle_it_goes_on(centre: Centre, till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.rescue.MOST_PACKETS", 2)
    take, calls = Ingest.take, iter(range(10))

    def dies(self: Ingest, *args: object) -> object:
        if next(calls) == 1:
            raise DatabaseBusy("database-busy")
        return take(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Ingest, "take", dies)
    with pytest.raises(DatabaseBusy):
        carry(centre, till, packets(till))
    assert len(centre.documents()) == 5
    assert carry(centre, till, packets(till)) == Rescued(5, 2, 0, 0, ())
    assert bodies(centre.database) == bodies(till.database)


def test_a_fork_waits_for_two_people_and_moves_nothing(centre: Centre, till: Till, tmp_path: Path) -> None:
    copy = restored(till, tmp_path / "copy")
    try:
        for _ in range(2):
            copy.sell(customer=3)
        till.sell(customer=1)
        till.drain()
        mark = centre.mark(till.who.terminal_no)
        assert carry(centre, copy, packets(copy)) == Rescued(7, 0, 2, 0, ())
        assert carry(centre, copy, packets(copy)) == Rescued(9, 0, 0, 0, ())
        assert [one.seq for one in centre.quarantine()] == [8, 9]
        assert centre.mark(till.who.terminal_no) == mark == 8
        # The till that is right is none the wiser.
        till.sell()
        till.drain()
        assert bodies(centre.database) == bodies(till.database)
    finally:
        copy.database.close()


def test_what_nobody_signed_is_not_taken_as_the_tills(centre: Centre, till: Till) -> None:
    *_, last = brought = packets(till)
    unsigned = Packet(last.seq, last.prev_hash, last.hash, last.posting_digest, last.body)
    assert carry(centre, till, [*brought[:-1], unsigned]) == Rescued(3, 3, 1, 0, ())
    assert centre.mark(till.who.terminal_no) == 6
    assert [one.seq for one in centre.quarantine()] == [7]


def test_another_shops_documents_are_refused_whole(centre: Centre, till: Till, tmp_path: Path) -> None:
    other = centre.till(tmp_path / "other")
    other.sell()
    with refused("rescue-not-ours", terminal=till.who.terminal_no):
        carry(centre, till, packets(other))
    assert (len(centre.documents()), centre.quarantine()) == (3, [])
    with refused("rescue-terminal-unknown", terminal=99):
        Rescue(centre.database, centre.org_id, 99, centre.clock)


def test_a_till_that_sells_is_let_alone(centre: Centre, till: Till) -> None:
    with refused("rescue-till-at-work", terminal=till.who.terminal_no):
        Rescue(centre.database, centre.org_id, till.who.terminal_no, centre.clock)
    assert len(centre.documents()) == 3


def test_what_lies_behind_a_gap_waits_for_it(centre: Centre, till: Till) -> None:
    brought = packets(till)
    holed = [one for one in brought if one.seq != 5]
    assert carry(centre, till, holed) == Rescued(3, 1, 0, 2, (5,))
    assert (centre.mark(till.who.terminal_no), centre.quarantine()) == (4, [])
    # The other stick is found.
    assert carry(centre, till, brought) == Rescued(4, 3, 0, 0, ())
    assert bodies(centre.database) == bodies(till.database)


def test_what_lies_behind_what_is_lost_for_ever_waits_for_two_people(centre: Centre, till: Till) -> None:
    holed = [one for one in packets(till) if one.seq != 5]
    assert carry(centre, till, holed, despite_gap=True) == Rescued(3, 1, 2, 0, ())
    assert [one.seq for one in centre.quarantine()] == [6, 7]
