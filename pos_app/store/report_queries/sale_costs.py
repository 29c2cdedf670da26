"""What the goods that were sold cost, as the centre valued them: read from the valuations themselves.

A cost line does not say whether goods were sold or lost; the document it is of does.
"""

from collections import defaultdict
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import Reversal, StockValuation
from pos_app.ledger.stock import ValuationCause
from pos_app.store.engine import privacy
from pos_app.store.report_queries.scope import JOIN_REVERSED, Scope, run

#: So many valuations lie in memory at once.
_BATCH: Final = 100
#: What costs goods sold; a loss is no sale.
_OF_SALES: Final = (ValuationCause.SALE, ValuationCause.REVALUATION)
#: Each kind along its own index.
_VALUED: Final = (
    "SELECT d.document_id FROM document AS d WHERE {where} AND d.kind = 'stock_valuation'"
    " UNION ALL SELECT d.document_id FROM document AS d{reversed}"
    " WHERE {where} AND d.kind = 'reversal' AND o.kind = 'stock_valuation' ORDER BY 1"
)


class Cost(NamedTuple):
    """What went out of a product of a business: thousandths, and minor units of the base currency."""

    quantity: int
    value: int


def sale_costs(connection: Connection, scope: Scope) -> dict[tuple[int, int], Cost]:
    """By business and product."""
    sql = _VALUED.format(where=scope.documents(), reversed=JOIN_REVERSED)
    keys = [int(row[0]) for row in run(connection, sql, scope.bound(connection))]
    private = privacy.of(connection)
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for start in range(0, len(keys), _BATCH):
        batch = tuple(keys[start : start + _BATCH])
        rows = run(
            connection,
            "SELECT body FROM document WHERE org_id = :org AND document_id IN :keys",
            {"org": scope.org_id, "keys": batch},
        )
        for (body,) in rows:
            document = canonical.decode(private.decrypt_bytes(scope.org_id, bytes(body)))
            sign = 1
            if isinstance(document, Reversal):
                document, sign = canonical.decode(bytes(document.original)), -1
            if isinstance(document, StockValuation):
                _add(sums, document, sign, scope.business_id)
    return {key: Cost(*one) for key, one in sums.items()}


def _add(
    sums: dict[tuple[int, int], list[int]], document: StockValuation, sign: int, business_id: int | None
) -> None:
    for line in document.lines:
        if line.cause in _OF_SALES and business_id in (None, line.business_id):
            found = sums[line.business_id, line.product_id]
            found[0] += sign * line.quantity
            found[1] += sign * line.value


def posted(connection: Connection, scope: Scope) -> int:
    """What valuations moved on the accounts of the cost of goods; debit positive, base currency."""
    rows = run(
        connection,
        "SELECT coalesce(SUM(l.base_amount), 0) FROM journal_line AS l JOIN document AS d"
        " ON d.org_id = l.org_id AND d.document_id = l.document_id"
        f"{JOIN_REVERSED} WHERE {scope.lines()} AND coalesce(o.kind, d.kind) = 'stock_valuation'"
        " AND l.account_code IN"
        " (SELECT code FROM account WHERE org_id = :org AND role = 'cost_of_goods')",
        scope.bound(connection),
    )
    return int(rows[0][0])


class Good(NamedTuple):
    """A product as margins name it."""

    sku: str
    name: str
    category: str
    business_id: int
    stocked: bool


def goods(connection: Connection, org_id: int) -> dict[int, Good]:
    """Every product by key, in the order of the codes."""
    rows = run(
        connection,
        "SELECT product_id, sku, name, category, business_id, stocked FROM product"
        " WHERE org_id = :org ORDER BY sku",
        {"org": org_id},
    )
    return {int(row[0]): Good(row[1], row[2], row[3], int(row[4]), bool(row[5])) for row in rows}
