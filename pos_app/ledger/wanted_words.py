"""What somebody typed to find a thing by, and whether a text is what they meant; pure.

Decisions
---------
2026-12-01  A text fits when it has every word, in any order, whatever their case and marks; a word of one
letter only where a word of the text begins with it, for it is in nearly all of them.

2026-12-01  One slip of the finger is forgiven in each word of four letters or more: a letter too many, too
few, another one, or two that changed places, in the beginning of a word of the text.  What fits by that alone
is shown and never sold by Enter alone: it is a guess.
"""

from collections.abc import Sequence
from typing import Final

from pos_app.ledger.letters import folded

#: More letters than this, or words, nobody types to find one thing.
_MOST_TYPED: Final = 200
_MOST_WORDS: Final = 12
#: A word with fewer letters must be right: nearly every other word is one slip away.
LEAST_GUESSED: Final = 4


def wanted(typed: str) -> tuple[str, ...]:
    """The words of what was typed, folded, each once; none of what is no letter at all."""
    words = folded(typed[:_MOST_TYPED].replace("\0", " ")).split()
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]


def searched(*parts: str) -> str:
    """The text that is searched: its parts folded, a blank before the first and after the last."""
    return f" {' '.join(folded(part) for part in parts)} "


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether a `searched` text has all the words."""
    return all((word if len(word) > 1 else f" {word}") in text for word in words)


def begin(text: str, words: Sequence[str]) -> bool:
    """Whether a `searched` text has a word that begins so, for each of the words."""
    return all(f" {word}" in text for word in words)


def nearly(text: str, words: Sequence[str]) -> bool:
    """Whether a `searched` text has all the words, or what is a slip away from them."""
    parts = text.split()
    return all(
        word in text or (is_guessed(word) and any(_is_slip(word, part) for part in parts)) for word in words
    )


def is_guessed(word: str) -> bool:
    """Whether a slip in a word is forgiven: not in a number, which is another one then."""
    return len(word) >= LEAST_GUESSED and not word.isdigit()


def _is_slip(word: str, part: str) -> bool:
    """Whether a part of a text begins with a word, but for one slip."""
    at = next((place for place, pair in enumerate(zip(word, part, strict=False)) if pair[0] != pair[1]), None)
    if at is None:
        # It ended before the word did: the last letter was one too many.
        return len(word) <= len(part) + 1
    rest, left = word[at:], part[at:]
    return (
        left[1:].startswith(rest[1:])
        or left.startswith(rest[1:])
        or left[1:].startswith(rest)
        or (rest[:2] == left[1::-1] and left[2:].startswith(rest[2:]))
    )
