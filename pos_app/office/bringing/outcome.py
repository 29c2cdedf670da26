"""What became of a file of rows, in figures and sentences; whether it stays is asked at the end of it all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from pos_app.files.refused_rows import RefusedRow, all_refused, causes


@dataclass
class Outcome:
    """Things (products, invoices) by what became of them; `refused` are rows, `rows` counts all of the file.

    `is_kept` says whether it was done, or only tried.
    """

    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_kept: bool = False

    @property
    def has_failed(self) -> bool:
        """Whether nothing of the file could be taken, and not for want of rows."""
        return all_refused(self.imported, self.refused)

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


def strictly(outcome: Outcome) -> bool:
    """Nothing stays if any row was refused."""
    return not outcome.refused


NOBODY_LISTENS: Final[Callable[[int, int], None]] = lambda done, total: None  # noqa: E731
