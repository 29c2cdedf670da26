"""Tables of fiscal devices: what each is and knows, and the state of every invoice.

The receipts travel to the tills; the device and what it was told stay at the centre.
"""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Moment, String, may, must
from pos_app.store.tables.tables import ledger_metadata

#: One invoice for the authority: a document's part (`fiscal.invoice`).  `state` is one of
#: `fiscal.regime.STATES`; `number` is the device's own, held from before it is sent until it is refused.
#: What was signed stands as the device said it.  `original` names the receipt that it takes from, `said` is
#: why it was refused (a sentence's code and facts as JSON), `figures` the amounts by tax type in the
#: authority's rounding (JSON, minor units).  `day` is the document's in UTC, YYYYMMDD.  A row that nothing is
#: to be signed of is `aside` from the beginning.
fiscal_receipt: Final = Table(
    "fiscal_receipt",
    ledger_metadata,
    must("org_id"),
    must("document_id"),
    must("business_id"),
    must("part"),
    must("depot_id"),
    must("regime", String),
    must("state", String, default="waiting"),
    must("trader_no", String),
    may("original_id"),
    must("made_us"),
    must("day"),
    must("number", default="0"),
    must("receipt_no", default="0"),
    must("total_no", default="0"),
    *(
        must(name, String, default="")
        for name in (
            "unit", "label", "internal", "signature", "signed_at", "qr", "original", "said", "figures"
        )
    ),
    must("stamp", default="0"),
    PrimaryKeyConstraint("org_id", "document_id", "business_id", "part"),
    sqlite_strict=True,
)  # fmt: skip
# A device's number is one invoice's.
Index(
    "uq_fiscal_receipt_number",
    fiscal_receipt.c.org_id,
    fiscal_receipt.c.business_id,
    fiscal_receipt.c.number,
    unique=True,
    postgresql_where=text("number > 0"),
).ddl_if(dialect="postgresql")
# "What is next?", and what waits for a person.
Index(
    "ix_fiscal_receipt_open",
    fiscal_receipt.c.org_id,
    fiscal_receipt.c.business_id,
    fiscal_receipt.c.state,
    fiscal_receipt.c.made_us,
    fiscal_receipt.c.document_id,
    postgresql_where=text("state IN ('waiting', 'sent', 'refused')"),
).ddl_if(dialect="postgresql")
# The feed of a depot.
Index(
    "ix_fiscal_receipt_stamp",
    fiscal_receipt.c.org_id,
    fiscal_receipt.c.depot_id,
    fiscal_receipt.c.stamp,
    fiscal_receipt.c.document_id,
).ddl_if(dialect="postgresql")

#: The device of a business.  `secret` is closed (see `privacy`); `next_number` is what its next invoice gets;
#: `said` is what is wrong with it (JSON, as above), `rests_until` when it is asked again, `stopped` is 1
#: until a person sets it going.
fiscal_device: Final = Table(
    "fiscal_device",
    central_metadata,
    must("org_id"),
    must("business_id"),
    must("address", String, default=""),
    must("serial", String, default=""),
    must("item_class", String, default=""),
    must("secret", String, default=""),
    must("unit", String, default=""),
    must("recorder", String, default=""),
    must("codes", String, default=""),
    may("codes_at", Moment),
    must("next_number", default="1"),
    may("registered_at", Moment),
    may("answered_at", Moment),
    must("failures", default="0"),
    may("rests_until", Moment),
    must("stopped", default="0"),
    must("said", String, default=""),
    PrimaryKeyConstraint("org_id", "business_id"),
)

#: What a device was told of: its items and buyers, each with its number there (0: not yet), the code by which
#: invoices name it, and all that was said of it.  `class_code` is the kind of goods that a person chose.
fiscal_entry: Final = Table(
    "fiscal_entry",
    central_metadata,
    must("org_id"),
    must("business_id"),
    must("kind", String),
    must("key"),
    must("number", default="0"),
    must("code", String, default=""),
    must("said", String, default=""),
    must("class_code", String, default=""),
    PrimaryKeyConstraint("org_id", "business_id", "kind", "key"),
)

#: How far the documents of each terminal were looked at.
fiscal_mark: Final = Table(
    "fiscal_mark",
    central_metadata,
    must("org_id"),
    must("terminal_no"),
    must("told"),
    PrimaryKeyConstraint("org_id", "terminal_no"),
)

FISCAL: Final = (fiscal_device, fiscal_entry, fiscal_mark)

#: Columns of a receipt that nobody changes: what it is of.
FISCAL_FIXED: Final = {
    fiscal_receipt: {"org_id", "document_id", "business_id", "part", "depot_id", "regime", "trader_no",
                     "made_us", "day"},
}  # fmt: skip
