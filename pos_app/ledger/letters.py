"""Matches texts by letters instead of code points: épices finds ÉPICES, a space any kind of space."""

import unicodedata
from typing import Final

#: Letters that Unicode does not take apart, large and small, with what people type for them.
LETTERS: Final = "ØøĐđŁłƁɓƊɗƘƙƳƴĦħıŊŋ"
PLAIN_LETTERS: Final = "ooddllbbddkkyyhhinn"
_PLAIN: Final = str.maketrans(LETTERS, PLAIN_LETTERS)


def folded(text: str) -> str:
    """A text as it is matched and sorted: small letters without their marks."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f").lower()


def holds(text: str, words: str) -> bool:
    """Whether a text holds all of the words, by their letters and in any order."""
    within = folded(text)
    return all(word in within for word in folded(words).split())
