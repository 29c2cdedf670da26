"""The last reading of a meter that goods run through, as the newest document of this ledger has it.

A product has one meter, unless customers have meters of their own: those are known by their codes.
"""

from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import Invoice, Refund, Sale
from pos_app.store.documents import documents

#: Goods of a meter are sold with readings; so many sales without one in a row say that it has no meter.
_LOOK_BACK: Final = 20
#: A customer has some meters, and each is read on a paper of its own.
_LOOK_BACK_OF_CUSTOMER: Final = 100


def last_reading(connection: Connection, org_id: int, product_id: int) -> int | None:
    """Where the meter stood after the last sale of a product, in thousandths; None when nobody wrote it.

    A voided sale does not count, and what came back of one turns no meter back.
    """
    rows = connection.execute(
        text(
            "SELECT d.document_id FROM document_line AS l JOIN document AS d ON d.org_id = l.org_id"
            " AND d.document_id = l.document_id WHERE l.org_id = :org AND l.product_id = :product"
            f" AND d.kind IN ('sale', 'invoice', 'refund') AND {documents.not_voided()}"
            " ORDER BY l.document_id DESC LIMIT :most"
        ),
        {"org": org_id, "product": product_id, "most": _LOOK_BACK},
    )
    for row in rows:
        document = documents.get(connection, org_id, int(row[0]))
        if isinstance(document, Sale | Invoice | Refund):
            for line in reversed(document.lines):
                if line.product_id == product_id and line.meter_after is not None:
                    return line.meter_after
    return None


def of_meter(connection: Connection, org_id: int, party_id: int, product_id: int, code: str) -> int | None:
    """Where one of a customer's own meters stood after the last sale by it, in thousandths, or None.

    What was sold by it to a double of the customer that is merged into them counts.
    """
    rows = connection.execute(
        text(
            "SELECT d.document_id FROM document AS d WHERE d.org_id = :org AND d.party_id IN"
            " (SELECT party_id FROM party WHERE org_id = :org AND (party_id = :party OR into_id = :party))"
            f" AND d.kind IN ('sale', 'invoice') AND {documents.not_voided()}"
            " AND EXISTS (SELECT 1 FROM document_line AS l WHERE l.org_id = d.org_id"
            " AND l.document_id = d.document_id AND l.product_id = :product)"
            " ORDER BY d.document_id DESC LIMIT :most"
        ),
        {"org": org_id, "party": party_id, "product": product_id, "most": _LOOK_BACK_OF_CUSTOMER},
    )
    for row in rows:
        document = documents.get(connection, org_id, int(row[0]))
        if isinstance(document, Sale | Invoice):
            for line in reversed(document.lines):
                if line.meter == code and line.meter_after is not None:
                    return line.meter_after
    return None
