"""Owns how an error travels: its sentence as the server says it, and its code and facts beside it.

A terminal that knows the code says it in its own language; any other shows what the server said.
"""

from typing import Final

from pos_app.language import Sentence, heard
from sync.protocol.messages import Code, ErrorAnswer

#: What the packing of messages takes for a whole number; a larger one travels as text.
_LARGEST: Final = 2**63 - 1


def packed(verdict: Code, said: Sentence) -> ErrorAnswer:
    """An error on its way to a terminal."""
    facts = {name: _travelling(value) for name, value in said.facts.items()}
    return ErrorAnswer(code=verdict.value, sentence=str(said), error=said.code, facts=facts)


def unpacked(answer: ErrorAnswer) -> Sentence:
    """An error as it arrived."""
    return heard(answer.sentence, answer.error, answer.facts)


def _travelling(value: int | str) -> int | str:
    return value if type(value) is int and abs(value) <= _LARGEST else str(value)
