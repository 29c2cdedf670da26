"""What came of which order and was billed already, as far as the documents themselves say."""

from sqlalchemy import Connection, text

from pos_app.ledger.document import Bill
from pos_app.store.documents import documents

_BILLS = (
    "SELECT document_id FROM document AS d WHERE org_id = :org AND party_id = :party AND kind = 'bill'"
    " AND recorded_at >= (SELECT recorded_at FROM document WHERE org_id = :org"
    f" AND document_id = :receipt) AND {documents.not_voided()} ORDER BY document_id"
)


def billed(connection: Connection, org_id: int, vendor_id: int, receipt_id: int) -> set[int]:
    """The lines of a receipt (by index) for which a bill of the vendor stands.

    2026-11-21  The bills that came after it are read whole: which line a bill is for stands in its bytes
    alone, and a vendor sends a few of them between a receipt and its bill.
    """
    rows = connection.execute(text(_BILLS), {"org": org_id, "party": vendor_id, "receipt": receipt_id}).all()
    found = set()
    for (document_id,) in rows:
        bill = documents.get(connection, org_id, int(document_id))
        if isinstance(bill, Bill):
            found |= {
                line.receipt_line
                for line in bill.lines
                if line.receipt_id == receipt_id and line.receipt_line is not None
            }
    return found
