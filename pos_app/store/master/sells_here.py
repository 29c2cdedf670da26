"""What sells at this till, and at this hour: counted from its own latest sales."""

from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.head import TERMINAL_SPAN
from pos_app.store.engine.engine import quick

#: The latest sales that are counted: some days of a busy till.
_SALES: Final = 1_500
#: So many products are known by how they sell; the others are as the words find them.
_MOST: Final = 400
#: How much more a line counts that was sold at this hour of the day, or the one before or after.
_AT_THIS_HOUR: Final = 5
_DAY_MINUTES: Final = 24 * 60
_NEAR_MINUTES: Final = 90


def counted(connection: Connection, org_id: int, terminal_no: int, minute: int) -> dict[int, int]:
    """How well products sell here around a minute of the day (UTC), by their keys: larger is better."""
    apart = f"abs(d.minute - {int(minute)})"
    rows = quick(
        connection,
        "SELECT l.product_id,"
        f" sum(CASE WHEN min({apart}, {_DAY_MINUTES} - {apart}) <= {_NEAR_MINUTES}"
        f" THEN {_AT_THIS_HOUR} ELSE 1 END) AS score"
        " FROM (SELECT org_id, document_id, (occurred_at / 60000000) % 1440 AS minute FROM document"
        " WHERE org_id = ? AND document_id > ? AND document_id < ? AND kind = 'sale'"
        f" ORDER BY document_id DESC LIMIT {_SALES}) AS d"
        " CROSS JOIN document_line AS l ON l.org_id = d.org_id AND l.document_id = d.document_id"
        " WHERE l.product_id IS NOT NULL AND l.quantity > 0"
        f" GROUP BY l.product_id ORDER BY score DESC, l.product_id LIMIT {_MOST}",
        org_id,
        terminal_no * TERMINAL_SPAN,
        (terminal_no + 1) * TERMINAL_SPAN,
    ).fetchall()
    return {int(row[0]): int(row[1]) for row in rows}
