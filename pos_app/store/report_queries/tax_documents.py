"""Tax document by document, as a return's sheets list it: when, which paper, whom it was with."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.tax import NO_SALE
from pos_app.store.engine import privacy
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, moment, run
from pos_app.store.report_queries.taxes import BOUGHT


class TaxDocument(NamedTuple):
    """One code at one rate of one document; minor units of the document's own currency."""

    document_id: int
    kind: str
    is_void: bool
    occurred_at: datetime
    number_prefix: str
    terminal_no: int
    series: str
    number: int
    party: str
    tax_number: str
    code: str
    rate_bp: int
    net: int
    tax: int


def by_document(connection: Connection, scope: Scope) -> list[TaxDocument]:
    """Every document of the scope whose lines are sales or purchases, oldest first."""
    rows = run(
        connection,
        f"SELECT d.document_id, {KIND}, o.kind IS NOT NULL, d.occurred_at, coalesce(p.letter, ''),"
        " d.terminal_no, d.series, d.number, coalesce(w.name, ''), coalesce(w.tax_number, ''),"
        " l.tax_code, l.tax_rate_bp, SUM(l.net), SUM(l.tax)"
        f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
        " LEFT JOIN party AS w ON w.org_id = d.org_id AND w.party_id = coalesce(o.party_id, d.party_id)"
        f" WHERE {scope.lines()} AND {KIND} IN :kinds AND l.tax_code NOT IN :no_sale"
        " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 ORDER BY 4, 1, 11, 12",
        scope.bound(connection, kinds=SOLD + BOUGHT, no_sale=tuple(sorted(NO_SALE))),
    )
    private = privacy.of(connection)
    return [
        TaxDocument(
            int(row[0]),
            row[1],
            bool(row[2]),
            moment(row[3]),
            row[4],
            int(row[5]),
            row[6],
            int(row[7]),
            row[8],
            private.decrypt_text(scope.org_id, privacy.TAX_NUMBER, row[9]) if row[9] else "",
            row[10],
            int(row[11]),
            int(row[12]),
            int(row[13]),
        )
        for row in rows
    ]
