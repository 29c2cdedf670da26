"""A failing plan made small: what can be left out without another thing breaking is left out."""

from collections.abc import Callable
from typing import Final

from tests.simulate.fleet import Outcome, play
from tests.simulate.plan import Plan

_MOST_PLAYS: Final = 150


def shrunk(
    plan: Plan, outcome: Outcome, played: Callable[[Plan], Outcome] = play, *, most: int = _MOST_PLAYS
) -> tuple[Plan, Outcome]:
    """The smallest plan found in so many plays that breaks the same rule, and how it goes.

    Raises `ValueError` for a plan that breaks nothing.
    """
    if outcome.broken is None:
        raise ValueError("nothing is broken")
    rule = outcome.broken.rule
    best, its = plan.with_events(plan.events[: outcome.step]), outcome
    size = max(1, len(best.events) // 2)
    plays = 0
    while size and plays < most:
        start, left_out = 0, False
        while start < len(best.events) and plays < most:
            smaller = best.with_events(best.events[:start] + best.events[start + size :])
            found = played(smaller)
            plays += 1
            if found.broken is not None and found.broken.rule == rule:
                best, its, left_out = smaller.with_events(smaller.events[: found.step]), found, True
            else:
                start += size
        if size == 1 and not left_out:
            break
        size = max(1, size // 2) if size > 1 else int(left_out)
    return best, its
