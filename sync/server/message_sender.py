"""Sends what waits for customers, one after the other, from one thread of the first process of the server."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Unavailable
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.hooks import messages, wording
from pos_app.store.hooks.messages import Message
from pos_app.store.hooks.wording import Worded
from pos_app.store.master import organisations
from sync.server.message_gateway import Gateway, Went

#: Seconds from a failed try to the next; after as many and one more it is given up.
WAITS_S: Final = (60, 300, 1_800, 7_200, 18_000)
_A_TURN: Final = 50
#: Longer than any gateway is waited for.
_STUCK: Final = timedelta(minutes=5)


class MessageSender:
    """A `Work` of the upkeep."""

    def __init__(self, database: Database, clock: Clock, gateways: list[Gateway]) -> None:
        """`database` is the owner's."""
        self._database, self._clock, self._gateways = database, clock, gateways

    def turn(self, budget_ms: int) -> None:
        """Send what is due, of every organisation."""
        with self._database.read() as connection:
            org_ids = organisations.all_ids(connection)
        for org_id in org_ids:
            self._of(self._database.for_org(org_id), org_id)

    def _of(self, database: Database, org_id: int) -> None:
        now = self._clock.now()
        with database.write() as connection:
            messages.give_up(connection, org_id, now, now - _STUCK)
            due = messages.due(connection, org_id, now, _A_TURN)
        for one in due:
            self._send(database, org_id, one)

    def _send(self, database: Database, org_id: int, message: Message) -> None:
        now = self._clock.now()
        with database.write() as connection:
            worded = wording.worded(connection, org_id, message)
            gateway = self._gateway(worded)
            if worded is None or gateway is None:
                messages.note(connection, org_id, message, messages.FAILED, error=messages.NOBODY)
                return
            if not messages.begin(connection, org_id, message, now):
                return
        # Committed: from here on it may have gone out, whatever becomes of this process.
        went = gateway.send(f"{org_id}-{message.document_id}-{message.purpose}", worded)
        with database.write() as connection:
            self._note(connection, org_id, message, went, channel=gateway.channel, now=now)
        if went.error:
            events.UPKEEP_TROUBLE.log(Unavailable(went.error), work="messages")

    def _gateway(self, worded: Worded | None) -> Gateway | None:
        return next((each for each in self._gateways if worded is not None and each.reaches(worded)), None)

    @staticmethod
    def _note(
        connection: Connection, org_id: int, message: Message, went: Went, *, channel: str, now: datetime
    ) -> None:
        if not went.error:
            messages.note(connection, org_id, message, messages.SENT, channel=channel)
            return
        state, due_at = messages.FAILED, None
        if went.again and message.attempts < len(WAITS_S):
            state, due_at = messages.WAITING, now + timedelta(seconds=WAITS_S[message.attempts])
        messages.note(connection, org_id, message, state, channel=channel, error=went.error, due_at=due_at)
