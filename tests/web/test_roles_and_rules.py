"""Roles, rules of depots and parties of several roles in the browser: what their forms do and do not."""

from typing import Any

import pytest

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import house_rules
from pos_app.office.masters import depot_rules
from pos_app.office.office import Office
from pos_app.web.masters import places, roles
from pos_app.web.work.rules import FIELDS
from tests.web.world import Browser, World


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner."""
    return world.signed_in("OWNER")


def edited(browser: Browser, path: str, code: str, **changed: str) -> Any:
    """Send the form of a thing as it stands, but for what changes."""
    browser.get(f"{path}/edit?code={code}")
    names = [one.name for one in (roles.ROLES if path == "/roles" else places.DEPOTS).fields if one.edits]
    shown = {name: browser.value(name) for name in names}
    return browser.send(f"{path}/edit", code=code, seen=browser.value("seen"), **shown | changed)


def test_every_permission_and_every_rule_of_a_depot_is_on_a_form() -> None:
    assert set(roles.WORDS) == set(Permission)
    assert {one.name for one in places.RULES} == set(depot_rules.NAMES)


def test_what_a_role_may_is_ticked_and_counts_from_then_on(world: World, owner: Browser) -> None:
    cashier = world.signed_in("CASH")
    assert cashier.get("/reports").status_code == 403
    edited(owner, "/roles", "cashier", see_reports="yes")
    assert "said=changed" in str(owner.page.url), owner.text
    assert cashier.get("/reports").status_code == 200
    edited(owner, "/roles", "cashier", see_reports="no")
    assert cashier.get("/reports").status_code == 403


def test_nobody_gives_a_right_that_they_do_not_have(world: World, owner: Browser) -> None:
    owner.get("/roles/add")
    owner.send("/roles/add", code="office", name="Office", like="")
    edited(owner, "/roles", "office", edit_people="yes", see_reports="yes")
    owner.get("/people/add")
    owner.send("/people/add", code="CLERK", name="Clerk", role="office", depot="")
    assert owner.page.status_code == 200, owner.text
    world.give("CLERK")
    clerk = world.signed_in("CLERK")
    edited(clerk, "/roles", "office", period_lock="yes")
    assert (clerk.page.status_code, clerk.code) == (422, "right-above-own")
    clerk.get("/roles/add")
    clerk.send("/roles/add", code="boss", name="Boss", like="owner")
    assert (clerk.page.status_code, clerk.code) == (422, "right-above-own")


def test_somebody_can_always_change_people(owner: Browser) -> None:
    for role in ("office", "accountant", "manager"):
        edited(owner, "/roles", role, edit_people="no")
    edited(owner, "/roles", "owner", edit_people="no")
    assert (owner.page.status_code, owner.code) == (422, "last-role-that-edits-people")


def test_a_vendor_who_buys_here_is_one_party(owner: Browser) -> None:
    owner.get("/vendors/add")
    owner.send("/vendors/add", code="BOTH", name="Both Ways", days="30")
    assert "Both Ways" not in owner.get("/customers?words=both").text
    owner.get("/vendors/thing?code=BOTH")
    owner.send("/vendors/also", code="BOTH", role="customer")
    assert owner.page.status_code == 200, owner.text
    assert "Both Ways" in owner.get("/customers?words=both").text
    assert "Both Ways" in owner.get("/vendors?words=both").text
    # Their terms as a vendor are no terms of a customer.
    owner.get("/customers/edit?code=BOTH")
    assert owner.value("days") == "0"
    owner.get("/vendors/thing?code=BOTH")
    owner.send("/vendors/also", code="BOTH", role="depositor")
    assert owner.code == "party-role-not-said"


def test_a_rule_of_a_depot_that_cannot_be_is_a_sentence_and_nothing_is_lost(owner: Browser) -> None:
    for name, text in (
        ("receipt_width", "seventy"),
        ("float", "-5"),
        ("reason_from", "many"),
        ("voucher_days", "-1"),
        ("day_starts", "25:00"),
        ("day_starts", "4"),
    ):
        edited(owner, "/depots", "MAIN", **{name: text})
        assert owner.page.status_code == 422, (name, text)
        assert owner.value(name) == text
    edited(owner, "/depots", "MAIN", day_starts="04:00", reason_from="20.00")
    assert "said=changed" in str(owner.page.url), owner.text
    owner.get("/depots/edit?code=MAIN")
    assert (owner.value("day_starts"), owner.value("reason_from")) == ("04:00", "20.00")


def test_the_depot_of_the_centre_is_not_put_away(owner: Browser) -> None:
    owner.get("/depots/thing?code=MAIN")
    owner.send("/depots/archive", code="MAIN")
    assert (owner.page.status_code, owner.code) == (422, "depot-of-centre")
    owner.get("/businesses/thing?code=MAIN")
    owner.send("/businesses/archive", code="MAIN")
    assert owner.page.status_code == 422
    owner.get("/businesses/thing?code=MAIN")
    owner.send("/businesses/type", code="MAIN", type="gas")
    assert "gas" in owner.text


def test_another_rate_holds_from_its_day_on(owner: Browser) -> None:
    owner.get("/currencies/add")
    owner.send("/currencies/add", code="EUR", rate="140.00", since="2026-01-01")
    assert owner.page.status_code == 200, owner.text
    owner.send("/currencies/rate", code="EUR", rate="150.25", since="2030-01-01")
    text = owner.get("/currencies/thing?code=EUR").text
    assert "1 EUR is 150.25" in text
    assert "1 EUR is 140.00" in text
    assert "140.00" in owner.get("/currencies").text
    owner.get("/currencies/thing?code=EUR")
    owner.send("/currencies/rate", code="EUR", rate="0", since="")
    assert (owner.page.status_code, owner.code) == (422, "rate-not-positive")


def test_every_rule_of_the_house_stands_on_one_page_and_is_set_there(world: World, owner: Browser) -> None:
    names = [one.name for one in FIELDS]
    assert set(names) == set(depot_rules.EVERYWHERE)
    owner.get("/rules")
    before = {name: owner.value(name) for name in names}
    assert (before["least_pin_digits"], before["products_at_once"], before["float"]) == ("6", "yes", "0.00")
    hidden = {"rows": "0", "request": owner.value("request")}
    owner.send("/rules", **hidden, **before)
    assert "It says so already" in owner.text
    owner.send(
        "/rules",
        **hidden,
        **before | {"idle_lock_minutes": "15", "float": "2000.00", "products_at_once": "no"},
    )
    assert "Changed." in owner.text
    office = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    held = {rule.value: value for rule, depot, value in house_rules.in_force(office) if not depot}
    assert (held["idle_lock_minutes"], held["drawer_float"], held["products_at_once"]) == (15, 2000_00, 0)
    for change, code in (
        ({"least_pin_digits": "9"}, "house-rule-value"),
        ({"receipt_width": "60"}, "house-rule-one-of"),
        ({"label_rows": "many"}, "depot-number-wrong"),
        ({"day_starts": "25:00"}, "house-rule-value"),
    ):
        owner.send("/rules", **hidden, **before | change)
        assert (owner.code, owner.value(next(iter(change)))) == (code, next(iter(change.values())))
    # What guards people is for who changes people.
    clerk = Office(world.database, world.clock, world.centre.org_id, "OWNER")
    clerk.limits = frozenset({"edit_master"})
    with pytest.raises(Refused):
        depot_rules.set_everywhere(clerk, {"least_pin_digits": "8"})
    assert depot_rules.set_everywhere(clerk, {"label_rows": "9"})
