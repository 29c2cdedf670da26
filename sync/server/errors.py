"""Why the server turns a request away.

BohariError
|-- Refused
|   `-- TurnedAway    carries the HTTP status and the protocol's code
`-- Unavailable
    `-- Busy          more work than the server takes at once; carries when to come again
"""

from pos_app.ledger.errors import Refused, Unavailable
from sync.protocol.messages import Code


class TurnedAway(Refused):
    """A request that is not answered: the sender reads the code and the sentence."""

    def __init__(self, status: int, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


class Busy(Unavailable):
    """Nothing was done; the sender comes again after `wait_s` seconds."""

    def __init__(self, sentence: str, wait_s: int) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s
