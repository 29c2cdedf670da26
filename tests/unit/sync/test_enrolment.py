"""Enrolment: a code makes one terminal, once; a lost answer is asked for again."""

import random
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Unavailable
from pos_app.store.engine import terminal_key as keys
from pos_app.store.master import enrolment
from sync.client.enrol import Replaced, enrol
from sync.client.errors import ServerRefused
from sync.client.known_centre import KnownCentre
from sync.protocol import signature
from sync.protocol.messages import ENROL_PATH, EnrolAnswer, EnrolRequest
from sync.server.endpoint import Endpoint
from tests.conftest import prepared_till
from tests.support.refused import damaged, raises, refused
from tests.support.worlds.sync_fixtures import NOW, Centre, DeskTransport, setting


def over_desk(desk: Endpoint) -> Any:
    return lambda _, key, name, known: DeskTransport(desk, key, name, known)


def test_tills_are_numbered_from_one_and_the_server_far_above(centre: Centre, tmp_path: Path) -> None:
    numbers = [centre.till(tmp_path / name).who.terminal_no for name in ("a", "b", "c")]
    assert numbers == [1, 2, 3]
    with centre.database.read() as connection:
        assert enrolment.find(connection, centre.org_id, SERVER_TERMINAL_NO) is not None


def test_a_code_is_readable_and_only_its_hash_is_kept(centre: Centre) -> None:
    code = centre.code()
    assert len(code) == len("XXXXX-XXXXX-XXXX-XXXX-XXXX-XXXX")
    assert code[5] == code[11] == "-"
    assert not set(code) & set("01OILU")


def test_a_code_may_be_typed_carelessly(centre: Centre, tmp_path: Path) -> None:
    database = prepared_till(tmp_path)
    typed = f" {centre.code().lower().replace('-', ' ')} "
    who = enrol(database, tmp_path / "terminal.key", "http://x", typed, connect=over_desk(centre.desk))
    assert who.terminal_no == 1
    assert setting(database, "server_url") == "http://x"
    assert stat.S_IMODE((tmp_path / "terminal.key").stat().st_mode) == 0o600


def test_an_unknown_a_used_and_an_expired_code_are_refused(centre: Centre, tmp_path: Path) -> None:
    code = centre.code()
    centre_desk = over_desk(centre.desk)
    enrol(prepared_till(tmp_path, "a.db"), tmp_path / "a.key", "http://x", code, connect=centre_desk)
    with raises(ServerRefused, "enrolment-code-used"):
        enrol(prepared_till(tmp_path, "b.db"), tmp_path / "b.key", "http://x", code, connect=centre_desk)
    with raises(ServerRefused, "enrolment-code-unknown"):
        enrol(
            prepared_till(tmp_path, "c.db"),
            tmp_path / "c.key",
            "http://x",
            "AAAAA-AAAAA",
            connect=centre_desk,
        )
    clock = SetClock(NOW)
    late = enrolment.new_code(centre.database, centre.org_id, "MAIN", clock)
    clock.advance(timedelta(hours=25))
    desk = Endpoint(centre.database, clock)
    with raises(ServerRefused, "enrolment-code-expired"):
        enrol(prepared_till(tmp_path, "d.db"), tmp_path / "d.key", "http://x", late, connect=over_desk(desk))


def test_a_lost_answer_and_the_same_code_again_give_the_same_terminal(centre: Centre, tmp_path: Path) -> None:
    database, path, code = prepared_till(tmp_path), tmp_path / "terminal.key", centre.code()

    class Lossy(DeskTransport):
        def call(self, *arguments: Any) -> Any:
            super().call(*arguments)
            raise Unavailable("lost")

    def connect(_: str, key: Ed25519PrivateKey, name: str, known: KnownCentre) -> DeskTransport:
        return Lossy(centre.desk, key, name, known)

    with pytest.raises(Unavailable):
        enrol(database, path, "http://x", code, connect=connect)
    assert setting(database, "terminal_no") == ""
    assert enrol(database, path, "http://x", code, connect=over_desk(centre.desk)).terminal_no == 1
    with refused("enrolled-already"):
        enrol(database, path, "http://x", code, connect=over_desk(centre.desk))


def test_a_depot_that_is_none(centre: Centre) -> None:
    with refused("depot-unknown"):
        centre.code("MOON")


def test_a_stranger_is_turned_away(centre: Centre, tmp_path: Path) -> None:
    till = centre.till(tmp_path / "till")
    stranger = DeskTransport(centre.desk, Ed25519PrivateKey.generate(), till.transport.terminal_name)
    with raises(ServerRefused, "signature-wrong"):
        till.daemon(stranger).step()
    nobody = DeskTransport(centre.desk, till.transport.key, "1.99")
    with raises(ServerRefused, "terminal-unknown"):
        till.daemon(nobody).step()
    assert centre.desk.answer("POST", "/v1/push", {}, b"").status == 401
    assert centre.desk.answer("GET", "/v1/push", {}, b"").status == 404
    assert centre.desk.answer("POST", "/v1/enrol", {}, b"rubbish").status == 400


def test_a_damaged_key_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "terminal.key"
    path.write_text("not a key")
    with damaged("terminal-key-damaged"):
        keys.load_or_make(path)


def test_400_wrong_codes_open_nothing_and_shut_nobody_out(centre: Centre, tmp_path: Path) -> None:
    code = centre.code()
    key = Ed25519PrivateKey.generate()
    stranger = DeskTransport(centre.desk, key, signature.NOBODY)
    rng = random.Random(400)
    said = set()
    for _ in range(400):
        wrong = "".join(rng.choice("23456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(10))
        guess = EnrolRequest(code=wrong, public_key=key.public_key().public_bytes_raw())
        with pytest.raises(ServerRefused) as refusal:
            stranger.call(ENROL_PATH, guess, EnrolAnswer)
        said.add(refusal.value.code)
    assert said == {"enrolment-code-unknown"}
    assert centre.documents() == []
    database = prepared_till(tmp_path)
    made = enrol(database, tmp_path / "terminal.key", "http://x", code, connect=over_desk(centre.desk))
    assert made.terminal_no == 1


def test_a_till_comes_in_the_place_of_a_lost_one_under_a_new_number(centre: Centre, tmp_path: Path) -> None:
    lost = centre.till(tmp_path / "lost")
    lost.drain()
    desk, no = (
        Endpoint(centre.database, SetClock(centre.clock.now() + timedelta(minutes=2))),
        lost.who.terminal_no,
    )

    def come(desk: Endpoint, org_id: int, number: int) -> Any:
        code, folder = centre.code(), tmp_path / f"{org_id}-{number}-{id(desk)}"
        folder.mkdir(exist_ok=True)
        database = prepared_till(folder)
        try:
            return enrol(
                database,
                folder / "terminal.key",
                "http://x",
                code,
                connect=over_desk(desk),
                replaces=Replaced(org_id, number),
            )
        finally:
            database.close()

    for at, org_id, number, code in (
        (centre.desk, centre.org_id, no, "restore-till-at-work"),
        (desk, centre.org_id + 1, no, "restore-other-organisation"),
        (desk, 0, 77, "rescue-terminal-unknown"),
        (desk, 0, SERVER_TERMINAL_NO, "rescue-terminal-unknown"),
        (desk, 0, -1, "rescue-terminal-unknown"),
    ):
        with raises(ServerRefused, code):
            come(at, org_id, number)
    assert come(desk, centre.org_id, no).terminal_no == no + 1
