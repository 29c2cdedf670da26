"""The tree of what can go wrong and is not a bug.

    BohariError
    |-- Refused       a rule of the business: shown to the person, says what to do
    |-- Unavailable   printer, network, disk: retried or worked around
    `-- Damaged       data that fails its check: set aside, never repaired in silence

Anything else that is raised is a bug and belongs into the log with its traceback.
"""


class BohariError(Exception):
    """A known error; `sentence` says what is wrong and what to do, in words for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(BohariError):
    """A business rule said no. Nothing was written."""


class Unavailable(BohariError):
    """Something outside does not answer. What was recorded stays recorded; try again later."""


class Damaged(BohariError):
    """Stored or received data fails its check. It is kept as evidence and not used."""
