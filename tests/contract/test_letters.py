"""Names match and sort by letters, codes whatever their case, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from pos_app.ledger.letters import folded, holds
from pos_app.ledger.line import PartyRole
from pos_app.store.engine.engine import Database
from pos_app.store.engine.letters import folded_sql
from pos_app.store.master import catalogue, codes, people
from pos_app.store.master.catalogue import Shop
from tests.conftest import prepared_till

TAX = "INSERT INTO tax_code (org_id, code, name, treatment) VALUES (1, 'A', 'VAT', 'zero')"
SHOP = Shop(1, 1, 20261129)
NAMES = tuple("ÉPICES Eau Zucker épinards Epoxy Ørsted Oslo Ƙaramin Straße ÜBER_100% unter".split())


@pytest.fixture(params=["sqlite", "postgres"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    """A till's catalogue, or the centre's."""
    if request.param == "postgres":
        database: Database = request.getfixturevalue("central")
    else:
        database = prepared_till(tmp_path)
    with database.write() as found:
        found.execute(text(TAX))
        yield found
    database.close()


def fill(connection: Connection, names: tuple[str, ...]) -> None:
    connection.execute(
        text(
            "INSERT INTO product (org_id, product_id, sku, name, price, tax_code, category, unit,"
            " business_id) VALUES (1, :key, :sku, :name, 1, 'A', '', 'pc', 1)"
        ),
        [{"key": key, "sku": f"Sku{key}", "name": name} for key, name in enumerate(names, start=1)],
    )
    connection.execute(
        text("INSERT INTO party (org_id, party_id, code, name) VALUES (1, :key, :code, :name)"),
        [{"key": key, "code": f"Kd{key}", "name": name} for key, name in enumerate(names, start=1)],
    )
    connection.execute(
        text("INSERT INTO party_role (org_id, party_id, role) VALUES (1, :key, 'customer')"),
        [{"key": key} for key in range(1, len(names) + 1)],
    )


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("épices", ["ÉPICES"]),
        ("EPI", ["ÉPICES", "épinards"]),
        ("epices", ["ÉPICES"]),
        ("ØRS", ["Ørsted"]),
        ("karamin", ["Ƙaramin"]),
        ("über_100%", ["ÜBER_100%"]),
        ("100_", []),
        ("strasse", []),
        ("straße", ["Straße"]),
    ],
)
def test_names_match_by_letters(connection: Connection, words: str, wanted: list[str]) -> None:
    fill(connection, NAMES)
    found = [product.name for product in catalogue.search(connection, SHOP, words, 40)]
    assert found == wanted
    assert [one.name for one in people.parties(connection, 1, PartyRole.CUSTOMER, words, 40)] == wanted


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2007", "\u2009"])
def test_names_that_look_alike_are_found_by_either(connection: Connection, space: str) -> None:
    """A name that came out of a table or a web page holds spaces that do not break; nobody can type them."""
    names = ("Gas ring", "Gas\u00a0ring", "Gas\u202fring", "Gas\u2007ring", "Gasket")
    fill(connection, names)
    words = f"gas{space}ring"
    assert {one.name for one in catalogue.search(connection, SHOP, words, 40)} == set(names[:4])
    assert {one.name for one in people.parties(connection, 1, PartyRole.CUSTOMER, words, 40)} == set(
        names[:4]
    )
    assert all(holds(name, words) for name in names[:4])
    assert not holds(names[4], words)
    # They sort as one name does, behind the key that is before it.
    assert [one.name for one in catalogue.search(connection, SHOP, "", 40)] == list(names)


def test_a_code_matches_too(connection: Connection) -> None:
    fill(connection, NAMES)
    # Sku1, Sku10 and Sku11.
    found = [product.name for product in catalogue.search(connection, SHOP, "SKU1", 40)]
    assert found == ["ÉPICES", "ÜBER_100%", "unter"]


def test_names_sort_by_letters(connection: Connection) -> None:
    fill(connection, NAMES)
    found = [product.name for product in catalogue.search(connection, SHOP, "", 40)]
    wanted = "Eau ÉPICES épinards Epoxy Ƙaramin Ørsted Oslo Straße ÜBER_100% unter Zucker"
    assert found == wanted.split()
    assert found == sorted(NAMES, key=folded)
    assert [one.name for one in people.parties(connection, 1, PartyRole.CUSTOMER, "", 40)] == found
    folds = connection.execute(text(f"SELECT name, {folded_sql(connection, 'name')} FROM product")).all()
    assert [(name, folded(name)) for name, _ in folds] == [tuple(row) for row in folds]


def test_codes_are_known_whatever_their_case(connection: Connection) -> None:
    fill(connection, NAMES)
    for spelt in ("Sku2", "sku2", "SKU2", "sKu2"):
        product = catalogue.by_sku(connection, SHOP, spelt)
        assert product is not None
        assert product.name == "Eau"
    for spelt in ("Kd2", "kd2", "KD2"):
        party = codes.party(connection, 1, spelt)
        assert party is not None
        assert party.name == "Eau"
    # Where two differ only in their case, each is found as it is spelt.
    connection.execute(text("UPDATE product SET sku = 'SKU2' WHERE product_id = 3"))
    for spelt, name in (("Sku2", "Eau"), ("SKU2", "Zucker"), ("sku2", "Zucker")):
        product = catalogue.by_sku(connection, SHOP, spelt)
        assert product is not None
        assert product.name == name


def test_places_and_people_are_known_whatever_their_case(connection: Connection) -> None:
    put = "INSERT INTO {} (org_id, {}) VALUES (1, {})"
    for statement in (
        put.format(
            "depot", "depot_id, code, name, letter, business_id, location_id", "1, 'Main', '', 'M', 1, 1"
        ),
        put.format(
            "depot", "depot_id, code, name, letter, business_id, location_id", "2, 'MAIN', '', 'N', 1, 2"
        ),
        put.format("location", "location_id, code, name, kind", "7, 'Van-1', '', 'vehicle'"),
        put.format("drawer", "drawer_id, code, depot_id, terminal_no", "5, 'D1', 1, 1"),
        put.format("person", "person_id, code, name, role, pin_hash", "3, 'Asha', '', '', ''"),
    ):
        connection.execute(text(statement))
    found = [codes.depot(connection, 1, spelt) for spelt in ("Main", "MAIN", "main", "none")]
    assert [one and one.depot_id for one in found] == [1, 2, 1, None]
    place, drawer = codes.location(connection, 1, "VAN-1"), codes.drawer(connection, 1, "d1")
    assert (place and place.location_id, drawer and drawer.drawer_id) == (7, 5)
    person = codes.person(connection, 1, "ASHA")
    assert person is not None
    assert person.person_id == 3


def test_a_large_catalogue_is_searched_by_letters_up_to_the_limit(tmp_path: Path) -> None:
    database = prepared_till(tmp_path)
    with database.write() as connection:
        connection.execute(text(TAX))
        fill(connection, tuple(f"{NAMES[key % 11]} {key}" for key in range(20_000)))
    with database.read() as connection:
        for words, most in (("e", 40), ("épices", 40), ("épices 99", 40), ("nothing", 0)):
            assert len(catalogue.search(connection, SHOP, words, 40)) == most, words
    database.close()
