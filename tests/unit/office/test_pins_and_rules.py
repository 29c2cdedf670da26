"""A person's new PIN, and the house's rules, as the centre gives them."""

import pytest

from pos_app.ledger.house_rule import HouseRule
from pos_app.office import house_rules, pins
from pos_app.store.master import codes
from pos_app.store.master import house_rules as kept
from pos_app.store.master.pin_hash import is_pin
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk


def hash_of(desk: Desk, code: str) -> str:
    with desk.database.read() as connection:
        found = codes.person(connection, desk.org_id, code)
    assert found is not None
    return found.pin_hash


def test_a_drawn_pin_opens_and_the_one_before_does_not(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    first = pins.draw(owner, "mgr")
    assert len(first) == 6
    assert is_pin(hash_of(desk, "MGR"), first)
    second = pins.draw(owner, "MGR")
    assert first == second or not is_pin(hash_of(desk, "MGR"), first)
    for code in ("", "NOBODY", "x" * 10_000):
        with refused("person-unknown"):
            pins.draw(owner, code)
    with refused("person-may-not-here"):
        pins.draw(desk.as_("MGR"), "OWNER")


def test_everybody_chooses_their_own(desk: Desk) -> None:
    auditor = desk.as_("AUD")
    pins.choose(auditor, "482915")
    assert is_pin(hash_of(desk, "AUD"), "482915")
    for pin, code in (
        ("4829", "new-pin-length"),
        ("123456", "new-pin-trivial"),
        ("201126", "new-pin-is-date"),
    ):
        with refused(code):
            pins.choose(auditor, pin)
    assert is_pin(hash_of(desk, "AUD"), "482915")
    with refused("nobody-signed-in"):
        pins.choose(desk.as_(""), "482915")


def test_the_house_says_how_long_a_new_pin_is(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    house_rules.set_rule(owner, HouseRule.LEAST_PIN_DIGITS, 8)
    assert len(pins.draw(owner, "MGR")) == 8
    with refused("new-pin-length"):
        pins.choose(owner, "482915")
    house_rules.set_rule(owner, HouseRule.LEAST_PIN_DIGITS, 4)
    pins.choose(owner, "4829")


def test_a_rule_of_one_depot_stands_beside_the_houses(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    house_rules.set_rule(owner, HouseRule.IDLE_LOCK_MINUTES, 5)
    house_rules.set_rule(owner, HouseRule.IDLE_LOCK_MINUTES, 1, "WEST")
    assert (HouseRule.IDLE_LOCK_MINUTES, "", 5) in house_rules.in_force(owner)
    assert (HouseRule.IDLE_LOCK_MINUTES, "WEST", 1) in house_rules.in_force(owner)
    with desk.database.read() as connection:
        assert kept.at_depot(connection, desk.org_id, 1)[HouseRule.IDLE_LOCK_MINUTES] == 5
        assert kept.at_depot(connection, desk.org_id, 2)[HouseRule.IDLE_LOCK_MINUTES] == 1
    for who, value, depot, code in (
        ("OWNER", 5, "NOWHERE", "depot-unknown"),
        ("OWNER", -1, "", "house-rule-value"),
        ("MGR", 5, "", "person-may-not-here"),
    ):
        with refused(code):
            house_rules.set_rule(desk.as_(who), HouseRule.IDLE_LOCK_MINUTES, value, depot)


@pytest.mark.parametrize("name", ["a_rule_of_tomorrow", ""])
def test_a_rule_of_a_newer_centre_is_none_that_we_obey(desk: Desk, name: str) -> None:
    from sqlalchemy import text

    with desk.database.write() as connection:
        connection.execute(
            text("INSERT INTO house_rule (org_id, name, depot_id, value) VALUES (:org, :name, 0, 7)"),
            {"org": desk.org_id, "name": name},
        )
    assert name not in [rule.value for rule, _, _ in house_rules.in_force(desk.as_("OWNER"))]
