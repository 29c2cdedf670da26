"""Asking the centre: what this till's people asked for, each request once after every greeting until it is
answered.

In nobody's way: a centre of the release before has no place for it, and documents and news go on without it.
"""

from pos_app.ledger import payment_asking
from pos_app.log import events
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.master import asked_here
from sync.client.errors import ServerBusy, ServerRefused, ServerUnreachable
from sync.client.transport import Transport
from sync.protocol.messages import ASK_PATH, MOST_ASKED, AskAnswer, Asked, AskRequest


class Asking:
    """The requests of one till on their way."""

    def __init__(self, database: Database, who: Terminal, transport: Transport) -> None:
        self._database, self._who, self._transport = database, who, transport
        #: What this centre has heard of since the last greeting; None where it takes none.
        self._heard: set[int] | None = set()

    def greeted(self) -> None:
        """It may be another centre, or the same of yesterday."""
        self._heard = set()

    def push(self) -> bool:
        """Send what was not sent yet; gives whether anything was.

        Raises that the centre is busy.  A refusal is logged, and what else kept it from answering is asked
        again with the next round: whether it is there at all the documents find out.
        """
        if self._heard is None:
            return False
        with self._database.read() as connection:
            fresh = [
                one for one in asked_here.waiting(connection, self._who) if one.request_no not in self._heard
            ][:MOST_ASKED]
        if not fresh:
            return False
        sent = tuple(Asked(*one[1:]) for one in fresh)
        try:
            answer = self._transport.call(ASK_PATH, AskRequest(asked=sent), AskAnswer)
        except ServerBusy:
            raise
        except ServerUnreachable:
            return False
        except ServerRefused as refusal:
            events.REQUESTS_NOT_TAKEN.log(refusal)
            self._heard = None
            return False
        self._heard |= set(answer.taken)
        return bool(answer.taken)

    def awaits(self, now_us: int) -> bool:
        """Whether a customer stands before the till and waits for what becomes of their phone."""
        with self._database.read() as connection:
            found = asked_here.of_kind(connection, self._who, payment_asking.KIND)
        return any(now_us - one.at_us < payment_asking.AWAITED_US for one in found)

    def keep_up(self) -> None:
        """Obey the answers that the feed brought, and see to it that what waits has its stand-in."""
        with self._database.read() as connection:
            if not asked_here.is_open(connection, self._who):
                return
        with self._database.write() as connection:
            asked_here.keep_up(connection, self._who, self._who.depot_id)
