"""Owns the order in which the signs of a text stand beside each other: Arabic and Hebrew run from the right.

The Unicode Bidirectional Algorithm (UAX 9) says it, in python-bidi.  A text that begins with a letter of
such a script runs from the right as a whole, as a name does that a customer gave; figures and Latin words in
it keep their own order.  A telephone number stays one number, and a measure stays with its unit: by the bare
rules 0722 000 418 behind an Arabic name would read 418 000 0722.

Decision 2026-11-30: a part that runs from the right is drawn as a whole, blanks included, in the order in
which it is read: its letters take their shapes from their neighbours.  Where Pillow has no FriBidi (as its
wheels for Windows), arabic-reshaper takes the shapes of Arabic and Persian from Unicode's table of them.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from pos_app.devices.typeset import cells

#: Bidirectional classes of letters that run from the right: Hebrew, N'Ko and their like, and Arabic.
_FROM_RIGHT: Final = ("R", "AL")


#: Figures that are one number, with what stands between them, and the unit that they count.
_NUMBER: Final = re.compile(
    r"[+\-\u2212]?\d(?:[\d.,:/\-\u00a0 ]*\d)?(?:[ \u00a0]?(?:kg|g|l|ml|m|cm|mm|pc|%)(?!\w))?", re.I
)
#: LEFT-TO-RIGHT ISOLATE and POP DIRECTIONAL ISOLATE.
_ISOLATE, _POP = "\u2066", "\u2069"
#: VARIATION SELECTOR-1: goes where the sign before it goes, and stands before it where that is turned round.
_FLAG: Final = "\ufe00"


class Part(NamedTuple):
    """What is drawn at one go: how many cells from the left it begins, its signs as they are read.

    `loose` says that something stands on both sides of it: then it may stand in the middle of its cells.
    """

    place: int
    text: str
    from_right: bool = False
    loose: bool = False


def runs_from_right(sign: str) -> bool:
    """Whether a sign is a letter of a script that runs from the right."""
    return unicodedata.bidirectional(sign) in _FROM_RIGHT


def parts_of(text: str) -> list[Part]:
    """The words of a text, from left to right as they stand on paper."""
    if text.isascii() or not any(map(runs_from_right, text)):
        return _words(text, 0)
    begin = len(text) - len(text.lstrip(" "))
    return _visual(text.strip(" "), begin)


def _words(text: str, place: int) -> list[Part]:
    found: list[Part] = []
    for word in text.split(" "):
        if word:
            found.append(Part(place, word))
        place += cells(word) + 1
    return found


def _visual(text: str, place: int) -> list[Part]:
    found: list[Part] = []
    stretches = stretches_of(text)
    for number, (stretch, from_right) in enumerate(stretches):
        if from_right:
            found.append(Part(place, stretch, True, 0 < number < len(stretches) - 1))
        else:
            found += _words(stretch, place)
        place += cells(stretch)
    return found


def stretches_of(text: str) -> list[tuple[str, bool]]:
    """A text from left to right as it stands on paper, in stretches of one direction each, blanks included.

    What runs from the right is given as it is read, and says so.
    """
    if text.isascii() or not any(map(runs_from_right, text)):
        return [(text, False)]
    shown = _turned(text)
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(shown):
        end = _end_of_right(shown, at)
        if end > at:
            # What was turned round for the paper is turned back: it is shaped as it is read.
            found.append((shown[at:end][::-1], True))
        else:
            end = next((n for n in range(at, len(shown)) if _begins_right(shown, n)), len(shown))
            found.append((shown[at:end], False))
        at = end
    return found


def _turned(text: str) -> str:
    """The signs of a text from left to right, brackets turned round where they are read from the right."""
    from bidi import get_display
    from bidi.mirror import MIRRORED

    kept = _NUMBER.sub(lambda found: f"{_ISOLATE}{found.group()}{_POP}", text)
    flagged = "".join(sign + _FLAG if sign in MIRRORED else sign for sign in kept)
    shown = str(get_display(flagged)).replace(_ISOLATE, "").replace(_POP, "")
    signs: list[str] = []
    for before, sign in zip(" " + shown, shown, strict=False):
        if sign != _FLAG:
            signs.append(MIRRORED[sign] if sign in MIRRORED and before == _FLAG else sign)
    return "".join(signs)


def _begins_right(shown: str, at: int) -> bool:
    """Whether a part that runs from the right begins here; its marks stand before their letter now."""
    while at < len(shown) and unicodedata.category(shown[at]).startswith("M"):
        at += 1
    return at < len(shown) and runs_from_right(shown[at])


def _end_of_right(shown: str, at: int) -> int:
    """Where the part that runs from the right and begins here ends; here, when none does."""
    begin = end = at
    while at < len(shown):
        if _begins_right(shown, at):
            while not runs_from_right(shown[at]):
                at += 1
            end = at = at + 1
        elif shown[at] == " " and end > begin and _begins_right(shown, at + 1):
            at += 1
        else:
            break
    return end


@lru_cache(maxsize=1024)
def in_shapes(text: str) -> str:
    """A text that runs from the right, as its shapes stand from left to right, for who cannot shape it."""
    import arabic_reshaper

    return str(arabic_reshaper.reshape(text))[::-1]
