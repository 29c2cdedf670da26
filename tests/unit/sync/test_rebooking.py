"""Documents of a lost history are booked again: once, under new numbers, in order, by two people."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from pos_app.bootstrap import till_signing
from pos_app.ledger import canonical, carried_over
from pos_app.ledger.approving import SECRET_BYTES, key_of
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import SERVER_TERMINAL_NO, Document
from pos_app.ledger.flagging import APPROVAL_UNPROVED
from pos_app.store.documents import documents, outbox
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import flags, quarantine
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import founding
from pos_app.store.tables.projections import PARTY_BALANCE
from sync.server import decision, rebooking
from sync.server.decision import Names
from sync.server.rescue import Rescue
from tests.conftest import prepared_till
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, Till, cached, drift, opening, sale

TWO = Names("OWNER", "DEP", "sold from the copy, the goods are gone")


def quiet(centre: Centre) -> SetClock:
    """When nothing was heard of the till for a while."""
    return SetClock(centre.clock.now() + timedelta(minutes=2))


def add_deputy(centre: Centre) -> None:
    with centre.database.write() as connection:
        founding.add_person(connection, centre.org_id, "DEP", "Deputy", role="owner", pin_hash="x")


def at_work(till: Till, folder: Path) -> Till:
    """A copy of a till's home, in which somebody sells."""
    database = prepared_till(folder)
    database.sign_with(till_signing(folder))
    return Till(database, till.who, till.transport, folder)


@pytest.fixture
def lost(centre: Centre, tmp_path: Path) -> Iterator[Till]:
    """A till that was put back to an old copy and sold there, while the centre had gone on without it.

    The copy opened a drawer (1/4), sold in it on account (1/5), voided that (1/6) and sold again (1/7); all
    of it waits at the centre, where 1/4 is another sale.
    """
    add_deputy(centre)
    till = centre.till(tmp_path / "till")
    for _ in range(3):
        till.sell(customer=1)
    till.drain()
    shutil.copytree(till.folder, tmp_path / "copy")
    till.sell(customer=2)
    till.drain()
    copy = at_work(till, tmp_path / "copy")
    shift = copy.journal.record_document(opening(copy.who)).document.document_id
    sold = copy.journal.record_document(msgspec.structs.replace(sale(copy.who, customer=3), shift=shift))
    copy.void(sold)
    copy.journal.record_document(msgspec.structs.replace(sale(copy.who, customer=3), shift=shift))
    with copy.database.read() as connection:
        packets = outbox.read_after(connection, copy.who, 0, most=100, most_bytes=10**9)
    rescue = Rescue(centre.database, centre.org_id, copy.who.terminal_no, quiet(centre))
    assert rescue.carry(packets).set_aside == 4
    yield copy
    copy.database.close()


def again(centre: Centre, seq: int, names: Names = TWO) -> Sealed:
    with centre.database.read() as connection:
        one = decision.find(connection, centre.org_id, 1, seq, "")
    return rebooking.rebook(centre.database, centre.org_id, one, names, centre.clock)


def original(till: Till, seq: int) -> Document:
    with till.database.read() as connection:
        (packet,) = outbox.read_after(connection, till.who, seq - 1, most=1, most_bytes=1)
    return canonical.decode(packet.body)


def owes(centre: Centre) -> dict[int, int]:
    return {
        row[PARTY_BALANCE.keys.index("party_id")]: values[0]
        for row, values in cached(centre.database, PARTY_BALANCE).items()
    }


def test_all_of_a_lost_history_stands_in_the_books_under_new_numbers(centre: Centre, lost: Till) -> None:
    assert owes(centre) == {1: 900_00, 2: 300_00}
    with refused("rebook-first", document="1/4"):
        again(centre, 5)
    made = {seq: again(centre, seq) for seq in (4, 5, 6, 7)}
    assert owes(centre) == {1: 900_00, 2: 300_00, 3: 300_00}
    assert (centre.quarantine(), drift(centre.database)) == ([], [])
    for seq, one in made.items():
        assert one.document.terminal_no == SERVER_TERMINAL_NO
        assert f"(1/{seq})" in one.document.note
        old = original(lost, seq)
        kept = ("occurred_at", "person_id", "depot_id", "business_id", "currency")
        assert [getattr(one.document, name) for name in kept] == [getattr(old, name) for name in kept]
    shift, sold, void, later = (made[seq] for seq in (4, 5, 6, 7))
    # What named the lost ones names the new ones now.
    assert sold.document.shift == later.document.shift == shift.document.document_id
    assert getattr(void.document, "original_id") == sold.document.document_id  # noqa: B009
    assert getattr(void.document, "original_hash") == sold.hash.hex()  # noqa: B009


def test_booked_again_twice_it_is_one(centre: Centre, lost: Till) -> None:
    del lost
    first = again(centre, 4)
    assert again(centre, 4).document == first.document
    assert len(centre.documents(SERVER_TERMINAL_NO)) == 1
    with centre.database.read() as connection:
        (one,) = quarantine.find(connection, centre.org_id, 1, 4)
    assert (one.decision, one.decision_reason) == (quarantine.REBOOKED, TWO.reason)
    assert one.decided_by != one.decided_with
    # Nor is it decided otherwise afterwards, or brought once more.
    with refused("decided-already"):
        decision.reject(centre.database, centre.org_id, one, TWO, centre.clock)


def test_it_takes_two_people_and_a_reason(centre: Centre, lost: Till) -> None:
    del lost
    for names, code in (
        (Names("OWNER", "OWNER", "why"), "two-people-decide"),
        (Names("OWNER", "DEP", " "), "decision-without-reason"),
        (Names("OWNER", "NOBODY", "why"), "person-unknown"),
    ):
        with refused(code):
            again(centre, 4, names)
    assert centre.documents(SERVER_TERMINAL_NO) == []
    assert len(centre.quarantine()) == 4


def test_what_fits_is_accepted_and_not_booked_again(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    till.sell(customer=1)
    add_deputy(centre)
    with centre.database.write() as connection:
        connection.exec_driver_sql("UPDATE terminal SET active = 0 WHERE terminal_no = 1")
    with till.database.read() as connection:
        packets = outbox.read_after(connection, till.who, 0, most=9, most_bytes=10**9)
    Rescue(centre.database, centre.org_id, 1, quiet(centre)).carry(packets)
    with refused("rebook-fits-as-it-is"):
        again(centre, 1)


def test_the_old_key_is_never_taken_for_the_others_document(centre: Centre, lost: Till) -> None:
    """1/4 in the books is a sale of the till; the lost sale's shift is the lost 1/4."""
    again(centre, 4)
    sold = again(centre, 5)
    assert sold.document.shift is not None
    with centre.database.read() as connection:
        found = documents.sealed_bodies(connection, centre.org_id, [sold.document.shift])
    (_, body) = found[sold.document.shift]
    assert type(canonical.decode(body)) is type(original(lost, 4))
    assert carried_over.named(original(lost, 5)) == {original(lost, 4).document_id}


def test_who_proved_the_lost_document_is_not_asked_again(centre: Centre, lost: Till) -> None:
    """Their proof was made for its old place; where only a name stands it is found all the same."""
    secret = b"s" * SECRET_BYTES
    with centre.database.write() as connection:
        boss = founding.add_person(
            connection, centre.org_id, "BOSS", "Boss", role="manager", pin_hash=given_pin("739104", secret)
        )
        connection.execute(text("ALTER TABLE approval_secret DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE approval_secret SET since_us = 0"))
        connection.execute(text("ALTER TABLE approval_secret ENABLE TRIGGER USER"))
    journal, seqs = lost.journal, []
    for known in ([boss], []):
        draft = msgspec.structs.replace(sale(lost.who, customer=3), approver_id=boss)
        keys = {one: key_of(secret, draft.request_id) for one in known}
        journal._proves = lambda _, keys=keys: keys
        seqs.append(journal.record_document(draft).document.seq)
    with lost.database.read() as connection:
        packets = outbox.read_after(connection, lost.who, seqs[0] - 1, most=9, most_bytes=10**9)
    Rescue(centre.database, centre.org_id, 1, quiet(centre)).carry(packets)
    _, named = [again(centre, seq).document.document_id for seq in seqs]
    with centre.database.for_org(centre.org_id).read() as connection:
        found = flags.everything(connection, centre.org_id)
    unproved = [one.document_id for one in found if one.kind == APPROVAL_UNPROVED.code]
    assert unproved == [named]


# --- booked once, whichever way it comes first ------------------------------------------------------------


def holed(centre: Centre, tmp_path: Path) -> Till:
    """A till at work; of the stick that it wrote 1/2 cannot be read, so that 1/3 waits at the centre."""
    add_deputy(centre)
    till = centre.till(tmp_path / "till")
    for _ in range(3):
        till.sell(customer=1)
    with till.database.read() as connection:
        packets = outbox.read_after(connection, till.who, 0, most=9, most_bytes=10**9)
    rescue = Rescue(centre.database, centre.org_id, 1, quiet(centre))
    carried = rescue.carry([one for one in packets if one.seq != 2], despite_gap=True)
    assert (carried.taken, carried.set_aside) == (1, 1)
    return till


def test_what_was_booked_again_is_not_booked_once_more_when_it_comes_by_itself(
    centre: Centre, tmp_path: Path
) -> None:
    till = holed(centre, tmp_path)
    again(centre, 3)
    till.drain()
    assert owes(centre) == {1: 900_00}
    assert drift(centre.database) == []


def test_what_came_by_itself_is_not_booked_again(centre: Centre, tmp_path: Path) -> None:
    till = holed(centre, tmp_path)
    till.drain()
    with refused("rebook-in-books"):
        again(centre, 3)
    assert owes(centre) == {1: 900_00}


def test_what_names_a_document_that_nobody_brought_waits_for_it(centre: Centre, tmp_path: Path) -> None:
    """The lost 1/4 opened the shift; in the books 1/4 is a sale."""
    add_deputy(centre)
    till = centre.till(tmp_path / "till")
    for _ in range(3):
        till.sell(customer=1)
    till.drain()
    shutil.copytree(till.folder, tmp_path / "copy")
    till.sell(customer=2)
    till.drain()
    copy = at_work(till, tmp_path / "copy")
    shift = copy.journal.record_document(opening(copy.who)).document.document_id
    copy.journal.record_document(msgspec.structs.replace(sale(copy.who, customer=3), shift=shift))
    with copy.database.read() as connection:
        packets = outbox.read_after(connection, copy.who, 4, most=9, most_bytes=10**9)
    copy.database.close()
    Rescue(centre.database, centre.org_id, 1, quiet(centre)).carry(packets, despite_gap=True)
    with refused("rebook-first", document="1/4"):
        again(centre, 5)


def test_a_second_void_of_one_sale_is_said(centre: Centre, tmp_path: Path) -> None:
    add_deputy(centre)
    till = centre.till(tmp_path / "till")
    sold = till.sell(customer=1)
    till.drain()
    shutil.copytree(till.folder, tmp_path / "copy")
    till.void(sold)
    till.drain()
    copy = at_work(till, tmp_path / "copy")
    copy.void(sold)
    with copy.database.read() as connection:
        packets = outbox.read_after(connection, copy.who, 0, most=9, most_bytes=10**9)
    copy.database.close()
    Rescue(centre.database, centre.org_id, 1, quiet(centre)).carry(packets)
    with refused("cannot-stand"):
        again(centre, 2)
