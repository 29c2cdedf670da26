"""The ledger of one account, line by line."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_app.store.report_queries.scope import JOIN_DOCUMENT, Scope, moment, run


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line on the account: its document, and amounts in minor units, debit positive.

    `amount` is in `currency`, `base_amount` in the organisation's.
    """

    occurred_at: datetime
    document_id: int
    kind: str
    number_prefix: str
    terminal_no: int
    series: str
    number: int
    business_id: int
    party: str
    currency: str
    amount: int
    base_amount: int


def opening(connection: Connection, scope: Scope, account: str) -> int:
    """What stood on the account before the scope begins, in base currency."""
    earlier = scope.before()
    if earlier is None:
        return 0
    rows = run(
        connection,
        f"SELECT SUM(l.base_amount) FROM journal_line AS l{JOIN_DOCUMENT}"
        f" WHERE {earlier.lines()} AND l.account_code = :account",
        earlier.bound(connection, account=account),
    )
    return int(rows[0][0] or 0)


def lines(connection: Connection, scope: Scope, account: str) -> list[AccountLine]:
    """The lines within the scope, oldest first."""
    rows = run(
        connection,
        "SELECT d.occurred_at, d.document_id, d.kind, coalesce(p.letter, ''), d.terminal_no, d.series,"
        " d.number, l.business_id, coalesce(c.name, ''), l.currency, l.amount, l.base_amount"
        f" FROM journal_line AS l{JOIN_DOCUMENT}"
        " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
        " LEFT JOIN party AS c ON c.org_id = d.org_id AND c.party_id = coalesce(l.party_id, d.party_id)"
        f" WHERE {scope.lines()} AND l.account_code = :account"
        " ORDER BY d.occurred_at, d.document_id, l.line_no",
        scope.bound(connection, account=account),
    )
    return [AccountLine(moment(row[0]), *row[1:]) for row in rows]
