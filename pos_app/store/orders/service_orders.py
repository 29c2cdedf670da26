"""The steps of service orders, as the documents have them.

What is left of an order and which are open is asked of `open_orders` and `open_orders_till`, as of anything
else that one terminal begins and another one ends.
"""

from sqlalchemy import Connection, text

from pos_app.ledger.document import ServiceStep
from pos_app.store.documents import documents


def steps(connection: Connection, org_id: int, order_id: int) -> list[ServiceStep]:
    """The steps of an order that stand, in the order in which this side took them."""
    rows = connection.execute(
        text(
            "SELECT d.document_id FROM document AS d WHERE d.org_id = :org AND d.original_id = :order"
            f" AND d.kind = 'service_step' AND {documents.not_voided()} ORDER BY d.document_id"
        ),
        {"org": org_id, "order": order_id},
    )
    found = [documents.get(connection, org_id, int(row[0])) for row in rows]
    return [one for one in found if isinstance(one, ServiceStep)]
