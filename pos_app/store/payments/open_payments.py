"""Money that came and no document took: what a cashier can pick up, at a till as at the centre."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from pos_app.store.payments import received
from pos_app.store.payments.received import COLUMNS, Payment
from pos_app.store.tables.columns import micros
from pos_app.store.tables.payment_tables import STANDING
from pos_app.store.tables.used_code_table import USED

_OPEN: Final = (
    f" FROM received_payment AS p WHERE p.org_id = :org AND p.state = '{STANDING}' AND p.day >= :day"
    " AND NOT EXISTS (SELECT 1 FROM used_code AS u WHERE u.org_id = p.org_id AND u.code = p.code"
    f" AND u.state = '{USED}')"
)


def listed(
    connection: Connection, org_id: int, business_ids: tuple[int, ...], day: int, most: int = 20
) -> list[Payment]:
    """Those of these businesses since a day (YYYYMMDD, in UTC), the latest first."""
    whose = ", ".join(str(int(one)) for one in business_ids) or "0"
    rows = connection.execute(
        text(
            f"SELECT {COLUMNS}{_OPEN} AND p.business_id IN ({whose})"
            " ORDER BY p.paid_at_us DESC, p.payment_id LIMIT :most"
        ),
        {"org": org_id, "day": day, "most": most},
    )
    return [received.of_row(connection, org_id, row) for row in rows]


def only_like(connection: Connection, org_id: int, business_id: int, amount: int, since: datetime) -> str:
    """The code of the one open payment of this amount since a moment; empty for none, and for several."""
    day = int(f"{since:%Y%m%d}")
    rows = connection.execute(
        text(
            f"SELECT {COLUMNS}{_OPEN} AND p.business_id = :business AND p.amount = :amount"
            " AND p.paid_at_us >= :since LIMIT 2"
        ),
        # Their clock and ours differ by seconds, and theirs says no smaller part of one.
        {
            "org": org_id,
            "day": day,
            "business": business_id,
            "amount": amount,
            "since": micros(since) - 10_000_000,
        },
    )
    found = [received.of_row(connection, org_id, row) for row in rows]
    return found[0].code if len(found) == 1 else ""
