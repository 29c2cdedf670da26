"""Categories as the office keeps them: order, colour, another name on every product, and putting one away."""

import pytest

from pos_app.office.masters import categories, history, products
from pos_app.office.masters.products import Said
from pos_app.store.master import product_list
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk


def category_of(desk: Desk, sku: str) -> str:
    with desk.database.read() as connection:
        found = product_list.by_sku(connection, desk.org_id, sku)
    assert found is not None
    return found.category


def names(desk: Desk) -> list[str]:
    return [one.row.name for one in categories.listed(desk.office)]


def test_categories_are_made_by_their_products_and_ordered(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    assert names(desk) == ["Gas", "Water", "Work"]
    categories.edit(owner, "water", place=1, colour="#2B6CB0")
    categories.add(owner, "Spare  parts", place=2)
    assert names(desk) == ["Water", "Spare parts", "Gas", "Work"]
    assert not categories.edit(owner, "Water", place=1, colour="#2b6cb0")
    # A word in another case is the same category.
    products.edit(owner, "HOSE", Said({"category": "SPARE PARTS"}))
    assert category_of(desk, "HOSE") == "Spare parts"
    assert (categories.show(owner, "gas").products, categories.show(owner, "spare parts").products) == (1, 1)
    products.edit(owner, "HOSE", Said({"category": "Hoses"}))
    assert "Hoses" in names(desk)


def test_another_name_reaches_every_product_and_its_history(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    products.archive(owner, "HOSE")
    assert categories.edit(owner, "GAS", rename="LPG")
    assert [category_of(desk, sku) for sku in ("GAS", "HOSE", "REFILL")] == ["LPG", "LPG", "Water"]
    # Its own name in another case is no other category.
    assert categories.edit(owner, "lpg", rename="Lpg")
    with refused("category-code-taken", name="Water"):
        categories.edit(owner, "lpg", rename="WATER")
    told = [one.words for one in history.told(owner, "category", "lpg")]
    assert any("Gas → LPG" in one for one in told), told


def test_one_with_products_is_put_away_only_with_a_place_for_them(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    with refused("category-has-products", name="Gas", count=2):
        categories.archive(owner, "Gas")
    with refused("category-archived"):
        categories.archive(owner, "Gas", "gas")
    assert categories.archive(owner, "Gas", "Work") == 2
    assert category_of(desk, "GAS") == "Work"
    with refused("category-archived"):
        products.edit(owner, "GAS", Said({"category": "gas"}))
    with refused("category-archived-already"):
        categories.archive(owner, "Gas")
    categories.restore(owner, "GAS")
    with refused("category-not-archived"):
        categories.restore(owner, "Gas")
    products.edit(owner, "GAS", Said({"category": "gas"}))
    assert category_of(desk, "GAS") == "Gas"
    with refused("person-may-not-here"):
        categories.archive(desk.as_("MGR"), "Water", "Gas")


@pytest.mark.parametrize(
    ("name", "colour", "place", "wrong"),
    [
        ("  ", "", 0, "category-name-unusable"),
        ("a\tb\x07", "", 0, "category-name-unusable"),
        ("x" * 65, "", 0, "category-name-unusable"),
        ("New", "red", 0, "colour-unreadable"),
        ("New", "#12345", 0, "colour-unreadable"),
        ("New", "", -1, "shelf-place-wrong"),
        ("wATER", "", 0, "category-code-taken"),
    ],
)
def test_a_category_that_cannot_be(desk: Desk, name: str, colour: str, place: int, wrong: str) -> None:
    before = names(desk)
    with refused(wrong):
        categories.add(desk.as_("OWNER"), name, place=place, colour=colour)
    assert names(desk) == before
