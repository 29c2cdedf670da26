"""What stands on the accounts of income and expense: what the end of a year takes away."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, text


class Result(NamedTuple):
    """An account of a business in one currency: minor units, debit positive."""

    business_id: int
    account: str
    currency: str
    amount: int
    base_amount: int


_BEFORE: Final = """
SELECT l.business_id, l.account_code, l.currency, SUM(l.amount), SUM(l.base_amount)
FROM journal_line AS l
JOIN document AS d ON d.org_id = l.org_id AND d.document_id = l.document_id
JOIN account AS a ON a.org_id = l.org_id AND a.code = l.account_code AND a.type IN ('income', 'expense')
WHERE l.org_id = :org AND l.year <= :year AND d.occurred_at < :end
GROUP BY l.business_id, l.account_code, l.currency
HAVING SUM(l.amount) <> 0 OR SUM(l.base_amount) <> 0
ORDER BY l.business_id, l.account_code, l.currency
"""


def before(connection: Connection, org_id: int, end: datetime) -> list[Result]:
    """At the centre: what was earned and spent before a moment and is not closed."""
    rows = connection.execute(text(_BEFORE), {"org": org_id, "year": end.year, "end": end})
    return [Result(int(row[0]), row[1], row[2], int(row[3]), int(row[4])) for row in rows]
