"""How far an address was told: of each terminal's documents, of the audit log and of the stock levels.

Decisions
---------
2026-12-01  There is no queue that a push writes into.  What a terminal brought lies under its number without
a gap and is committed with its mark (`centre_journal.advance_mark`), so whoever reads the mark first sees
every document up to it: a mark of one's own for each terminal is all that must be kept.  The entries of the
audit log are numbered under a lock that ends with the commit, so they are as good; stock levels are read as
the feed reads them, below the oldest transaction that is open.  A push costs nothing more, whoever listens.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

#: Sources that are no terminal.
AUDIT: Final = -1
STOCK: Final = -2
_HORIZON: Final = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class Behind(NamedTuple):
    """A terminal of which something was not told: above `told`, up to `last`."""

    terminal_no: int
    told: int
    last: int


def begin(connection: Connection, org_id: int, hook_id: int) -> None:
    """From now on: what was before is not told."""
    connection.execute(
        text(
            "INSERT INTO webhook_mark (org_id, hook_id, source, position)"
            " SELECT :org, :hook, terminal_no, last_seq FROM terminal WHERE org_id = :org"
            " UNION ALL SELECT :org, :hook, :audit, coalesce(max(entry_id), 0) FROM audit_log"
            " WHERE org_id = :org"
            f" UNION ALL SELECT :org, :hook, :stock, {_HORIZON}"
        ),
        {"org": org_id, "hook": hook_id, "audit": AUDIT, "stock": STOCK},
    )


def behind(connection: Connection, org_id: int, hook_id: int) -> list[Behind]:
    """The terminals of which the address was not told all, the longest behind first."""
    rows = connection.execute(
        text(
            "SELECT t.terminal_no, coalesce(m.position, 0) AS told, t.last_seq FROM terminal AS t"
            " LEFT JOIN webhook_mark AS m ON m.org_id = t.org_id AND m.hook_id = :hook"
            " AND m.source = t.terminal_no"
            " WHERE t.org_id = :org AND t.last_seq > coalesce(m.position, 0)"
            " ORDER BY t.last_seq - coalesce(m.position, 0) DESC, t.terminal_no"
        ),
        {"org": org_id, "hook": hook_id},
    )
    return [Behind(int(row[0]), int(row[1]), int(row[2])) for row in rows]


def at(connection: Connection, org_id: int, hook_id: int, source: int) -> tuple[int, str]:
    """Where it stands in a source."""
    row = connection.execute(
        text(
            "SELECT position, after FROM webhook_mark"
            " WHERE org_id = :org AND hook_id = :hook AND source = :source"
        ),
        {"org": org_id, "hook": hook_id, "source": source},
    ).one_or_none()
    return (0, "") if row is None else (int(row[0]), row[1])


def put(
    connection: Connection, org_id: int, hook_id: int, source: int, *, position: int, after: str = ""
) -> None:
    """It was told of a source up to here."""
    connection.execute(
        text(
            "INSERT INTO webhook_mark (org_id, hook_id, source, position, after)"
            " VALUES (:org, :hook, :source, :position, :after)"
            " ON CONFLICT (org_id, hook_id, source)"
            " DO UPDATE SET position = excluded.position, after = excluded.after"
        ),
        {"org": org_id, "hook": hook_id, "source": source, "position": position, "after": after},
    )


def horizon(connection: Connection) -> int:
    """Below this stamp nothing can come any more."""
    return int(connection.execute(text(f"SELECT {_HORIZON}")).scalar_one())
