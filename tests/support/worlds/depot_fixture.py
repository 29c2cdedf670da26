"""A depot with books: the shop of `till_fixture` with vendors, employees, members, places, rates and terms.

    shop = with_books(shop)                   # the same shop, the rows that the feed would have brought added
    shop.till.invoicing.issue(basket)         # use cases as the window drives them

Money in cents, quantities in thousandths.
"""

from typing import Any, Final

from sqlalchemy import Connection, Table

from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.store.balances import balances
from pos_app.store.master import party_terms, rates
from pos_app.store.master.people import Party
from pos_app.store.tables import master
from pos_app.store.tables.projections import OPEN_INVOICE, PARTY_BALANCE, STOCK_LEVEL
from tests.support.documents.specimens import DEPOT, ORG
from tests.support.worlds.till_fixture import LPG, WATER, Shop

#: Pays in 30 days, has a contract for gas, and owes up to 100,000.00.
HOTEL: Final = Party(504, "C504", "Lake Hotel", "", 100_000_00, active=True, terms_days=30)
VENDOR, EMPLOYEE, MEMBER = 601, 701, 801
VEHICLE, TRANSIT, WEST = 12, 13, 14
GAS13, REG, SOAP = 1, 3, 7
EMPTY13, FULL13, BULK = 21, 22, 23
DOLLAR: Final = 129_500_000
GAS_BY_CONTRACT: Final = 2_200_00

CASH, MPESA, BANK, CARD = TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK, TenderKind.CARD


def with_books(shop: Shop) -> Shop:
    """Add the rows of the books; gives the same shop, which knows them at once."""
    with shop.database.write() as connection:
        fill_books(connection)
    shop.restart()
    return shop


def fill_books(connection: Connection) -> None:
    """Parties with roles, places, a rate, a contract, reorder levels, returnables and a metered product."""
    for key, name, roles in (
        (HOTEL.party_id, HOTEL.name, {PartyRole.CUSTOMER: (30, 100_000_00)}),
        (VENDOR, "Total Kenya", {PartyRole.VENDOR: (14, 0)}),
        (EMPLOYEE, "Kamau", {PartyRole.EMPLOYEE: (0, 5_000_00)}),
        (MEMBER, "Achieng", {PartyRole.MEMBER: (0, 0), PartyRole.CUSTOMER: (0, 1_000_00)}),
    ):
        _put(connection, master.party, party_id=key, code=f"C{key}", name=name)
        for role, (days, limit) in roles.items():
            party_terms.put_role(connection, ORG, key, role, terms_days=days, credit_limit=limit)
    for key, code, kind, depot in (
        (VEHICLE, "VAN", "vehicle", DEPOT),
        (TRANSIT, "WAY", "transit", None),
        (WEST, "WEST", "depot", DEPOT + 1),
    ):
        _put(connection, master.location, location_id=key, code=code, name=code, kind=kind, depot_id=depot)
    for key, sku, name, business, unit in (
        (EMPTY13, "E13", "Cylinder 13 kg, empty", LPG, "pc"),
        (FULL13, "F13", "Cylinder 13 kg, full", LPG, "pc"),
        (BULK, "BULK", "Water by the meter", WATER, "m3"),
    ):
        _put(
            connection,
            master.product,
            product_id=key,
            sku=sku,
            name=name,
            price=100_00,
            tax_code="E",
            category="Other",
            unit=unit,
            business_id=business,
            stocked=int(sku != "BULK"),
        )
    rates.put_exchange_rate(connection, ORG, "USD", 0, DOLLAR)
    party_terms.put_contract_price(connection, ORG, HOTEL.party_id, GAS13, GAS_BY_CONTRACT)
    _put(connection, master.reorder_level, location_id=11, product_id=REG, minimum=5 * ONE, target=20 * ONE)


def _put(connection: Connection, table: Table, **values: Any) -> None:
    connection.execute(table.insert().values(org_id=ORG, **values))


def in_cash(amount: int, currency: str = "") -> list[TenderInput]:
    """An amount laid down in notes."""
    return [TenderInput(CASH, amount, "", currency)]


def by_mpesa(amount: int, code: str) -> list[TenderInput]:
    """An amount sent to the M-Pesa till."""
    return [TenderInput(MPESA, amount, code)]


def invoiced(shop: Shop, party: Party, *skus: str, quantity: int = ONE, **terms: Any) -> int:
    """Invoice these products to a customer; gives the document's key."""
    basket = shop.till.baskets.new()
    basket.set_customer(party)
    for sku in skus:
        basket.add(shop.till.catalogue.scan(sku).product, quantity)
    return shop.till.invoicing.issue(basket, **terms).document_id


def open_of(shop: Shop, party: Party) -> dict[int, int]:
    """What is open of each invoice of a customer, in cents."""
    return {one.invoice_id: one.amount for one in shop.till.open_invoices.of(party.party_id)}


def between(shop: Shop, role: PartyRole, party_id: int, currency: str = "KES") -> tuple[int, int]:
    """What stands between us and a party: amount and base amount."""
    key = {"org_id": ORG, "party_role": role.value, "party_id": party_id, "currency": currency}
    with shop.database.read() as connection:
        found = balances.current(connection, PARTY_BALANCE, key)
    return found["amount"], found["base_amount"]


def stock_at(shop: Shop, location_id: int, product_id: int) -> int:
    """What lies of a product at a place."""
    key = {"org_id": ORG, "location_id": location_id, "product_id": product_id}
    with shop.database.read() as connection:
        return balances.current(connection, STOCK_LEVEL, key)["quantity"]


def drawer_of(shop: Shop, currency: str) -> int:
    """What the books say lies in the drawer of a currency."""
    with shop.database.read() as connection:
        return shop.till._context.cash(connection, currency)


def elsewhere(
    shop: Shop, party: Party, invoice_id: int, amount: int, due_on: int, *, business_id: int = LPG
) -> None:
    """An invoice of another terminal, as the centre's balances brought it."""
    keys = ("org_id", "party_role", "party_id", "business_id", "invoice_id", "due_on", "currency")
    values = (ORG, "customer", party.party_id, business_id, invoice_id, due_on, "KES")
    with shop.database.write() as connection:
        for table, more in ((OPEN_INVOICE.baseline, "mark"), (OPEN_INVOICE.name, "stamp")):
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({', '.join(keys)}, amount, base_amount, {more})"
                f" VALUES ({', '.join('?' for _ in keys)}, ?, ?, 0)",
                (*values, amount, amount),
            )
    stands_elsewhere(shop, PartyRole.CUSTOMER, party.party_id, amount)


def stands_elsewhere(shop: Shop, role: PartyRole, party_id: int, amount: int) -> None:
    """What stands between us and a party by documents of others, as the centre's balances brought it."""
    with shop.database.write() as connection:
        for table, more in ((PARTY_BALANCE.baseline, "mark"), (PARTY_BALANCE.name, "stamp")):
            connection.exec_driver_sql(
                f"INSERT INTO {table} (org_id, party_role, party_id, currency, amount, base_amount, {more})"
                " VALUES (?, ?, ?, 'KES', ?, ?, 0)",
                (ORG, role.value, party_id, amount, amount),
            )
