"""The table of what is on its way to a place: orders and transfers, and what came of them so far.

Made at the centre from the documents (see `open_orders`), brought by the feed to the tills (see
`open_orders_till`). A row is never deleted: when all came, or the document was voided, it says so and lets
go of the bytes.
"""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.columns import String, may, must
from pos_app.store.tables.fiscal_tables import fiscal_receipt
from pos_app.store.tables.master import MASTER
from pos_app.store.tables.payment_tables import received_payment
from pos_app.store.tables.tables import ledger_metadata
from pos_app.store.tables.used_code_table import used_code

#: What can be on its way: the kinds of documents (`ledger.document.kind_of`).
KINDS: Final = ("purchase_order", "transfer_sent", "service_order")
#: Something is still to come; all came; it was voided and nothing comes any more; this depot has no part in
#: it (any more).
OPEN, CAME, VOIDED, GONE = "open", "came", "voided", "gone"
STATES: Final = (OPEN, CAME, VOIDED, GONE)

#: One row for each depot whose tills hear of it: the one that it comes to and the one that made it.  `number`
#: is the printed one, `party_id` the vendor of an order, `location_id` where it comes to.  `body` holds the
#: canonical bytes of the document as text, closed at the centre (see `privacy`) and empty when nothing is to
#: come any more.  `came` is JSON: what came so far in thousandths, by the index of the order's line or by the
#: transfer's product.  `mark` is the till's: its last own sequence that `came` counts.
arrival: Final = Table(
    "arrival",
    ledger_metadata,
    must("org_id"),
    must("document_id"),
    must("depot_id"),
    must("kind", String),
    must("number", String),
    may("party_id"),
    must("location_id"),
    must("made_at_us"),
    must("state", String),
    must("body", String, default=""),
    must("came", String, default="{}"),
    must("mark", default="0"),
    must("stamp", default="0"),
    PrimaryKeyConstraint("org_id", "document_id", "depot_id"),
    sqlite_strict=True,
)
# The feed of a depot: "what changed since this transaction", and, for a till that has nothing yet and in the
# list of a till, "what is open".
Index(
    "ix_arrival_depot",
    arrival.c.org_id,
    arrival.c.depot_id,
    arrival.c.stamp,
    arrival.c.document_id,
).ddl_if(dialect="postgresql")
Index(
    "ix_arrival_open",
    arrival.c.org_id,
    arrival.c.depot_id,
    arrival.c.stamp,
    arrival.c.document_id,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

#: What the feed brings as rows, parents before children.
FED: Final = (*MASTER, arrival, used_code, received_payment, fiscal_receipt)
