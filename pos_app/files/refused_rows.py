"""Rows of a file that were refused, told so that a person can read them: a cause once, with its rows.

A file that lacks one thing lacks it in every row.  A hundred thousand sentences that say the same are none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pos_app.language import Sentence, said

#: So many rows of one sentence are named.
MOST_ROWS: Final = 20
#: So many sentences that differ only in their figures and names are told one by one.
MOST_ALIKE: Final = 20
_FACTS: Final = re.compile(r"“[^”]*”|[0-9][0-9.,]*")


class RefusedRow(NamedTuple):
    """A row, why it was refused, and (where the file has such) the number of its document."""

    row: int
    reason: str
    number: str = ""


@dataclass
class Cause:
    """One sentence with the rows of which it is true: all are counted, the first are named.

    A cause of which too many sentences differ only in names has a last entry that counts the rest.
    """

    reason: str
    number: str = ""
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        """One more row of this cause."""
        self.count += 1
        if len(self.rows) < MOST_ROWS:
            self.rows.append(row)

    def values(self) -> dict[str, Any]:
        """The cause for a program: its first row, and of several how many there are and the first of them."""
        several = {"count": self.count, "rows": self.rows} if self.count > 1 else {}
        return {"row": self.rows[0], "reason": _spoken(self.reason), **several}

    def line(self) -> str:
        """The cause for a person."""
        number = f" ({self.number})" if self.number else ""
        reason = _spoken(self.reason)
        if self.count == 1:
            return f"Row {self.rows[0]}{number}: {reason}"
        named = ", ".join(str(row) for row in self.rows)
        more = f" and {self.count - len(self.rows):,} more" if self.count > len(self.rows) else ""
        return f"{self.count:,} rows ({named}{more}){number}: {reason}"


def causes(refused: Iterable[RefusedRow]) -> list[Cause]:
    """Every cause once, by its first row."""
    by_sentence: dict[str, Cause] = {}
    alike: dict[str, int] = {}
    rest: dict[str, Cause] = {}
    for one in sorted(refused):
        found = by_sentence.get(one.reason)
        if found is None:
            kind = _kind(one.reason)
            alike[kind] = alike.get(kind, 0) + 1
            if alike[kind] > MOST_ALIKE:
                rest.setdefault(kind, Cause(one.reason)).add(one.row)
                continue
            found = by_sentence[one.reason] = Cause(one.reason, one.number)
        elif found.number != one.number:
            # True of several documents: their rows tell which.
            found.number = ""
        found.add(one.row)
    for cause in rest.values():
        # All of them are for the same cause, each with another name in it: the first is the example.
        cause.reason = said("import-alike", reason=cause.reason) if cause.count > 1 else cause.reason
    return sorted((*by_sentence.values(), *rest.values()), key=lambda cause: cause.rows[0])


def _spoken(reason: str) -> str:
    return reason.spoken if isinstance(reason, Sentence) else reason


def _kind(reason: str) -> str:
    """What sentences have in common that differ only in figures and names."""
    code = reason.code if isinstance(reason, Sentence) else ""
    return code or _FACTS.sub("", reason)


def all_refused(taken: int, refused: Sequence[object]) -> bool:
    """Whether an import did nothing at all, and not for want of rows."""
    return not taken and bool(refused)
