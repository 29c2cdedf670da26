"""The tree of what can go wrong and is not a bug.

    BohariError
    |-- Refused       a rule of the business: shown to the person, says what to do
    |-- Unavailable   printer, network, disk: retried or worked around
    `-- Damaged       data that fails its check: set aside, never repaired in silence

Anything else that is raised is a bug and belongs into the log with its traceback.

An error is a code (`credit-more-than-left`) with facts; its sentence stands in the catalogue of each
language, see `pos_app.language`.  Programs and tests go by the code, people read the sentence.
"""

from pos_app.language import Facts, Sentence, said


class BohariError(Exception):
    """A known error: what is wrong and what to do, in words for a person.

    `str` of it is English, for logs and for what is stored; `sentence` is in the language in force.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        """Under this code with these facts, or what somebody else said already (a `Sentence`)."""
        super().__init__(code)
        self.said = code if isinstance(code, Sentence) else said(code, **facts)

    @property
    def code(self) -> str:
        """What is wrong, for programs: a few words with hyphens, the same in every language."""
        return self.said.code

    @property
    def facts(self) -> Facts:
        """The figures, names and amounts of the case."""
        return self.said.facts

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in the language in force."""
        return self.said.spoken

    def __str__(self) -> str:
        return str(self.said)


class Refused(BohariError):
    """A business rule said no. Nothing was written."""


class Unavailable(BohariError):
    """Something outside does not answer. What was recorded stays recorded; try again later."""


class Damaged(BohariError):
    """Stored or received data fails its check. It is kept as evidence and not used."""
