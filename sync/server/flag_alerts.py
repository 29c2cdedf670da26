"""Telling somebody what was flagged: one message for each organisation, once for each flag.

Which flags were told stands in the database, in the transaction in which the message is handed over: a server
that is started again tells none twice that it told, and forgets none.
"""

from typing import Final

from pos_app.ledger.clock import Clock
from pos_app.store.engine.engine import Database
from pos_app.store.journal import flags
from pos_app.store.journal.flags import Flagged
from pos_app.store.master import organisations
from sync.server.webhook import Webhook

#: So many in one message; the next turn has the others.
MOST_FLAGS: Final = 100
ALERT: Final = "documents flagged"


class FlagAlerts:
    """A `Work` of the upkeep: looks for flags that nobody was called for."""

    def __init__(self, database: Database, clock: Clock, alert: Webhook) -> None:
        self._database = database
        self._clock = clock
        self._alert = alert

    def turn(self, budget_ms: int) -> None:
        """Tell what is new; a look at a small table."""
        with self._database.read() as connection:
            org_ids = organisations.all_ids(connection)
        for org_id in org_ids:
            self._tell(org_id)

    def _tell(self, org_id: int) -> None:
        with self._database.for_org(org_id).write() as connection:
            new = flags.untold(connection, org_id, MOST_FLAGS)
            if not new:
                return
            flags.mark_told(connection, org_id, new, self._clock.now())
            self._alert.post(message(org_id, new))


def message(org_id: int, new: list[Flagged]) -> dict[str, object]:
    """What is posted; `sentence` is for a person, the rest for a program."""
    told = [
        {
            "document": one.number,
            "kind": one.kind,
            "line": one.place or None,
            "sentence": str(one.sentence),
            "facts": one.facts,
            "person": one.person,
            "found_at": one.found_at.isoformat(),
        }
        for one in new
    ]
    return {"alert": ALERT, "org_id": org_id, "count": len(new), "flags": told}
