"""What happened in a simulation, line by line: all of it as a digest, the last of it to be read."""

import hashlib
from collections import deque
from typing import Final

_KEPT: Final = 400


class Trace:
    """Two runs of a plan are the same when their digests are."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._sha = hashlib.sha256()
        self.lines: deque[str] = deque(maxlen=kept)
        self.count = 0

    def note(self, line: str) -> None:
        """One more thing happened."""
        self.count += 1
        self.lines.append(line)
        self._sha.update(line.encode())
        self._sha.update(b"\n")

    def mix(self, content: bytes) -> None:
        """Bytes that are part of what happened and of no use to a reader."""
        self._sha.update(content)

    @property
    def digest(self) -> str:
        """All so far, in 32 hex digits."""
        return self._sha.hexdigest()[:32]


class Broken(Exception):
    """Something that must hold does not; `rule` names it: a smaller plan is seen to break the same."""

    def __init__(self, rule: str, words: str) -> None:
        super().__init__(rule, words)
        self.rule, self.words = rule, words

    def __str__(self) -> str:
        return f"{self.rule}: {self.words}"
