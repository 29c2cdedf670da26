"""A depot to measure: an enrolled till with a catalogue and a history of any size, without a server."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from pos_app import bootstrap
from pos_app.devices.barcode import check_digit
from pos_app.ledger.chart import SHARED_ACCOUNTS, business_accounts
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import document_key
from pos_app.store.documents import terminal
from pos_app.store.engine import pepper, terminal_key
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.journal.till_journal import INSERTS
from pos_app.store.organisation import staff
from pos_app.store.schema import schema, seals
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.till.session.sign_in import hash_pin
from pos_app.till.till import Till

ORG, TERMINAL, DEPOT, LOCATION, DRAWER, BUSINESS = 1, 3, 1, 1, 1, 1
PIN = "1234"
CASHIER, MANAGER = 1, 2
_LINES_A_DOCUMENT = 8


def barcode_of(product_id: int) -> str:
    """The EAN-13 of the n-th product (616 is Kenya's prefix)."""
    digits = f"616{product_id:09d}"
    return f"{digits}{check_digit(digits)}"


def open_depot(folder: Path, *, products: int = 200, customers: int = 30) -> Database:
    """A fresh encrypted till database with master data, enrolled as till 3."""
    database = open_sqlite(folder / "till.db", os.urandom(32))
    schema.prepare_till(database)
    _stock(database, products, customers)
    return database


def make_home(home: Path, *, products: int = 200, customers: int = 30) -> Database:
    """The same in a till's home, as `bohari till` opens it."""
    database = bootstrap.make_till_database(home)
    terminal_key.load_or_make(home / bootstrap.TERMINAL_KEY)
    _stock(database, products, customers)
    return database


def _stock(database: Database, products: int, customers: int) -> None:
    with database.write() as connection:
        terminal.save(connection, terminal.Terminal(ORG, TERMINAL, DEPOT, DRAWER))
        _found(connection)
        connection.execute(
            master.product.insert(),
            [
                {
                    "org_id": ORG, "product_id": n, "sku": f"P{n:06d}", "name": f"Product number {n}",
                    "price": 10_000 + n % 977, "tax_code": "A", "category": f"Category {n % 12}",
                    "unit": "pc", "business_id": BUSINESS, "stocked": 1, "on_shelf": int(n <= 16),
                }
                for n in range(1, products + 1)
            ],
        )  # fmt: skip
        connection.execute(
            master.product_barcode.insert(),
            [{"org_id": ORG, "barcode": barcode_of(n), "product_id": n} for n in range(1, products + 1)],
        )
        connection.execute(
            master.party.insert(),
            [
                {
                    "org_id": ORG, "party_id": n, "code": f"C{n:04d}", "name": f"Customer {n}",
                }
                for n in range(1, customers + 1)
            ],
        )  # fmt: skip
        connection.execute(
            master.party_role.insert(),
            [
                {"org_id": ORG, "party_id": n, "role": "customer", "credit_limit": 10**12}
                for n in range(1, customers + 1)
            ],
        )


def open_shop(database: Database) -> Till:
    """The till of such a depot with somebody signed in and the drawer open."""
    till = Till(database, SystemClock())
    till.sign_in.sign_in(MANAGER, PIN)
    till.drawer.open(500_000)
    return till


def _found(connection: Connection) -> None:
    org = {"org_id": ORG}
    connection.execute(
        master.organisation.insert().values(
            **org,
            organisation_id=1,
            name="Bench",
            base_currency="KES",
            time_zone="Africa/Nairobi",
            cash_step=100,
        )
    )
    connection.execute(master.business.insert().values(**org, business_id=1, code="GAS", name="LPG & retail"))
    for account in (*SHARED_ACCOUNTS, *business_accounts(2, BUSINESS, "LPG & retail")):
        connection.execute(
            master.account.insert().values(
                **org, code=account.code, name=account.name, type=account.type.value,
                role=account.role.value if account.role else None, business_id=account.business_id,
            )
        )  # fmt: skip
    connection.execute(master.tax_code.insert().values(**org, code="A", name="VAT", treatment="inclusive"))
    connection.execute(master.tax_rate.insert().values(**org, code="A", valid_from=0, rate_bp=1600))
    connection.execute(
        master.location.insert().values(**org, location_id=LOCATION, code="K", name="Kilimani", kind="depot")
    )
    connection.execute(
        master.depot.insert().values(
            **org, depot_id=DEPOT, code="K", name="Kilimani depot", letter="K", business_id=BUSINESS,
            location_id=LOCATION,
        )
    )  # fmt: skip
    pin_hash = hash_pin(PIN)
    staff.add_default_roles(connection, ORG)
    for person_id, name, role in ((CASHIER, "Amina W.", "cashier"), (MANAGER, "Joseph M.", "manager")):
        closed = pepper.close(connection, ORG, person_id, "pin_hash", pin_hash)
        connection.execute(
            master.person.insert().values(
                **org, person_id=person_id, code=f"E{person_id}", name=name, role=role, pin_hash=closed
            )
        )
        connection.execute(
            master.person_role.insert().values(**org, assignment_id=person_id, person_id=person_id, role=role)
        )


def fill_history(database: Database, lines: int, products: int, *, customers: int = 0) -> int:
    """Grow the ledger to about so many journal lines; gives the number of documents written.

    The rows are plain and their bodies empty: only their number and their keys matter to what is
    measured.  The triggers are off meanwhile, and the projections are made from their own selects.
    """
    documents = lines // _LINES_A_DOCUMENT
    with database.write() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        cursor: Any = connection.connection.cursor()
        first = (connection.scalar(text("SELECT coalesce(max(seq), 0) FROM document")) or 0) + 1
        for statement, rows in zip(
            INSERTS, _history(first, first + documents, products, customers), strict=True
        ):
            cursor.executemany(statement, rows)
        for projection in PROJECTIONS:
            columns = ", ".join((*projection.keys, *projection.values))
            connection.exec_driver_sql(f"DELETE FROM {projection.name}")
            connection.exec_driver_sql(f"INSERT INTO {projection.name} ({columns}) {projection.select()}")
        seals.rebuild(connection)
    database.checkpoint()
    return documents


def _history(first: int, end: int, products: int, customers: int) -> tuple[Iterable[Any], ...]:
    """Rows of journal lines, moves, items, tenders and documents, table by table; no costs.

    With `customers`, one line of each document is a customer's, and invoices are open.
    """
    numbers = range(first, end)
    start = datetime(2025, 1, 1, tzinfo=UTC)

    def key(seq: int) -> int:
        return document_key(TERMINAL, seq)

    journal = (
        (ORG, key(seq), line, 2025, BUSINESS, code, "KES", amount, amount,
         "customer" if customers and line == 7 else None,
         1 + seq % customers if customers and line == 7 else None,
         DRAWER if code == "1130" else None)
        for seq in numbers
        for line, (code, amount) in enumerate(
            (("4300", -1000), ("2200", -160), ("1130", 1200), ("1130", -40),
             ("4300", -500), ("2200", -80), ("1142", 500), ("1142", 80))
        )
    )  # fmt: skip
    moves = (
        (ORG, key(seq), line, 2025, LOCATION, 1 + (seq * 5 + line) % products, -1000)
        for seq in numbers
        for line in range(5)
    )
    items = (
        (ORG, key(seq), line, 2025, BUSINESS, 1 + (seq * 5 + line) % products, "Product", 1000, 348, 0,
         "A", 1600, 300, 48, None, 0)
        for seq in numbers
        for line in range(5)
    )  # fmt: skip
    tenders = (
        (ORG, key(seq), 0, 2025, "cash", 1740, "1130", "", DRAWER, 0, None, None) for seq in numbers
    )  # fmt: skip
    # Each tenth document is an invoice that the nine after it pay a part of.
    opened = (
        (ORG, key(seq), 0, 2025, BUSINESS, "customer", 1 + (seq - seq % 10) % customers, key(seq - seq % 10),
         20260131, "KES", amount, amount)
        for seq in numbers if customers and seq >= 10
        for amount in (-1000 if seq % 10 else 10000,)
    )  # fmt: skip
    documents = (
        (ORG, key(seq), TERMINAL, seq, "sale", f"{seq:032x}", "S", seq, 2025,
         micros(start + timedelta(minutes=seq)), micros(start + timedelta(minutes=seq)), MANAGER, None,
         BUSINESS, DEPOT, None, None, "KES", 1_000_000, 1500, 240, 1740, 0, None, None, None,
         8, 5, 5, 1, 0, 0, b"", seq.to_bytes(32, "big"), b"", None, b"")
        for seq in numbers
    )  # fmt: skip
    return journal, moves, items, tenders, opened, (), documents
