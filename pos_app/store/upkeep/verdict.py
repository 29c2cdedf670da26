"""What a verification found."""

from dataclasses import dataclass, field
from typing import Final

#: Enough to see what is wrong; a wholly broken file would fill the screen for hours.
MOST_PROBLEMS: Final = 200


@dataclass
class Checked:
    """One projection: how many cached rows there are and how many are not what the ledger says."""

    rows: int = 0
    drift: int = 0


@dataclass
class Verdict:
    """What was found.  `problems` are sentences, at most `MOST_PROBLEMS` of `problem_count`."""

    documents: int = 0
    quarantined: int = 0
    problem_count: int = 0
    problems: list[str] = field(default_factory=list)
    projections: dict[str, Checked] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return self.problem_count == 0

    def complain(self, sentence: str) -> None:
        """Note one problem."""
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(sentence)

    def add(self, other: "Verdict") -> None:
        """Take over what another part of the same verification found."""
        self.documents += other.documents
        self.quarantined += other.quarantined
        self.problem_count += other.problem_count
        self.problems += other.problems[: MOST_PROBLEMS - len(self.problems)]
        self.projections |= other.projections
