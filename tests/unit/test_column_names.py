"""What a column may be is guessed by its heading: our names first, each field once, never two for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.files.column_names import _CALLED, alike, guessed

FIELDS = ("sku", "barcode", "name", "price", "tax_code", "category", "unit", "business", "active", "cost")


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("Item code", "Description", "Selling Price", "Qty"), ("sku", "name", "price", "")),
        (("Msimbo", "Jina", "Bei", "Kipimo"), ("sku", "name", "price", "unit")),
        (("SKU", "Name", "Description", "PRICE"), ("sku", "name", "", "price")),
        (("sku", "price", "Price"), ("sku", "", "")),
        (("EAN", "GTIN"), ("", "")),
        (("", "  "), ("", "")),
    ],
)
def test_a_guess(headings: tuple[str, ...], fields: tuple[str, ...]) -> None:
    assert guessed(headings, FIELDS) == fields


WORDS = st.sampled_from([*FIELDS, *(word for field in FIELDS for word in _CALLED[field].split())]) | st.text(
    max_size=12
)


@given(st.lists(WORDS, max_size=12), st.randoms())
def test_each_field_once_and_in_any_order(headings: list[str], chance: object) -> None:
    found = guessed(headings, FIELDS)
    assert len(found) == len(headings)
    taken = [one for one in found if one]
    assert len(set(taken)) == len(taken)
    assert set(taken) <= set(FIELDS)
    for field in FIELDS:
        if field in headings and [alike(one) for one in headings].count(alike(field)) == 1:
            assert found[headings.index(field)] == field
    order = list(range(len(headings)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert guessed([headings[place] for place in order], FIELDS) == tuple(found[place] for place in order)
    assert guessed([f"  {one.upper()} " if one.isascii() else one for one in headings], FIELDS) == found
