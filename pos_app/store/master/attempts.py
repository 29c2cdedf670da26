"""Wrong PINs: how often in a row, and how long nobody may try again; at a window, a shell, a browser.

Nothing sleeps: an attempt before its time is refused with the seconds to wait, and the state lies
in the database, so that pulling the plug gains a guesser nothing.

Decisions
---------
2026-11-29  What is left is counted by the machine's running time and its start, not by the clock on the wall:
whoever sets that clock waits as long.  After another start what was left counts once more.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.language import kept_code
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused
from pos_app.log.event import Event
from pos_app.store.documents import audit
from pos_app.store.engine.engine import Database
from pos_app.store.master import people
from pos_app.store.master.people import SignInState
from pos_app.store.side import on_till

#: After this many failures in a row the person is locked out for `LOCKOUT`.
FAILURES_BEFORE_LOCKOUT: Final = 5
LOCKOUT: Final = timedelta(minutes=15)
#: What is said of a wrong one.
PIN_WRONG: Final = kept_code("pin-wrong", "wait")


class WrongPin(Refused):
    """The PIN did not match, or the person must wait until `until` before the next attempt."""

    def __init__(self, code: str, /, until: datetime | None, **facts: object) -> None:
        super().__init__(code, **facts)
        self.until = until


class Attempts:
    """The failed attempts of an organisation's people in one database."""

    def __init__(self, database: Database, org_id: int, clock: Clock) -> None:
        self._database = database
        self._org_id = org_id
        self._clock = clock

    def state(self, whose: int) -> SignInState:
        """How often it failed.  Raises `WrongPin` when it is too early to try again."""
        running = self._clock.running()
        with self._database.read() as connection:
            state = people.sign_in_state(connection, self._org_id, whose)
        left = state.left(running)
        if not left:
            return state
        if running.boot != state.since.boot or running.ms < state.since.ms:
            # Counted from this start on; else it would be left for ever.
            with self._database.write() as connection:
                again = SignInState(state.failures, left, running)
                people.put_sign_in_state(connection, self._org_id, whose, again)
        until, wait = self._waits(timedelta(milliseconds=left))
        raise WrongPin("pin-locked", until=until, wait=wait)

    def forgive(self, whose: int, state: SignInState) -> None:
        """The right PIN came: what failed before is forgotten."""
        if state.failures:
            with self._database.write() as connection:
                people.put_sign_in_state(connection, self._org_id, whose, SignInState(0))

    def failed(
        self,
        whose: int,
        state: SignInState,
        note: Callable[[Connection, str], None],
        event: Event,
        code: str = PIN_WRONG,
    ) -> WrongPin:
        """Count a failure; gives what to raise, under this code.

        `note` writes it into the audit log, with how many there were; `event` is its line in the log.
        """
        with self._database.write() as connection:
            if not on_till(connection):
                audit.keep_others_out(connection, self._org_id)
            # Tries that came at once found the same `state`, and count each.
            stands = people.sign_in_state(connection, self._org_id, whose)
            failures = max(state.failures, stands.failures) + 1
            locked_out = failures % FAILURES_BEFORE_LOCKOUT == 0
            wait = LOCKOUT if locked_out else timedelta(seconds=2 ** (failures % FAILURES_BEFORE_LOCKOUT - 1))
            counted = SignInState(failures, wait // timedelta(milliseconds=1), self._clock.running())
            people.put_sign_in_state(connection, self._org_id, whose, counted)
            note(connection, str(failures))
        facts = {"person_id": whose} if whose > 0 else {}
        event.log(**facts, failures=failures, locked_out=locked_out)
        until, told = self._waits(wait)
        return WrongPin(code, until=until, wait=told)

    def _waits(self, span: timedelta) -> tuple[datetime, str]:
        """Until when nobody may try, and how a sentence says it."""
        now = self._clock.now()
        return now + span, _span(max(1, -(-span // timedelta(seconds=1))))


def _span(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    return f"{(seconds + 59) // 60} min"
