"""A terminal's key follows another: either holds at every moment, and each signs what is its own."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from pos_app.bootstrap import till_signing
from pos_app.ledger import canonical
from pos_app.store.documents import audit, settings
from pos_app.store.engine import key_store, own_keys, terminal_key
from pos_app.store.engine.errors import Frozen
from pos_app.store.master import terminal_keys
from pos_app.store.upkeep import verification
from sync.client import key_handover
from sync.client.enrol import enrol
from sync.client.errors import ServerRefused, ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.protocol import signature
from sync.protocol.messages import (
    HELLO_PATH,
    KEY_PATH,
    Code,
    HelloAnswer,
    HelloRequest,
    KeyAnswer,
    KeyRequest,
    KeyStep,
)
from sync.server.endpoint import Endpoint
from tests.conftest import prepared_till
from tests.support.refused import refused
from tests.support.worlds.intruder import without_seals
from tests.support.worlds.sync_fixtures import NOW, Centre, DeskTransport, Till


def way(centre: Centre, till: Till, key: Any) -> DeskTransport:
    name = signature.terminal_id(till.who.org_id, till.who.terminal_no)
    return DeskTransport(centre.desk, key, name, KnownCentre(till.database))


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    """Two documents taken, and a line that signs with the present key."""
    till = centre.till(tmp_path / "till")
    signer: Any = till.database.engine.get_execution_options()["signing"]
    till.transport = way(centre, till, signer.private_key)
    till.sell()
    till.sell()
    till.drain()
    return till


def rotate(till: Till) -> key_handover.Followed:
    return key_handover.rotate(till.database, till.who, till.folder, till.transport, person_id=1, now=NOW)


def problems(centre: Centre, till: Till) -> list[str]:
    own = verification.verify(till.database, till.who.org_id, till.who.terminal_no).problems
    return own + verification.verify(centre.database, centre.org_id).problems


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def started_anew(centre: Centre, till: Till) -> None:
    """The till's programs are started again."""
    signer = till_signing(till.folder)
    till.database.sign_with(signer)
    till.transport = way(centre, till, signer.private_key)


def note(till: Till, subject: str) -> None:
    with till.database.write() as connection:
        audit.write(
            connection,
            org_id=till.who.org_id,
            at=NOW,
            terminal_no=till.who.terminal_no,
            action="backdate",
            subject=subject,
        )


def test_each_key_signs_what_is_its_own(centre: Centre, till: Till) -> None:
    note(till, "before")
    till.sell()
    old = terminal_key.load(till.folder / "terminal.key")
    followed = rotate(till)
    assert followed.seq == 4
    assert public(terminal_key.load(till.folder / "terminal.key")) != public(old)
    assert key_store.place_of(till.folder, own_keys.NEXT) is None
    till.sell()
    note(till, "afterwards")
    # The third was signed by the old key and comes after the new one is known.
    till.drain()
    assert centre.mark(till.who.terminal_no) == 4
    assert centre.quarantine() == []
    assert problems(centre, till) == []
    with centre.database.read() as connection:
        rows = connection.execute(
            text("SELECT from_seq FROM terminal_key WHERE terminal_no = 1 ORDER BY from_seq")
        )
        assert [row.from_seq for row in rows] == [1, 4]
        runs = connection.execute(text("SELECT key_no FROM audit_run WHERE terminal_no = 1 ORDER BY last_no"))
        assert [row.key_no for row in runs] == [0, 1, 1]


def test_the_old_key_asks_for_nothing_any_more(centre: Centre, till: Till) -> None:
    old = terminal_key.load(till.folder / "terminal.key")
    other = Endpoint(centre.database, centre.clock)
    stolen = way(centre, till, old)
    elsewhere = DeskTransport(other, old, stolen.terminal_name, KnownCentre(till.database))
    hello = HelloRequest(last_seq=0, last_hash=b"")
    # Another process of the server has the old key at hand.
    elsewhere.call(HELLO_PATH, hello, HelloAnswer)
    rotate(till)
    for line in (stolen, elsewhere):
        with pytest.raises(ServerRefused) as told:
            line.call(HELLO_PATH, hello, HelloAnswer)
        assert told.value.verdict == Code.UNSIGNED


def test_a_later_document_signed_by_the_old_key_goes_to_people(centre: Centre, till: Till) -> None:
    old = terminal_key.load(till.folder / "terminal.key")
    rotate(till)
    sealed = till.sell()

    def edit(connection: Any) -> None:
        connection.execute(
            text("UPDATE document SET signature = :signature WHERE seq = 3"),
            {"signature": old.sign(canonical.signed_text(sealed.hash))},
        )

    without_seals(till.database, edit)
    started_anew(centre, till)
    with pytest.raises(Frozen):
        till.sell()
    till.drain()
    assert [one.seq for one in centre.quarantine()] == [3]
    assert any("3" in one for one in problems(centre, till))


def test_a_window_that_is_open_goes_along(centre: Centre, till: Till) -> None:
    """The command is another program: it has its own signing."""
    own: Any = till.database.engine.get_execution_options()["signing"]
    till.database.sign_with(till_signing(till.folder))
    rotate(till)
    till.database.sign_with(own)
    till.sell()
    till.drain()
    assert problems(centre, till) == []


class Killed(Exception):
    """The machine died here."""


STEPS = {
    "before the key is drawn": (key_store, "keep", "before"),
    "after the key was drawn": (key_store, "keep", "after"),
    "before the list": (own_keys, "follow", "before"),
    "after the list": (own_keys, "follow", "after"),
    "before the commit": (audit, "write", "after"),
    "before the key's place": (key_store, "replace", "before"),
    "after the key's place": (key_store, "replace", "after"),
}


@pytest.mark.parametrize("step", [*STEPS, "before the centre hears", "after the centre heard"])
def test_either_key_holds_when_the_machine_dies(
    centre: Centre, till: Till, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.sell()
    with monkeypatch.context() as patch:
        if step in STEPS:
            module, name, when = STEPS[step]
            patch.setattr(module, name, dies(getattr(module, name), when))
        else:
            till.transport = DyingLine(till.transport, when=step.split(maxsplit=1)[0])
        with pytest.raises((Killed, ServerUnreachable)):
            rotate(till)
    started_anew(centre, till)
    # It sells on, sends all, and nothing waits for people.
    till.sell()
    till.drain()
    till.sell()
    till.drain()
    assert centre.mark(till.who.terminal_no) == 5
    assert centre.quarantine() == []
    assert problems(centre, till) == []
    # And the next one works.
    rotate(till)
    till.sell()
    till.drain()
    assert centre.mark(till.who.terminal_no) == 6
    assert (centre.quarantine(), problems(centre, till)) == ([], [])


def dies(real: Any, when: str) -> Any:
    def dying(*values: Any, **more: Any) -> Any:
        if when == "after":
            real(*values, **more)
        raise Killed

    return dying


class DyingLine:
    """The machine dies around the word to the centre; what was asked before goes through."""

    def __init__(self, line: Any, when: str) -> None:
        self._line, self._when, self._asked = line, when, 0

    def call(self, path: str, message: Any, answer_type: Any) -> Any:
        if path == KEY_PATH:
            self._asked += 1
            if self._asked > 1:
                if self._when == "after":
                    self._line.call(path, message, answer_type)
                raise Killed
        return self._line.call(path, message, answer_type)


def test_a_till_whose_line_is_down_sends_nothing_of_the_new_key_first(centre: Centre, till: Till) -> None:
    line = till.transport
    till.transport = DyingLine(line, "before")
    with pytest.raises(Killed):
        rotate(till)
    till.transport = line
    till.sell()
    # A program that pushes before anybody told the centre.
    from sync.client import push
    from sync.client.status import Status

    status = Status(till.database, till.who, centre.clock)
    with pytest.raises(ServerRefused):
        till.transport.call(HELLO_PATH, HelloRequest(last_seq=0, last_hash=b""), HelloAnswer)
    assert push.push(till.database, till.who, till.transport, status) == 0
    till.drain()
    assert (centre.quarantine(), problems(centre, till)) == ([], [])


def test_a_centre_restored_from_before_hears_of_the_key_again(centre: Centre, till: Till) -> None:
    old = public(terminal_key.load(till.folder / "terminal.key"))
    rotate(till)

    def restore(connection: Any) -> None:
        connection.execute(text("DELETE FROM terminal_key WHERE terminal_no = 1 AND from_seq > 1"))
        connection.execute(text("UPDATE terminal SET public_key = :key WHERE terminal_no = 1"), {"key": old})

    without_seals(centre.database, restore)
    centre.desk = Endpoint(centre.database, centre.clock)
    started_anew(centre, till)
    till.sell()
    till.drain()
    assert centre.mark(till.who.terminal_no) == 3
    assert centre.quarantine() == []


class LostCentre:
    """It took all and knows every key; its disk is lost, and an older copy of it comes back."""

    def call(self, path: str, message: Any, answer_type: Any) -> Any:
        return KeyAnswer(known=len(message.keys))

    def close(self) -> None:
        """See `Transport.close`."""


def test_a_centre_restored_from_before_the_first_signed_document_hears_of_every_key(
    centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "early")
    till.sell()
    till.sell()
    note(till, "before")
    with till.database.write() as connection:
        settings.put(connection, acknowledged_seq="2")
    till.transport = LostCentre()
    assert rotate(till).seq == 3
    started_anew(centre, till)
    till.sell()
    note(till, "afterwards")
    till.drain()
    assert centre.mark(till.who.terminal_no) == 3
    assert centre.quarantine() == []
    assert problems(centre, till) == []
    with centre.database.read() as connection:
        keys = terminal_keys.of_terminal(connection, centre.org_id, till.who.terminal_no)
    assert [one.seq for one in keys] == [1, 3]


def test_nobody_else_hands_over_a_terminal_that_signed_nothing_yet(centre: Centre, tmp_path: Path) -> None:
    fresh = centre.till(tmp_path / "fresh")
    thief = Ed25519PrivateKey.generate()
    own = public(terminal_key.load(fresh.folder / "terminal.key"))
    handover = thief.sign(own_keys.handover_text(fresh.who.org_id, fresh.who.terminal_no, 2, public(thief)))
    asked = KeyRequest(keys=(KeyStep(0, own, b""), KeyStep(2, public(thief), handover)))
    with pytest.raises(ServerRefused) as told:
        way(centre, fresh, thief).call(KEY_PATH, asked, KeyAnswer)
    assert told.value.verdict == Code.UNSIGNED
    with centre.database.read() as connection:
        assert terminal_keys.of_terminal(connection, centre.org_id, fresh.who.terminal_no) == []


def test_a_key_that_signed_nothing_yet_follows_no_other(centre: Centre, till: Till, tmp_path: Path) -> None:
    rotate(till)
    with refused("terminal-key-signed-nothing"):
        rotate(till)
    fresh = centre.till(tmp_path / "fresh")
    with refused("terminal-key-signed-nothing"):
        rotate(fresh)
    assert key_store.place_of(fresh.folder, own_keys.LIST) is None


def test_nobody_else_hands_a_terminal_over(centre: Centre, till: Till) -> None:
    thief = Ed25519PrivateKey.generate()
    old = public(terminal_key.load(till.folder / "terminal.key"))
    handover = thief.sign(own_keys.handover_text(till.who.org_id, till.who.terminal_no, 3, public(thief)))
    asked = KeyRequest(keys=(KeyStep(0, old, b""), KeyStep(3, public(thief), handover)))
    with pytest.raises(ServerRefused) as told:
        way(centre, till, thief).call(KEY_PATH, asked, KeyAnswer)
    assert told.value.verdict == Code.UNSIGNED


def test_a_centre_that_cannot_is_asked_before_anything_changes(centre: Centre, till: Till) -> None:
    class Old:
        def call(self, path: str, message: Any, answer_type: Any) -> Any:
            raise ServerRefused("nothing-at-path", verdict=Code.NOT_FOUND)

        def close(self) -> None:
            """See `Transport.close`."""

    till.transport = Old()
    with refused("centre-knows-no-rotation"):
        rotate(till)
    assert not (till.folder / own_keys.LIST).exists()


def test_a_list_that_somebody_wrote_into_is_told(centre: Centre, till: Till) -> None:
    rotate(till)
    path = till.folder / own_keys.LIST
    path.write_text(path.read_text().replace('"from": 3', '"from": 2'))
    from pos_app.ledger.errors import Damaged

    with pytest.raises(Damaged) as told:
        own_keys.read(till.folder)
    assert told.value.code == "terminal-keys-damaged"


def test_a_home_whose_key_was_changed_is_not_enrolled_anew(centre: Centre, till: Till) -> None:
    rotate(till)
    database, code = prepared_till(till.folder, "new.db"), centre.code()
    with refused("enrolled-already"):
        enrol(database, till.folder / "terminal.key", "http://x", code, connect=lambda *_: till.transport)
    database.close()
    # The code is still good, in a home of its own.
    elsewhere = till.folder / "new"
    elsewhere.mkdir()

    def connect(_: str, key: Any, name: str, known: KnownCentre) -> DeskTransport:
        return DeskTransport(centre.desk, key, name, known)

    database = prepared_till(elsewhere)
    who = enrol(database, elsewhere / "terminal.key", "http://x", code, connect=connect)
    database.close()
    assert who.terminal_no != till.who.terminal_no
