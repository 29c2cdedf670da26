"""Drift: cached rows that are not what they must be, found by one query over both sides.

A missing row is drift as well, and so is an invented one, unless all its values are zero: that reads
like no row at all, and it is how an invented row is mended, so that every till hears of it.

Decision 2026-11-20: Postgres joins both sides (FULL JOIN over hashed keys, the GROUP BY beneath it
runs in parallel); SQLite stacks them and groups once more, because it has no index for a FULL JOIN
and would compare each row with each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from pos_app.store.balances.expected import equal, expected_sql
from pos_app.store.side import on_till
from pos_app.store.tables.projections import Projection

Key = Mapping[str, Any]
Values = dict[str, int]


@dataclass(frozen=True)
class Drift:
    """One cached row that is not what the ledger says; values in minor units or thousandths."""

    projection: str
    key: dict[str, Any]
    cached: Values
    expected: Values


@dataclass(frozen=True)
class Span:
    """A range of keys: the walking column above `after` and up to `to`; None is without an end."""

    after: Any = None
    to: Any = None

    def conditions(self, projection: Projection) -> list[str]:
        """SQL conditions, each beginning with the column's name."""
        found = [] if self.after is None else [f"{projection.walk} > :span_after"]
        return found if self.to is None else [*found, f"{projection.walk} <= :span_to"]

    def bound(self) -> dict[str, Any]:
        """The values of the conditions."""
        both = {"span_after": self.after, "span_to": self.to}
        return {name: value for name, value in both.items() if value is not None}


def conditions(projection: Projection, limit: Key, span: Span) -> list[str]:
    """The conditions of a limit and a span together."""
    return [f"{name} = :{name}" for name in limit] + span.conditions(projection)


def drifts(
    connection: Connection, projection: Projection, limit: Key | None = None, span: Span | None = None
) -> Iterator[Drift]:
    """Every key whose cache is not what the ledger's lines say, in key order, by one query."""
    limit, span = limit or {}, span or Span()
    where = conditions(projection, limit, span)
    whole = not span.bound() and set(limit) <= {"org_id"}
    truth = expected_sql(connection, projection, where, whole=whole)
    yield from compared(connection, projection, truth, where, {**limit, **span.bound()})


def compared(
    connection: Connection, projection: Projection, truth: str, where: list[str], bound: Mapping[str, Any]
) -> Iterator[Drift]:
    """Every key whose cached row differs from the SELECT `truth`; `where` limits the cached rows."""
    cached = f"SELECT {', '.join((*projection.keys, *projection.values))} FROM {projection.name}"
    if where:
        cached += f" WHERE {' AND '.join(where)}"
    if on_till(connection) and not projection.grows and not projection.from_centre:
        sql = probed_sql(projection, truth, cached)
    elif on_till(connection):
        sql = stacked_sql(projection, truth, cached)
    else:
        sql = joined_sql(projection, truth, cached, of_one="org_id = :org_id" in where)
    for row in connection.execute(text(sql), dict(bound)).mappings():
        yield Drift(
            projection.name,
            {name: row[name] for name in projection.keys},
            {name: int(row[f"c_{name}"] or 0) for name in projection.values},
            {name: int(row[f"t_{name}"] or 0) for name in projection.values},
        )


def joined_sql(projection: Projection, truth: str, cached: str, *, of_one: bool = False) -> str:
    """Both sides joined; a row for each key that differs.  For Postgres.

    With `of_one` both sides are of one organisation: joined without it, two sides that come sorted by
    the rest of the key (documents do) are merged as they come.
    """
    keys = ", ".join(projection.keys)
    shared = ", ".join(name for name in projection.keys if name != "org_id" or not of_one)
    org = "coalesce(t.org_id, c.org_id) AS org_id" if of_one else "org_id"
    pairs = ", ".join(f"c.{name} AS c_{name}, t.{name} AS t_{name}" for name in projection.values)
    differs = " OR ".join(
        f"t.{name} IS DISTINCT FROM c.{name} AND (c.{name} <> 0 OR t.{name} IS NOT NULL)"
        for name in projection.values
    )
    others = ", ".join(name for name in projection.keys if name != "org_id")
    return (
        f"SELECT {org}, {others}, {pairs} FROM ({truth}) AS t FULL JOIN ({cached}) AS c USING ({shared})"
        f" WHERE {differs} ORDER BY {keys}"
    )


def probed_sql(projection: Projection, truth: str, cached: str) -> str:
    """Each side looked up from the other by its primary key.  For SQLite and the many keys of documents,
    of which a till has no baselines:
    both sides come in the order of that key, and nothing is sorted.
    """
    keys, own_keys = ", ".join(f"t.{name}" for name in projection.keys), ", ".join(projection.keys)
    pairs = ", ".join(f"c.{name} AS c_{name}, t.{name} AS t_{name}" for name in projection.values)
    invented = ", ".join(f"{name} AS c_{name}, 0 AS t_{name}" for name in projection.values)
    differs = " OR ".join(f"t.{name} IS NOT c.{name}" for name in projection.values)
    some = " OR ".join(f"{name} <> 0" for name in projection.values)
    return (
        f"SELECT {keys}, {pairs} FROM ({truth}) AS t LEFT JOIN {projection.name} AS c"
        f" ON {equal(projection.keys, 't', 'c')} WHERE {differs}"
        f" UNION ALL SELECT {own_keys}, {invented} FROM ({cached}) AS c WHERE ({some})"
        f" AND NOT EXISTS (SELECT 1 FROM {projection.source.name} AS s"
        f" WHERE {equal(projection.keys, 's', 'c')}) ORDER BY {own_keys}"
    )


def stacked_sql(projection: Projection, truth: str, cached: str) -> str:
    """Both sides stacked and grouped; a row for each key that differs.  For SQLite."""
    names, keys = list(projection.values), ", ".join(projection.keys)
    sums = ", ".join(f"SUM(c_{name}) AS c_{name}, SUM(t_{name}) AS t_{name}" for name in names)
    left = ", ".join(f"0 AS c_{name}, {name} AS t_{name}" for name in names)
    right = ", ".join(f"{name} AS c_{name}, 0 AS t_{name}" for name in names)
    differs = " OR ".join(f"SUM(c_{name}) <> SUM(t_{name})" for name in names)
    return (
        f"SELECT {keys}, {sums} FROM ("
        f"SELECT {keys}, {left}, 1 AS is_true, 0 AS is_cached FROM ({truth}) AS t"
        f" UNION ALL SELECT {keys}, {right}, 0, 1 FROM ({cached}) AS c"
        f") AS both_sides GROUP BY {keys} HAVING {differs} OR MAX(is_true) > MAX(is_cached) ORDER BY {keys}"
    )
