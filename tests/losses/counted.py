"""A row of the table: what was tried, and what became of the documents of which somebody has the paper."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

#: The columns after the name, in order.
HEAD: Final = (
    "tried", "survived", "receipts", "lost", "doubled", "out of books", "unnoticed", "for two", "under 2 s"
)  # fmt: skip


@dataclass
class Row:
    """One kind of fault.

    `survived` of the `tried`: nothing was lost, doubled, out of the books or passed unnoticed.  `for_two`
    receipts lie at the centre and wait for two people, who book them again; `too_young` ones went with a disk
    within two seconds of their commit, before the second medium had them.  `words` is what a person was told,
    by the code of the sentence; empty where nothing had to be said.
    """

    fault: str
    tried: int = 0
    survived: int = 0
    receipts: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_books: int = 0
    unnoticed: int = 0
    for_two: int = 0
    too_young: int = 0
    words: dict[str, str] = field(default_factory=dict)
    #: What went wrong, and how to see it again.
    broken: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing came to harm."""
        harm = self.lost + self.doubled + self.out_of_books + self.unnoticed
        return not harm and not self.broken and self.survived == self.tried

    def __str__(self) -> str:
        harm = (self.lost, self.doubled, self.out_of_books, self.unnoticed)
        figures = (self.tried, self.survived, self.receipts, *harm, self.for_two, self.too_young)
        return f"{self.fault:<34}" + "".join(f"{figure:>13,}" for figure in figures)


def table(rows: Iterable[Row]) -> str:
    """All rows under their heads."""
    head = f"{'':<34}" + "".join(f"{one:>13}" for one in HEAD)
    return "\n".join([head, *map(str, rows)])
