"""Depots and the organisation as the office keeps them: one more depot, letters, time zone, smallest coin."""

import pytest

from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import ONE
from pos_app.ledger.stock import AdjustmentReason
from pos_app.office import invoicing, stock
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.office.masters import businesses, depot_rules, depots, history, organisations, products
from pos_app.office.masters.products import Said
from pos_app.office.stock import Quantity
from pos_app.store.master import enrolment, letterheads, locations
from pos_app.store.organisation import founding, staff
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk


def test_a_depot_is_added_with_the_place_of_its_stock(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    made = depots.add_depot(owner, "EAST", "Eastleigh", {"receipt_head": "Karibu"}, business="WATER")
    assert made.number_prefix == "E"
    with desk.database.read() as connection:
        heads = letterheads.depots(connection, desk.org_id)
        places = {one.code: one for one in locations.all_of(connection, desk.org_id, "depot")}
    assert heads[made.depot_id].receipt_head == "Karibu"
    assert places["EAST"].location_id == made.location_id
    # What the office sells there is numbered there and taken from there.
    invoicing.invoice(
        desk.office, "C1", [Goods("HOSE", ONE)], occasion=PostingDetails(depot="EAST", business="WATER")
    )
    with refused("depot-in-use"):
        depots.edit_depot(owner, "EAST", {}, letter="X")
    with refused("depot-in-use"):
        depots.edit_depot(owner, "EAST", {}, business="MAIN")
    assert not depots.edit_depot(owner, "EAST", {}, business="WATER")
    assert desk.is_whole()


def test_the_letter_of_a_depot_is_its_own(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    # M and W are taken by MAIN and WEST.
    assert depots.add_depot(owner, "MOMBASA", "Mombasa", {}, business="MAIN").number_prefix == "MO"
    with refused("receipt-letter-taken"):
        depots.add_depot(owner, "NORTH", "North", {}, business="MAIN", letter="w")
    with refused("receipt-letter-wrong"):
        depots.add_depot(owner, "NORTH", "North", {}, business="MAIN", letter="N1")
    with refused("receipt-letter-not-said"):
        depots.add_depot(owner, "34", "North", {}, business="MAIN")
    assert depots.edit_depot(owner, "MOMBASA", {}, letter="O")
    assert depots.add_depot(owner, "MO", "Molo", {}, business="MAIN").number_prefix == "MO"


@pytest.mark.parametrize(
    ("code", "name", "business", "wrong"),
    [
        ("main", "Again", "MAIN", "depot-code-taken"),
        ("EAST", "Eastleigh", "", "business-not-named"),
        ("EAST", "Eastleigh", "CAR", "business-unknown-of"),
        ("", "Eastleigh", "MAIN", "letterhead-needs"),
        ("EAST", " ", "MAIN", "letterhead-needs"),
        ("EAST", "a\tb", "MAIN", "party-text-unusable"),
    ],
)
def test_a_depot_that_cannot_be(desk: Desk, code: str, name: str, business: str, wrong: str) -> None:
    before = depots.depots(desk.office)
    with refused(wrong):
        depots.add_depot(desk.as_("OWNER"), code, name, {}, business=business)
    with refused("person-may-not-here"):
        depots.add_depot(desk.as_("MGR"), "EAST", "Eastleigh", {}, business="MAIN")
    assert depots.depots(desk.office) == before


def test_the_organisation_is_renamed_and_its_cash_comes_to_another_coin(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    assert organisations.edit_organisation(owner, name="Depots & Sons", cash_step=5_00)
    assert not organisations.edit_organisation(owner, name=" Depots & Sons ")
    told = organisations.told(owner)
    assert (told.name, told.cash_step) == ("Depots & Sons", 5_00)
    for step in (0, -5, 100_01):
        with refused("cash-step-wrong"):
            organisations.edit_organisation(owner, cash_step=step)
    for name, code in (("  ", "organisation-needs-name"), ("a\x07", "party-text-unusable")):
        with refused(code):
            organisations.edit_organisation(owner, name=name)
    with refused("person-may-not-here"):
        organisations.edit_organisation(desk.as_("MGR"), name="Mine")


def test_the_time_zone_stays_once_something_is_recorded(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    with refused("time-zone-none"):
        organisations.edit_organisation(owner, time_zone="Nairobi")
    assert organisations.edit_organisation(owner, time_zone="Asia/Singapore")
    assert organisations.edit_organisation(owner, time_zone="Africa/Nairobi")
    invoicing.invoice(desk.office, "C1", [Goods("HOSE", ONE)])
    with refused("time-zone-too-late"):
        organisations.edit_organisation(owner, time_zone="Asia/Singapore")
    assert organisations.told(owner).time_zone == "Africa/Nairobi"


def test_a_depot_says_how_its_drawers_are_kept(desk: Desk) -> None:
    owner, money = desk.as_("OWNER"), desk.office.organisation.currency
    said = {"receipt_width": "58", "float": "5,000.00", "blind_close": "no", "reason_from": "50"}
    assert depots.edit_depot(owner, "WEST", {}, rules=depot_rules.read(said, money))
    assert not depots.edit_depot(owner, "WEST", {}, rules=depot_rules.read({"day_starts": "0:00"}, money))
    told = depots.show(owner, "west")
    assert (told.business, told.letter) == ("WATER", "W")
    assert told.rules == {
        "receipt_width": "58", "float": "5000.00", "blind_close": "no", "reason_from": "50.00",
        "count_other_money": "yes", "count_cylinders": "no", "drawer_most": "0.00",
        "drawer_of_person": "no", "voucher_days": "0", "paid_at_intake": "0", "day_starts": "00:00",
    }  # fmt: skip
    assert depots.show(owner, "MAIN").rules["receipt_width"] == "80"
    # Who changes goods and places does not decide what watches over people.
    with desk.database.write() as connection:
        edits = [Permission.EDIT_MASTER]
        staff.add_role(connection, desk.org_id, "keeper", "Keeper", held=edits, at=desk.clock.now())
        founding.add_person(connection, desk.org_id, "KEEP", "Keep", role="keeper", pin_hash="")
    keeper = desk.as_("KEEP")
    assert depots.edit_depot(keeper, "WEST", {}, rules=depot_rules.read({"receipt_width": "80"}, money))
    with refused("person-may-not-here"):
        depots.edit_depot(keeper, "WEST", {}, rules=depot_rules.read({"blind_close": "yes"}, money))
    assert [one.subject for one in history.of(owner, "depot", "WEST")].count(
        "house_rule receipt_width 2"
    ) == 2


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("receipt_width", "76", "house-rule-one-of"),
        ("receipt_width", "wide", "depot-number-wrong"),
        ("float", "-5", "depot-amount-negative"),
        ("float", "9" * 11, "house-rule-value"),
        ("blind_close", "maybe", "blind-close-yes-or-no"),
        ("count_cylinders", "maybe", "depot-rule-yes-or-no"),
        ("drawer_most", "-5", "depot-amount-negative"),
        ("day_starts", "4", "depot-hour-wrong"),
        ("day_starts", "04:60", "depot-hour-wrong"),
        ("day_starts", "13:00", "house-rule-value"),
        ("voucher_days", "4000", "house-rule-value"),
    ],
)
def test_a_rule_of_a_depot_that_cannot_be(desk: Desk, name: str, text: str, wrong: str) -> None:
    with refused(wrong):
        depot_rules.read({name: text}, desk.office.organisation.currency)


def test_a_depot_is_put_away_once_it_is_empty_and_opened_again(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    with refused("depot-of-centre"):
        depots.archive_depot(owner, "MAIN")
    stock.adjust(owner, "WEST", AdjustmentReason.FOUND, [Quantity("HOSE", ONE)])
    with refused("depot-has-stock", count=1):
        depots.archive_depot(owner, "WEST")
    stock.adjust(owner, "WEST", AdjustmentReason.LOSS, [Quantity("HOSE", -ONE)])
    depots.archive_depot(owner, "west")
    assert depots.archived_depots(owner) == {"WEST"}
    assert not depots.show(owner, "WEST").active
    with refused("depot-archived"):
        invoicing.invoice(
            desk.office, "C1", [Goods("GAS", ONE)], occasion=PostingDetails(depot="WEST", business="MAIN")
        )
    with refused("depot-archived"):
        stock.adjust(owner, "WEST", AdjustmentReason.FOUND, [Quantity("HOSE", ONE)])
    with refused("depot-archived"):
        enrolment.new_code(desk.database, desk.org_id, "WEST", desk.clock)
    with refused("depot-archived"):
        depots.archive_depot(owner, "WEST")
    businesses.set_type(owner, "WATER", "water")
    products.archive(owner, "REFILL")
    businesses.archive_business(owner, "WATER")
    with refused("business-archived", code="WATER"):
        depots.restore_depot(owner, "WEST")
    businesses.restore_business(owner, "WATER")
    depots.restore_depot(owner, "WEST")
    with refused("depot-not-archived"):
        depots.restore_depot(owner, "WEST")
    word = enrolment.new_code(desk.database, desk.org_id, "WEST", desk.clock)
    with refused("depot-awaits-till"):
        depots.archive_depot(owner, "WEST")
    with desk.database.write() as connection:
        enrolment.redeem(connection, word, b"k" * 32, desk.clock)
    with refused("depot-has-tills", tills="1"):
        depots.archive_depot(owner, "WEST")
    assert desk.is_whole()


def test_a_business_is_put_away_when_nothing_is_its_own(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    with refused("business-has-depots", depots="WEST"):
        businesses.archive_business(owner, "WATER")
    businesses.archive_business(owner, "WASH")
    assert businesses.archived_businesses(owner) == {"WASH"}
    shown = businesses.show(owner, "wash")
    assert (shown.active, shown.depots, shown.products, shown.type) == (False, [], 0, "")
    with refused("business-archived"):
        products.edit(owner, "GAS", Said({"business": "WASH"}))
    with refused("business-archived"):
        depots.add_depot(owner, "EAST", "East", {}, business="WASH")
    with refused("business-archived"):
        businesses.archive_business(owner, "WASH")
    # What its papers say can be corrected for ever.
    assert businesses.edit_business(owner, "WASH", {"phone": "0700 1"})
    businesses.restore_business(owner, "WASH")
    with refused("business-not-archived"):
        businesses.restore_business(owner, "WASH")
    assert businesses.set_type(owner, "WASH", " Laundry ")
    assert not businesses.set_type(owner, "WASH", "laundry")
    with refused("business-type-unknown"):
        businesses.set_type(owner, "WASH", "casino")
    with refused("person-may-not-here"):
        businesses.archive_business(desk.as_("MGR"), "WASH")
