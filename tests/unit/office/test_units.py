"""Units of measure as the office keeps them: what is refused, what stays, and what products say."""

import pytest
from sqlalchemy import text

from pos_app.ledger.quantity import ONE
from pos_app.ledger.units import FOUNDING
from pos_app.office import stock
from pos_app.office.masters import history, products, units
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.masters.units import Said
from pos_app.office.stock import Quantity
from pos_app.store.master import product_list
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk


def unit_of(desk: Desk, sku: str) -> str:
    with desk.database.read() as connection:
        found = product_list.by_sku(connection, desk.org_id, sku)
    assert found is not None
    return found.unit


def test_an_organisation_is_founded_with_the_units_of_the_world(desk: Desk) -> None:
    found = {one.unit.code: one.unit for one in units.listed(desk.as_("OWNER"))}
    assert found == {one.code: one for one in FOUNDING}


def test_a_unit_is_added_edited_archived_and_brought_back_with_its_history(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    made = units.add(owner, "tray", Said(name="tray", local_name="trei", is_so_much="30 pc"))
    assert (made.code, made.word, made.of_code, str(made.factor)) == ("TRAY", "tray", "C62", "30")
    seen = revision(owner, "unit", "trei")
    assert units.edit(owner, "TRAY", Said(word="tr", decimals="1"))
    assert not units.edit(owner, "tr", Said(word="tr"))
    with refused("edited-meanwhile"), as_seen(owner, "unit", "TRAY", seen):
        units.edit(owner, "TRAY", Said(name="Tray of eggs"))
    units.archive(owner, "tr")
    with refused("unit-archived-already"):
        units.archive(owner, "tr")
    units.restore(owner, "tray")
    with refused("unit-not-archived"):
        units.restore(owner, "tray")
    told = [one.words for one in history.told(owner, "unit", "tr")]
    assert any("tray → tr" in one for one in told), told
    assert any("archived no → yes" in one for one in told), told
    assert units.show(owner, "tr").unit.decimals == 1


@pytest.mark.parametrize(("code", "said", "refusal"), [
    ("KGM", Said(), "unit-code-taken"),
    ("kilogramu", Said(), "unit-code-taken"),
    ("X" * 13, Said(), "unit-code-unusable"),
    ("é", Said(), "unit-code-unusable"),
    ("X", Said(word="KG"), "unit-code-taken"),
    ("X", Said(word="2x"), "unit-word-unusable"),
    ("X", Said(word="a b"), "unit-word-unusable"),
    ("X", Said(word="x*"), "unit-word-unusable"),
    ("X", Said(name=""), "unit-name-unusable"),
    ("X", Said(name="x" * 41), "unit-name-unusable"),
    ("X", Said(decimals="4"), "unit-decimals-wrong"),
    ("X", Said(decimals="-1"), "unit-decimals-wrong"),
    ("X", Said(decimals="²"), "unit-decimals-wrong"),
    ("X", Said(is_so_much="0 pc"), "unit-factor-implausible"),
    ("X", Said(is_so_much="-12 pc"), "unit-factor-implausible"),
    ("X", Said(is_so_much="99999999999 pc"), "unit-factor-implausible"),
    ("X", Said(is_so_much="12"), "unit-conversion-unreadable"),
    ("X", Said(is_so_much="12 moons"), "unit-unknown"),
    ("X", Said(is_so_much="twelve pc"), "not-a-number"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(desk: Desk, code: str, said: Said, refusal: str) -> None:
    owner = desk.as_("OWNER")
    with refused(refusal):
        units.add(owner, code, said)
    assert len(units.listed(owner)) == len(FOUNDING)


def test_a_conversion_in_a_circle_or_against_the_world_changes_nothing(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    units.add(owner, "A", Said(is_so_much="2 cs"))
    units.add(owner, "B", Said(is_so_much="3 a"))
    before = units.listed(owner)
    with refused("unit-conversion-circle", unit="cs", of="b"):
        units.edit(owner, "CS", Said(is_so_much="4 b"))
    with refused("unit-conversion-circle", unit="cs", of="cs"):
        units.edit(owner, "CS", Said(is_so_much="1 cs"))
    with refused("unit-conversion-contradicts", unit="dz", of="pc", factor="12"):
        units.edit(owner, "DZN", Said(is_so_much="10 pc"))
    with refused("unit-has-others", unit="cs", others="a"):
        units.archive(owner, "CS")
    assert units.listed(owner) == before
    assert units.edit(owner, "B", Said(is_so_much=""))


def test_a_unit_with_products_keeps_its_word_and_is_not_put_away(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    with refused("unit-in-use", unit="pc"):
        units.archive(owner, "C62")
    with refused("unit-in-use", unit="pc"):
        units.edit(owner, "pc", Said(word="st"))
    assert units.edit(owner, "pc", Said(name="piece of it", decimals="2"))


def test_a_product_names_a_unit_that_there_is_by_any_of_its_names(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    for named in ("MTR", "Metre", "m", "mita"):
        products.edit(owner, "HOSE", products.Said({"unit": named}))
        assert unit_of(desk, "HOSE") == "m"
    with refused("unit-unknown", unit="ells"):
        products.edit(owner, "HOSE", products.Said({"unit": "ells"}))
    units.archive(owner, "dz")
    with refused("unit-archived", unit="dz"):
        products.edit(owner, "HOSE", products.Said({"unit": "dozen"}))
    assert unit_of(desk, "HOSE") == "m"


def test_a_word_of_before_that_no_unit_has_stays_until_it_is_changed(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    with desk.database.write() as connection:
        connection.execute(
            text("UPDATE product SET unit = 'Ell' WHERE org_id = :org AND sku = 'HOSE'"), {"org": desk.org_id}
        )
    products.edit(owner, "HOSE", products.Said({"name": "Hose by the ell"}))
    assert unit_of(desk, "HOSE") == "Ell"


def test_the_unit_of_goods_that_lie_somewhere_is_not_changed(desk: Desk) -> None:
    lying = "GAS"
    stock.count(desk.as_("MGR"), "MAIN", [Quantity(lying, 10 * ONE)])
    owner = desk.as_("OWNER")
    with refused("product-unit-has-stock", before="pc", unit="kg"):
        products.edit(owner, lying, products.Said({"unit": "kg"}))
    # Another name of the same unit is no change.
    products.edit(owner, lying, products.Said({"unit": "Piece"}))
    assert unit_of(desk, lying) == "pc"
