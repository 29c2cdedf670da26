"""The events of fiscal devices: what becomes of invoices that an authority signs (see `events`)."""

from logging import INFO, WARNING
from typing import Final

from pos_app.log.event import Event

FISCAL_REGISTERED: Final = Event(
    "fiscal-registered", "fiscal", INFO, "A fiscal device is ours now.", ("org_id", "business")
)
FISCAL_SILENT: Final = Event(
    "fiscal-silent",
    "fiscal",
    WARNING,
    "A fiscal device does not answer; invoices wait and it is asked again. “bohari fiscal status” says since"
    " when and until when tills go on selling.",
    ("org_id", "business", "because"),
)
FISCAL_STOPPED: Final = Event(
    "fiscal-stopped",
    "fiscal",
    WARNING,
    "Something is wrong with a fiscal device itself, and it is asked nothing more. “bohari fiscal status”"
    " says what to do, “bohari fiscal resume” sets it going.",
    ("org_id", "business", "because"),
)
FISCAL_REFUSED: Final = Event(
    "fiscal-refused",
    "fiscal",
    WARNING,
    "A fiscal device does not take an invoice; it waits for a person: “bohari fiscal show”.",
    ("org_id", "number", "because"),
)
FISCAL_NUMBER_FOREIGN: Final = Event(
    "fiscal-number-foreign",
    "fiscal",
    WARNING,
    "A fiscal device has an invoice under a number that was to be ours: another program uses it too. Our own"
    " go on behind it.",
    ("org_id", "business", "number"),
)
