"""Why the server turns a request away.

BohariError
`-- Refused
    `-- TurnedAway    carries the HTTP status and the protocol's code
"""

from pos_app.ledger.errors import Refused
from sync.protocol.messages import Code


class TurnedAway(Refused):
    """A request that is not answered: the sender reads the code and the sentence."""

    def __init__(self, status: int, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
