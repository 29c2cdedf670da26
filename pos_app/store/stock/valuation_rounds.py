"""The rounds of valuation: every organisation of a centre, again and again, without anybody's command.

`turn` is one slice of work; who calls it keeps the budget (see `sync.upkeep`).

Decisions
---------
2026-11-21  An organisation is valued every quarter of an hour (`value_stock_every_s`), and at once when a
chunk of documents waits.  A valuation is a sealed document for ever: one for every few sales would be as
many documents again, and nobody decides anything by a cost that is a quarter of an hour younger.  Before a
year end, `bohari value-stock` values what waits.

2026-11-21  An organisation where nothing happened costs its part of one query over the terminals' marks,
which is asked for all organisations together.

2026-11-21  One process of a server does it.  Two servers on one database wait for each other in
`Valuation.turn` (its lock), and the second finds nothing to do.  What goes wrong with one organisation (an
account that is not in its chart) is in the log, keeps no other one waiting, and is tried again in its time.
"""

import time
from typing import Final

from sqlalchemy import text

from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN
from pos_app.log import events
from pos_app.store.engine.engine import Database
from pos_app.store.stock.valuation import Valuation
from pos_app.store.upkeep import mending

#: Documents of one turn: an office that records meanwhile waits for the centre's chain so long (0.2 s).
_CHUNK_DOCUMENTS: Final = 500
#: With so many documents waiting an organisation is valued before its time.
_MANY: Final = 2_000

#: Every organisation with something above its marks, and how much (late documents that are not valued
#: count as one: how many does not matter).
_WAITING: Final = (
    "SELECT t.org_id, sum(t.last_seq - coalesce(m.mark, 0))"
    " + CASE WHEN EXISTS (SELECT 1 FROM late_document AS l JOIN valuation_mark AS a ON a.org_id = l.org_id"
    f" AND a.terminal_no = l.document_id >> {SEQUENCE_BITS} AND l.document_id & {TERMINAL_SPAN - 1} <= a.mark"
    " WHERE l.org_id = t.org_id AND NOT EXISTS (SELECT 1 FROM valued_late AS v WHERE v.org_id = l.org_id"
    " AND v.document_id = l.document_id)) THEN 1 ELSE 0 END AS waiting"
    " FROM terminal AS t LEFT JOIN valuation_mark AS m"
    " ON m.org_id = t.org_id AND m.terminal_no = t.terminal_no GROUP BY t.org_id"
)


class ValuationRounds:
    """Values the stock of every organisation of a centre; one turn after another, from one thread."""

    def __init__(self, database: Database, clock: Clock, *, every_s: float) -> None:
        self._database = mending.as_owner(database)
        self._clock = clock
        self._every_s = every_s
        self._began_s = time.monotonic()
        self._due_s: dict[int, float] = {}

    def turn(self, budget_ms: int) -> None:
        """Work for about so many milliseconds; at least one chunk of every organisation that is due."""
        ends_s = time.monotonic() + budget_ms / 1_000
        for org_id, waiting in self._waiting():
            if waiting < _MANY and time.monotonic() < self._due_s.get(org_id, self._began_s + self._every_s):
                continue
            try:
                is_done = self._turn_of(org_id, ends_s)
            except Refused as error:
                events.STOCK_NOT_VALUED.log(error, org_id=org_id)
                is_done = True
            if is_done:
                self._due_s[org_id] = time.monotonic() + self._every_s

    def _turn_of(self, org_id: int, ends_s: float) -> bool:
        """Chunk after chunk; says whether nothing is left."""
        valuation = Valuation(self._database, self._clock, org_id, chunk_documents=_CHUNK_DOCUMENTS)
        while True:
            looked_at, made = valuation.turn()
            if made:
                events.STOCK_VALUED.log(org_id=org_id, looked_at=looked_at, made=made)
            if not looked_at:
                return True
            if time.monotonic() > ends_s:
                return False

    def _waiting(self) -> list[tuple[int, int]]:
        with self._database.read() as connection:
            rows = connection.execute(text(f"SELECT * FROM ({_WAITING}) AS w WHERE waiting > 0 ORDER BY 1"))
            return [(int(row[0]), int(row[1])) for row in rows]
