"""Random histories of the books: one valid document after another, of every type.

A `Clerk` knows what happened so far; `draft` makes what may happen next: it pays only what is open,
receives what was ordered, voids what nothing was built upon.  Decisions come from `Choices`: Hypothesis
in the tests of the model, a seed where speed matters.

    clerk = Clerk(Seeded(1), org_id)
    draft = histories.draft(clerk, histories.next_kind(clerk))
    if draft is not None:                     # None: nothing fitted after all
        clerk.note(journal.record(draft))

Three businesses, two drawers, three places of stock, two currencies; parties in several roles at once.
"""

from collections.abc import Callable
from typing import Final

from pos_app.ledger.document import Document
from tests.support.histories import goods, money, service, trade
from tests.support.histories.clerk import Clerk

Maker = Callable[[Clerk], Document | None]

#: Every type of document by its tag, and "reversal" for the void of any of them.
KINDS: Final[dict[str, Maker]] = {
    **trade.KINDS,
    **goods.KINDS,
    **money.KINDS,
    **service.KINDS,
    "reversal": Clerk.void,
}
#: What must have happened before a kind can.
_NEEDS: Final[dict[str, Callable[[Clerk], object]]] = {
    **trade.NEEDS,
    **goods.NEEDS,
    **money.NEEDS,
    **service.NEEDS,
    "reversal": Clerk.voidable,
}


def can(clerk: Clerk, kind: str) -> bool:
    """Whether enough happened for such a document."""
    needed = _NEEDS.get(kind)
    return needed is None or bool(needed(clerk))


def next_kind(clerk: Clerk) -> str:
    """Any kind for which enough happened."""
    return clerk.choices.pick([kind for kind in KINDS if can(clerk, kind)])


def draft(clerk: Clerk, kind: str) -> Document | None:
    """A valid draft of this kind, or None when nothing fits."""
    return KINDS[kind](clerk)
