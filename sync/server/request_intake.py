"""What tills ask for at the centre: kept as it came, then handed to whoever decides.

The room of the office decides (`office.requests`); this one stands on the store alone and is given it.
"""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger.asking import MOST, MOST_BODY, MOST_NUMBER, MOST_OPEN, MOST_US, Request, State
from pos_app.ledger.clock import Clock
from pos_app.log import events
from pos_app.store.engine import signatures
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from pos_app.store.master import enrolment, requests_in, terminal_keys
from sync.protocol.messages import AskAnswer, AskRequest, Code
from sync.server.errors import TurnedAway

#: Decides about requests of an organisation that nobody decided about, given its database.
Decide = Callable[[Database, Clock, int], None]


def nobody(_database: Database, _clock: Clock, _org_id: int) -> None:
    """Where nothing was given, a person decides."""


#: Who decides: set once by whoever wires a server together.
_DECIDES: Final[list[Decide]] = [nobody]
#: One at a time of an organisation in a process: two would decide about the same.
_ONE_OF: Final[defaultdict[int, threading.Lock]] = defaultdict(threading.Lock)


def use(decide: Decide) -> None:
    """Let this decide from now on."""
    _DECIDES[0] = decide


def take(database: Database, clock: Clock, org_id: int, terminal_no: int, request: AskRequest) -> AskAnswer:
    """Keep what is new and what there is room for; gives the numbers of what the centre has now.

    What its terminal did not sign is refused by an answer, as evidence.  Raises `TurnedAway` for what no
    terminal of ours sends.
    """
    for one in request.asked:
        is_dated = 0 <= one.at_us <= MOST_US and 0 <= one.person_id < MOST_NUMBER
        is_text = len(one.body) <= MOST_BODY and "\x00" not in one.body + one.kind
        if not (0 < one.request_no <= MOST and is_dated and is_text):
            raise TurnedAway(400, Code.MALFORMED, "packets-out-of-sequence")
    taken = []
    with database.write() as connection:
        room = MOST_OPEN - requests_in.open_count(connection, org_id, terminal_no)
        for one in request.asked:
            whole = Request(terminal_no, *(getattr(one, name) for name in one.__struct_fields__))
            if room <= 0 and requests_in.find(connection, org_id, terminal_no, one.request_no) is None:
                continue
            taken.append(one.request_no)
            if not requests_in.put(connection, org_id, whole, clock.now()):
                continue
            room -= 1
            if not _is_signed(connection, org_id, whole):
                requests_in.answer(
                    connection, org_id, whole, State.REFUSED, clock.now(), said=said("request-not-signed")
                )
        epoch = enrolment.epoch(connection)
    try:
        with _ONE_OF[org_id]:
            _DECIDES[0](database, clock, org_id)
    except Exception as error:
        # They are kept, and decided about with the next that come.
        if is_outage(error):
            raise
        events.REQUESTS_UNDECIDED.log(error)
    return AskAnswer(epoch=epoch, taken=tuple(taken))


def _is_signed(connection: Connection, org_id: int, request: Request) -> bool:
    keys = [one.public_key for one in terminal_keys.of_terminal(connection, org_id, request.terminal_no)]
    keys.append(terminal_keys.public_key(connection, org_id, request.terminal_no))
    signed = request.signed_text(org_id)
    return any(signatures.holds(key, request.signature, signed) for key in keys)
