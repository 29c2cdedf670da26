"""What papers say of a business and a depot: edited at the centre, audited, kept as it was before."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SetClock
from pos_app.office.masters import businesses, depots, tax_codes
from pos_app.reports.slips.tax_invoice import tax_called
from pos_app.store.master import letterheads as kept
from pos_app.store.tables.columns import micros
from tests.support.refused import refused
from tests.support.worlds.office_fixture import NOW, Desk


def seller(desk: Desk, at: datetime | None = None) -> kept.Seller:
    with desk.database.read() as connection:
        return kept.sellers(connection, desk.org_id, None if at is None else micros(at))[1]


def test_an_edit_says_only_what_it_says_and_an_empty_text_takes_away(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    said = {"legal_name": "Depot Holdings Ltd", "address": "Plot 4\n  Moi Avenue \n", "mpesa_till": "522533"}
    assert businesses.edit_business(owner, "MAIN", said)
    assert businesses.edit_business(owner, "MAIN", {"tax_number": "P051234567X"})
    now = seller(desk)
    assert (now.full_name, now.address, now.tax_number, now.mpesa_till) == (
        "Depot Holdings Ltd",
        "Plot 4\nMoi Avenue",
        "P051234567X",
        "522533",
    )
    assert businesses.edit_business(owner, "MAIN", {"legal_name": ""})
    assert seller(desk).full_name == "Depot Ltd"
    assert not businesses.edit_business(owner, "MAIN", {"mpesa_till": " 522533 "})


def test_a_number_of_before_stays_until_somebody_changes_it(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    with desk.database.write() as connection:
        kept.change_business(connection, desk.org_id, 1, micros(NOW), {"tax_number": "051-234"})
    assert businesses.edit_business(owner, "MAIN", {"tax_number": "051-234", "phone": "0722"})
    assert businesses.edit_business(owner, "MAIN", {"tax_number": "p051 234 567x"})
    assert seller(desk).tax_number == "P051234567X"


def test_what_was_printed_before_keeps_its_seller_however_often_it_changes(desk: Desk) -> None:
    moments = [datetime(2026 + year, 3, 1, 9, tzinfo=UTC) for year in range(1, 4)]
    for number, moment in enumerate(moments):
        desk.clock = SetClock(moment)
        businesses.edit_business(desk.as_("OWNER"), "MAIN", {"legal_name": f"Name {number}"})
    # Twice in one microsecond, and a clock that went back: what was before is not written over.
    businesses.edit_business(desk.as_("OWNER"), "MAIN", {"legal_name": "Name 3"})
    desk.clock = SetClock(moments[0])
    businesses.edit_business(desk.as_("OWNER"), "MAIN", {"legal_name": "Name 4"})
    assert seller(desk, NOW).legal_name == ""
    assert seller(desk, datetime(2027, 5, 1, tzinfo=UTC)).legal_name == "Name 0"
    assert seller(desk, datetime(2028, 5, 1, tzinfo=UTC)).legal_name == "Name 1"
    assert seller(desk, datetime(2030, 5, 1, tzinfo=UTC)).legal_name == seller(desk).legal_name == "Name 4"
    with desk.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM business_former")).scalar_one() == 5


def test_a_depot_has_its_head_and_foot(desk: Desk) -> None:
    before = desk.clock.now()
    depots.edit_depot(desk.as_("OWNER"), "west", {"receipt_head": "Open daily", "name": "Westgate"})
    with desk.database.read() as connection:
        then = kept.depots(connection, desk.org_id, micros(before) - 1)[2]
        now = kept.depots(connection, desk.org_id)[2]
    assert (then.name, then.receipt_head, now.name, now.receipt_head) == (
        "Westlands",
        "",
        "Westgate",
        "Open daily",
    )


def test_who_may_not_edit_is_refused_and_who_did_is_known(desk: Desk) -> None:
    with refused("person-may-not-here"):
        businesses.edit_business(desk.as_("AUD"), "MAIN", {"tax_number": "P051000009Z"})
    businesses.edit_business(desk.as_("OWNER"), "MAIN", {"tax_number": "P051000009Z"})
    with desk.database.read() as connection:
        rows = connection.execute(
            text("SELECT person_id, after FROM audit_log WHERE action = 'business.changed' ORDER BY entry_id")
        ).all()
    assert [tuple(row) for row in rows] == [(1, '{"tax_number": "P051000009Z"}')]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "letterhead-nothing-said"),
        ({"name": " "}, "letterhead-needs"),
        ({"phone": "1\n2"}, "letterhead-too-many-lines"),
        ({"address": "\n".join("1234567")}, "letterhead-too-many-lines"),
        ({"tax_number": "P" * 41}, "party-text-unusable"),
        ({"legal_name": "bell\x07"}, "party-text-unusable"),
        ({"tax_number": "P05123456X"}, "kra-pin-form"),
        ({"tax_number": "UG:1001234567"}, "kra-pin-form"),
    ],
)
def test_what_cannot_be_printed_is_refused(desk: Desk, said: dict[str, str], code: str) -> None:
    with refused(code):
        businesses.edit_business(desk.as_("OWNER"), "MAIN", said)
    with refused("business-unknown-of"):
        businesses.edit_business(desk.as_("OWNER"), "NOWHERE", {"phone": "1"})


def test_a_tax_is_named_by_command_and_by_the_country_where_it_is_not(desk: Desk) -> None:
    tax_codes.name_tax(desk.as_("OWNER"), "A", "TVA")
    with desk.database.read() as connection:
        taxes = kept.tax_names(connection, desk.org_id)
    assert [tax_called(code, taxes, "KES") for code in ("A", "B")] == ["TVA", "VAT"]
    # A paper of before keeps the name that it had, however often it changes, at one moment too.
    before = desk.clock.now()
    tax_codes.name_tax(desk.as_("OWNER"), "A", "GST")
    tax_codes.name_tax(desk.as_("OWNER"), "A", "GST")
    desk.clock = SetClock(datetime(2027, 3, 1, 9, tzinfo=UTC))
    tax_codes.name_tax(desk.as_("OWNER"), "A", "")
    with desk.database.read() as connection:
        said = [
            tax_called(
                "A", kept.tax_names(connection, desk.org_id, None if at is None else micros(at)), "KES"
            )
            for at in (before - timedelta(days=1), before, datetime(2027, 1, 1, tzinfo=UTC), None)
        ]
    assert said == ["VAT", "TVA", "GST", "VAT"]
    with refused("tax-code-unknown-of"):
        tax_codes.name_tax(desk.as_("OWNER"), "Q", "VAT")
    with refused("person-may-not-here"):
        tax_codes.name_tax(desk.as_("AUD"), "A", "VAT")
