"""Every night all is verified by itself, in slices, on both engines; a missed night is caught up."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SetClock
from pos_app.store.engine.errors import DamagedDatabase
from pos_app.store.tables import master
from pos_app.store.upkeep import night_state, piece_check, upkeep_state, verification
from pos_app.store.upkeep.night_check import NightCheck
from pos_app.store.upkeep.night_state import NightState
from sync.upkeep import Upkeep
from tests.contract.test_verification import tamper
from tests.support.documents.specimens import MOMENT, ORG, TILL
from tests.support.worlds.books import Store, record_each

#: 02:00 in Nairobi.
HOUR = 2


class Night:
    """Some books, a clock, and who is told."""

    def __init__(self, store: Store, hour: int = HOUR) -> None:
        self.store = store
        self.clock = SetClock(MOMENT)
        self.told: list[dict[str, Any]] = []
        self.documents = len(record_each(store.journal()))
        with store.database.write() as connection:
            connection.execute(
                master.organisation.insert().values(
                    org_id=ORG, organisation_id=1, name="Depot", base_currency="KES",
                    time_zone="Africa/Nairobi", cash_step=1,
                )
            )  # fmt: skip
        self.hour = hour
        self.check = self.again()

    def again(self) -> NightCheck:
        """As a program that was started anew."""
        own = TILL if self.store.is_sqlite else None
        return NightCheck(
            self.store.database, self.clock, hour=self.hour, own_terminal_no=own, tell=self.told.append
        )

    def state(self) -> NightState:
        with self.store.database.read() as connection:
            return night_state.read(connection, ORG)

    def whole(self) -> NightState:
        for _ in range(100):
            self.check.turn(1)
            if not self.state().stage:
                return self.state()
        raise AssertionError("the night has no end")


@pytest.fixture
def night(store: Store) -> Night:
    return Night(store)


def test_a_night_without_trouble(night: Night) -> None:
    state = night.whole()
    assert state.last is not None
    assert (state.last.documents, state.last.problem_count) == (night.documents, 0)
    assert state.last_at == night.clock.now()
    assert night.told == []
    with night.store.database.read() as connection:
        walks = upkeep_state.read(connection, ORG)
    assert walks.night.values()["verified_at"] == night.clock.now().isoformat()
    assert walks.walks == []


def test_it_goes_on_where_it_stopped(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece_check, "PIECE", 3)
    seen = set()
    for _ in range(100):
        night.check = night.again()
        night.check.turn(0)
        state = night.state()
        seen.add((state.stage, state.at))
        if not state.stage:
            break
    assert len(seen) > 10
    assert state.last is not None
    assert (state.last.documents, state.last.problem_count) == (night.documents, 0)


def test_one_a_night_and_a_missed_one_is_caught_up(night: Night) -> None:
    first = night.whole().last_at
    night.check.turn(1)
    assert night.state().last_at == first
    assert night.state().stage == ""
    # The machine was off for three nights: when it is on, by day, one is caught up.
    night.clock.advance(timedelta(days=3))
    assert night.whole().last_at == night.clock.now()
    # The next one not before 02:00 of the place.
    now = night.clock.now()
    at_two = now.replace(hour=23, minute=0, second=0, microsecond=0)
    if at_two <= now:
        at_two += timedelta(days=1)
    night.clock.advance(at_two - now - timedelta(minutes=1))
    night.check.turn(1)
    assert night.state().last_at == now
    night.clock.advance(timedelta(minutes=2))
    assert night.whole().last_at == night.clock.now()


def test_never_is_never(store: Store) -> None:
    night = Night(store, hour=-1)
    night.check.turn(1)
    assert night.state() == NightState()


def test_what_does_not_hold_is_told_once_a_night(night: Night) -> None:
    tamper(night.store, "UPDATE journal_line SET account_code = '1' WHERE line_no = 0")
    state = night.whole()
    assert state.last is not None
    assert state.last.problem_count > 1
    assert len(state.last.problems) == min(state.last.problem_count, night_state.MOST_KEPT)
    assert [one["alert"] for one in night.told] == ["verification failed"]
    night.clock.advance(timedelta(days=1))
    night.whole()
    assert len(night.told) == 2


def test_what_a_night_found_is_settled_by_a_verification_that_holds(night: Night) -> None:
    right = "UPDATE journal_line SET account_code = substr(account_code, 2) WHERE line_no = 0"
    tamper(night.store, "UPDATE journal_line SET account_code = '1' || account_code WHERE line_no = 0")
    failed = night.whole()
    assert failed.last is not None
    assert failed.last.problem_count
    tamper(night.store, right)
    night.clock.advance(timedelta(hours=1))
    own = TILL if night.store.is_sqlite else None
    verdict = verification.verify(night.store.database, ORG, own)
    assert verdict.problems == []
    verification.note_held(night.store.database, ORG, verdict.documents, night.clock.now())
    state = night.state()
    assert state.last is not None
    assert (state.last.problem_count, state.last_at) == (0, night.clock.now())


def test_a_missing_seal_is_found_at_night(night: Night) -> None:
    name = "seal_document_update" if night.store.is_sqlite else "seal_document_change ON document"
    night.store.execute(f"DROP TRIGGER {name}")
    state = night.whole()
    assert state.last is not None
    assert state.last.problem_count == 1


def test_damage_stops_the_night_and_the_till(till_store: Store) -> None:
    night = Night(till_store)
    till_store.database.damage.note(DamagedDatabase("database-damaged"))
    night.check.turn(1)
    assert night.state() == NightState()
    till_store.database.damage.lift()
    assert night.whole().last is not None


def test_the_upkeep_gives_it_its_turns(night: Night) -> None:
    upkeep = Upkeep(night.check, 60_000, turn_every_s=0.0, name="verification", steps_back=True)
    for _ in range(100):
        upkeep.turn_when_due()
        if night.state().last_at:
            return
    raise AssertionError("no turn came")


def test_the_state_of_a_night_is_no_walk_over_balances(night: Night) -> None:
    night.whole()
    with night.store.database.read() as connection:
        rows = connection.execute(text("SELECT walk FROM reconciliation")).scalars().all()
        assert rows == [night_state.NIGHT]
        assert upkeep_state.read(connection, ORG).checked_at is None
