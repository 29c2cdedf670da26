"""Master data with a day or a role: rates, terms, agreed prices, reorder levels, locked periods."""

import pytest

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.stock import AdjustmentReason
from pos_app.store.master import catalogue, locations, party_terms, people, periods, rates
from pos_app.store.master.catalogue import Shop
from pos_app.store.tables import master
from tests.support.documents import book_specimens as books
from tests.support.documents import specimens
from tests.support.documents.specimens import LOCATION, ORG
from tests.support.refused import refused
from tests.support.worlds.books import Store


@pytest.fixture
def shop(store: Store) -> Store:
    with store.database.write() as connection:
        org = {"org_id": ORG}
        for code, treatment in (("A", "exclusive"), ("E", "exempt")):
            connection.execute(
                master.tax_code.insert().values(**org, code=code, name=code, treatment=treatment)
            )
        connection.execute(master.party.insert().values(**org, party_id=5, code="C5", name="Five"))
        connection.execute(
            master.product.insert().values(
                **org,
                product_id=1,
                sku="GAS",
                name="Gas",
                price=100,
                tax_code="A",
                category="",
                unit="pc",
                business_id=1,
            )
        )
    return store


def test_a_tax_rate_holds_from_its_day(shop: Store) -> None:
    with shop.database.write() as connection:
        rates.put_tax_rate(connection, ORG, "A", 0, 1600)
        rates.put_tax_rate(connection, ORG, "A", 20270101, 1800)
        for code, rate in (("A", 10_001), ("A", -1), ("E", 1), ("Q", 1600)):
            with pytest.raises(Refused):
                rates.put_tax_rate(connection, ORG, code, 20280101, rate)
    with shop.database.read() as connection:
        for day, wanted in ((20261231, 1600), (20270101, 1800), (20300101, 1800)):
            assert rates.tax_rate(connection, ORG, "A", day) == wanted
            found = catalogue.by_sku(connection, Shop(ORG, LOCATION, day), "gas")
            assert found is not None
            assert (found.tax_rate_bp, found.tax_inclusive) == (wanted, False)
        assert rates.tax_rate(connection, ORG, "E", 20261231) == 0


def test_an_exchange_rate_holds_from_its_day(shop: Store) -> None:
    with shop.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, "USD", 20261101, 129_000_000)
        rates.put_exchange_rate(connection, ORG, "USD", 20261115, 130_000_000)
        rates.put_exchange_rate(connection, ORG, "USD", 20261115, 131_000_000)
        rates.put_exchange_rate(connection, ORG, "UGX", 20261115, 35_000)
        for rate in (0, -1, 10**12, 10**15):
            with refused("currency-rate-implausible"):
                rates.put_exchange_rate(connection, ORG, "EUR", 20261101, rate)
    with shop.database.read() as connection:
        assert rates.exchange_rate(connection, ORG, "USD", 20261031) is None
        assert rates.exchange_rate(connection, ORG, "USD", 20261114) == 129_000_000
        assert rates.exchange_rates(connection, ORG, 20261120) == {"UGX": 35_000, "USD": 131_000_000}
        assert rates.exchange_rates(connection, ORG + 1, 20261120) == {}


def test_a_party_is_several_at_once_each_on_its_terms(shop: Store) -> None:
    with shop.database.write() as connection:
        party_terms.put_role(connection, ORG, 5, PartyRole.CUSTOMER, terms_days=30, credit_limit=50_000)
        party_terms.put_role(connection, ORG, 5, PartyRole.VENDOR, terms_days=14)
        party_terms.put_role(connection, ORG, 5, PartyRole.EMPLOYEE, credit_limit=2_000)
        for days, limit in ((-1, 0), (10_000, 0), (0, -1)):
            with pytest.raises(Refused):
                party_terms.put_role(
                    connection, ORG, 5, PartyRole.MEMBER, terms_days=days, credit_limit=limit
                )
    with shop.database.read() as connection:
        found = party_terms.roles_of(connection, ORG, 5)
        assert {role: (terms.terms_days, terms.credit_limit) for role, terms in found.items()} == {
            PartyRole.CUSTOMER: (30, 50_000),
            PartyRole.VENDOR: (14, 0),
            PartyRole.EMPLOYEE: (0, 2_000),
        }
        one = people.party(connection, ORG, 5)
        assert one is not None
        assert (one.credit_limit, one.terms_days) == (50_000, 30)
        assert [each.party_id for each in people.customers(connection, ORG, "Five", 5)] == [5]
    with shop.database.write() as connection:
        party_terms.put_role(connection, ORG, 5, PartyRole.CUSTOMER, credit_limit=50_000, active=False)
    with shop.database.read() as connection:
        assert people.customers(connection, ORG, "Five", 5) == []
        one = people.party(connection, ORG, 5)
        assert one is not None
        assert one.credit_limit == 0


def test_an_agreed_price(shop: Store) -> None:
    with shop.database.write() as connection:
        party_terms.put_contract_price(connection, ORG, 5, 1, 90)
        with pytest.raises(Refused):
            party_terms.put_contract_price(connection, ORG, 5, 1, -1)
    with shop.database.read() as connection:
        assert party_terms.contract_price(connection, ORG, 5, 1) == 90
        assert party_terms.contract_price(connection, ORG, 5, 2) is None
    with shop.database.write() as connection:
        party_terms.put_contract_price(connection, ORG, 5, 1, 90, active=False)
    with shop.database.read() as connection:
        assert party_terms.contract_price(connection, ORG, 5, 1) is None


def test_what_is_to_be_ordered_again(shop: Store) -> None:
    with shop.database.write() as connection:
        locations.put_reorder_level(connection, ORG, LOCATION, 1, minimum=5_000, target=20_000)
        locations.put_reorder_level(connection, ORG, LOCATION, 2, minimum=1_000, target=1_000)
        with pytest.raises(Refused):
            locations.put_reorder_level(connection, ORG, LOCATION, 3, minimum=5_000, target=4_000)
    journal = shop.journal()
    journal.record_document(specimens.stock_count((1, 0, 6_000), (2, 0, 3_000)))
    with shop.database.read() as connection:
        assert locations.short(connection, ORG) == []
    journal.record_document(books.stock_adjustment(AdjustmentReason.LOSS, (1, -1_500)))
    with shop.database.read() as connection:
        (short,) = locations.short(connection, ORG, LOCATION)
        assert (short.product_id, short.quantity, short.order) == (1, 4_500, 15_500)
        assert locations.short(connection, ORG, LOCATION + 1) == []
    with refused("place-kind-unknown"):
        locations.check_kind("moon")


def test_a_period_is_locked_and_opened_again(central_store: Store) -> None:
    with central_store.database.write() as connection:
        connection.execute(
            master.organisation.insert().values(
                org_id=ORG, organisation_id=ORG, name="D", base_currency="KES", time_zone="UTC", cash_step=1
            )
        )
        first = periods.put_lock(connection, ORG, None, 20260930, reason="closed")
        assert periods.put_lock(connection, ORG, None, 20261031) == first
        assert periods.put_lock(connection, ORG, 2, 20261115) != first
        assert periods.locked_through(connection, ORG) == {None: 20261031, 2: 20261115}
        periods.put_lock(connection, ORG, 2, 0)
        assert periods.locked_through(connection, ORG) == {None: 20261031, 2: 0}
        with refused("not-a-day"):
            periods.put_lock(connection, ORG, None, 20261131)
    said = central_store.scalar(
        "SELECT count(*) FROM audit_log WHERE action IN ('period_lock.added', 'period_lock.changed')"
    )
    assert said == 4
