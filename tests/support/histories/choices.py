"""Where a generator's decisions come from: Hypothesis, which shrinks them, or a seed, which is fast."""

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

from hypothesis import strategies as st

Option = TypeVar("Option")


class Choices(Protocol):
    """Answers what a generator asks."""

    def number(self, least: int, most: int) -> int:
        """An integer, both ends included."""
        ...

    def pick(self, options: Sequence[Option]) -> Option:
        """One of them; there must be one."""
        ...

    def some(self, options: Sequence[Option], most: int) -> list[Option]:
        """At least one and at most `most` of them, each once."""
        ...

    def now_and_then(self, times: int) -> bool:
        """True once in so many times."""
        ...


class Drawn:
    """Decisions of Hypothesis, within one example."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def number(self, least: int, most: int) -> int:
        """See `Choices`."""
        return self._data.draw(st.integers(least, most))

    def pick(self, options: Sequence[Option]) -> Option:
        """See `Choices`."""
        return options[self._data.draw(st.integers(0, len(options) - 1))]

    def some(self, options: Sequence[Option], most: int) -> list[Option]:
        """See `Choices`."""
        places = st.lists(st.integers(0, len(options) - 1), min_size=1, max_size=most, unique=True)
        return [options[place] for place in self._data.draw(places)]

    def now_and_then(self, times: int) -> bool:
        """See `Choices`."""
        # What shrinks to nothing is the plain document.
        return self._data.draw(st.integers(0, times - 1)) == times - 1


class Seeded:
    """Decisions of a seed: the same seed gives the same history."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def number(self, least: int, most: int) -> int:
        """See `Choices`."""
        return self._random.randint(least, most)

    def pick(self, options: Sequence[Option]) -> Option:
        """See `Choices`."""
        return self._random.choice(options)

    def some(self, options: Sequence[Option], most: int) -> list[Option]:
        """See `Choices`."""
        return self._random.sample(options, self._random.randint(1, min(most, len(options))))

    def now_and_then(self, times: int) -> bool:
        """See `Choices`."""
        return self._random.randrange(times) == times - 1
