"""Tables of what other programs are told, whom, how far and what waits for them, and what customers are.

At the centre only; nothing of it travels to a till.
"""

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from pos_app.store.tables.central import central_metadata
from pos_app.store.tables.columns import Moment, String, may, must

#: An address of another program.  `url`, `secret` and `former_secret` are closed (see `privacy`); the former
#: ones, separated by spaces, count until `former_until`.  `events` are words and types of
#: `ledger.event_types`, separated by spaces. `failures` is how many deliveries failed one after the other,
#: `rests_until` when the next is tried; what failed for days is `stopped_at`, until a person sets it going
#: again.
webhook: Final = Table(
    "webhook",
    central_metadata,
    must("org_id"),
    must("hook_id"),
    must("name", String),
    must("url", String),
    must("events", String),
    must("secret", String),
    must("former_secret", String, default=""),
    may("former_until", Moment),
    must("active", default="1"),
    must("made_by"),
    must("made_at", Moment),
    may("archived_at", Moment),
    may("stopped_at", Moment),
    must("stopped_because", String, default=""),
    must("failures", default="0"),
    may("rests_until", Moment),
    PrimaryKeyConstraint("org_id", "hook_id"),
)

#: How far an address was told: of each terminal (`source` is its number) the last sequence, of the audit log
#: (-1) the last entry, of stock (-2) the last stamp, with `after` the key of the last row under it.
webhook_mark: Final = Table(
    "webhook_mark",
    central_metadata,
    must("org_id"),
    must("hook_id"),
    must("source"),
    must("position"),
    must("after", String, default=""),
    PrimaryKeyConstraint("org_id", "hook_id", "source"),
)

#: What an address is told, or was: `body` is what is sent, the same at every try; `state` "waiting", "done"
#: or "failed"; `status` the last answer's (0: none came), `error` why it did not arrive.
webhook_delivery: Final = Table(
    "webhook_delivery",
    central_metadata,
    must("org_id"),
    must("hook_id"),
    must("event_id", String),
    must("type", String),
    must("body", String),
    must("made_at", Moment),
    must("state", String, default="waiting"),
    must("due_at", Moment),
    must("attempts", default="0"),
    may("tried_at", Moment),
    must("status", default="0"),
    must("error", String, default=""),
    must("took_ms", default="0"),
    PrimaryKeyConstraint("org_id", "hook_id", "event_id"),
)
# "What is due?"
Index(
    "ix_webhook_delivery_due",
    webhook_delivery.c.org_id,
    webhook_delivery.c.hook_id,
    webhook_delivery.c.due_at,
    postgresql_where=text("state = 'waiting'"),
)
# "The last deliveries", and what is old enough to go.
Index(
    "ix_webhook_delivery_made",
    webhook_delivery.c.org_id,
    webhook_delivery.c.hook_id,
    webhook_delivery.c.made_at,
    webhook_delivery.c.event_id,
)

#: One message of a document, told once: `purpose` is "ready" (of a laundry order) or "receipt".  It holds
#: neither words nor an address: both are made when it is sent, of what the books say then (`hooks.wording`).
#: `state` is "waiting", "sending" (it may have gone out), "sent" or "failed"; `channel` "sms" or "email" once
#: it was tried, `error` a code of why it did not go.
customer_message: Final = Table(
    "customer_message",
    central_metadata,
    must("org_id"),
    must("document_id"),
    must("purpose", String),
    must("made_at", Moment),
    must("state", String, default="waiting"),
    must("due_at", Moment),
    must("attempts", default="0"),
    may("tried_at", Moment),
    must("channel", String, default=""),
    must("error", String, default=""),
    PrimaryKeyConstraint("org_id", "document_id", "purpose"),
)
# "What is due?"
Index(
    "ix_customer_message_due",
    customer_message.c.org_id,
    customer_message.c.due_at,
    postgresql_where=text("state IN ('waiting', 'sending')"),
)

HOOKS: Final = (webhook, webhook_mark, webhook_delivery, customer_message)

#: Columns that nobody changes.
HOOKS_FIXED: Final = {
    webhook: {"org_id", "hook_id", "made_by", "made_at"},
    webhook_delivery: {"org_id", "hook_id", "event_id", "type", "body", "made_at"},
    customer_message: {"org_id", "document_id", "purpose", "made_at"},
}
