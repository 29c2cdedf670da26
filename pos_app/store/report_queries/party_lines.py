"""What a party owes and is owed, document by document, in each capacity and currency."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, moment, run

#: What settles in coins that may come to more or less than that.
_SETTLING = "'payment', 'vendor_payment', 'party_money'"


@dataclass(frozen=True, slots=True)
class PartyLine:
    """What one document changed: minor units of `currency`, debit positive; base beside it.

    `is_void` when the document takes back one of `kind`; `due_on` is YYYYMMDD or None.  `rounding` is what
    the coins of a payment were more than that.
    """

    role: str
    currency: str
    occurred_at: datetime
    document_id: int
    kind: str
    is_void: bool
    number_prefix: str
    terminal_no: int
    series: str
    number: int
    due_on: int | None
    amount: int
    base_amount: int
    rounding: int = 0


#: By role and currency: amount and base amount.
Balances = dict[tuple[str, str], tuple[int, int]]


def closing(connection: Connection, scope: Scope, party_id: int) -> Balances:
    """What stood there at the scope's end.

    Of all businesses the cached balance less what came later: on a till it holds what happened elsewhere.
    """
    rows = run(
        connection,
        "SELECT party_role, currency, SUM(amount), SUM(base_amount) FROM ("
        " SELECT party_role, currency, amount, base_amount FROM party_balance"
        " WHERE org_id = :org AND party_id = :party"
        " UNION ALL SELECT l.party_role, l.currency, -l.amount, -l.base_amount"
        f" FROM journal_line AS l{JOIN_DOCUMENT}"
        f" WHERE {scope.after(business=False)} AND l.party_id = :party"
        ") AS t GROUP BY party_role, currency"
        if scope.business_id is None
        else "SELECT l.party_role, l.currency, SUM(l.amount), SUM(l.base_amount)"
        f" FROM journal_line AS l{JOIN_DOCUMENT}"
        f" WHERE {scope.upto().lines()} AND l.party_id = :party GROUP BY l.party_role, l.currency",
        scope.bound(connection, party=party_id),
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}


def lines(connection: Connection, scope: Scope, party_id: int) -> list[PartyLine]:
    """What each document within the scope changed, oldest first."""
    rows = run(
        connection,
        f"SELECT l.party_role, l.currency, d.occurred_at, d.document_id, {KIND}, o.kind IS NOT NULL,"
        " coalesce(p.letter, ''), d.terminal_no, d.series, d.number, d.due_on,"
        " SUM(l.amount), SUM(l.base_amount),"
        f" MAX(CASE WHEN {KIND} IN ({_SETTLING}) THEN d.rounding ELSE 0 END)"
        f" FROM journal_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
        f" WHERE {scope.lines()} AND l.party_id = :party"
        " GROUP BY l.party_role, l.currency, d.occurred_at, d.document_id, o.kind, d.kind, p.letter,"
        " d.terminal_no, d.series, d.number, d.due_on ORDER BY d.occurred_at, d.document_id",
        scope.bound(connection, party=party_id),
    )
    return [_line(row) for row in rows]


def _line(row: tuple[Any, ...]) -> PartyLine:
    (
        role,
        currency,
        at,
        document_id,
        kind,
        is_void,
        number_prefix,
        terminal_no,
        series,
        number,
        due_on,
        *amounts,
    ) = row
    return PartyLine(
        role=role,
        currency=currency,
        occurred_at=moment(at),
        document_id=document_id,
        kind=kind,
        is_void=bool(is_void),
        number_prefix=number_prefix,
        terminal_no=terminal_no,
        series=series,
        number=number,
        due_on=due_on,
        amount=int(amounts[0]),
        base_amount=int(amounts[1]),
        rounding=int(amounts[2]),
    )


def balances(connection: Connection, scope: Scope) -> dict[tuple[str, str, int], tuple[int, int]]:
    """By role, currency and party: what stood there at the scope's end."""
    rows = run(
        connection,
        "SELECT l.party_role, l.currency, l.party_id, SUM(l.amount), SUM(l.base_amount)"
        f" FROM journal_line AS l{JOIN_DOCUMENT}"
        f" WHERE {scope.upto().lines()} AND l.party_id IS NOT NULL"
        " GROUP BY l.party_role, l.currency, l.party_id"
        if scope.business_id is not None
        else "SELECT party_role, currency, party_id, SUM(amount), SUM(base_amount) FROM ("
        " SELECT party_role, currency, party_id, amount, base_amount FROM party_balance WHERE org_id = :org"
        " UNION ALL SELECT l.party_role, l.currency, l.party_id, -l.amount, -l.base_amount"
        f" FROM journal_line AS l{JOIN_DOCUMENT}"
        f" WHERE {scope.after(business=False)} AND l.party_id IS NOT NULL"
        ") AS t GROUP BY party_role, currency, party_id",
        scope.bound(connection),
    )
    found: dict[tuple[str, str, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    found |= {(row[0], row[1], int(row[2])): (int(row[3]), int(row[4])) for row in rows}
    return found
