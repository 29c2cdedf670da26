"""What a till refuses.

Refused
|-- WrongPin          the PIN is wrong or it is too early to try again
|-- NeedsApproval     a manager must agree (carries the action)
`-- UnknownBarcode    nothing has this barcode or code
"""

from pos_app.ledger.errors import Refused
from pos_app.store.master.attempts import WrongPin

__all__ = ["NeedsApproval", "UnknownBarcode", "WrongPin"]


class NeedsApproval(Refused):
    """The person may not do this alone; ask a manager for their PIN and try again with it."""

    def __init__(self, code: str, /, action: str, worth: int = 0, **facts: object) -> None:
        """`worth` is the sum that it is about, in minor units; 0 where there is none."""
        super().__init__(code, **facts)
        self.action = action
        self.worth = worth


class UnknownBarcode(Refused):
    """No product has this barcode or code."""
