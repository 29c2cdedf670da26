"""The audit log of a till at the centre: in order, once, as it was signed; evidence of the rest."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from pos_app.ledger import audit_chain
from pos_app.ledger.travel import AuditEntry, AuditPacket
from pos_app.office import audit_logs
from pos_app.office.office import Office
from pos_app.store.documents import audit, audit_arrivals, audit_outbox, audit_rows, audit_runs
from pos_app.store.upkeep import verification
from sync.client import audit_push
from sync.client.errors import ServerRefused, ServerUnreachable
from sync.protocol import messages
from sync.protocol.messages import AUDIT_PATH, AuditAnswer, AuditRequest, Code
from tests.support.refused import raises, refused
from tests.support.worlds.intruder import without_seals
from tests.support.worlds.sync_fixtures import NOW, Centre, Till


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


def write(till: Till, *subjects: str, at: Any = NOW) -> None:
    with till.database.write() as connection:
        for subject in subjects:
            audit.write(
                connection,
                org_id=till.who.org_id,
                at=at,
                terminal_no=till.who.terminal_no,
                action="backdate",
                subject=subject,
                before="what was",
                after="what is",
                person_id=1,
            )


def at_centre(centre: Centre, till: Till) -> list[tuple[str, str, str]]:
    """What the centre's log has of a till."""
    with centre.database.read() as connection:
        found = audit.read(connection, centre.org_id, action="backdate", most=1000)
    return [(one.subject, one.before, one.after) for one in found if one.terminal_no == till.who.terminal_no]


def subjects(centre: Centre, till: Till) -> list[str]:
    return [subject for subject, _, _ in at_centre(centre, till)]


def strange(centre: Centre) -> list[str]:
    with centre.database.read() as connection:
        return [one.reason for one in audit_arrivals.strange(connection, centre.org_id)]


def codes(centre: Centre) -> set[str]:
    found = verification.verify(centre.database, centre.org_id).problems
    return {getattr(one, "code", "") for one in found}


def codes_at_till(till: Till) -> set[str]:
    found = verification.verify(till.database, till.who.org_id, till.who.terminal_no).problems
    return {getattr(one, "code", "") for one in found}


def acknowledged(till: Till) -> int:
    with till.database.read() as connection:
        return audit_outbox.acknowledged(connection).seq


def test_entries_come_to_the_centre_in_order_and_once(centre: Centre, till: Till) -> None:
    write(till, "first")
    write(till, "second", "third")
    till.sell()
    till.drain()
    assert at_centre(centre, till) == [(one, "what was", "what is") for one in ("first", "second", "third")]
    assert acknowledged(till) == 3
    till.drain()
    write(till, "fourth")
    till.drain()
    assert subjects(centre, till) == ["first", "second", "third", "fourth"]
    assert (codes(centre), codes_at_till(till), strange(centre)) == (set(), set(), [])


def test_nothing_is_deleted_at_the_till(centre: Centre, till: Till) -> None:
    write(till, "first")
    till.drain()
    with till.database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_log")) == 1


def test_what_lies_at_the_centre_is_closed_there(centre: Centre, till: Till) -> None:
    write(till, "first")
    till.drain()
    with centre.database.read() as connection:
        raw = connection.execute(text("SELECT before FROM audit_log WHERE origin_no = 1")).scalar_one()
    assert "what was" not in raw


def test_an_answer_that_gets_lost_is_asked_for_again(centre: Centre, till: Till) -> None:
    """Killed between the push and its answer: the centre has it, the till does not know."""
    write(till, "first", "second")
    till.daemon().step()
    with till.database.write() as connection:
        connection.execute(text("UPDATE setting SET value = '0' WHERE name = 'audit_acknowledged'"))
        connection.execute(text("UPDATE setting SET value = '' WHERE name = 'audit_acknowledged_hash'"))
    write(till, "third")
    till.daemon().step()
    assert subjects(centre, till) == ["first", "second", "third"]
    assert (acknowledged(till), strange(centre), codes(centre)) == (3, [], set())


def test_a_restored_centre_gets_again_what_it_lost(centre: Centre, till: Till) -> None:
    write(till, "first")
    till.drain()
    write(till, "second")
    till.drain()

    def restore(connection: Any) -> None:
        connection.execute(text("DELETE FROM audit_run WHERE terminal_no = 1 AND last_no > 1"))
        connection.execute(text("DELETE FROM audit_log WHERE origin_no > 1"))
        connection.execute(
            text(
                "UPDATE terminal SET audit_no = 1, audit_hash = (SELECT hash FROM audit_run"
                " WHERE terminal_no = 1) WHERE terminal_no = 1"
            )
        )

    without_seals(centre.database, restore)
    write(till, "third")
    till.daemon().step()
    assert subjects(centre, till) == ["first", "second", "third"]
    assert strange(centre) == []


class OldCentre:
    """A centre of the release before: it has no place for audit logs."""

    def __init__(self, till: Till) -> None:
        self._way = till.transport
        self.asked = 0

    def call(self, path: str, message: msgspec.Struct, answer_type: Any) -> Any:
        if path == AUDIT_PATH:
            self.asked += 1
            raise ServerRefused("nothing-at-path", verdict=Code.NOT_FOUND)
        return self._way.call(path, message, answer_type)

    def close(self) -> None:
        """See `Transport.close`."""


def test_a_centre_of_before_gets_documents_and_is_asked_once(centre: Centre, till: Till) -> None:
    write(till, "first")
    till.sell()
    old = OldCentre(till)
    daemon = till.daemon(old)
    daemon.step()
    daemon.step()
    assert old.asked == 1
    assert centre.mark(till.who.terminal_no) == 1
    assert acknowledged(till) == 0
    till.drain()
    assert subjects(centre, till) == ["first"]


def test_a_log_that_does_not_get_through_holds_up_no_news(centre: Centre, till: Till) -> None:
    till.drain()
    write(till, "first")
    till.sell()
    with centre.database.write() as connection:
        connection.execute(text("UPDATE product SET price = 777 WHERE product_id = 1"))

    class BadLine(OldCentre):
        def call(self, path: str, message: msgspec.Struct, answer_type: type[Any]) -> Any:
            if path == AUDIT_PATH:
                raise ServerUnreachable("server-connection-broke", why="reset")
            return self._way.call(path, message, answer_type)

    with raises(ServerUnreachable, "server-connection-broke"):
        till.daemon(BadLine(till)).step()
    assert centre.mark(till.who.terminal_no) == 1
    with till.database.read() as connection:
        assert connection.scalar(text("SELECT price FROM product WHERE product_id = 1")) == 777


def test_a_till_of_before_gets_in(centre: Centre, till: Till) -> None:
    """It never asks for this path, and its entries carry no number of their own."""
    assert messages.VERSION == 2
    till.sell()
    till.drain()
    assert codes(centre) == set()


def test_an_import_that_numbers_entries_keeps_no_desk_waiting(centre: Centre, till: Till) -> None:
    write(till, "first", "second")
    till.sell()
    with centre.database.write() as importing:
        audit.numbered(importing, centre.org_id)
        till.daemon().step()
        assert (subjects(centre, till), acknowledged(till)) == ([], 0)
        assert centre.mark(till.who.terminal_no) == 1
    till.daemon().step()
    assert subjects(centre, till) == ["first", "second"]
    assert (acknowledged(till), strange(centre), codes(centre)) == (2, [], set())


@pytest.mark.parametrize("cut", ["change", "deletion"])
def test_an_unsent_entry_that_was_edited_is_kept_as_evidence(centre: Centre, till: Till, cut: str) -> None:
    write(till, "first")
    write(till, "second")
    sql = {
        "change": "UPDATE audit_log SET subject = 'other' WHERE entry_id = 2",
        "deletion": "DELETE FROM audit_log WHERE entry_id = 2",
    }[cut]
    without_seals(till.database, lambda connection: connection.execute(text(sql)))
    write(till, "third")
    till.sell()
    till.drain()
    # Documents waited for nothing, and what follows is taken.
    assert centre.mark(till.who.terminal_no) == 1
    assert subjects(centre, till) == ["first", "third"]
    assert strange(centre) == ["audit-strange-unsigned"]
    assert codes(centre) == {"audit-strange"}
    assert codes_at_till(till)


def test_unsent_entries_chained_anew_by_our_code_are_nobodys(centre: Centre, till: Till) -> None:
    write(till, "first")
    write(till, "second")

    def edit(connection: Any) -> None:
        connection.execute(text("UPDATE audit_log SET subject = 'other' WHERE entry_id = 2"))
        connection.execute(text("DELETE FROM audit_run WHERE last_no = 2"))
        (row,) = audit_rows.between(connection, till.who.org_id, 2, 2, 1)
        before = audit_runs.at(connection, till.who.org_id, till.who.terminal_no, 1)
        assert before is not None
        place = audit_chain.Place(till.who.org_id, till.who.terminal_no, 0, 2)
        digest = row.digest(till.who.org_id)
        hash_ = audit_chain.run_hash(place, before.hash, digest)
        signature = Ed25519PrivateKey.generate().sign(audit_chain.signed_text(hash_))
        made = audit_runs.Run(2, 2, 0, before.hash, hash_, signature, digest)
        audit_runs.keep(connection, till.who.org_id, till.who.terminal_no, made)

    without_seals(till.database, edit)
    till.drain()
    assert subjects(centre, till) == ["first"]
    assert strange(centre) == ["audit-strange-unsigned"]


def test_entries_taken_out_with_their_run_leave_a_gap_that_is_told(centre: Centre, till: Till) -> None:
    for subject in ("first", "second", "third"):
        write(till, subject)
    without_seals(
        till.database,
        lambda connection: [
            connection.execute(text("DELETE FROM audit_log WHERE entry_id = 2")),
            connection.execute(text("DELETE FROM audit_run WHERE last_no = 2")),
        ],
    )
    till.drain()
    assert subjects(centre, till) == ["first", "third"]
    assert strange(centre) == ["audit-strange-gap"]
    assert codes(centre) == {"audit-strange"}


def test_another_entry_under_a_number_that_was_taken_is_kept_beside_it(centre: Centre, till: Till) -> None:
    write(till, "first")
    till.drain()
    with till.database.read() as connection:
        (packet,) = audit_outbox.read_after(connection, till.who, 0, most=1, most_entries=10)
    other = msgspec.structs.replace(packet, hash=bytes(32))
    answer = till.transport.call(AUDIT_PATH, AuditRequest(after=0, runs=(other, other)), AuditAnswer)
    assert (answer.mark, answer.mark_hash) == (1, packet.hash)
    assert strange(centre) == ["audit-strange-another"]


def test_entries_of_another_terminal_are_nobodys(centre: Centre, till: Till, tmp_path: Path) -> None:
    other = centre.till(tmp_path / "other")
    write(till, "first")
    with till.database.read() as connection:
        packets = audit_outbox.read_after(connection, till.who, 0, most=10, most_entries=10)
    other.transport.call(AUDIT_PATH, AuditRequest(after=0, runs=tuple(packets)), AuditAnswer)
    assert strange(centre) == ["audit-strange-unsigned"]
    assert subjects(centre, other) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"at_us": 2**62},
        {"at_us": -(2**62)},
        {"subject": "a\x00b"},
        {"person_id": -(2**63)},
        {"before": "x" * 1_000_000},
    ],
)
def test_a_till_that_signs_what_no_log_holds_blocks_nothing(
    centre: Centre, till: Till, entry: dict[str, Any]
) -> None:
    till.sell()
    made = AuditEntry(0, till.who.terminal_no, None, "", "backdate", "first", "", "")
    made = msgspec.structs.replace(made, **entry)
    genesis = audit_chain.genesis(till.who.org_id, till.who.terminal_no)
    digest = audit_chain.digest(till.who.org_id, 1, made)
    place = audit_chain.Place(till.who.org_id, till.who.terminal_no, 0, 1)
    hash_ = audit_chain.run_hash(place, genesis, digest)
    signer: Any = till.database.engine.get_execution_options()["signing"]
    signature = signer.sign(audit_chain.signed_text(hash_))
    packet = AuditPacket(1, 1, 0, genesis, hash_, signature, (made,))
    answer = till.transport.call(AUDIT_PATH, AuditRequest(after=0, runs=(packet,)), AuditAnswer)
    assert answer.mark == 1
    assert len(strange(centre)) + len(subjects(centre, till)) == 1
    till.drain()
    assert centre.mark(till.who.terminal_no) == 1


def test_an_entry_of_a_till_that_is_edited_at_the_centre_is_named(centre: Centre, till: Till) -> None:
    write(till, "first", "second")
    till.drain()
    assert codes(centre) == set()
    with centre.database.read() as connection:
        entry = connection.execute(text("SELECT entry_id FROM audit_log WHERE origin_no = 2")).scalar_one()
    sql = f"UPDATE audit_log SET subject = 'other' WHERE entry_id = {entry}"
    without_seals(centre.database, lambda connection: connection.execute(text(sql)))
    found = verification.verify(centre.database, centre.org_id).problems
    told = [(one.code, one.facts["terminal"], one.facts["entry"]) for one in found]  # type: ignore[attr-defined]
    # By the centre's own signature, and by the till's.
    assert told == [
        ("audit-entry-changed", till.who.terminal_no, 2),
        ("audit-entry-changed", 1_000_000, entry),
    ]


def test_somebody_looks_at_what_does_not_hold_and_says_what_it_was(centre: Centre, till: Till) -> None:
    write(till, "first")
    sql = "UPDATE audit_log SET subject = 'other' WHERE entry_id = 1"
    without_seals(till.database, lambda connection: connection.execute(text(sql)))
    till.drain()
    office = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    with refused("decision-without-reason"):
        audit_logs.settle(office, till.who.terminal_no, 1, " ")
    with refused("audit-strange-not-there"):
        audit_logs.settle(office, till.who.terminal_no, 2, "seen")
    (settled,) = audit_logs.settle(office, till.who.terminal_no, 1, "the cashier, who left")
    assert settled.reason == "audit-strange-unsigned"
    assert audit_logs.strange(office) == []
    assert [one.settled_because for one in audit_logs.strange(office, settled=True)] == [
        "the cashier, who left"
    ]
    assert codes(centre) == set()
    with centre.database.read() as connection:
        noted = audit.of_subject(
            connection, centre.org_id, "audit.settled", f"terminal {till.who.terminal_no} entries 1-1"
        )
    assert json.loads(json.dumps([one.after for one in noted])) == ["the cashier, who left"]


def test_an_acknowledged_entry_that_is_gone_is_told_at_the_till(centre: Centre, till: Till) -> None:
    write(till, "first")
    till.drain()

    def edit(connection: Any) -> None:
        for table in ("audit_log", "audit_run"):
            connection.execute(text(f"DELETE FROM {table}"))

    without_seals(till.database, edit)
    assert "audit-acknowledged-gone" in codes_at_till(till)


def test_a_revoked_till_still_hands_its_audit_log_over(centre: Centre, till: Till) -> None:
    write(till, "first")
    office = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    from pos_app.office import terminals

    terminals.revoke(office, till.who.terminal_no, "stolen")
    assert audit_push.push(till.database, till.who, till.transport)
    assert subjects(centre, till) == ["first"]
