"""Bytes that somebody wrote in place of a document's are told in a sentence, whatever figures are in them."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from pos_app.ledger import canonical
from pos_app.ledger.document import Document
from pos_app.store.documents.rows import rows_of
from pos_app.store.journal import journal
from pos_app.store.tables.columns import micros
from pos_app.store.upkeep import document_check
from tests.support.documents import specimens

#: What stands in the place of a value: of the same kind, and of none that a document has.
NUMBERS = (0, -1, 1, 2**31, 2**62, -(2**62))
TEXTS = ("", "x", "KES", "USD", "2026-11-20T09:30:00Z", "\x00", "0" * 300)
TRIES = 60


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        yield path
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place))
    else:
        yield path


def _edited(rng: random.Random, told: Any) -> Any:
    """The same with one value that is another, gone, or a list that is empty."""
    made = copy.deepcopy(told)
    path = rng.choice([one for one in _leaves(made) if one])
    inside = made
    for step in path[:-1]:
        inside = inside[step]
    value = inside[path[-1]]
    if rng.random() < 0.2 and isinstance(inside, dict):
        del inside[path[-1]]
    elif isinstance(value, list):
        inside[path[-1]] = [] if rng.random() < 0.5 else [*value, *value]
    else:
        others = NUMBERS if isinstance(value, int) else TEXTS if isinstance(value, str) else (None, 1, "x")
        inside[path[-1]] = rng.choice(others)
    return made


def _all() -> list[Document]:
    return specimens.one_of_each()


@pytest.mark.parametrize("document", _all(), ids=lambda one: type(one).__name__)
def test_no_figure_in_a_body_stops_the_check(document: Document) -> None:
    sealed = journal.seal(document, bytes(32))
    rows = rows_of(sealed, micros)
    *parts, row = rows
    assert list(document_check.check(tuple(row), [list(map(tuple, one)) for one in parts], micros)) == []
    rng, told = random.Random(20261201), msgspec.json.decode(sealed.body)
    for _ in range(TRIES):
        made = _edited(rng, told)
        body = msgspec.json.encode(made)
        if body == sealed.body:
            continue
        edited = list(row)
        edited[document_check.BODY] = body
        assert list(document_check.check(tuple(edited), [list(map(tuple, one)) for one in parts], micros)), (
            made
        )
        # Whoever writes the bytes writes their hash too: chain and signature tell, and this goes on.
        edited[document_check.HASH] = canonical.chain(bytes(32), body)
        list(document_check.check(tuple(edited), [list(map(tuple, one)) for one in parts], micros))
