"""The one place that knows balances: current, validate, explain.

Reads use the cache; the truth is the ledger; a difference is mended towards the ledger and logged.
There is no way to set a balance.  `checkpoint` makes one key's truth quick, `drift` compares whole
tables, `mending` mends, `recalculation` and `reconciliation` walk over all keys.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.store.balances import checkpoint
from pos_app.store.balances.drift import Drift, Key, Values, drifts
from pos_app.store.balances.expected import expected_sql
from pos_app.store.engine.engine import quick, quick_rows
from pos_app.store.side import on_till
from pos_app.store.tables.columns import from_micros
from pos_app.store.tables.projections import (
    ACCOUNT_BALANCE,
    DOCUMENT_TOTAL,
    DRAWER_CASH,
    OPEN_INVOICE,
    PARTY_BALANCE,
    STOCK_LEVEL,
    STOCK_VALUE,
    Projection,
)

__all__ = [
    "KINDS",
    "Drift",
    "Key",
    "Kind",
    "Step",
    "Values",
    "baseline",
    "count",
    "current",
    "drifts",
    "expected",
    "explain",
    "sum_of_lines",
    "validate",
    "validate_by_lines",
]


@dataclass(frozen=True)
class Step:
    """One line of an explained balance: what changed it, and the balance after it.

    `kind` is the document's type, or "elsewhere" for all that the centre has from other terminals.
    """

    document_id: int | None
    kind: str
    number: str
    occurred_at: datetime | None
    change: int
    balance: int


@dataclass(frozen=True)
class Kind:
    """What `recalculate --kind` names: a projection, or a part of one."""

    projection: Projection
    limit: dict[str, Any]


KINDS: Final[dict[str, Kind]] = {
    "customers": Kind(PARTY_BALANCE, {"party_role": "customer"}),
    "vendors": Kind(PARTY_BALANCE, {"party_role": "vendor"}),
    "employees": Kind(PARTY_BALANCE, {"party_role": "employee"}),
    "members": Kind(PARTY_BALANCE, {"party_role": "member"}),
    "deposits": Kind(PARTY_BALANCE, {"party_role": "depositor"}),
    "shares": Kind(PARTY_BALANCE, {"party_role": "shareholder"}),
    "points": Kind(PARTY_BALANCE, {"party_role": "points"}),
    "drawers": Kind(DRAWER_CASH, {}),
    "accounts": Kind(ACCOUNT_BALANCE, {}),
    "stock": Kind(STOCK_LEVEL, {}),
    "sales": Kind(DOCUMENT_TOTAL, {}),
    "invoices": Kind(OPEN_INVOICE, {}),
    "vouchers": Kind(OPEN_INVOICE, {"party_role": "voucher"}),
    "deposit-slips": Kind(OPEN_INVOICE, {"party_role": "deposit_slip"}),
    "stock-values": Kind(STOCK_VALUE, {}),
}


def current(connection: Connection, projection: Projection, key: Key) -> Values:
    """The cached values of one key; zeros when nothing touched it yet."""
    where = " AND ".join(f"{name} = ?" for name in projection.keys)
    row = quick(
        connection,
        f"SELECT {', '.join(projection.values)} FROM {projection.name} WHERE {where}",
        *(key[name] for name in projection.keys),
    ).fetchone()
    if row is None:
        return dict.fromkeys(projection.values, 0)
    return {name: int(value) for name, value in zip(projection.values, row, strict=True)}


def expected(connection: Connection, projection: Projection, key: Key) -> Values:
    """What the ledger says of one key: its checkpoint and the lines after it, where there is one."""
    found = checkpoint.expected(connection, projection, key)
    return sum_of_lines(connection, projection, key) if found is None else found


def sum_of_lines(connection: Connection, projection: Projection, key: Key) -> Values:
    """What all the lines of one key say; as long as there are lines."""
    where = [f"{name} = :{name}" for name in projection.keys]
    found = quick_rows(connection, expected_sql(connection, projection, where), dict(key))
    # The keys come first, in their order.
    sums = found[0][len(projection.keys) :] if found else (0,) * len(projection.values)
    return {name: int(value) for name, value in zip(projection.values, sums, strict=True)}


def validate(connection: Connection, projection: Projection, key: Key) -> Drift | None:
    """The difference between cache and ledger for one key, or None; in milliseconds (see `checkpoint`)."""
    return _difference(connection, projection, key, expected(connection, projection, key))


def validate_by_lines(connection: Connection, projection: Projection, key: Key) -> Drift | None:
    """The same by every line of the key: what a finding is confirmed with."""
    return _difference(connection, projection, key, sum_of_lines(connection, projection, key))


def _difference(connection: Connection, projection: Projection, key: Key, true: Values) -> Drift | None:
    cached = current(connection, projection, key)
    return None if cached == true else Drift(projection.name, dict(key), cached, true)


def count(connection: Connection, projection: Projection, limit: Key) -> int:
    """How many cached rows there are."""
    where = " AND ".join(f"{name} = :{name}" for name in limit)
    return int(
        connection.execute(
            text(f"SELECT count(*) FROM {projection.name}{' WHERE ' + where if where else ''}"), dict(limit)
        ).scalar_one()
    )


def baseline(connection: Connection, projection: Projection, key: Key) -> tuple[int, int] | None:
    """On a till: the centre's value of one key and the mark of the last own document inside it."""
    if not on_till(connection) or not projection.from_centre:
        return None
    value = next(iter(projection.values))
    where = " AND ".join(f"{name} = :{name}" for name in projection.keys)
    row = connection.execute(
        text(f"SELECT {value}, mark FROM {projection.baseline} WHERE {where}"), dict(key)
    ).one_or_none()
    return None if row is None else (int(row[0]), int(row[1]))


def explain(connection: Connection, projection: Projection, key: Key) -> list[Step]:
    """One balance line by line, oldest first; the last step's balance is the balance.

    On a till the first step is what the centre has from elsewhere: its value without this till's
    own documents, which follow one by one, whether they are in the centre's value already or not.
    """
    own = " AND ".join(f"own.{name} = :{name}" for name in projection.keys)
    sql = next(iter(projection.values.values()))
    rows = (
        connection.execute(
            text(
                "SELECT d.document_id, d.kind, d.terminal_no, d.seq, d.series, d.number, d.occurred_at,"
                f" SUM(own.{sql}) AS change FROM {projection.source.name} AS own"
                " JOIN document AS d ON d.org_id = own.org_id AND d.document_id = own.document_id"
                f" WHERE {own} GROUP BY d.document_id, d.kind, d.terminal_no, d.seq, d.series, d.number,"
                " d.occurred_at ORDER BY d.occurred_at, d.document_id"
            ),
            dict(key),
        )
        .mappings()
        .all()
    )
    steps: list[Step] = []
    balance = 0
    base = baseline(connection, projection, key)
    if base is not None:
        value, mark = base
        balance = value - sum(int(row["change"]) for row in rows if row["seq"] <= mark)
        if balance:
            steps.append(Step(None, "elsewhere", "", None, balance, balance))
    for row in rows:
        balance += int(row["change"])
        number = f"{row['terminal_no']}-{row['series']}{row['number']:06d}"
        at = row["occurred_at"]
        moment = from_micros(at) if isinstance(at, int) else at
        steps.append(Step(row["document_id"], row["kind"], number, moment, int(row["change"]), balance))
    return steps
