"""The events of payments: what providers tell, and what is asked of them (see `events`)."""

from logging import ERROR, WARNING
from typing import Final

from pos_app.log.event import Event

PAYMENT_ODD: Final = Event(
    "payment-odd",
    "server",
    WARNING,
    "What came to an address for payments is none that could be booked. “bohari payments odd” has it, unless"
    " it was not kept: then 500 others wait already, or a payment was refused before it was made.",
    ("org_id", "what", "reason", "kept"),
)
PAYMENT_NOT_HEARD: Final = Event(
    "payment-not-heard",
    "server",
    ERROR,
    "The database did not answer when a payment was told. “bohari payments find” asks the provider for one"
    " that was missed.",
    ("org_id",),
)
PAYMENT_ASKING_TROUBLE: Final = Event(
    "payment-asking-trouble",
    "server",
    WARNING,
    "A provider of payments does not do what it is asked. What waits is tried again.",
    ("org_id", "kind", "reason"),
)
