"""What can go wrong between a terminal and the centre.

BohariError
|-- Refused
|   |-- ServerRefused     the server turned the request away (carries the protocol's verdict)
|   `-- Stopped           this terminal records no more
|       |-- HistoryForked its history is not the centre's
|       `-- Revoked       the centre took it away
`-- Unavailable
    |-- ServerUnreachable nothing of ours answers there
    |   `-- ServerBusy    the server has more to do than it can; carries when to come again
    `-- StartAgain        the centre began a new life meanwhile; greet it and go on
"""

from pos_app.ledger.errors import Refused, Unavailable


class ServerRefused(Refused):
    """The server answered, and said no."""

    def __init__(self, code: str, /, verdict: str, **facts: object) -> None:
        super().__init__(code, **facts)
        self.verdict = verdict


class Stopped(Refused):
    """This terminal keeps everything and records no more."""


class Revoked(Stopped):
    """The centre took this terminal away: it hands over what it has and hears nothing any more."""


class HistoryForked(Stopped):
    """This terminal's database is an old copy or a clone. It keeps everything and records no more."""


class ServerUnreachable(Unavailable):
    """No server, or something else in its place. What was recorded stays recorded."""


class ServerBusy(ServerUnreachable):
    """The server did nothing, on purpose: come again after `wait_s` seconds, and not all at once."""

    def __init__(self, code: str, /, wait_s: float, **facts: object) -> None:
        super().__init__(code, **facts)
        self.wait_s = wait_s


class StartAgain(Unavailable):
    """What the terminal knows of the centre is out of date; the next step greets it first."""
