"""The one place that knows balances: current, validate, reconcile, explain.

Reads use the cache; the truth is the ledger; a difference is mended towards the ledger and logged.
There is no way to set a balance.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.clock import Clock
from pos_app.store import audit
from pos_app.store.columns import from_micros
from pos_app.store.engine import Database, quick
from pos_app.store.projections import (
    ACCOUNT_BALANCE,
    DOCUMENT_TOTAL,
    DRAWER_CASH,
    PARTY_BALANCE,
    STOCK_LEVEL,
    Projection,
)

Key = Mapping[str, Any]
Values = dict[str, int]


@dataclass(frozen=True)
class Drift:
    """One cached row that is not what the ledger says; values in minor units or thousandths."""

    projection: str
    key: dict[str, Any]
    cached: Values
    truth: Values


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

    projection: Projection | None
    limit: dict[str, Any]


KINDS: Final[dict[str, Kind]] = {
    "customers": Kind(PARTY_BALANCE, {"party_role": "customer"}),
    "vendors": Kind(PARTY_BALANCE, {"party_role": "vendor"}),
    "employees": Kind(PARTY_BALANCE, {"party_role": "employee"}),
    "members": Kind(PARTY_BALANCE, {"party_role": "member"}),
    "drawers": Kind(DRAWER_CASH, {}),
    "accounts": Kind(ACCOUNT_BALANCE, {}),
    "stock": Kind(STOCK_LEVEL, {}),
    "sales": Kind(DOCUMENT_TOTAL, {}),
    # Invoices are documents of their own later; until then there is nothing to check.
    "invoices": Kind(None, {}),
}


#: Above the baseline's mark is above that key of this very terminal, which the settings name.
_ABOVE_MARK: Final = (
    "own.document_id > base.mark + 4294967296"
    " * coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'terminal_no'),"
    " own.document_id >> 32)"
)


def _equal(names: Sequence[str], left: str, right: str) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in names)


def truth_sql(projection: Projection, *, on_till: bool, limit: Sequence[str] = ()) -> str:
    """The SELECT of what the cached table must hold, limited to the key columns in `limit` (bound).

    At the centre: the projection's GROUP BY.  On a till: baseline plus own documents above its mark.
    """
    bound = [f"{name} = :{name}" for name in limit]
    if not on_till or not projection.from_centre:
        return projection.select(*bound)
    keys = ", ".join(projection.keys)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in projection.values)
    own_keys = ", ".join(f"own.{name}" for name in projection.keys)
    own_values = ", ".join(
        " + ".join(f"own.{term.strip()}" for term in sql.split("+")) for sql in projection.values.values()
    )
    values = ", ".join(projection.values)
    own_bound = [f"own.{name} = :{name}" for name in limit]
    baseline_where = f" WHERE {' AND '.join(bound)}" if bound else ""
    own_where = projection.where(f"(base.mark IS NULL OR {_ABOVE_MARK})", *own_bound, alias="own.")
    return (
        f"SELECT {keys}, {sums} FROM ("
        f"SELECT {keys}, {values} FROM {projection.baseline}{baseline_where}"
        f" UNION ALL "
        f"SELECT {own_keys}, {own_values} FROM {projection.source.name} AS own"
        f" LEFT JOIN {projection.baseline} AS base ON {_equal(projection.keys, 'base', 'own')}"
        f"{own_where}) GROUP BY {keys}"
    )


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


def truth(connection: Connection, projection: Projection, key: Key) -> Values:
    """What the ledger says of one key."""
    on_till = connection.dialect.name == "sqlite"
    row = (
        connection.execute(text(truth_sql(projection, on_till=on_till, limit=projection.keys)), dict(key))
        .mappings()
        .one_or_none()
    )
    return {name: int(row[name]) if row else 0 for name in projection.values}


def validate(connection: Connection, projection: Projection, key: Key) -> Drift | None:
    """The difference between cache and ledger for one key, or None."""
    cached, true = current(connection, projection, key), truth(connection, projection, key)
    return None if cached == true else Drift(projection.name, dict(key), cached, true)


def count(connection: Connection, projection: Projection, limit: Key) -> int:
    """How many cached rows there are."""
    where = " AND ".join(f"{name} = :{name}" for name in limit)
    return int(
        connection.execute(
            text(f"SELECT count(*) FROM {projection.name}{' WHERE ' + where if where else ''}"), dict(limit)
        ).scalar_one()
    )


def drifts(connection: Connection, projection: Projection, limit: Key | None = None) -> Iterator[Drift]:
    """Every key whose cache is not what the ledger says, in key order, by one query."""
    limit = limit or {}
    on_till = connection.dialect.name == "sqlite"
    names = list(projection.values)
    where = " AND ".join(f"{name} = :{name}" for name in limit)
    keys = ", ".join(projection.keys)
    sums = ", ".join(f"SUM(c_{name}) AS c_{name}, SUM(t_{name}) AS t_{name}" for name in names)
    true = ", ".join(f"0 AS c_{name}, {name} AS t_{name}" for name in names)
    cached = ", ".join(f"{name} AS c_{name}, 0 AS t_{name}" for name in names)
    differs = " OR ".join(f"SUM(c_{name}) <> SUM(t_{name})" for name in names)
    # One sort over both sides: SQLite has no index for a FULL JOIN and would compare each with each.
    sql = (
        f"SELECT {keys}, {sums} FROM ("
        f"SELECT {keys}, {true} FROM ({truth_sql(projection, on_till=on_till, limit=list(limit))}) AS t"
        f" UNION ALL SELECT {keys}, {cached} FROM {projection.name}{' WHERE ' + where if where else ''}"
        f") AS both_sides GROUP BY {keys} HAVING {differs} ORDER BY {keys}"
    )
    for row in connection.execute(text(sql), dict(limit)).mappings():
        yield Drift(
            projection.name,
            {name: row[name] for name in projection.keys},
            {name: int(row[f"c_{name}"]) for name in names},
            {name: int(row[f"t_{name}"]) for name in names},
        )


def mend(connection: Connection, projection: Projection, key: Key) -> Drift | None:
    """Set one cached row to what the ledger says, safe beside other writers; what it was, or None.

    The row is locked before the ledger is read: whoever changed it before has committed and is
    seen; whoever comes after adds to the mended value.
    """
    columns = ", ".join((*projection.keys, *projection.values))
    marks = ", ".join([*(f":{name}" for name in projection.keys), *("0" for _ in projection.values)])
    connection.execute(
        text(
            f"INSERT INTO {projection.name} ({columns}) VALUES ({marks})"
            f" ON CONFLICT ({', '.join(projection.keys)}) DO NOTHING"
        ),
        dict(key),
    )
    where = " AND ".join(f"{name} = :{name}" for name in projection.keys)
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"SELECT 1 FROM {projection.name} WHERE {where} FOR UPDATE"), dict(key))
    drift = validate(connection, projection, key)
    if drift is None:
        return None
    settings = ", ".join(f"{name} = :new_{name}" for name in projection.values)
    stamp = "" if connection.dialect.name == "sqlite" else ", stamp = pg_current_xact_id()::text::bigint"
    connection.execute(
        text(f"UPDATE {projection.name} SET {settings}{stamp} WHERE {where}"),
        {**key, **{f"new_{name}": value for name, value in drift.truth.items()}},
    )
    return drift


def reconcile(
    database: Database, kind: str, clock: Clock, *, org_id: int, terminal_no: int, dry_run: bool = False
) -> tuple[int, list[Drift]]:
    """Compare one kind with the ledger, mend each difference, write each to the audit log.

    Gives how many cached rows were checked and the differences found.
    """
    chosen = KINDS[kind]
    if chosen.projection is None:
        return 0, []
    projection = chosen.projection
    limit = {"org_id": org_id, **chosen.limit}
    with database.read() as connection:
        checked = count(connection, projection, limit)
        found = list(drifts(connection, projection, limit))
    if dry_run:
        return checked, found
    mended = []
    for drift in found:
        with database.write() as connection:
            done = mend(connection, projection, drift.key)
            if done is None:
                continue
            mended.append(done)
            audit.write(
                connection,
                org_id=org_id,
                at=clock.now(),
                terminal_no=terminal_no,
                action="recalculate",
                subject=f"{projection.name} {json.dumps(done.key, sort_keys=True)}",
                before=json.dumps(done.cached),
                after=json.dumps(done.truth),
            )
    return checked, mended


def baseline(connection: Connection, projection: Projection, key: Key) -> tuple[int, int] | None:
    """On a till: the centre's value of one key and the mark of the last own document inside it."""
    if connection.dialect.name != "sqlite" or not projection.from_centre:
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
