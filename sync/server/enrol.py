"""Enrolment as messages: a one-time code and a key become a terminal."""

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused
from pos_app.store import enrolment
from pos_app.store.engine import Database
from sync.protocol.messages import Code, EnrolAnswer, EnrolRequest
from sync.server.errors import TurnedAway


def answer(database: Database, clock: Clock, request: EnrolRequest) -> EnrolAnswer:
    """Who the new terminal is.  Raises `TurnedAway` when the code does not hold."""
    if len(request.public_key) != 32:
        raise TurnedAway(400, Code.MALFORMED, "The public key has a wrong length.")
    with database.write() as connection:
        try:
            terminal = enrolment.redeem(connection, request.code, request.public_key, clock)
        except Refused as refusal:
            raise TurnedAway(403, Code.NO_SUCH_CODE, refusal.sentence) from refusal
        return EnrolAnswer(
            org_id=terminal.org_id,
            terminal_no=terminal.terminal_no,
            depot_id=terminal.depot_id,
            drawer_id=terminal.drawer_id,
            epoch=enrolment.epoch(connection),
        )
