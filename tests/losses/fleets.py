"""Fleets of the simulator in which one kind of fault happens, and the auditor's word on every receipt."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.losses.counted import Row
from tests.simulate import plan as plans
from tests.simulate.fleet import play


class Kind(NamedTuple):
    """A line of the table: the events that are tried, and those that must happen for these to do anything.

    `often` is how many times as often as elsewhere; `counted` what a fleet counts where it was really done.
    """

    events: tuple[str, ...]
    others: tuple[str, ...] = ()
    often: int = 1
    counted: tuple[str, ...] = ()


KINDS: Final[dict[str, Kind]] = {
    "programs killed": Kind(("kill", "kill inside"), often=2),
    "power cuts, torn writes": Kind(("power cut", "torn write"), often=3),
    "full disk": Kind(("full disk",), often=6),
    "read-only disk": Kind(("read-only disk",), often=8),
    "false servers": Kind(("false server",), often=8),
    "lines cut": Kind(("partition",), ("lost", "answer lost", "late", "twice", "broken"), 6),
    "wrong clocks": Kind(("clock jump",), often=5),
    "centre put back": Kind(("centre restore",), ("centre copy",), 15),
    "a till put back": Kind(("restore", "restore of all"), ("copy", "second medium"), 12, ("put back",)),
    "a till copied, both sell": Kind(("clone",), ("second medium",), 30, ("cloned",)),
    "a till taken away": Kind(("revoke",), often=20),
}
#: The rules of the auditor that say what became of a receipt.
_DOUBLED: Final = frozenset({"number", "invented"})
_OUT_OF_BOOKS: Final = frozenset({"out of the books"})


def tried(sales: int, seeds: int) -> Iterator[Row]:
    """A row for each kind, over so many seeds of so many sales."""
    for fault, kind in KINDS.items():
        row = Row(fault)
        for seed in range(1, seeds + 1):
            tally(row, kind, sales=sales, seed=seed)
        yield row


def tally(row: Row, kind: Kind, *, sales: int, seed: int) -> None:
    """Play one fleet in which these faults happen, and add what became of its receipts."""
    faults = (*kind.events, *kind.others)
    outcome = play(plans.drawn(seed, sales, tills=2, faults=faults, often=kind.often))
    counts = outcome.counts
    happened = sum(counts.get(one, 0) for one in kind.counted or kind.events)
    row.tried += happened
    row.receipts += counts.get("receipts", 0)
    row.lost += counts.get("lost with a disk", 0)
    row.for_two += counts.get("in quarantine", 0)
    row.too_young += counts.get("younger than the medium", 0)
    row.words |= dict(outcome.words)
    broken = outcome.broken
    if broken is None:
        row.survived += happened
        return
    row.doubled += broken.rule in _DOUBLED
    row.out_of_books += broken.rule in _OUT_OF_BOOKS
    row.unnoticed += broken.rule == "unnoticed"
    row.broken.append(f"seed {seed}: {broken}")
