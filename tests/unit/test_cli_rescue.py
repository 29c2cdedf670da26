"""`bohari rescue` at a real centre: a dead till's medium, an old home, and what is no till's at all."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos_app import bootstrap
from pos_app.ledger.clock import SystemClock
from pos_app.store.engine import age_files
from pos_app.store.engine.sole import DAEMON, RESCUE, WINDOW, sole
from pos_app.store.master import enrolment
from pos_app.store.medium import keeper, place
from pos_app.store.medium.keeper import Chosen
from pos_app.store.medium.medium_state import Keep
from sync.client.enrol import enrol
from sync.client.known_centre import KnownCentre
from sync.protocol import fingerprint, signature
from sync.server.endpoint import Endpoint
from tests.support.worlds.command_line import Ran
from tests.support.worlds.office_line import PIN, Line, opened
from tests.support.worlds.quiet_hour import hears_nothing_for_an_hour
from tests.support.worlds.sync_fixtures import SERVER_KEYS, DeskTransport, Till


@dataclass
class World:
    """A centre in its home, with the desk that its tills speak to, and the shop's key pair."""

    line: Line
    centre: bootstrap.Central
    folder: Path
    identity: Path
    public: str
    tills: int = 0

    def till(self) -> Till:
        """A till in a home of its own: three documents are at the centre, two are not."""
        self.tills += 1
        home = self.folder / f"till-{self.tills}"
        clock, made = SystemClock(), []
        org_id = self.centre.organisation().org_id
        code = enrolment.new_code(self.centre.database, org_id, "MAIN", clock)
        database = bootstrap.make_till_database(home)
        desk = Endpoint(self.centre.database, clock)

        def connect(_: str, key: object, name: str, known: KnownCentre) -> DeskTransport:
            made.append(DeskTransport(desk, key, name, known))  # type: ignore[arg-type]
            return made[-1]

        shown = fingerprint.with_code(code, SERVER_KEYS.public)
        who = enrol(database, home / "terminal.key", "http://desk", shown, connect=connect)
        name = signature.terminal_id(who.org_id, who.terminal_no)
        till = Till(database, who, DeskTransport(desk, made[0].key, name, KnownCentre(database)), home)
        for _ in range(3):
            till.sell()
        till.drain()
        self.hears_nothing_more()
        for _ in range(2):
            till.sell()
        return till

    def hears_nothing_more(self) -> None:
        """An hour goes by."""
        hears_nothing_for_an_hour(self.centre.database)

    def run(self, *words: str | Path) -> Ran:
        return self.line.run(*words)

    def code_of(self, *words: str | Path) -> str:
        ran = self.run(*words)
        assert ran.code == 1, ran
        return str(ran.values["code"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("rescue")
    public = age_files.make_key(folder / "shop.key")
    with opened(folder) as line, bootstrap.central(line.home) as centre:
        yield World(line, centre, folder, folder / "shop.key", public)


def on_medium(world: World, till: Till) -> Path:
    """The till's documents on a stick; the till itself is gone then."""
    stick = world.folder / f"stick-{till.who.terminal_no}"
    stick.mkdir()
    medium = place.make(stick, till.who, world.public).mark.medium
    chosen = Chosen(stick, medium, world.public, Keep(30, 10**8))
    keeper.turn_once(till.database, till.folder, lambda: chosen)
    till.database.close()
    return stick


def let_lie(stick: Path) -> None:
    """An hour goes by in which nobody writes there."""
    for path in stick.rglob("*.bohari"):
        os.utime(path, (time.time() - 3600,) * 2)


def test_a_dead_tills_medium(world: World) -> None:
    till = world.till()
    stick = on_medium(world, till)
    no = till.who.terminal_no
    assert world.code_of("rescue", stick) == "rescue-needs-identity"
    assert world.code_of("rescue", stick, "--identity", world.identity) == "rescue-medium-at-work"
    let_lie(stick)
    age_files.make_key(world.folder / "wrong.key")
    wrong = world.code_of("rescue", stick, "--identity", world.folder / "wrong.key")
    assert wrong == "medium-does-not-open"
    first = world.run("rescue", stick, "--identity", world.identity)
    assert (first.code, first.values["terminals"]) == (
        0,
        [{"terminal": no, "known": 0, "taken": 2, "set_aside": 0, "left": 0, "missing": [], "torn": 0}],
    )
    again = world.run("rescue", stick, "--identity", world.identity)
    assert [(one["known"], one["taken"]) for one in again.values["terminals"]] == [(2, 0)]
    verified = world.run("verify")
    assert verified.code == 0, verified


def test_an_old_home_that_nobody_works_in(world: World) -> None:
    till = world.till()
    till.database.close()
    for what, code in (
        (WINDOW, "window-runs-already"),
        (DAEMON, "daemon-runs-already"),
        (RESCUE, "rescue-runs-already"),
    ):
        with sole(till.folder, what):
            assert world.code_of("rescue", till.folder) == code
    done = world.run("rescue", till.folder)
    assert [(one["known"], one["taken"]) for one in done.values["terminals"]] == [(3, 2)]
    again = world.run("rescue", till.folder)
    assert [(one["known"], one["taken"]) for one in again.values["terminals"]] == [(5, 0)]


def test_a_lost_history_is_booked_again_by_two_people(world: World) -> None:
    till = world.till()
    copy = world.folder / "old-copy"
    shutil.copytree(till.folder, copy)
    till.sell()
    till.drain()
    till.database.close()
    database = bootstrap.till_database(copy)
    Till(database, till.who, till.transport, copy).sell()
    database.close()
    # It is a copy: the till itself was heard of just now, and goes on.
    assert world.code_of("rescue", copy) == "rescue-till-at-work"
    world.hears_nothing_more()
    done = world.run("rescue", copy)
    assert [(one["taken"], one["set_aside"]) for one in done.values["terminals"]] == [(0, 1)]
    lost = f"{till.who.terminal_no}/6"
    words = ("quarantine", "rebook", lost, "--reason", "sold from the copy", "--by", "OWN", "--json")
    alone = world.line.as_told(*words, "--with", "OWN", BOHARI_PIN=PIN, BOHARI_WITH_PIN=PIN)
    assert alone.values["code"] == "two-people-decide"
    booked = world.line.as_told(*words, "--with", "ACC", BOHARI_PIN=PIN, BOHARI_WITH_PIN=PIN)
    assert (booked.code, booked.values["decision"]) == (0, "rebooked"), booked
    listed = world.run("quarantine", "list", "--all").values["documents"]
    assert [one["decision"] for one in listed if one["document"] == lost] == ["rebooked"]
    verified = world.run("verify")
    assert verified.code == 0, verified


def test_what_is_no_tills(world: World, tmp_path: Path) -> None:
    assert world.code_of("rescue", tmp_path, "--identity", world.identity) == "medium-empty"
    assert world.code_of("rescue", world.line.home) == "rescue-needs-identity"
    nobody = world.line.as_told("rescue", tmp_path, "--json")
    assert nobody.values["code"] == "nobody-named"
