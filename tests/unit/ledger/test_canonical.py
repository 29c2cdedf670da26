"""Canonical bytes: one file for every document type that must never change, and what garbage gives."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger import canonical
from pos_app.ledger.document import SERIES, Document
from pos_app.ledger.errors import Damaged
from tests.support.documents import specimens
from tests.support.documents.golden import FIXED, GOLDEN, chain, file_of, name_of


@pytest.mark.parametrize("document", FIXED, ids=lambda d: type(d).__name__)
def test_the_encoding_never_changes_in_silence(document: Document) -> None:
    """A change here forks the chain of every till in the field.  Make a new version instead."""
    stored = file_of(document).read_bytes().rstrip(b"\n")
    assert canonical.encode(document) == stored
    assert canonical.decode(stored) == document


def test_the_hashes_and_digests_never_change_in_silence() -> None:
    """The chain over the golden documents, and what each posts."""
    expected = json.loads((GOLDEN / "chain.json").read_text())
    assert chain() == expected, "python -m tests.support.documents.golden writes the lines of a new type"


@given(specimens.documents())
def test_encoded_and_decoded_is_the_same(document: Document) -> None:
    body = canonical.encode(document)
    assert canonical.decode(body) == document
    assert canonical.encode(canonical.decode(body)) == body


def test_every_type_has_a_golden_file() -> None:
    assert {type(document) for document in FIXED} == set(SERIES)
    names = {path.stem for path in GOLDEN.glob("*.json")} - {"chain"}
    assert names == {name_of(document) for document in FIXED}, "python -m tests.support.documents.golden"


def test_unknown_fields_of_a_newer_till_are_read_over() -> None:
    body = canonical.encode(FIXED[0])
    newer = b'{"loyalty":{"points":3},' + body[1:]
    assert canonical.decode(newer) == FIXED[0]
    # Whoever stores or chains them uses the bytes as they came, so nothing is lost.
    assert canonical.chain(bytes(32), newer) != canonical.chain(bytes(32), body)


def test_no_float_comes_in_with_a_document() -> None:
    body = canonical.encode(FIXED[0])
    total = f'"total":{FIXED[0].total}'.encode()  # type: ignore[union-attr]
    assert total in body
    for float_text in (b"1.5", b"127738.5", b"1e300", b'"127738"', b"null", b"true"):
        with pytest.raises(Damaged):
            canonical.decode(body.replace(total, b'"total":' + float_text))


GARBAGE = [
    b"",
    b"\x00",
    b"null",
    b"[]",
    b"{}",
    b'{"type":"sale"}',
    b'{"type":"bribe"}',
    b'"sale"',
    b"\xff\xfe\x00",
    b'{"type":"sale","org_id":"\xed\xa0\x80"}',
    b"[" * 200_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"type":"sale","x":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    b"9" * 5_000,
    b'{"type":"sale","note":"' + b"x" * 5_000_000,
]


@pytest.mark.parametrize("body", GARBAGE, ids=lambda b: f"{b[:24]!r} of {len(b)}")
def test_garbage_is_damaged_and_no_crash(body: bytes) -> None:
    with pytest.raises(Damaged) as damaged:
        canonical.decode(body)
    assert len(damaged.value.sentence) < 500


@given(st.binary(max_size=200))
def test_random_bytes_are_damaged(body: bytes) -> None:
    with pytest.raises(Damaged):
        canonical.decode(body)


@pytest.mark.parametrize("document", FIXED, ids=lambda d: type(d).__name__)
def test_truncated_bytes_are_damaged(document: Document) -> None:
    body = canonical.encode(document)
    for length in range(len(body)):
        with pytest.raises(Damaged):
            canonical.decode(body[:length])


def test_a_chain_binds_order_and_content() -> None:
    first, second = b"one", b"two"
    start = canonical.genesis(1, 1)
    forward = canonical.chain(canonical.chain(start, first), second)
    assert forward != canonical.chain(canonical.chain(start, second), first)
    assert forward == hashlib.sha256(hashlib.sha256(start + first).digest() + second).digest()
    assert len({canonical.genesis(org, terminal) for org in range(5) for terminal in range(5)}) == 25
    assert canonical.genesis(1, 12) != canonical.genesis(11, 2)
