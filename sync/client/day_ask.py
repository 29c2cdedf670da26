"""Asking the centre for the day of the depot, while somebody at the till waits for it.

In nobody's way: a centre of the release before has no place for it, and that is said at the till.
"""

from pos_app.language import said
from pos_app.ledger.clock import Clock
from pos_app.ledger.day_asking import AWAITED_US, DayTold, DayWaits
from pos_app.store.documents import day_told
from pos_app.store.engine.engine import Database
from pos_app.store.master.asked_here import kept_sentence
from pos_app.store.tables.columns import micros
from sync.client.errors import ServerBusy, ServerRefused, ServerUnreachable
from sync.client.transport import Transport
from sync.protocol.messages import DAY_PATH, DayAnswer, DayRequest


class DayAsk:
    """The day that one till asks for."""

    def __init__(self, database: Database, transport: Transport, clock: Clock) -> None:
        self._database, self._transport, self._clock = database, transport, clock
        #: When what nobody answered was asked: it is asked again with the next round, and not at once.
        self._unheard = -1

    def is_awaited(self) -> bool:
        """Whether somebody looks at the screen for it."""
        with self._database.read() as connection:
            waits = day_told.waiting(connection)
        return waits is not None and waits.at_us != self._unheard and self._is_fresh(waits)

    def _is_fresh(self, waits: DayWaits) -> bool:
        return micros(self._clock.now()) - waits.at_us < AWAITED_US

    def ask(self) -> None:
        """Ask for what somebody waits for, and keep the answer.  Raises that the centre is busy."""
        with self._database.read() as connection:
            waits = day_told.waiting(connection)
        if waits is None or not self._is_fresh(waits):
            return
        request = DayRequest(person_id=waits.person_id, day=waits.day, language=waits.language)
        page = refused = ""
        try:
            answer = self._transport.call(DAY_PATH, request, DayAnswer)
        except ServerBusy:
            raise
        except ServerUnreachable:
            # Whether it is there at all the documents find out; who waits is told that nobody answered.
            self._unheard = waits.at_us
            return
        except ServerRefused:
            refused = kept_sentence(said("depot-day-not-told"))
        else:
            page, refused = answer.page, answer.refused
        told = DayTold(waits.at_us, micros(self._clock.now()), waits.day, page, refused)
        with self._database.write() as connection:
            day_told.tell(connection, told)
