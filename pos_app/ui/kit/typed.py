"""Owns what a typed character is to the till: a figure, a sign of a word, or neither.

Decisions
---------
2026-11-29  What is typed goes where it can stand: figures into a sum or a count, words into a line to write
in.  A letter in a sum says that all of it, the figures before the letter too, is a word: the sum is as it was
before, and the word goes on to the next line that takes it.  (An M-Pesa code must not become its amount.)
"""

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

#: Keys pressed with one of these are commands, whatever character they would type.
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
#: Signs that stand between the figures of a sum and say nothing.
BLANKS = " \u00a0\u202f'"


def figure_of(sign: str) -> str:
    """The figure that a sign is, in whatever script: "٣" is 3, "５" is 5; empty for all else, "²" too."""
    if len(sign) != 1:
        return ""
    value = unicodedata.decimal(sign, None)
    return "" if value is None else str(value)


def figures_of(text: str) -> str:
    """The figures of a text in which nothing but figures stands; else empty."""
    figures = [figure_of(sign) for sign in text]
    return "".join(figures) if all(figures) else ""


def is_like_a_figure(sign: str) -> bool:
    """Whether a sign looks like a figure and is none to count with: "²", "½", "①"."""
    return len(sign) == 1 and not figure_of(sign) and unicodedata.numeric(sign, None) is not None


def typed_text(event: QKeyEvent) -> str:
    """What a key types; empty for a command and for a key that is no character."""
    text = event.text()
    if not text or not text.isprintable():
        return ""
    # AltGr is Control and Alt at once on Windows: with both, a character is a character.
    commands = event.modifiers() & _COMMANDS
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return "" if commands and commands != both else text
