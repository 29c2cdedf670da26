"""Which of the bundled fonts has a sign, so that no paper shows a box where a letter belongs.

The face of receipts is monospaced and lacks ₦, ⅓ and ɓ, and most scripts; what it lacks is drawn with the
first of the others that has it (Noto Sans and its scripts).  What none of them has is written with letters
that sound like it: a customer reads "ChaShaoBao", never three boxes.

Decision 2026-11-29: Han, Hangul and emoji stay without a font of their own: the smallest that has them is
five times as large as all the others together.  They are written in letters (anyascii).
"""

import bisect
import json
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from resources import resource

#: The monospaced face that everything is drawn with where it can be.
REGULAR: Final = "JetBrainsMono-Regular.ttf"
BOLD: Final = "JetBrainsMono-Bold.ttf"


@lru_cache(maxsize=1)
def _tables() -> dict[str, tuple[list[int], list[int]]]:
    """Firsts and lasts of the runs of signs that each font has, in the order in which fonts are asked."""
    read = json.loads(resource("fonts", "coverage.json").read_text(encoding="utf-8"))
    return {name: ([run[0] for run in runs], [run[1] for run in runs]) for name, runs in read.items()}


def _has(name: str, sign: str) -> bool:
    firsts, lasts = _tables()[name]
    place = bisect.bisect_right(firsts, ord(sign)) - 1
    return place >= 0 and ord(sign) <= lasts[place]


@lru_cache(maxsize=4096)
def font_of(word: str) -> str | None:
    """The first font that has every sign of a word; None where none has."""
    return next((name for name in _tables() if all(_has(name, sign) for sign in word)), None)


@lru_cache(maxsize=4096)
def in_letters(sign: str) -> str:
    """A sign as it can be drawn: itself, or the letters that it sounds like; empty where there are none."""
    return sign if sign.isascii() or font_of(sign) is not None else anyascii(sign)


def runs(word: str) -> list[tuple[str, str]]:
    """A word in parts that one font can draw, each with its font.

    Each letter goes with its marks.  What the face of receipts has it draws, so that the figures behind a ₦
    stand in their columns.
    """
    parts: list[tuple[str, str]] = []
    for letter in _letters(word):
        name = font_of(letter) or font_of(letter[0]) or REGULAR
        if parts and parts[-1][0] == name:
            parts[-1] = (name, parts[-1][1] + letter)
        else:
            parts.append((name, letter))
    return parts


def phrase_runs(words: str) -> list[tuple[str, str]]:
    """Several words, with their blanks, in parts that one font can draw, in the order of reading."""
    found: list[tuple[str, str]] = []
    for number, word in enumerate(words.split(" ")):
        for place, (name, part) in enumerate(runs(word)):
            blank = " " if number and not place else ""
            if found and found[-1][0] == name:
                found[-1] = (name, found[-1][1] + blank + part)
            else:
                found.append((name, blank + part))
    return found


def _letters(word: str) -> list[str]:
    """The signs of a word, each with the marks that follow it."""
    letters: list[str] = []
    for sign in word:
        if letters and unicodedata.category(sign).startswith("M"):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


#: Scripts whose letters take other shapes beside each other, or stand around each other (Unicode 17, ch. 9,
#: 12 to 17): first and last code point.
_JOINED: Final = (
    (0x0590, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0E80, 0x109F),
    (0x1780, 0x17FF),
    (0xFB1D, 0xFDFF),
    (0xFE70, 0xFEFF),
)


def is_joined(text: str) -> bool:
    """Whether letters of the text must be shaped together: they are no row of pictures of their signs."""
    return any(first <= ord(sign) <= last for sign in text for first, last in _JOINED)
