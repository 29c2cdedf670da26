"""Adds to a test's till with whom and in what it deals beside trade: staff, members, a vendor, dollars."""

from typing import Any, Final

from sqlalchemy import Connection, insert

from pos_app.store.tables import master
from pos_app.till.till import Till
from tests.support.worlds.till_builder import ORG

EMPLOYEE: Final = 21
MEMBER: Final = 22
VENDOR: Final = 23
DOLLAR_MICRO: Final = 129_500_000
#: key, code, name, phone, roles with their credit limits
PARTIES: Final = (
    (EMPLOYEE, "E-014", "Juma Otieno", "0722111333", {"employee": 500_000}),
    (24, "E-015", "Halima Abdalla", "0733222444", {"employee": 0}),
    (MEMBER, "M-003", "Wanjiru Kamau", "0711000222", {"member": 0, "employee": 200_000}),
    (VENDOR, "V-001", "Gesi Kuu Ltd", "0720555666", {"vendor": 0}),
)


def _put(connection: Connection, table: Any, **values: Any) -> None:
    connection.execute(insert(table), [{"org_id": ORG, "stamp": 1, **values}])


def add_people(till: Till) -> None:
    """Staff, members and a vendor."""
    with till.database.write() as connection:
        for party_id, code, name, phone, roles in PARTIES:
            _put(connection, master.party, party_id=party_id, code=code, name=name, phone=phone, active=1)
            for role, limit in roles.items():
                _put(connection, master.party_role, party_id=party_id, role=role, credit_limit=limit)


def add_dollars(till: Till) -> None:
    """A rate of the dollar."""
    with till.database.write() as connection:
        _put(connection, master.exchange_rate, currency="USD", valid_from=0, rate_micro=DOLLAR_MICRO)


def add_business(till: Till) -> None:
    """A second business, with its own accounts."""
    from pos_app.ledger.chart import business_accounts
    from pos_app.store.master import place

    with till.database.write() as connection:
        _put(connection, master.business, business_id=2, code="WAT", name="Water", mpesa_till="")
        for account in business_accounts(1, 2, "Water"):
            _put(connection, master.account, **{**account._asdict(), "role": account.role})
    with till.database.read() as connection:
        till._context.place = place.load(connection, till._context.terminal)
