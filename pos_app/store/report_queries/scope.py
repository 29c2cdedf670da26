"""What part of the ledger a report is of: organisation, business, and a half-open time in UTC."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, text

from pos_app.ledger.errors import Refused
from pos_app.store.tables.columns import from_micros, kept

#: Joins a part table named `l` to its document `d`.
JOIN_DOCUMENT: Final = " JOIN document AS d ON d.org_id = l.org_id AND d.document_id = l.document_id"
#: A void has the kind of the document that it takes back, `o`.
JOIN_REVERSED: Final = " LEFT JOIN document AS o ON o.org_id = d.org_id AND o.document_id = d.reverses_id"
KIND: Final = "coalesce(o.kind, d.kind)"
#: The option of a connection that says how many rows a report may ask for at once (see `patience`).
MOST_ROWS: Final = "report_rows"
_NAMES: Final = re.compile(r":([a-z_]+)")


@dataclass(frozen=True)
class Scope:
    """Documents with `start` <= occurred_at < `end`; without `start`, from the beginning.

    `business_id` None is all businesses, `depot_id` and `terminal_no` None those of all depots and tills.
    """

    org_id: int
    business_id: int | None
    start: datetime | None
    end: datetime
    depot_id: int | None = None
    terminal_no: int | None = None

    def before(self) -> "Scope | None":
        """Everything before `start`; None when there is nothing before."""
        return None if self.start is None else replace(self, start=None, end=self.start)

    def upto(self) -> "Scope":
        """Everything before `end`."""
        return replace(self, start=None)

    def lines(self, *, business: bool = True) -> str:
        """The condition on a part `l` joined with its document `d`."""
        terms = ["l.org_id = :org", "l.year <= :last_year", "d.occurred_at < :end"]
        if self.start is not None:
            terms += ["l.year >= :first_year", "d.occurred_at >= :start"]
        if business and self.business_id is not None:
            terms.append("l.business_id = :business")
        return " AND ".join([*terms, *self._places()])

    def documents(self) -> str:
        """The condition on a document `d` alone: of whichever business its lines are."""
        begun = ["d.occurred_at >= :start"] if self.start is not None else []
        return " AND ".join(["d.org_id = :org", "d.occurred_at < :end", *begun, *self._places()])

    def _places(self) -> list[str]:
        """Where the document was recorded."""
        depot = ["d.depot_id = :depot"] if self.depot_id is not None else []
        return [*depot, *(["d.terminal_no = :terminal"] if self.terminal_no is not None else [])]

    def after(self, *, business: bool = True) -> str:
        """The condition on a part `l` joined with its document `d` for what came later."""
        own = ["l.business_id = :business"] if business and self.business_id is not None else []
        terms = ["l.org_id = :org", "l.year >= :end_year", "d.occurred_at >= :end", *own, *self._places()]
        return " AND ".join(terms)

    def bound(self, connection: Connection, **more: Any) -> dict[str, Any]:
        """The values of these conditions as the engine keeps them, and `more`."""
        values: dict[str, Any] = {
            "org": self.org_id,
            "end": kept(connection, self.end),
            "end_year": self.end.year,
            "last_year": (self.end - timedelta(microseconds=1)).year,
        }
        if self.start is not None:
            values["start"] = kept(connection, self.start)
            values["first_year"] = self.start.year
        if self.business_id is not None:
            values["business"] = self.business_id
        if self.depot_id is not None:
            values["depot"] = self.depot_id
        if self.terminal_no is not None:
            values["terminal"] = self.terminal_no
        return values | more


def run(connection: Connection, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a query.  A value that is a tuple is a list of alternatives (`IN :name`).

    Raises `Refused` for more rows than the connection may bring.
    """
    most = connection.get_execution_options().get(MOST_ROWS, 0)
    statement = text(f"{sql} LIMIT {most + 1}" if most and " LIMIT " not in sql else sql)
    names = set(_NAMES.findall(sql))
    lists: list[BindParameter[Any]] = [
        bindparam(name, expanding=True) for name in sorted(names) if isinstance(values[name], tuple)
    ]
    if lists:
        statement = statement.bindparams(*lists)
    used = {name: list(one) if isinstance(one := values[name], tuple) else one for name in names}
    rows = [tuple(row) for row in connection.execute(statement, used)]
    if most and len(rows) > most:
        raise Refused("report-too-long", most=most)
    return rows


def moment(value: Any) -> datetime:
    """A moment as either engine gives it back."""
    return from_micros(value) if isinstance(value, int) else value
