"""Reading the centre's view of its terminals: how far each is taken, and when it last spoke."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Seen:
    """One terminal; `mark` is the last sequence that was taken of it."""

    terminal_no: int
    depot: str
    drawer: str
    mark: int
    last_seen_at: datetime | None
    active: bool


def all_terminals(connection: Connection, org_id: int) -> list[Seen]:
    """Every terminal of an organisation, by number."""
    rows = connection.execute(
        text(
            "SELECT t.terminal_no, d.code, coalesce(w.code, ''), t.last_seq, t.last_seen_at, t.active"
            " FROM terminal AS t JOIN depot AS d ON d.org_id = t.org_id AND d.depot_id = t.depot_id"
            " LEFT JOIN drawer AS w ON w.org_id = t.org_id AND w.drawer_id = t.drawer_id"
            " WHERE t.org_id = :org ORDER BY t.terminal_no"
        ),
        {"org": org_id},
    )
    return [Seen(int(row[0]), row[1], row[2], int(row[3]), row[4], bool(row[5])) for row in rows]


def document_count(connection: Connection, org_id: int) -> int:
    """How many documents are in the books."""
    return int(
        connection.execute(
            text("SELECT count(*) FROM document WHERE org_id = :org"), {"org": org_id}
        ).scalar_one()
    )
