"""What became of a master is told out of the audit log: by whom, before and after, of this thing alone."""

import json

import pytest

from pos_app.ledger.line import PartyRole
from pos_app.office.masters import accounts, businesses, depots, exchange_rates, history, parties, tax_codes
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.store.documents.audit import AuditRecord
from tests.support.refused import refused
from tests.support.worlds.office_fixture import Desk


def told(entries: list[AuditRecord]) -> list[tuple[str, str, dict[str, object], dict[str, object]]]:
    """Who, what, before and after."""
    return [
        (one.person, one.action, json.loads(one.before or "{}"), json.loads(one.after or "{}"))
        for one in entries
    ]


def test_a_depot_tells_who_changed_what(desk: Desk) -> None:
    depots.edit_depot(desk.as_("OWNER"), "WEST", {"phone": "0700 000 001"})
    depots.edit_depot(desk.as_("ACC"), "WEST", {"phone": "0700 000 002"})
    depots.edit_depot(desk.as_("ACC"), "MAIN", {"phone": "0700 000 003"})
    *_, first, second = told(history.of(desk.office, "depot", "west"))
    assert first[1:] == ("depot.changed", {"phone": ""}, {"phone": "0700 000 001"})
    assert second[1:] == ("depot.changed", {"phone": "0700 000 001"}, {"phone": "0700 000 002"})
    assert first[0] != second[0] != ""


def test_a_party_tells_of_its_roles_and_no_other_party(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    parties.add_party(owner, "H1", "Hotel", [RoleTerms(PartyRole.CUSTOMER, 14)], Particulars("0722 000 000"))
    parties.add_party(owner, "H10", "Hotel ten", [RoleTerms(PartyRole.CUSTOMER)])
    parties.edit_party(owner, "H1", name="Grand Hotel", roles=[RoleTerms(PartyRole.CUSTOMER, 30)])
    found = history.of(desk.office, "parties", "h1")
    assert [one.action for one in found] == [
        "party.added",
        "party_role.added",
        "party.changed",
        "party_role.changed",
    ]
    assert all("ten" not in one.after for one in found)
    assert json.loads(found[-1].before) == {"terms_days": 14}


def test_a_rate_and_a_tax_code_tell_of_every_day(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    before = len(history.of(desk.office, "rates", "USD"))
    exchange_rates.set_rate(owner, "USD", 130_000_000, 20261201)
    exchange_rates.set_rate(owner, "USD", 131_000_000, 20261201)
    assert [one.action for one in history.of(desk.office, "rates", "usd")][before:] == [
        "exchange_rate.added",
        "exchange_rate.changed",
    ]
    tax_codes.set_tax(owner, "A", 1400, 20270101)
    tax_codes.name_tax(owner, "A", "VAT")
    assert [one.action for one in history.of(desk.office, "tax", "A")][-2:] == [
        "tax_rate.added",
        "tax_code.changed",
    ]


def test_every_noun_has_one_and_knows_its_codes(desk: Desk) -> None:
    accounts.let_overdraw(desk.as_("OWNER"), "1170", False)
    businesses.edit_business(desk.as_("OWNER"), "WATER", {"phone": "0700 000 000"})
    for noun, code in (("accounts", "1170"), ("business", "water"), ("person", "ACC"), ("product", "HOSE")):
        assert history.of(desk.office, noun, code), noun
    assert history.of(desk.office, "role", "cashier")
    assert history.of(desk.office, "organisation", "") != []


@pytest.mark.parametrize(
    ("noun", "code"),
    [
        ("business", "business-unknown-of"),
        ("depot", "depot-unknown"),
        ("accounts", "account-unknown"),
        ("tax", "tax-code-unknown"),
        ("parties", "party-unknown"),
        ("person", "person-unknown"),
        ("product", "product-unknown"),
    ],
)
def test_of_a_code_that_nothing_has(desk: Desk, noun: str, code: str) -> None:
    with refused(code):
        history.of(desk.office, noun, "NOWHERE")
