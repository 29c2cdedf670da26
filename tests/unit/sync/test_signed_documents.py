"""Documents are signed by their terminal: at the till that makes them, at the centre that takes them."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.bootstrap import till_signing
from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.document import document_key
from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox
from pos_app.store.engine import signatures, terminal_key
from pos_app.store.engine.engine import Database
from pos_app.store.engine.errors import Frozen
from pos_app.store.journal import journal
from pos_app.store.master import terminal_keys
from pos_app.store.schema import seals
from pos_app.store.upkeep import night_state
from pos_app.store.upkeep.chain_check import name_of
from pos_app.store.upkeep.night_check import NightCheck
from sync.protocol.messages import PushRequest
from sync.server.ingest import Ingest
from tests.conftest import prepared_till
from tests.support.refused import raises, refused
from tests.support.worlds.sync_fixtures import Centre, Till


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def packets_of(till: Till, after: int = 0) -> list[Packet]:
    with till.database.read() as connection:
        return outbox.read_after(connection, till.who, after, most=500, most_bytes=10**9)


def push(centre: Centre, till: Till, packets: list[Packet]) -> list[str]:
    """The codes of the reasons why packets were set aside."""
    first = packets[0]
    request = PushRequest(after_seq=first.seq - 1, after_hash=first.prev_hash, packets=tuple(packets))
    answer = Ingest(centre.database, centre.clock).take(till.who.org_id, till.who.terminal_no, request)
    assert answer.mark == packets[-1].seq
    return [one.reason for one in answer.set_aside]


def rechained(packets: list[Packet], **changes: Any) -> list[Packet]:
    """The same history with another first document, made by our own code, under the signatures that stood."""
    before, made = packets[0].prev_hash, []
    for packet in packets:
        document = msgspec.structs.replace(canonical.decode(packet.body), **changes)
        changes = {}
        sealed = journal.seal(document, before)
        made.append(
            Packet(packet.seq, before, sealed.hash, sealed.posting_digest, sealed.body, packet.signature)
        )
        before = sealed.hash
    return made


def stored(database: Database) -> list[tuple[bytes, bytes | None]]:
    with database.read() as connection:
        rows = connection.execute(text("SELECT hash, signature FROM document ORDER BY document_id"))
        return [(bytes(row[0]), row[1]) for row in rows]


def test_a_document_is_signed_and_kept_so_on_both_sides(centre: Centre, till: Till) -> None:
    public = terminal_key.load(till.folder / "terminal.key").public_key().public_bytes_raw()
    for _ in range(3):
        till.sell()
    till.drain()
    assert stored(till.database) == stored(centre.database)
    for hash_, signature in stored(till.database):
        assert signatures.holds(public, signature or b"", canonical.signed_text(hash_))
    with centre.database.read() as connection:
        keys = terminal_keys.all_of(connection, centre.org_id)
    assert keys == {till.who.terminal_no: [(1, public)]}


def test_a_history_chained_anew_with_our_own_code_is_nobodys(centre: Centre, till: Till) -> None:
    for _ in range(4):
        till.sell()
    push(centre, till, packets_of(till)[:1])
    forged = rechained(packets_of(till, 1), note="what was not")
    assert len(push(centre, till, forged)) == 3
    assert {one.seq for one in centre.quarantine()} == {2, 3, 4}
    assert len(centre.documents(till.who.terminal_no)) == 1


def test_what_follows_a_signed_document_is_signed(centre: Centre, till: Till) -> None:
    for _ in range(3):
        till.sell()
    first, *rest = packets_of(till)
    push(centre, till, [first])
    bare = [msgspec.structs.replace(one, signature=b"") for one in rest]
    reasons = push(centre, till, bare)
    assert len(reasons) == 2
    assert all(bytes(one.signature) == b"" for one in centre.quarantine())


def test_a_till_of_before_goes_on_without(centre: Centre, till: Till) -> None:
    for _ in range(3):
        till.sell()
    bare = [msgspec.structs.replace(one, signature=b"") for one in packets_of(till)]
    assert push(centre, till, bare[:2]) == []
    # It was upgraded: its next document begins, and there is no way back.
    assert push(centre, till, packets_of(till, 2)) == []
    till.sell()
    bare = [msgspec.structs.replace(one, signature=b"") for one in packets_of(till, 3)]
    assert len(push(centre, till, bare)) == 1


def test_one_wrong_signature_stops_nothing_else(centre: Centre, till: Till) -> None:
    for _ in range(3):
        till.sell()
    packets = packets_of(till)
    other = packets[0].signature
    packets[2] = msgspec.structs.replace(packets[2], signature=other)
    assert len(push(centre, till, packets)) == 1
    till.sell()
    till.drain()
    assert [key & 0xFFFF for key in centre.documents(till.who.terminal_no)] == [1, 2, 4]


def test_a_wrong_signature_in_the_middle_of_a_batch_is_named_by_the_night(centre: Centre, till: Till) -> None:
    """The last one proves the document: it is booked at once.  What is wrong is told in the night."""
    for _ in range(5):
        till.sell()
    packets = packets_of(till)
    flipped = bytes([packets[2].signature[0] ^ 1]) + packets[2].signature[1:]
    packets[2] = msgspec.structs.replace(packets[2], signature=flipped)
    assert push(centre, till, packets) == []
    told: list[dict[str, Any]] = []
    night = NightCheck(centre.database, centre.clock, hour=0, tell=told.append)
    for _ in range(100):
        night.turn(1)
        with centre.database.read() as connection:
            state = night_state.read(connection, centre.org_id)
        if not state.stage:
            break
    named = f"Document {name_of(document_key(till.who.terminal_no, 3))}: {said('document-signature-wrong')}"
    assert state.last is not None
    assert (state.last.problem_count, list(state.last.problems)) == (1, [named])
    assert [named in str(message) for message in told] == [True]


def test_a_signature_of_another_length_is_none(centre: Centre, till: Till) -> None:
    till.sell()
    packets = [msgspec.structs.replace(packets_of(till)[0], signature=b"x" * 63)]
    assert len(push(centre, till, packets)) == 1


def test_a_file_that_was_put_back_sells_nothing(till: Till, tmp_path: Path) -> None:
    till.sell()
    till.database.close()
    shutil.copy(till.folder / "till.db", tmp_path / "old.db")
    till.database = reopened(till)
    till.sell()
    till.sell()
    till.database.close()
    for name in ("till.db-wal", "till.db-shm"):
        (till.folder / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "old.db", till.folder / "till.db")
    till.database = reopened(till)
    with raises(Frozen, "file-older-than-signed"):
        till.sell()
    assert len(stored(till.database)) == 1


def reopened(till: Till) -> Database:
    till.database.close()
    database = prepared_till(till.folder)
    database.sign_with(till_signing(till.folder))
    return database


def test_a_till_whose_count_is_gone_sells_nothing(till: Till) -> None:
    till.sell()
    shutil.rmtree(till.folder / "counts")
    till.database = reopened(till)
    with raises(Frozen, "signed-count-missing"):
        till.sell()


def test_nothing_is_signed_on_top_of_what_somebody_wrote(till: Till) -> None:
    till.sell()
    till.sell()
    last = packets_of(till)[-1]
    forged = rechained([last], note="what was not")[0]
    with till.database.write() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.execute(
            text("UPDATE document SET body = :body, hash = :hash WHERE seq = 2"),
            {"body": forged.body, "hash": forged.hash},
        )
        seals.rebuild(connection)
    with raises(Frozen, "history-other-than-signed"):
        till.sell()
    # Somebody who knows of the count as well has no key all the same.
    count = till_signing(till.folder).count(f"{till.who.org_id}-{till.who.terminal_no}.documents")
    assert count is not None
    stands = count.read()
    assert stands is not None
    count.write(stands._replace(last=stands.last._replace(hash=forged.hash)))
    count.close()
    till.database = reopened(till)
    with raises(Frozen, "last-document-of-others"):
        till.sell()


def test_no_unsigned_document_gets_under_a_signed_one(till: Till) -> None:
    till.sell()
    plain = prepared_till(till.folder)
    till.database, before = plain, till.database
    with refused("signing-key-missing"):
        till.sell()
    before.close()


def test_the_key_under_a_row_of_the_centre_is_the_centres_word(centre: Centre, till: Till) -> None:
    till.sell()
    till.drain()
    with centre.database.write() as connection:
        connection.execute(text("UPDATE terminal_key SET public_key = :key"), {"key": bytes(32)})
    with centre.database.read() as connection:
        assert terminal_keys.all_of(connection, centre.org_id) == {}
