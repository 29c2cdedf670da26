"""The events of getting in again with the recovery key (see `events`)."""

from logging import WARNING
from typing import Final

from pos_app.log.event import Event

RECOVERY_REFUSED: Final = Event(
    "recovery-refused",
    "centre",
    WARNING,
    "Somebody showed a recovery key that does not count, and how often in a row. It is never written.",
    ("failures", "locked_out"),
)
RECOVERED: Final = Event(
    "recovered",
    "centre",
    WARNING,
    "Somebody got a new PIN with the recovery key: whose PIN. If nobody of yours did, end every session and"
    " token and make a new key: “bohari recovery-key”.",
    ("org_id", "person_id"),
)
