"""A till that was taken away: its unsent sales reach a person, and nothing of ours reaches it."""

from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.errors import Refused
from pos_app.office import terminals
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.engine.errors import Frozen
from pos_app.store.feed import baseline
from pos_app.store.organisation import founding
from pos_app.till.session.sign_in import hash_pin
from sync.client.errors import Revoked, ServerRefused
from sync.client.pull import pull
from sync.protocol.messages import HELLO_PATH, Code
from sync.server import decision
from sync.server.decision import Names
from tests.support.worlds.sync_fixtures import Centre, Till, bodies, drift, waiting


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    with centre.database.write() as connection:
        for code, role in (("ACC", "accountant"), ("MGR", "manager"), ("JOHN", "cashier")):
            founding.add_person(connection, centre.org_id, code, code, role=role, pin_hash=hash_pin("482915"))
    till = centre.till(tmp_path / "till")
    till.drain()
    return till


def office(centre: Centre, person: str = "OWNER") -> Office:
    return Office(centre.database, centre.clock, centre.org_id, person)


def revoke(centre: Centre, till: Till) -> None:
    terminals.revoke(office(centre), till.who.terminal_no, "stolen on Sunday")


def told(till: Till, sql: str) -> list[tuple[object, ...]]:
    with till.database.read() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_what_a_revoked_till_did_not_send_waits_for_two_people_and_none_is_lost(
    centre: Centre, till: Till
) -> None:
    sent = till.sell()
    till.drain()
    unsent = [till.sell(customer=1) for _ in range(3)]
    revoke(centre, till)

    with pytest.raises(Revoked) as stopped:
        till.drain()

    assert stopped.value.said.code == "till-is-revoked"
    assert centre.documents(till.who.terminal_no) == [sent.document.document_id]
    found = centre.quarantine()
    assert [one.body for one in found] == [one.body for one in unsent]
    assert waiting(till) == 0
    assert len(bodies(till.database)) == 4
    assert drift(centre.database) == []
    assert drift(till.database) == []
    # Two people take the first, refuse the second.
    names = Names("ACC", "MGR", "the paper receipt was found")
    decision.accept(centre.database, centre.org_id, found[0], names, centre.clock)
    decision.reject(centre.database, centre.org_id, found[1], names, centre.clock)
    assert centre.documents(till.who.terminal_no) == [
        sent.document.document_id,
        unsent[0].document.document_id,
    ]
    assert [one.body for one in centre.quarantine()] == [unsent[2].body]
    assert drift(centre.database) == []
    # It comes back again and again, and nothing changes.
    with pytest.raises(Revoked):
        till.drain()
    assert len(centre.quarantine()) == 1


def test_a_revoked_till_gets_no_data_and_forgets_what_it_had(centre: Centre, till: Till) -> None:
    till.sell(customer=1)
    assert len(told(till, "SELECT 1 FROM person WHERE pin_hash <> ''")) >= 3
    revoke(centre, till)
    with centre.database.write() as connection:
        founding.add_person(connection, centre.org_id, "NEW", "New", role="cashier", pin_hash="new-hash")

    with pytest.raises(ServerRefused) as refused:
        pull(till.database, till.who, till.transport)
    assert refused.value.verdict == Code.REVOKED
    with pytest.raises(Revoked):
        till.drain()

    assert told(till, "SELECT 1 FROM person WHERE pin_hash <> '' OR code = 'NEW'") == []
    for table in ("product", "party", "role", "person_role", "feed_cursor", "sign_in_state", "used_code"):
        assert told(till, f"SELECT 1 FROM {table}") == [], table
    with pytest.raises(Frozen) as frozen:
        till.sell()
    assert frozen.value.said.code == "till-is-revoked"


def test_killed_while_it_forgets_it_forgets_the_rest_with_the_next_greeting(
    centre: Centre, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.sell()
    revoke(centre, till)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(baseline, "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            till.drain()
    assert len(bodies(till.database)) == 1
    assert centre.quarantine() == []
    with pytest.raises(Revoked):
        till.drain()
    assert len(centre.quarantine()) == 1


def test_an_answer_of_before_the_revocation_decides_nothing(centre: Centre, till: Till) -> None:
    """The terminal is taken away between its greeting and its push."""
    sold = till.sell()
    till.transport.meanwhile[HELLO_PATH] = lambda: revoke(centre, till)
    with pytest.raises(Refused):
        till.drain()
    assert [one.body for one in centre.quarantine()] == [sold.body]
    assert centre.documents(till.who.terminal_no) == []


def test_who_may_not_change_people_takes_no_till_away(centre: Centre, till: Till) -> None:
    with pytest.raises(Refused) as refused:
        terminals.revoke(office(centre, "MGR"), till.who.terminal_no, "mine")
    assert refused.value.said.code == "person-may-not-here"
    for number, reason, code in (
        (till.who.terminal_no, "  ", "decision-without-reason"),
        (99, "gone", "no-such-terminal"),
        (1_000_000, "gone", "no-such-terminal"),
        (2**70, "gone", "no-such-terminal"),
    ):
        with pytest.raises(Refused) as refused:
            terminals.revoke(office(centre), number, reason)
        assert refused.value.said.code == code
    revoke(centre, till)
    with pytest.raises(Refused) as refused:
        revoke(centre, till)
    assert refused.value.said.code == "till-revoked-already"
    with centre.database.read() as connection:
        assert (
            audit.count(connection, centre.org_id, "terminal.revoked", f"terminal {till.who.terminal_no}")
            == 1
        )


def test_a_revocation_is_for_ever(centre: Centre, till: Till) -> None:
    """No statement gives a till back, whoever runs it."""
    revoke(centre, till)
    with pytest.raises(Exception, match="revoked"), centre.database.write() as connection:
        connection.execute(text("UPDATE terminal SET active = 1, revoked_at = NULL"))


def test_a_till_has_a_name(centre: Centre, till: Till) -> None:
    named = terminals.rename(office(centre), till.who.terminal_no, "  Front \x00 counter \n")
    assert named.name == "Front  counter"
    with pytest.raises(Refused) as refused:
        terminals.rename(office(centre), till.who.terminal_no, "\x07")
    assert refused.value.said.code == "terminal-needs-name"
    assert [one.name for one in terminals.all_terminals(office(centre))] == ["Front  counter"]
