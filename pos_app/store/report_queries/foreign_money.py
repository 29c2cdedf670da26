"""What lies of other currencies on accounts at the end of a day, and what it stands at in base currency."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.store.report_queries.scope import JOIN_DOCUMENT, Scope, run


class Held(NamedTuple):
    """Minor units of a currency on an account of a business, and of the base currency."""

    business_id: int
    account: str
    currency: str
    amount: int
    base_amount: int


def held(
    connection: Connection, org_id: int, home: str, accounts: Collection[str], end: datetime
) -> list[Held]:
    """What is on these accounts in other currencies than `home` just before `end`, in order.

    What has no amount left and stands at something in base currency is among it.
    """
    scope = Scope(org_id, None, None, end)
    keys = "business_id, account_code, currency"
    rows = run(
        connection,
        f"SELECT {keys}, SUM(amount), SUM(base_amount) FROM ("
        f" SELECT {keys}, amount, base_amount FROM account_balance"
        " WHERE org_id = :org AND account_code IN :accounts AND currency <> :home"
        " UNION ALL SELECT l.business_id, l.account_code, l.currency, -l.amount, -l.base_amount"
        f" FROM journal_line AS l{JOIN_DOCUMENT}"
        f" WHERE {scope.after()} AND l.account_code IN :accounts AND l.currency <> :home"
        f") AS t GROUP BY {keys} HAVING SUM(amount) <> 0 OR SUM(base_amount) <> 0 ORDER BY {keys}",
        scope.bound(connection, home=home, accounts=tuple(accounts)),
    )
    return [Held(int(row[0]), row[1], row[2], int(row[3]), int(row[4])) for row in rows]
