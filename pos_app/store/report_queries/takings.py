"""What each till and each person sold, took back and voided: sums over the lines of their documents."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.tax import NO_SALE
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, run

#: What a line tells of: goods that were given, goods that came back, or that one of both was voided.
GIVEN: Final = "given"
BACK: Final = "back"
VOIDED: Final = "voided"
_DEED: Final = (
    f"CASE WHEN d.reverses_id IS NOT NULL THEN '{VOIDED}'"
    f" WHEN d.kind IN ('sale', 'invoice') THEN '{GIVEN}' ELSE '{BACK}' END"
)


class Deeds(NamedTuple):
    """The documents of one deed (given, back, voided) of a till or a person in one currency at one rate.

    `discount` and `gross` (tax included) in its minor units, signed as sales count them.
    """

    key: int
    deed: str
    currency: str
    rate_micro: int
    documents: int
    discount: int
    gross: int


def by_till(connection: Connection, scope: Scope) -> list[Deeds]:
    """Keys: the terminal's number."""
    return _grouped(connection, scope, "d.terminal_no")


def by_person(connection: Connection, scope: Scope) -> list[Deeds]:
    """Keys: the person's; a void is of who voided."""
    return _grouped(connection, scope, "d.person_id")


def _grouped(connection: Connection, scope: Scope, key: str) -> list[Deeds]:
    rows = run(
        connection,
        f"SELECT {key}, {_DEED}, d.currency, d.rate_micro, COUNT(DISTINCT d.document_id), SUM(l.discount),"
        f" SUM(l.net + l.tax) FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :sold AND l.tax_code NOT IN :no_sale"
        " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        scope.bound(connection, sold=SOLD, no_sale=tuple(sorted(NO_SALE))),
    )
    return [_deeds(row) for row in rows]


def _deeds(row: tuple[Any, ...]) -> Deeds:
    return Deeds(int(row[0]), str(row[1]), str(row[2]), *(int(value) for value in row[3:]))
