"""Tables of payments that their provider confirmed, what came that is none, and what is asked of providers.

Which sale took a payment does not stand here: a code is held by one document (`used_code`), and the payment
of that code is its.  So no payment can be of two sales, and no sale of two payments with one code.
"""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Moment, String, may, must
from pos_app.store.tables.tables import ledger_metadata

#: It is money that came; it waits for a person, who has to say that it did; it went back to who paid; a
#: person said what it was, and no sale will take it.
STANDING, HELD, RETURNED, SETTLED = "standing", "held", "returned", "settled"
STATES: Final = (STANDING, HELD, RETURNED, SETTLED)

#: A payment that came, at the centre and at the tills.  `payment_id` is made of its code, so that the same
#: comes to the same row; `code` is in the form in which codes are compared, as `used_code` has it, `written`
#: as the provider writes it; `number` is what was paid to.  Code, telephone, payer and reference are closed
#: at the centre.  `amount` in minor units.  `day` is its day in UTC, YYYYMMDD.
received_payment: Final = Table(
    "received_payment",
    ledger_metadata,
    must("org_id"),
    must("payment_id"),
    must("provider", String),
    must("business_id"),
    must("number", String),
    must("code", String),
    must("written", String),
    must("amount"),
    must("currency", String),
    must("phone", String, default=""),
    must("payer", String, default=""),
    must("reference", String, default=""),
    must("paid_at_us"),
    must("received_at_us"),
    must("day"),
    must("source", String),
    must("state", String, default=STANDING),
    must("note", String, default=""),
    must("stamp", default="0"),
    PrimaryKeyConstraint("org_id", "payment_id"),
    sqlite_strict=True,
)
# "Which payment has this code?": of a sale, and of a code that is typed.
Index("ix_received_payment_code", received_payment.c.org_id, received_payment.c.code)
# "What came on these days?"
Index("ix_received_payment_day", received_payment.c.org_id, received_payment.c.day)
# The feed: "what came since this transaction?"
Index(
    "ix_received_payment_stamp",
    received_payment.c.org_id,
    received_payment.c.stamp,
    received_payment.c.payment_id,
).ddl_if(dialect="postgresql")

#: What came to an address for payments and is none that could be booked: evidence, until a person looked.
#: `what` is which address, `reason` the sentence that says what is wrong, as it is kept.  `body` is closed.
payment_notice: Final = Table(
    "payment_notice",
    central_metadata,
    must("org_id"),
    must("notice_id", String),
    must("business_id"),
    must("what", String),
    must("address", String),
    must("body", String),
    must("reason", String),
    must("received_at", Moment),
    may("looked_at", Moment),
    may("looked_by"),
    PrimaryKeyConstraint("org_id", "notice_id"),
)
# "What waits for a person?"
Index(
    "ix_payment_notice_waiting",
    payment_notice.c.org_id,
    payment_notice.c.received_at,
    postgresql_where=text("looked_at IS NULL"),
)

#: What is asked of a provider: `kind` ask (a customer's phone), find (a code) or refund; `ask_id` is ours
#: and chosen before anything is sent, `handle` the provider's number for it.  `state`: wanted (nothing was
#: sent), sent (it waits for an answer), done, failed, unknown (a person looks).  `phone` and `code` are
#: closed.  `terminal_no` and `request_no` are the till's, where it asked.
payment_ask: Final = Table(
    "payment_ask",
    central_metadata,
    must("org_id"),
    must("ask_id", String),
    must("kind", String),
    must("business_id"),
    may("terminal_no"),
    may("request_no"),
    must("person_id"),
    must("phone", String, default=""),
    must("code", String, default=""),
    must("amount"),
    must("reference", String, default=""),
    must("made_at", Moment),
    must("state", String, default="wanted"),
    must("handle", String, default=""),
    must("reason", String, default=""),
    must("words", String, default=""),
    must("tries", default="0"),
    must("due_at", Moment),
    may("sent_at", Moment),
    may("ended_at", Moment),
    PrimaryKeyConstraint("org_id", "ask_id"),
)
# "What is to be sent, or to be asked about?"
Index(
    "ix_payment_ask_due",
    payment_ask.c.org_id,
    payment_ask.c.due_at,
    postgresql_where=text("state IN ('wanted', 'sent')"),
)
# "Which asking is this an answer to?"
Index("ix_payment_ask_handle", payment_ask.c.org_id, payment_ask.c.handle)

PAYMENTS: Final = (payment_notice, payment_ask)

#: Columns that nobody changes.
PAYMENTS_FIXED: Final = {
    received_payment: {one.name for one in received_payment.columns} - {"state", "note", "stamp"},
    payment_notice: {one.name for one in payment_notice.columns} - {"looked_at", "looked_by"},
    payment_ask: {"org_id", "ask_id", "kind", "business_id", "terminal_no", "request_no", "person_id",
                  "phone", "code", "amount", "reference", "made_at"},
}  # fmt: skip
