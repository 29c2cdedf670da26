"""The last reading of a meter that goods run through, as the newest document of this ledger has it."""

from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import Invoice, Sale
from pos_app.store.documents import documents

#: Goods of a meter are sold with readings; so many sales without one in a row say that it has no meter.
_LOOK_BACK: Final = 20


def last_reading(connection: Connection, org_id: int, product_id: int) -> int | None:
    """Where the meter stood after the last sale of a product, in thousandths; None when nobody wrote it.

    A voided sale does not count.
    """
    rows = connection.execute(
        text(
            "SELECT d.document_id FROM document_line AS l JOIN document AS d ON d.org_id = l.org_id"
            " AND d.document_id = l.document_id WHERE l.org_id = :org AND l.product_id = :product"
            f" AND d.kind IN ('sale', 'invoice') AND {documents.not_voided()}"
            " ORDER BY l.document_id DESC LIMIT :most"
        ),
        {"org": org_id, "product": product_id, "most": _LOOK_BACK},
    )
    for row in rows:
        document = documents.get(connection, org_id, int(row[0]))
        if isinstance(document, Sale | Invoice):
            for line in reversed(document.lines):
                if line.product_id == product_id and line.meter_after is not None:
                    return line.meter_after
    return None
