"""Builds an enrolled till in an encrypted database without a server, for the tests of the window."""

import functools
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from pos_app.devices.barcode import check_digit
from pos_app.ledger.chart import SHARED_ACCOUNTS, business_accounts
from pos_app.ledger.clock import SetClock
from pos_app.store.documents import settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.feed import baseline
from pos_app.store.organisation import staff
from pos_app.store.tables import master
from pos_app.till.session.sign_in import hash_pin
from pos_app.till.till import Till
from tests.support.worlds.prepared import write_private, written_once

ORG = 1
KEY = bytes(range(32))
NOW = datetime(2026, 11, 20, 11, 5, tzinfo=UTC)
PEOPLE = (
    (1, "AW", "Amina W.", "cashier", "1111"),
    (2, "JM", "Joseph M.", "manager", "2222"),
    (3, "GO", "Grace O.", "cashier", "3333"),
    (4, "PK", "Peter K.", "owner", "4444"),
)
PRODUCTS: tuple[tuple[str, str, int, str, int | None], ...] = (
    ("LPG-R6", "LPG refill 6 kg", 142_000, "Gas", 18),
    ("LPG-R13", "LPG refill 13 kg", 325_000, "Gas", 42),
    ("LPG-R50", "LPG refill 50 kg", 1_190_000, "Gas", 3),
    ("LPG-O6", "LPG outright 6 kg", 342_000, "Gas", 9),
    ("WAT-20", "Water 20 L refill", 18_000, "Water", None),
    ("WAT-10N", "Water 10 L new", 35_000, "Water", 24),
    ("REG-C", "Regulator compact", 85_000, "Accessories", 31),
    ("HOSE-15", "Hose 1.5 m + clips", 42_000, "Accessories", 57),
    ("BURN-1", "Burner, single", 115_000, "Accessories", 12),
    ("GRILL", "Grill top", 69_000, "Accessories", 2),
    ("LIGHT", "Lighter", 6_000, "Accessories", 210),
    ("DEP-13", "Deposit 13 kg", 350_000, "Gas", None),
    ("LAU-KG", "Laundry per kg", 12_000, "Laundry", None),
    ("DUVET", "Duvet, double", 65_000, "Laundry", None),
    ("STOVE", "Stove service", 50_000, "Service", None),
    ("MATCH", "Matches, box of ten", 5_050, "Accessories", 80),
)
CUSTOMERS = (
    ("C-0142", "Mama Kanini Hotel", "0722000418", 2_000_000),
    ("C-0143", "Otieno Fish Palace", "0733111222", 500_000),
    ("C-0144", "Shule ya Msingi Kilimani", "0711222333", 0),
)


def barcode_of(number: int) -> str:
    """The valid EAN-13 of the n-th product."""
    body = f"616{number:09d}"
    return body + str(check_digit(body))


def _rows(connection: Connection, table: Any, *rows: dict[str, Any]) -> None:
    connection.execute(insert(table), [{"org_id": ORG, "stamp": 1, **row} for row in rows])


def _place(connection: Connection) -> None:
    _rows(
        connection,
        master.organisation,
        {
            "organisation_id": ORG,
            "name": "Bohari Depots",
            "base_currency": "KES",
            "time_zone": "Africa/Nairobi",
            "cash_step": 100,
        },
    )
    _rows(
        connection,
        master.business,
        {"business_id": 1, "code": "LPG", "name": "LPG & retail", "mpesa_till": "174379"},
    )
    for account in (*SHARED_ACCOUNTS, *business_accounts(0, 1, "LPG & retail")):
        _rows(connection, master.account, {**account._asdict(), "role": account.role})
    _rows(
        connection,
        master.depot,
        {
            "depot_id": 1,
            "code": "KIL",
            "name": "Kilimani depot",
            "letter": "K",
            "business_id": 1,
            "location_id": 1,
            "address": "Argwings Kodhek Road, Nairobi",
            "phone": "0700 000 000",
            "receipt_footer": "Asante!",
        },
    )
    _rows(
        connection,
        master.location,
        {"location_id": 1, "code": "KIL", "name": "Kilimani", "kind": "depot", "depot_id": 1},
    )
    _rows(connection, master.drawer, {"drawer_id": 1, "code": "K3", "depot_id": 1, "terminal_no": 3})
    _rows(
        connection,
        master.tax_code,
        {"code": "V16", "name": "VAT 16 %", "treatment": "inclusive"},
        {"code": "Z", "name": "Zero", "treatment": "zero"},
        {"code": "DEPOSIT", "name": "Deposit, no sale", "treatment": "none"},
        {"code": "VOUCHER", "name": "Voucher, no sale", "treatment": "none"},
    )
    _rows(
        connection,
        master.tax_rate,
        {"code": "V16", "valid_from": 0, "rate_bp": 1600},
        {"code": "Z", "valid_from": 0, "rate_bp": 0},
    )


def _people(connection: Connection) -> None:
    staff.add_default_roles(connection, ORG)
    for person_id, code, name, role, pin in PEOPLE:
        has = {"assignment_id": person_id, "person_id": person_id, "role": role}
        _rows(connection, master.person_role, has)
        _rows(
            connection,
            master.person,
            {
                "person_id": person_id,
                "code": code,
                "name": name,
                "role": role,
                "pin_hash": hash_pin(pin),
                "depot_id": None,
                "active": 1,
            },
        )
    for number, (code, name, phone, limit) in enumerate(CUSTOMERS, 1):
        _rows(
            connection,
            master.party,
            {
                "party_id": number,
                "code": code,
                "name": name,
                "phone": phone,
                "active": 1,
            },
        )
        _rows(
            connection,
            master.party_role,
            {"party_id": number, "role": "customer", "credit_limit": limit},
        )


def _products(connection: Connection, extra: int) -> None:
    rows = list(PRODUCTS)
    rows += [(f"X-{n:06d}", f"Spare part {n:06d}", 10_000 + n, "Spares", 5) for n in range(extra)]
    _rows(
        connection,
        master.product,
        *(
            {
                "product_id": number,
                "sku": sku,
                "name": name,
                "price": price,
                "tax_code": "DEPOSIT" if sku.startswith("DEP-") else "V16",
                "category": category,
                "unit": "pc",
                "business_id": 1,
                "stocked": int(stock is not None),
                "on_shelf": int(number <= len(PRODUCTS)),
                "active": 1,
            }
            for number, (sku, name, price, category, stock) in enumerate(rows, 1)
        ),
    )
    _rows(
        connection,
        master.product_barcode,
        *({"barcode": barcode_of(number), "product_id": number} for number in range(1, len(rows) + 1)),
    )
    stock_rows = [
        (ORG, 1, number, stock * 1000) for number, (*_rest, stock) in enumerate(rows, 1) if stock is not None
    ]
    baseline.apply(
        connection,
        "stock_level",
        Terminal(ORG, 3, 1, 1),
        ("org_id", "location_id", "product_id", "quantity"),
        stock_rows,
        mark=0,
    )


def build_database(path: Path, *, extra_products: int = 0) -> Database:
    """An encrypted till database with people, products and customers."""
    write_private(path, _file(extra_products))
    return open_sqlite(path, KEY)


@functools.cache
def _file(extra_products: int) -> bytes:
    def fill(database: Database) -> None:
        with database.write() as connection:
            terminal.save(connection, Terminal(ORG, 3, 1, 1))
            _place(connection)
            _people(connection)
            _products(connection, extra_products)
            baseline.apply(
                connection,
                "party_balance",
                Terminal(ORG, 3, 1, 1),
                ("org_id", "party_role", "party_id", "currency", "amount", "base_amount"),
                [(ORG, "customer", 1, "KES", 879_000, 879_000)],
                mark=0,
            )
            settings.put(connection, last_contact_us=str(int(NOW.timestamp() * 1_000_000)))

    return written_once(KEY, fill)


def build_till(path: Path, clock: SetClock | None = None, *, extra_products: int = 0) -> Till:
    """A till on a fresh database, or on the one that is there."""
    if path.exists():
        return Till(open_sqlite(path, KEY), clock or SetClock(NOW))
    return Till(build_database(path, extra_products=extra_products), clock or SetClock(NOW))
