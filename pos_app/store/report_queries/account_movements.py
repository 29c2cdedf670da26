"""What stood on every account, what came and what went, in base currency."""

from collections import defaultdict
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import JournalEntry, Reversal
from pos_app.ledger.journal_entry import EntryPurpose
from pos_app.store.documents import documents
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, run
from pos_app.store.side import on_till

_TOUCHING: Final = (
    "SELECT DISTINCT l.document_id FROM journal_line AS l"
    f"{JOIN_DOCUMENT}{JOIN_REVERSED} WHERE l.org_id = :org AND {KIND} = 'journal_entry' AND l.account_code IN"
    " (SELECT code FROM account WHERE org_id = :org AND role = 'retained_earnings')"
)


class Movement(NamedTuple):
    """One account of one business in minor units of the base currency; `debit` and `credit` >= 0."""

    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """What stands at the end, debit positive."""
        return self.opening + self.debit - self.credit


#: By business and account.
Movements = dict[tuple[int, str], Movement]


def movements(connection: Connection, scope: Scope) -> Movements:
    """Every account that was ever posted to, with what stood there at the scope's `start` and what moved.

    Without `start` the whole balance is the opening, and nothing moved.
    """
    moved = {} if scope.start is None else turnover(connection, scope)
    closing = _closing(connection, scope)
    found: Movements = {}
    for key in sorted({*moved, *closing}):
        debit, credit = moved.get(key, (0, 0))
        found[key] = Movement(closing.get(key, 0) - debit + credit, debit, credit)
    return found


def turnover(
    connection: Connection, scope: Scope, *, with_closings: bool = True
) -> dict[tuple[int, str], tuple[int, int]]:
    """Debits and credits by business and account, both >= 0."""
    without = () if with_closings else closings(connection, scope.org_id)
    rows = run(
        connection,
        "SELECT l.business_id, l.account_code,"
        " SUM(CASE WHEN l.base_amount > 0 THEN l.base_amount ELSE 0 END),"
        " SUM(CASE WHEN l.base_amount < 0 THEN -l.base_amount ELSE 0 END)"
        f" FROM journal_line AS l{JOIN_DOCUMENT} WHERE {scope.lines()}"
        f"{' AND l.document_id NOT IN :without' if without else ''} GROUP BY l.business_id, l.account_code",
        scope.bound(connection, without=without),
    )
    return {(int(row[0]), str(row[1])): (int(row[2]), int(row[3])) for row in rows}


def closings(connection: Connection, org_id: int) -> tuple[int, ...]:
    """The documents that closed a year, and the voids of such.

    Only entries on retained earnings can be; of these few the document itself says what it is for.
    """
    found = []
    for (document_id,) in run(connection, _TOUCHING, {"org": org_id}):
        document = documents.get(connection, org_id, int(document_id))
        if isinstance(document, Reversal):
            document = canonical.decode(bytes(document.original))
        if isinstance(document, JournalEntry) and document.purpose is EntryPurpose.YEAR_END:
            found.append(int(document_id))
    return tuple(found)


def _closing(connection: Connection, scope: Scope) -> dict[tuple[int, str], int]:
    """The balance before `end`: at the centre the cached one less what came later (see the room)."""
    own = " AND business_id = :business" if scope.business_id is not None else ""
    if on_till(connection):
        whole = Scope(scope.org_id, scope.business_id, None, scope.end)
        return _sums(
            connection,
            "SELECT l.business_id, l.account_code, SUM(l.base_amount)"
            f" FROM journal_line AS l{JOIN_DOCUMENT} WHERE {whole.lines()} GROUP BY 1, 2",
            whole.bound(connection),
        )
    cached = _sums(
        connection,
        "SELECT business_id, account_code, SUM(base_amount) FROM account_balance"
        f" WHERE org_id = :org{own} GROUP BY 1, 2",
        scope.bound(connection),
    )
    later = _sums(
        connection,
        "SELECT l.business_id, l.account_code, SUM(l.base_amount)"
        f" FROM journal_line AS l{JOIN_DOCUMENT} WHERE {scope.after()} GROUP BY 1, 2",
        scope.bound(connection),
    )
    found: dict[tuple[int, str], int] = defaultdict(int, cached)
    for key, amount in later.items():
        found[key] -= amount
    return dict(found)


def _sums(connection: Connection, sql: str, values: dict[str, Any]) -> dict[tuple[int, str], int]:
    return {(int(row[0]), str(row[1])): int(row[2]) for row in run(connection, sql, values)}
