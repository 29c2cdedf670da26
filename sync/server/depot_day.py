"""The day of a depot, all its tills side by side, told to one of them.

The room of the office makes it (`office.depot_days`); this one stands on the store alone and is given it.
"""

from collections.abc import Callable
from typing import Final

from pos_app.ledger.clock import Clock
from pos_app.ledger.day_asking import DayAsked
from pos_app.ledger.errors import Refused
from pos_app.store.engine.engine import Database
from pos_app.store.master import enrolment
from pos_app.store.master.asked_here import kept_sentence
from sync.protocol.messages import Code, DayAnswer, DayRequest
from sync.server.errors import TurnedAway

#: Makes the page as JSON, for an organisation.  Raises `Refused`.
Make = Callable[[Database, Clock, int, DayAsked], str]


def nobody(_database: Database, _clock: Clock, _org_id: int, _asked: DayAsked) -> str:
    """Where nothing was given, nothing is told."""
    raise TurnedAway(404, Code.NOT_FOUND, "nothing-at-path")


#: Who makes it: set once by whoever wires a server together.
_MAKES: Final[list[Make]] = [nobody]


def use(make: Make) -> None:
    """Let this make the page from now on."""
    _MAKES[0] = make


def answer(database: Database, clock: Clock, org_id: int, terminal_no: int, request: DayRequest) -> DayAnswer:
    """The day, or in a sentence why it is not told."""
    asked = DayAsked(terminal_no, request.person_id, request.day, request.language)
    with database.read() as connection:
        epoch = enrolment.epoch(connection)
    try:
        return DayAnswer(epoch=epoch, page=_MAKES[0](database, clock, org_id, asked))
    except Refused as refused:
        if isinstance(refused, TurnedAway):
            raise
        return DayAnswer(epoch=epoch, refused=kept_sentence(refused.said))
