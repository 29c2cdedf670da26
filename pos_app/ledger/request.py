"""Requests: the name under which something is asked for, so that asked twice it is one document.

A request is 32 hex digits that nothing else has.  They are random; a demonstration that must come out the
same every time takes them from a `Reproducible` source for as long as it plays:

    with using(Reproducible("seed 7, till 2")):
        ...
"""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from hashlib import sha256
from typing import Final

Source = Callable[[], str]


def _random() -> str:
    return secrets.token_hex(16)


_source: Final[ContextVar[Source]] = ContextVar("request_source", default=_random)


class Reproducible:
    """Requests that follow from a name alone: the first, the second, ...; two sources need two names."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def __call__(self) -> str:
        """The next one."""
        self._count += 1
        return sha256(f"{self._name} {self._count}".encode()).hexdigest()[:32]


def new_request() -> str:
    """A fresh request: 32 hex digits that no other basket or draft has."""
    return _source.get()()


def part_of(request_id: str, place: int) -> str:
    """The request of one of several documents that are asked for at once; the first has the request itself.

    >>> part_of("7" * 32, 0) == "7" * 32, part_of("7" * 32, 1)[:8]
    (True, 'ee86675f')
    """
    return request_id if place == 0 else sha256(f"{request_id} {place}".encode()).hexdigest()[:32]


@contextlib.contextmanager
def using(source: Source) -> Iterator[None]:
    """Take requests from this source for as long as the block lasts, in this thread of work."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
