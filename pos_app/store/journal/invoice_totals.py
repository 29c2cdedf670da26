"""Posted invoices, bills and their credits whose stored totals are not the sums of their lines.

The rules refuse such a document, here and at ingest; this asks the tables themselves, whatever wrote them.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.numbering import printed_number


class WrongTotals(NamedTuple):
    """A document, and its subtotal, tax and total: as stored and as summed, in minor units."""

    document_id: int
    number: str
    stored: tuple[int, int, int]
    summed: tuple[int, int, int]


_WRONG: Final = """
SELECT d.document_id, d.terminal_no, d.series, d.number, coalesce(p.letter, ''),
  d.subtotal, d.tax_total, d.total, l.net, l.tax
FROM document AS d
JOIN (SELECT i.org_id, i.document_id, SUM(i.net) AS net, SUM(i.tax) AS tax FROM document_line AS i
  WHERE i.org_id = :org GROUP BY i.org_id, i.document_id) AS l
  ON l.org_id = d.org_id AND l.document_id = d.document_id
LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id
WHERE d.org_id = :org AND d.kind IN ('invoice', 'credit_note', 'bill', 'vendor_credit')
  AND (d.subtotal <> l.net OR d.tax_total <> l.tax OR d.total <> l.net + l.tax)
ORDER BY d.document_id
"""


def wrong(connection: Connection, org_id: int) -> list[WrongTotals]:
    """All such documents, oldest first; normally none."""
    return [
        WrongTotals(
            int(row[0]),
            printed_number(row[4], int(row[1]), row[2], int(row[3])),
            (int(row[5]), int(row[6]), int(row[7])),
            (int(row[8]), int(row[9]), int(row[8]) + int(row[9])),
        )
        for row in connection.execute(text(_WRONG), {"org": org_id})
    ]
