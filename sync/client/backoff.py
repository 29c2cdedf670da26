"""How long to wait after a failure: exponential, with full jitter, so that a thousand tills that
lost the same server do not come back in the same second."""

import random
from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 60.0


class Backoff:
    """Counts failures in a row and says how long to wait after each."""

    def __init__(
        self,
        first_s: float = FIRST_S,
        longest_s: float = LONGEST_S,
        chance: random.Random | None = None,
    ) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._chance = chance or random.SystemRandom()
        self.failures = 0

    def failed(self) -> float:
        """Count a failure; gives the seconds to wait, anywhere from none to the current ceiling."""
        ceiling = min(self._longest_s, self._first_s * 2 ** min(self.failures, 20))
        self.failures += 1
        return self._chance.uniform(0, ceiling)

    def succeeded(self) -> None:
        """Begin anew."""
        self.failures = 0
