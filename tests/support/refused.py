"""Owns how a test says what is refused: by the code, whatever the sentence under it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from pos_app.ledger.errors import BohariError, Damaged, Refused, Unavailable

Kind = TypeVar("Kind", bound=BohariError)


@contextmanager
def raises(kind: type[Kind], code: str, /, **facts: object) -> Iterator[pytest.ExceptionInfo[Kind]]:
    """Fails unless an error of this kind and code comes out, with at least these facts."""
    with pytest.raises(kind) as caught:
        yield caught
    error = caught.value
    assert error.code == code, f"{error.code or 'no code'}: {error}"
    assert {name: error.facts.get(name) for name in facts} == facts, str(error)


@contextmanager
def refused(code: str, /, **facts: object) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """A rule of the business says no."""
    with raises(Refused, code, **facts) as caught:
        yield caught


@contextmanager
def unavailable(code: str, /, **facts: object) -> Iterator[pytest.ExceptionInfo[Unavailable]]:
    """Something outside does not answer."""
    with raises(Unavailable, code, **facts) as caught:
        yield caught


@contextmanager
def damaged(code: str, /, **facts: object) -> Iterator[pytest.ExceptionInfo[Damaged]]:
    """Stored or received data fails its check."""
    with raises(Damaged, code, **facts) as caught:
        yield caught
