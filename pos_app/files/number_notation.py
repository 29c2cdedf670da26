"""How the numbers of a file are written: told from the whole file, never from one cell.

`1,250` is one and a quarter to a German and twelve hundred and fifty to a Kenyan; read by itself it is a
thousandfold mistake either way.  So a file is read twice: first every number of it is evidence for a decimal
point or a decimal comma, then all are read alike.  What no evidence decides is refused with both readings.

Decisions
---------
2026-11-29  What is no evidence: that the cells are separated by semicolons (a program abroad may be set to
either), and three digits behind a single mark (`1.250`, `1,250`).  One exception: where commas separate the
cells and no number has one in it, a point is a decimal point: who writes decimal commas does not separate
by them.

2026-11-30  Spaces and apostrophes are left out where they group digits and nowhere else: "12 50" was read as
1,250, a hundred times a price that somebody wrote with a space.  (12.50) and 12.50- are below nothing.

2026-11-29  A file with both notations is refused whole: one of the two is a mistake in every row of its kind,
and nobody but its author knows which.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused

#: Spaces and apostrophes group digits in many countries and mean nothing else.
_GROUPING: Final = str.maketrans(dict.fromkeys(" \u00a0\u202f\u2009'\u2019_", " "))
#: Digits in groups: thousands, or as in India hundreds above them.  "12 50" is two numbers in one cell.
_GROUPED: Final = re.compile(r"[+\-]?[0-9]{1,3}(?: [0-9]{2,3})* [0-9]{3}(?:[.,][0-9]*)?")
#: What is owed, as books write it: (12.50), and as some programs do: 12.50-.
_BELOW_NOTHING: Final = re.compile(r"\(\s*([^()+\-\u2212]+?)\s*\)|([^()+\-\u2212]+?)\s*[\-\u2212]")
#: The sign at the edge of its cell, as Excel's accounting format has it: "- 12.50".
_BEHIND_SIGN: Final = re.compile(r"^([+\-\u2212])\s+(?=[0-9])")
_NUMBER: Final = re.compile(r"[+\-\u2212]?[0-9][0-9.,]*")
#: Three digits behind one mark, and no more than three before it that do not begin with zero.
_AMBIGUOUS: Final = re.compile(r"[+\-\u2212]?[1-9][0-9]{0,2}([.,])[0-9]{3}")


class Mark(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","

    @property
    def grouping(self) -> str:
        """What stands between thousands then."""
        return "," if self is Mark.POINT else "."


class Written(NamedTuple):
    """A number as it stands in a file, and the row in which it stands."""

    text: str
    line_no: int


def _bare(text: str) -> str:
    """A cell with its sign in front and nothing between groups that are such; anything else as it stands."""
    number = text.strip()
    below = _BELOW_NOTHING.fullmatch(number)
    if below is not None:
        number = f"-{below[1] or below[2]}"
    number = _BEHIND_SIGN.sub(r"\1", number)
    grouped = number.replace("\u2212", "-").translate(_GROUPING)
    return grouped.replace(" ", "") if _GROUPED.fullmatch(grouped) else number


def told_by(text: str) -> Mark | None:
    """The decimal mark that a number shows by itself; None where it shows none, or is no number."""
    number = _bare(text)
    if _NUMBER.fullmatch(number) is None or _AMBIGUOUS.fullmatch(number):
        return None
    marks = [letter for letter in number if letter in ".,"]
    if not marks:
        return None
    last = Mark(marks[-1])
    if len(set(marks)) == 2:
        # The last one stands before the decimals: 1,250.00 and 1.250,00.
        return last if marks.count(last) == 1 else None
    if len(marks) > 1:
        # The same one again and again groups thousands: 1.250.000.
        return Mark(last.grouping)
    return last


def notation_of(numbers: Iterable[Written], *, separator: str) -> Mark | None:
    """The decimal mark of a file; None where nothing in it tells.

    Raises `Refused` when two rows contradict each other.
    """
    first: dict[Mark, Written] = {}
    undecided: set[str] = set()
    for number in numbers:
        mark = told_by(number.text)
        if mark is not None:
            first.setdefault(mark, number)
        else:
            undecided |= set(number.text) & {".", ","}
    if len(first) > 1:
        point, comma = first[Mark.POINT], first[Mark.COMMA]
        raise Refused(
            "numbers-written-two-ways",
            point=point.text[:40],
            point_row=point.line_no,
            comma=comma.text[:40],
            comma_row=comma.line_no,
        )
    if not first and separator == "," and undecided == {"."}:
        return Mark.POINT
    return next(iter(first), None)


def plain_number(text: str, mark: Mark | None) -> str:
    """A number with a decimal point and nothing between thousands; what is no number stays as it is.

    Raises `Refused` with both readings for one that may be either.
    """
    number = _bare(text)
    if _NUMBER.fullmatch(number) is None or not set(number) & {".", ","}:
        return number if _NUMBER.fullmatch(number) else text
    if mark is None:
        whole, fraction = re.split(r"[.,]", number, maxsplit=1)
        raise Refused("number-ambiguous", text=text.strip()[:40], whole=whole, fraction=fraction)
    groups = number.partition(mark)[0].split(mark.grouping)
    if len(groups) > 1 and not (
        1 <= len(groups[0].lstrip("+-\u2212")) <= 3 and all(len(group) == 3 for group in groups[1:])
    ):
        # Not grouped as thousands are: whoever reads the number refuses it as none.
        return text
    return number.replace(mark.grouping, "").replace(mark, ".")
