"""Whether the valued stock of the centre is what the documents come to that its marks say are valued.

Two sums of the same documents: what their cost lines and the valuations add up to for each business and
product, and what was moved of each product.  So a mark that somebody moved shows too: it leaves documents out
that were valued, or lets some in that were not.  The last known average of a product is no sum of anything:
it prices what goes out beyond the stock, until the next receipt sets that right.
"""

from typing import Final

from sqlalchemy import text

from pos_app.language import said
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.head import SEQUENCE_BITS, TERMINAL_SPAN
from pos_app.store.engine.engine import Database
from pos_app.store.upkeep.verdict import Verdict

#: Whether a document is valued: below its terminal's mark, and not late and still to be valued.
_VALUED: Final = (
    "EXISTS (SELECT 1 FROM marks AS m WHERE m.terminal_no = {0}.document_id >> " + str(SEQUENCE_BITS) + ""
    " AND {0}.document_id & " + str(TERMINAL_SPAN - 1) + " <= m.mark)"
    " AND {0}.document_id NOT IN (SELECT document_id FROM late)"
)
_BOUND: Final = (
    "WITH marks AS MATERIALIZED (SELECT terminal_no, mark FROM valuation_mark WHERE org_id = :org),"
    " late AS MATERIALIZED (SELECT l.document_id FROM late_document AS l WHERE l.org_id = :org"
    " AND NOT EXISTS (SELECT 1 FROM valued_late AS v WHERE v.org_id = l.org_id"
    " AND v.document_id = l.document_id))"
)
#: By business and product: what the cost lines come to.
_COSTS: Final = (
    f"{_BOUND}, ours AS MATERIALIZED (SELECT document_id FROM document WHERE org_id = :org"
    f" AND kind = 'stock_valuation' AND terminal_no = {SERVER_TERMINAL_NO}),"
    " sums AS (SELECT c.business_id, c.product_id, sum(c.quantity) AS quantity, sum(c.value) AS value"
    " FROM cost_line AS c WHERE c.org_id = :org AND (c.document_id IN (SELECT document_id FROM ours)"
    f" OR {_VALUED.format('c')}) GROUP BY 1, 2),"
    " held AS (SELECT * FROM valued_stock WHERE org_id = :org)"
    " SELECT business_id, product_id FROM sums FULL JOIN held USING (business_id, product_id)"
    " WHERE (coalesce(sums.quantity, 0), coalesce(sums.value, 0))"
    " <> (coalesce(held.quantity, 0), coalesce(held.value, 0))"
    " ORDER BY 1, 2"
)
#: By product: what was moved of it.
_MOVES: Final = (
    f"{_BOUND}, sums AS (SELECT s.product_id, sum(s.quantity) AS quantity FROM stock_move AS s"
    f" WHERE s.org_id = :org AND {_VALUED.format('s')} GROUP BY 1),"
    " held AS (SELECT product_id, sum(quantity) AS quantity FROM valued_stock WHERE org_id = :org GROUP BY 1)"
    " SELECT 0, product_id FROM sums FULL JOIN held USING (product_id)"
    " WHERE coalesce(sums.quantity, 0) <> coalesce(held.quantity, 0)"
    # Of what is in no catalogue nothing is valued.
    " AND EXISTS (SELECT 1 FROM product AS p WHERE p.org_id = :org AND p.product_id ="
    " coalesce(sums.product_id, held.product_id)) ORDER BY 2"
)


#: A mark of no terminal, or beyond what came of it: what comes would never be valued.
_MARKS: Final = (
    "SELECT m.terminal_no, m.mark FROM valuation_mark AS m LEFT JOIN terminal AS t ON t.org_id = m.org_id"
    " AND t.terminal_no = m.terminal_no WHERE m.org_id = :org AND m.mark > coalesce(t.last_seq, -1)"
    " ORDER BY m.terminal_no"
)


def check(database: Database, org_id: int, verdict: Verdict) -> None:
    """Complain of every product whose valued stock is another, and of marks that cannot be."""
    with database.read() as connection:
        for terminal_no, mark in connection.execute(text(_MARKS), {"org": org_id}):
            verdict.complain(said("valuation-mark-wrong", terminal=int(terminal_no), mark=int(mark)))
        odd = [tuple(row) for row in connection.execute(text(_COSTS), {"org": org_id})]
        known = {product for _, product in odd}
        moved = connection.execute(text(_MOVES), {"org": org_id})
        odd += [tuple(row) for row in moved if row[1] not in known]
    for business_id, product_id in odd:
        verdict.complain(said("valued-stock-differs", business=int(business_id), product=int(product_id)))
