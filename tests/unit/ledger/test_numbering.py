"""Printed numbers: what is printed can be typed or scanned back; junk gets a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.document import SERIES, SERVER_TERMINAL_NO, document_key, split_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.numbering import parse_position, parse_printed, printed_number, printed_series


@given(
    st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True),
    st.one_of(st.integers(1, 99_999), st.just(SERVER_TERMINAL_NO)),
    st.sampled_from(sorted(SERIES.values())),
    st.integers(1, 10**9),
)
def test_printed_and_read_again_is_the_same(letters: str, terminal: int, series: str, number: int) -> None:
    printed = printed_number(letters, terminal, series, number)
    assert parse_printed(printed) == (terminal, series, number)
    assert parse_printed(f"  {printed.lower()}\n") == (terminal, series, number)


def test_it_looks_as_on_paper() -> None:
    assert printed_number("K", 3, "S", 981) == "K3-S000981"


@pytest.mark.parametrize(
    "text",
    ["", "K3", "K3-S", "K3S000981", "3-S000981", "K-S000981", "K3-000981", "K3-S0009x1",
     "K3-S000981 x", "K３-S000981", "K3-S" + "9" * 30, "K3-S٠٠٠٩٨١", "x" * 5000, "'; --"],
)  # fmt: skip
def test_junk_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_printed(text)
    assert "K3-S000981" in refused.value.sentence
    assert len(refused.value.sentence) < 120


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("K3-S000981", "S"),
        (" k3-s0981 ", "S"),
        ("M1000000-I000001", "I"),
        ("K3-S1234567890", "S"),
        # Fewer digits than four, and a series that is not asked for.
        ("K3-S981", ""),
        ("K3-SO000981", ""),
        ("LPG-R13", ""),
        ("6001234567890", ""),
    ],
)
def test_a_code_is_told_from_a_number(text: str, series: str) -> None:
    assert printed_series(text, ("S", "I")) == series


def test_series_are_told_apart() -> None:
    assert len(set(SERIES.values())) == len(SERIES)


@given(st.integers(1, 2**30), st.integers(1, 2**32 - 1))
def test_a_key_splits_into_what_it_was_made_of(terminal: int, seq: int) -> None:
    key = document_key(terminal, seq)
    assert split_key(key) == (terminal, seq)
    assert key < 2**63


@given(st.integers(0, 10**9 - 1), st.integers(0, 2**32 - 1))
def test_a_place_in_a_chain_is_one_key(terminal: int, seq: int) -> None:
    assert parse_position(f" {terminal}/{seq}\n") == (terminal, seq)
    assert split_key(document_key(terminal, seq)) == (terminal, seq)
    assert document_key(terminal, seq) < 2**63


@pytest.mark.parametrize(
    "text",
    ["", "x", "1", "1/", "/1", "1/2/3", "-1/2", "²/1", "٣/١", "9999999999/1", "3/4294967296", "3/9999999999"],
)
def test_what_is_no_place_in_a_chain(text: str) -> None:
    assert parse_position(text) is None
