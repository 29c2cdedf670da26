"""Deposits that we owe: what is left on slips, and since when; when a customer's deposit last moved."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.store.report_queries.scope import JOIN_DOCUMENT, Scope, moment, run


class Slip(NamedTuple):
    """What is left on a slip, minor units.  Of one that another till issued a till knows no document:
    `issued_at` is None and `number` empty.
    """

    slip: int
    business_id: int
    document_id: int
    currency: str
    amount: int
    base_amount: int
    issued_at: datetime | None
    number_prefix: str
    terminal_no: int
    series: str
    number: int
    party_id: int | None


_KEYS: Final = "party_id, business_id, invoice_id, currency"
_SLIP: Final = "party_role = 'deposit_slip'"


def slips(connection: Connection, scope: Scope) -> list[Slip]:
    """Those on which something was left at the scope's end, oldest first: cached, less what came later."""
    own = " WHERE t.business_id = :business" if scope.business_id is not None else ""
    rows = run(
        connection,
        "SELECT t.party_id, t.business_id, t.invoice_id, t.currency, SUM(t.amount), SUM(t.base_amount),"
        " d.occurred_at, coalesce(p.letter, ''), d.terminal_no, d.series, d.number, d.party_id FROM ("
        f" SELECT {_KEYS}, amount, base_amount FROM open_invoice WHERE org_id = :org AND {_SLIP}"
        " AND (amount <> 0 OR base_amount <> 0)"
        " UNION ALL SELECT l.party_id, l.business_id, l.invoice_id, l.currency, -l.amount, -l.base_amount"
        f" FROM open_item AS l{JOIN_DOCUMENT} WHERE {scope.after(business=False)} AND l.{_SLIP}"
        ") AS t LEFT JOIN document AS d ON d.org_id = :org AND d.document_id = t.invoice_id"
        f" LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id{own}"
        " GROUP BY t.party_id, t.business_id, t.invoice_id, t.currency, d.occurred_at, p.letter,"
        " d.terminal_no, d.series, d.number, d.party_id"
        " HAVING SUM(t.amount) <> 0 OR SUM(t.base_amount) <> 0 ORDER BY d.occurred_at, t.party_id",
        scope.bound(connection),
    )
    return [
        Slip(
            int(row[0]),
            int(row[1]),
            int(row[2]),
            str(row[3]),
            int(row[4]),
            int(row[5]),
            None if row[6] is None else moment(row[6]),
            str(row[7]),
            int(row[8] or 0),
            str(row[9] or ""),
            int(row[10] or 0),
            None if row[11] is None else int(row[11]),
        )
        for row in rows
    ]


def last_moved(connection: Connection, scope: Scope, parties: tuple[int, ...]) -> dict[int, datetime]:
    """When each of these customers last paid a deposit in, or had some of it back."""
    if not parties:
        return {}
    rows = run(
        connection,
        f"SELECT l.party_id, MAX(d.occurred_at) FROM journal_line AS l{JOIN_DOCUMENT}"
        f" WHERE {scope.upto().lines(business=False)} AND l.party_role = 'depositor'"
        " AND l.party_id IN :parties GROUP BY l.party_id",
        scope.bound(connection, parties=parties),
    )
    return {int(row[0]): moment(row[1]) for row in rows}
