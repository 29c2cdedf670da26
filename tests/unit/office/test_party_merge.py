"""Two records of one customer become one: no cent, no cylinder and no due date is lost, and papers stay."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from pos_app.ledger.line import PartyRole
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.stock import PARTY_LOCATIONS
from pos_app.ledger.treasury import PartyReason
from pos_app.office import bills, invoicing, payments, stock, treasury
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.invoicing import Goods
from pos_app.office.masters import parties, party_contacts, party_groups, party_merge, price_lists, prices
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.office.stock import Quantity
from pos_app.store.documents import documents
from pos_app.store.master import codes, people
from pos_app.store.master import price_lists as stored_lists
from pos_app.store.tables.columns import micros
from pos_app.store.tables.projections import PROJECTIONS
from tests.support.oracle.model import Model
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank
from tests.support.worlds.sync_fixtures import cached

Standing = Counter[tuple[object, ...]]


def standing(desk: Desk, *codes: str) -> Standing:
    """All that stands with parties together: sums by role, business and currency, items, goods."""
    found: Standing = Counter()
    asked = {"org": desk.org_id, "codes": list(codes)}
    of = "IN (SELECT party_id FROM party WHERE org_id = :org AND code = ANY (:codes))"
    with desk.database.read() as connection:
        for row in connection.execute(
            text(
                "SELECT party_role, business_id, currency, amount, base_amount FROM party_in_business"
                f" WHERE org_id = :org AND party_id {of}"
            ),
            asked,
        ):
            found["sum", *row[:3]] += row[3]
            found["base", *row[:3]] += row[4]
        for row in connection.execute(
            text(
                "SELECT party_role, business_id, currency, due_on, amount, base_amount FROM open_invoice"
                f" WHERE org_id = :org AND party_id {of}"
            ),
            asked,
        ):
            found["open", *row[:4]] += row[4]
            found["open base", *row[:4]] += row[5]
        for row in connection.execute(
            text(
                "SELECT product_id, quantity FROM stock_level WHERE org_id = :org"
                f" AND location_id - {PARTY_LOCATIONS} {of}"
            ),
            asked,
        ):
            found["held", row[0]] += row[1]
    return Counter({key: amount for key, amount in found.items() if amount})


def sums_of_accounts(desk: Desk) -> list[tuple[object, ...]]:
    """Every account of every business, in its money and in base."""
    with desk.database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT business_id, account_code, currency, amount, base_amount FROM account_balance"
                " WHERE org_id = :org ORDER BY 1, 2, 3"
            ),
            {"org": desk.org_id},
        )
        return [tuple(row) for row in rows]


@pytest.fixture
def twice(desk: Desk) -> Desk:
    """A customer of two businesses who stands in the books twice, in every way in which one can."""
    owner = desk.as_("OWNER")
    both = [RoleTerms(PartyRole.CUSTOMER, 30, 5_000_00), RoleTerms(PartyRole.VENDOR, 14)]
    parties.add_party(owner, "K", "Kanini Hotel", both, Particulars("0722 000 111"))
    parties.add_party(
        owner,
        "G",
        "Hotel, KANINI",
        [RoleTerms(PartyRole.CUSTOMER, 7, 9_000_00), *both[1:], RoleTerms(PartyRole.EMPLOYEE, 0, 1_000_00)],
        Particulars("+254 722 000111", "Box 9"),
    )
    office = desk.office
    invoicing.invoice(office, "K", [Goods("HOSE", ONE)])
    invoicing.invoice(office, "G", [Goods("HOSE", 2 * ONE)])
    invoicing.invoice(office, "G", [Goods("HOSE", ONE)])
    invoicing.invoice(office, "G", [Goods("REFILL", 3 * ONE)], PostingDetails(business="WATER"))
    dollars = PostingDetails(currency="USD", rate_micro=120_000_000)
    invoicing.invoice(office, "G", [Goods("HOSE", ONE, unit_price=7_77)], dollars)
    part = invoicing.invoice(office, "G", [Goods("HOSE", ONE)])
    payments.receive(office, "G", bank(33_33), [InvoiceChoice(part.document_id, 33_33)])
    bills.bill(office, "G", [Cost("Rent", 77_77, "6100")])
    treasury.party_money(office, PartyReason.CUSTOMER_DEPOSIT, "G", bank(250_00))
    treasury.party_money(office, PartyReason.EMPLOYEE_ADVANCE, "G", bank(40_00))
    stock.returnables(desk.as_("MGR"), "MAIN", "G", [Quantity("GAS", 3 * ONE)])
    stock.returnables(desk.as_("MGR"), "MAIN", "K", [Quantity("GAS", ONE)])
    return desk


def test_all_that_stands_is_carried_and_the_accounts_stay(twice: Desk) -> None:
    owner, before = twice.as_("OWNER"), standing(twice, "K", "G")
    accounts = sums_of_accounts(twice)
    papers = twice.documents()
    done = party_merge.merge(owner, "K", "G")
    assert standing(twice, "G") == {}
    assert standing(twice, "K") == before
    assert sums_of_accounts(twice) == accounts
    # What was recorded stands as it did, and what carried comes behind it.
    assert twice.documents()[: len(papers)] == papers
    assert len(done.documents) == len(twice.documents()) - len(papers)
    assert twice.is_whole()
    model = Model()
    with twice.database.read() as connection:
        keys = list(connection.scalars(text("SELECT document_id FROM document ORDER BY document_id")))
        for key in keys:
            found = documents.get(connection, twice.org_id, int(key))
            assert found is not None
            model.add(found)
    shown = {one.name: cached(twice.database, one) for one in PROJECTIONS}
    assert model.differences(shown) == []


def test_the_one_that_stays_has_what_was_said_of_both(twice: Desk) -> None:
    owner = twice.as_("OWNER")
    prices.agree(owner, "G", "HOSE", 570_00)
    party_contacts.put(owner, "G", "delivery", party_contacts.Said(name="Gate"))
    assert {one.by for one in party_merge.doubles(owner)} == {"phone", "name"}
    party_merge.merge(owner, "K", "G")
    assert party_merge.doubles(owner) == []
    shown = {one.role: one for one in parties.show(owner, "K").party.roles}
    assert (shown[PartyRole.CUSTOMER].terms_days, shown[PartyRole.CUSTOMER].credit_limit) == (30, 9_000_00)
    assert PartyRole.EMPLOYEE in shown
    assert [one.sku for one in prices.agreed(owner, "K")] == ["HOSE"]
    assert [(one.label, one.phone) for one in party_contacts.contacts(owner, "K")] == [
        ("G", "+254 722 000111"),
        ("delivery", ""),
    ]
    assert parties.show(owner, "G").party.active is False


def test_what_came_to_the_double_later_is_carried_by_the_same_word(twice: Desk) -> None:
    owner = twice.as_("OWNER")
    party_merge.merge(owner, "K", "G")
    assert party_merge.merge(owner, "K", "G").documents == []
    parties.restore(owner, "G")
    invoicing.invoice(twice.office, "G", [Goods("HOSE", ONE)])
    before = standing(twice, "K", "G")
    assert len(party_merge.merge(owner, "k", "g").documents) == 2
    assert standing(twice, "K") == before
    assert twice.is_whole()


def test_what_was_said_of_the_one_that_stays_since_stands(twice: Desk) -> None:
    owner = twice.as_("OWNER")
    party_contacts.put(owner, "G", "delivery", party_contacts.Said(name="Gate"))
    party_groups.add(owner, "HOTELS", "Hotels")
    party_groups.join(owner, "HOTELS", "G")
    party_merge.merge(owner, "K", "G")
    assert [one.members for one in party_groups.groups(owner)] == [["G", "K"]]
    party_groups.leave(owner, "HOTELS", "K")
    parties.edit_party(owner, "K", roles=[RoleTerms(PartyRole.CUSTOMER, None, 0)])
    contacts = party_contacts.contacts(owner, "K")
    party_merge.merge(owner, "K", "G")
    shown = {one.role: one for one in parties.show(owner, "K").party.roles}
    assert shown[PartyRole.CUSTOMER].credit_limit == 0
    assert party_contacts.contacts(owner, "K") == contacts
    assert [one.members for one in party_groups.groups(owner)] == [["G"]]


def test_who_is_brought_back_stands_for_themselves_and_may_be_the_one_that_stays(twice: Desk) -> None:
    owner, before = twice.as_("OWNER"), standing(twice, "K", "G")

    def into(code: str) -> str:
        with twice.database.read() as connection:
            found = codes.party(connection, twice.org_id, code)
            assert found is not None
            kept = people.merged_into(connection, twice.org_id, found.party_id)
        return "" if kept is None else kept.code

    party_merge.merge(owner, "K", "G")
    parties.restore(owner, "G")
    assert into("G") == ""
    party_merge.merge(owner, "G", "K")
    assert (into("G"), into("K")) == ("", "G")
    assert (standing(twice, "G"), standing(twice, "K")) == (before, Counter())
    parties.edit_party(owner, "K", active=True)
    assert into("K") == ""


def test_lists_of_the_one_that_goes_hold_for_the_one_that_stays(twice: Desk) -> None:
    owner = twice.as_("OWNER")
    soon = micros(twice.clock.now()) + 3_600_000_000
    # Agreed with both, by list and by rate: what was agreed with the one that stays is what holds.
    prices.agree(owner, "K", "HOSE", 600_00)
    for sku, price in (("HOSE", 580_00), ("REFILL", 90_00), ("GAS", 2_500_00)):
        prices.agree(owner, "G", sku, price, soon)
    prices.agree(owner, "K", "GAS", 2_600_00, soon)
    price_lists.add(owner, "HOTELS", "Hotels", [price_lists.For(ScopeKind.CUSTOMER, "G")])
    party_merge.merge(owner, "K", "G")
    told = {(one.sku, one.price) for one in prices.agreed(owner, "K")}
    assert told == {("HOSE", 600_00), ("REFILL", 90_00), ("GAS", 2_600_00)}
    assert {one.from_us for one in prices.agreed(owner, "K") if one.sku == "REFILL"} == {soon}
    with twice.database.read() as connection:
        found = codes.party(connection, twice.org_id, "K")
        assert found is not None
        lists = stored_lists.lists_of(connection, twice.org_id, found.party_id)
    assert [one.code for one in lists] == ["CONTRACT-K", "HOTELS"]
    # Once: what is ended since for the one that stays stays ended.
    prices.end(owner, "K", "REFILL", soon)
    party_merge.merge(owner, "K", "G")
    assert "REFILL" not in {one.sku for one in prices.agreed(owner, "K")}


def test_what_comes_in_while_it_is_read_is_read_whole(twice: Desk) -> None:
    """The sums and the open items are two questions: an invoice of a till may come between them."""
    owner, before = twice.as_("OWNER"), standing(twice, "G")
    late: list[str] = []

    def between(*told: Any) -> None:
        if "party_in_business" in told[2] and not late:
            late.append("once")
            invoicing.invoice(twice.office, "G", [Goods("HOSE", ONE)])

    def rests(connection: Connection) -> dict[object, int]:
        """What stands beside the open items."""
        books = owner.books(connection)
        pots = party_merge._pots(books, books.party("G", PartyRole.CUSTOMER).party_id)
        return {pot: one.amount - sum(item.amount for item in one.items) for pot, one in pots.items()}

    with twice.database.read() as connection:
        stood = rests(connection)
    with twice.database.write() as connection:
        event.listen(connection, "after_cursor_execute", between)
        assert rests(connection) == stood
    assert late
    assert standing(twice, "G") != before


def test_what_cannot_be_merged(twice: Desk) -> None:
    owner, papers = twice.as_("OWNER"), twice.documents()
    with refused("merge-with-itself"):
        party_merge.merge(owner, "K", "k")
    with refused("party-unknown"):
        party_merge.merge(owner, "K", "NOBODY")
    with refused("person-may-not-here"):
        party_merge.merge(twice.as_("MGR"), "K", "G")
    draft = invoicing.draft(twice.office, "G", [Goods("HOSE", ONE)])
    assert draft is not None
    with refused("party-papers-wait"):
        party_merge.merge(owner, "K", "G")
    parties.add_party(owner, "X", "Other", [RoleTerms(PartyRole.CUSTOMER)])
    parties.add_party(owner, "Y", "Another", [RoleTerms(PartyRole.CUSTOMER)])
    party_merge.merge(owner, "X", "Y")
    with refused("merged-into-another"):
        party_merge.merge(owner, "K", "Y")
    with refused("party-inactive-office"):
        party_merge.merge(owner, "Y", "X")
    assert twice.documents() == papers
