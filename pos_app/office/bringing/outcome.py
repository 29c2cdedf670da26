"""What became of a file of rows, in figures and sentences; whether it stays is asked at the end of it all."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pos_app.files.refused_rows import RefusedRow, all_refused, causes
from pos_app.language import Sentence


class Change(NamedTuple):
    """What becomes of one thing: its code, and of each column that changes what stood and what comes."""

    code: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass
class Outcome:
    """Things (products, invoices) by what became of them; `refused` are rows, `rows` counts all of the file.

    `unchanged` and `added` are of the `imported` ones; `changes` tells of the first that are neither.
    `is_kept` says whether it was done, or only tried.
    """

    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    added: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    is_kept: bool = False

    @property
    def changed(self) -> int:
        """How many were there and are otherwise now."""
        return self.imported - self.unchanged - self.added

    @property
    def has_failed(self) -> bool:
        """Whether nothing of the file could be taken, and not for want of rows."""
        return all_refused(self.imported, self.refused)

    @property
    def mark(self) -> str:
        """What stands for it: whoever saw one sees the same where the marks are equal."""
        told = hashlib.sha256()
        told.update(repr((self.rows, self.imported, self.unchanged, self.added)).encode())
        for row in sorted(self.refused):
            # By its code, so that two languages see the same.
            code = row.reason.code if isinstance(row.reason, Sentence) else str(row.reason)
            told.update(f"{row.row} {code}\n".encode())
        told.update(repr(self.changes).encode())
        return told.hexdigest()[:32]

    def values(self) -> dict[str, Any]:
        """For a program."""
        return {
            "refused": len(self.refused),
            "reasons": [cause.values() for cause in causes(self.refused)],
            "notes": self.notes,
        }

    def lines(self) -> list[str]:
        """The notes and the causes for a person."""
        return [*self.notes, *(cause.line() for cause in causes(self.refused))]


#: Asked at the end of the transaction, with all that was done in it: whether it stays.
Keeps = Callable[[Outcome], bool]


class Undo(Exception):
    """What was done does not stay: rolls the transaction back and never leaves this room."""


def always(_: Outcome) -> bool:
    """Whatever was refused, the rest stays."""
    return True


def never(_: Outcome) -> bool:
    """It is only tried."""
    return False


def strictly(outcome: Outcome) -> bool:
    """Nothing stays if any row was refused."""
    return not outcome.refused


def nobody_listens(done: int, total: int) -> None:
    """Progress that nobody wants to hear of."""
