"""The numbers of the last requests of each terminal, at the centre: a copy of one is not answered again.

Every process of the server asks here, so a copy is known wherever it arrives, and after a restart too.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.store.engine.engine import quick
from pos_app.store.master.enrolment import KnownTerminal

#: A till has at most a few requests on their way, which may overtake each other.
KEPT: Final = 16

#: One statement for both: a round trip is a fiftieth of a greeting.
_HEAR: Final = f"""
WITH noted AS (
INSERT INTO heard_request AS heard (org_id, terminal_no, numbers) VALUES (?, ?, ARRAY[?::bigint])
ON CONFLICT (org_id, terminal_no) DO UPDATE SET numbers =
(SELECT array_agg(one ORDER BY one DESC) FROM
(SELECT unnest(heard.numbers || excluded.numbers) AS one ORDER BY 1 DESC LIMIT {KEPT}) AS newest)
WHERE excluded.numbers[1] <> ALL (heard.numbers)
AND excluded.numbers[1] > coalesce(heard.numbers[{KEPT}], -1)
RETURNING 1)
SELECT t.depot_id, t.drawer_id, t.public_key, t.last_seq, t.last_hash, t.active, t.protocol,
CASE WHEN EXISTS (SELECT FROM noted) THEN NULL ELSE h.numbers[1] END
FROM terminal AS t LEFT JOIN heard_request AS h USING (org_id, terminal_no)
WHERE t.org_id = ? AND t.terminal_no = ?
"""


#: Terminals that are on the line at this moment: as if each had sent a request now.
_STAND: Final = f"""
INSERT INTO heard_request AS heard (org_id, terminal_no, numbers)
SELECT ?, one, ARRAY[?::bigint] FROM unnest(?::bigint[]) AS one
ON CONFLICT (org_id, terminal_no) DO UPDATE SET numbers =
(SELECT array_agg(one ORDER BY one DESC) FROM
(SELECT unnest(heard.numbers || excluded.numbers) AS one ORDER BY 1 DESC LIMIT {KEPT}) AS newest)
WHERE excluded.numbers[1] <> ALL (heard.numbers)
"""


class Heard(NamedTuple):
    """Who asked; and where the request's number is not new, the highest that was heard: the terminal's next
    one must be above it.
    """

    terminal: KnownTerminal
    above: int | None


def hear(connection: Connection, org_id: int, terminal_no: int, number: int) -> Heard | None:
    """Note the number of a request that this terminal signed; None when there is no such terminal."""
    row = quick(connection, _HEAR, org_id, terminal_no, number, org_id, terminal_no).fetchone()
    if row is None:
        return None
    depot_id, drawer_id, key, seq, hash_, active, protocol, above = row
    known = KnownTerminal(
        org_id, terminal_no, depot_id, drawer_id, bytes(key), seq, bytes(hash_), bool(active), protocol
    )
    return Heard(known, above)


def on_the_line(connection: Connection, org_id: int, terminal_nos: Sequence[int], at_us: int) -> None:
    """Note that these terminals are there: each holds a request open (`at_us`: microseconds since 1970)."""
    quick(connection, _STAND, org_id, at_us, sorted(terminal_nos))
