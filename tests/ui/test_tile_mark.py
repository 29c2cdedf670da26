"""A tile is found by eye: its mark says its size, its category has one colour, and both are read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ui.kit.tile_mark import _COLOURS, colours_of, ink_on, mark_of
from tests.ui.test_kit_theme import contrast


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("LPG refill 13 kg", "L13"),
        ("LPG refill 50 kg", "L50"),
        ("Hose 1.5 m + clips", "H1.5"),
        ("Grill top", "GT"),
        ("Lighter", "L"),
        ("20 L water", "L20"),
        ("Item 1234567", "I"),
        ("ünlü çay", "ÜÇ"),
        ("+ —", ""),
        ("", ""),
    ],
)
def test_a_mark_says_what_sizes_differ_in(name: str, mark: str) -> None:
    assert mark_of(name) == mark


@given(st.text(max_size=200))
def test_any_name_has_a_short_mark(name: str) -> None:
    assert len(mark_of(name)) <= 7
    assert re.fullmatch(r"#[0-9A-F]{6}", colours_of([name])[name])


@given(st.integers(0, 0xFFFFFF))
def test_a_mark_is_read_on_every_colour_that_an_owner_may_choose(colour: int) -> None:
    ground = f"#{colour:06X}"
    assert contrast(ink_on(ground), ground) >= 4.5


def test_categories_have_colours_of_their_own_the_same_everywhere() -> None:
    names = ["Gas", "Water", "Laundry", "Service", "Accessories"]
    found = colours_of(names)
    assert len(set(found.values())) == len(names)
    assert colours_of(reversed([*names, *names])) == found
    assert len(set(colours_of(f"category {number}" for number in range(40)).values())) == len(_COLOURS)
    assert all(contrast(ink_on(one), one) >= 4.5 for one in _COLOURS)
