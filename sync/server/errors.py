"""Why the server turns a request away.

BohariError
|-- Refused
|   `-- TurnedAway    carries the HTTP status and the protocol's verdict
`-- Unavailable
    `-- Busy          more work than the server takes at once; carries when to come again
"""

from pos_app.ledger.errors import Refused, Unavailable
from sync.protocol.messages import Code


class TurnedAway(Refused):
    """A request that is not answered: the sender goes by the verdict and shows the sentence."""

    def __init__(self, status: int, verdict: Code, code: str, /, **facts: object) -> None:
        super().__init__(code, **facts)
        self.status = status
        self.verdict = verdict


class Busy(Unavailable):
    """Nothing was done; the sender comes again after `wait_s` seconds."""

    def __init__(self, code: str, /, wait_s: int, **facts: object) -> None:
        super().__init__(code, **facts)
        self.wait_s = wait_s
