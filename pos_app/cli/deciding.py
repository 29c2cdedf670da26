"""What two people decided in a browser, done by the server: handed to the pages by whoever serves them."""

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused
from pos_app.ledger.numbering import parse_position
from pos_app.store.engine.engine import Database
from pos_app.store.journal.quarantine import Quarantined
from pos_app.web.work.deciding import Two
from sync.server import code_decision, decision, rebooking
from sync.server.decision import Names


class Decider:
    """Does what the pages of quarantine and of doubled codes ask (see `web.work.deciding.Deciding`)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def accept(self, org_id: int, place: str, hash_: str, two: Two) -> int:
        """Post a document into the books as it is; gives its key."""
        one = self._find(org_id, place, hash_)
        return decision.accept(self._database, org_id, one, Names(*two), self._clock)

    def rebook(self, org_id: int, place: str, hash_: str, two: Two) -> int:
        """Book it again under a new number; gives that one's key."""
        one = self._find(org_id, place, hash_)
        made = rebooking.rebook(self._database, org_id, one, Names(*two), self._clock)
        return made.document.document_id

    def reject(self, org_id: int, place: str, hash_: str, two: Two) -> None:
        """Keep it out of the books for ever."""
        one = self._find(org_id, place, hash_)
        decision.reject(self._database, org_id, one, Names(*two), self._clock)

    def settle(self, org_id: int, number: str, code: str, booked: str, two: Two) -> None:
        """Say of an M-Pesa code that came twice that its money came, or by what it was booked off."""
        names = Names(*two)
        code_decision.settle(self._database, org_id, number, names, self._clock, code=code, booked=booked)

    def _find(self, org_id: int, place: str, hash_: str) -> Quarantined:
        position = parse_position(place)
        if position is None:
            raise Refused("document-name-malformed", text=place[:30])
        with self._database.for_org(org_id).read() as connection:
            return decision.find(connection, org_id, *position, hash_)
