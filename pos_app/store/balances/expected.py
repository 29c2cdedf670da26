"""The SELECT of what a cached table must hold, straight from the ledger's lines.

At the centre it is the projection's GROUP BY.  On a till it is the baseline plus the own documents
above the baseline's mark.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN
from pos_app.store.side import on_till
from pos_app.store.tables.projections import Projection

#: Above the baseline's mark is above that key of this very terminal, which the settings name.
_ABOVE_MARK: Final = (
    f"own.document_id > base.mark + {TERMINAL_SPAN}"
    " * coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'terminal_no'),"
    f" own.document_id >> {SEQUENCE_BITS})"
)


def equal(names: Sequence[str], left: str, right: str) -> str:
    """A join condition over columns of the same name."""
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in names)


def own_values(projection: Projection, alias: str = "own") -> dict[str, str]:
    """The summed expressions with their columns read from `alias`."""
    return {
        name: " + ".join(f"{alias}.{term.strip()}" for term in sql.split("+"))
        for name, sql in projection.values.items()
    }


def expected_sql(
    connection: Connection, projection: Projection, limit: Sequence[str] = (), *, whole: bool = False
) -> str:
    """The SELECT of keys and values, limited by the conditions in `limit`.

    A condition begins with the name of a key column (`party_id > :after`); its values are bound.
    `whole`: nearly all rows are wanted; on a till SQLite would follow an index from page to page, six
    times as long as reading the table from end to end.
    """
    if not projection.from_centre or not on_till(connection):
        return projection.select(*limit)
    keys = ", ".join(projection.keys)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in projection.values)
    own_keys = ", ".join(f"own.{name}" for name in projection.keys)
    values = ", ".join(projection.values)
    baseline_where = f" WHERE {' AND '.join(limit)}" if limit else ""
    own_limit = [f"own.{condition}" for condition in limit]
    own_where = projection.where(f"(base.mark IS NULL OR {_ABOVE_MARK})", *own_limit, alias="own.")
    return (
        f"SELECT {keys}, {sums} FROM ("
        f"SELECT {keys}, {values} FROM {projection.baseline}{baseline_where}"
        f" UNION ALL "
        f"SELECT {own_keys}, {', '.join(own_values(projection).values())}"
        f" FROM {projection.source.name} AS own{' NOT INDEXED' if whole else ''}"
        f" LEFT JOIN {projection.baseline} AS base ON {equal(projection.keys, 'base', 'own')}"
        f"{own_where}) GROUP BY {keys}"
    )
