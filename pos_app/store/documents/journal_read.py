"""Reading the whole journal in the order of its keys, piece by piece, for exports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.store.engine.engine import Database
from pos_app.store.tables.columns import from_micros

_BATCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One journal line; amounts in minor units, debit positive.

    `party` is the party's code; `party_role` says in which capacity ("customer", "vendor", ...).
    """

    business_id: int
    account: str
    currency: str
    amount: int
    base_amount: int
    party: str
    party_role: str
    party_id: int | None


@dataclass(frozen=True, slots=True)
class Transaction:
    """One document as the journal has it; `number_prefix` is its depot's."""

    document_id: int
    kind: str
    terminal_no: int
    series: str
    number: int
    number_prefix: str
    occurred_at: datetime
    party: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class AccountName:
    """An account as a statement names it."""

    code: str
    name: str
    type: str


def accounts(connection: Connection, org_id: int) -> dict[str, AccountName]:
    """The chart of accounts by code."""
    rows = connection.execute(
        text("SELECT code, name, type FROM account WHERE org_id = :org ORDER BY code"), {"org": org_id}
    )
    return {str(row[0]): AccountName(row[0], row[1], row[2]) for row in rows}


def business_codes(connection: Connection, org_id: int) -> dict[int, str]:
    """The codes of the businesses by key."""
    rows = connection.execute(
        text("SELECT business_id, code FROM business WHERE org_id = :org"), {"org": org_id}
    )
    return {int(row[0]): str(row[1]) for row in rows}


def transactions(database: Database, org_id: int) -> Iterator[Transaction]:
    """Every document that posted anything, in the order of its key, and its lines."""
    last = 0
    while True:
        with database.read() as connection:
            values = {"org": org_id, "after": last, "most": _BATCH}
            heads = connection.execute(text(_HEADS), values).all()
            if not heads:
                return
            last = int(heads[-1][0])
            lines = connection.execute(text(_LINES), {**values, "end": last})
            grouped: dict[int, list[Line]] = {}
            for row in lines:
                grouped.setdefault(int(row[0]), []).append(_line(row))
        for head in heads:
            posted = grouped.get(int(head[0]))
            if posted:
                yield _transaction(head, tuple(posted))


_HEADS: Final = (
    "SELECT d.document_id, d.kind, d.terminal_no, d.series, d.number, p.letter, d.occurred_at,"
    " coalesce(c.name, '') FROM document AS d"
    " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
    " LEFT JOIN party AS c ON c.org_id = d.org_id AND c.party_id = d.party_id"
    " WHERE d.org_id = :org AND d.document_id > :after ORDER BY d.document_id LIMIT :most"
)
_LINES: Final = (
    "SELECT l.document_id, l.business_id, l.account_code, l.currency, l.amount, l.base_amount, c.code,"
    " l.party_role, l.party_id FROM journal_line AS l"
    " LEFT JOIN party AS c ON c.org_id = l.org_id AND c.party_id = l.party_id"
    " WHERE l.org_id = :org AND l.document_id > :after AND l.document_id <= :end"
    " ORDER BY l.document_id, l.line_no"
)


def _line(row: Any) -> Line:
    return Line(
        business_id=int(row[1]),
        account=row[2],
        currency=row[3],
        amount=int(row[4]),
        base_amount=int(row[5]),
        party=row[6] or "",
        party_role=row[7] or "",
        party_id=None if row[8] is None else int(row[8]),
    )


def _transaction(head: Any, lines: tuple[Line, ...]) -> Transaction:
    at = head[6]
    return Transaction(
        document_id=int(head[0]),
        kind=head[1],
        terminal_no=int(head[2]),
        series=head[3],
        number=int(head[4]),
        number_prefix=head[5] or "",
        occurred_at=from_micros(at) if isinstance(at, int) else at,
        party=head[7],
        lines=lines,
    )
