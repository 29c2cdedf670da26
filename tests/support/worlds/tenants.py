"""Two organisations in one central database, with rows of both in every table that holds any."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from pos_app.store.engine.engine import APPLICATION, WRITER, Database, open_postgres
from pos_app.store.schema import tenancy
from pos_app.store.tables.columns import Moment
from tests.conftest import in_database
from tests.support.worlds.sync_fixtures import Centre

ROLES: Final = (APPLICATION, WRITER)
OURS: Final = 1
THEIRS: Final = 2


def two_organisations(database: Database, folder: Path) -> tuple[Centre, Centre]:
    """Found both, let a till of each sell, and put a row of each into every other table."""
    both = Centre(database), Centre(database)
    assert [centre.org_id for centre in both] == [OURS, THEIRS]
    for centre in both:
        till = centre.till(folder / str(centre.org_id))
        till.sell()
        till.sell(customer=1)
        till.drain()
        centre.code()
    for table in tenancy.tenant_tables():
        for centre in both:
            _ensure_row(database, table, centre.org_id)
    return both


def _ensure_row(database: Database, table: Table, org_id: int) -> None:
    with database.write() as connection:
        if count(connection, table.name, org_id):
            return
        # Invented values: no trigger of ours must look at them.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        values = {column.name: _invented(column, org_id) for column in table.columns}
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(
            text(f'INSERT INTO "{table.name}" ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})'), values
        )


def _invented(column: Any, org_id: int) -> Any:
    if column.name == "org_id":
        return org_id
    if column.name == "year" or column.name.endswith("_year"):
        return 2026
    kind = column.type
    if isinstance(kind, ARRAY):
        return [1]
    if isinstance(kind, Moment):
        return "2026-11-20T12:00:00+00:00"
    if isinstance(kind, LargeBinary):
        return b"x"
    return "x" if isinstance(kind, Text) else 1


def count(connection: Connection, table: str, org_id: int) -> int:
    """How many rows of an organisation the connection sees."""
    return int(
        connection.execute(
            text(f'SELECT count(*) FROM "{table}" WHERE org_id = :org'), {"org": org_id}
        ).scalar_one()
    )


def fingerprint(database: Database, table: str, org_id: int) -> tuple[int, str]:
    """Number and digest of an organisation's rows, as the owner sees them."""
    with database.read() as connection:
        row = connection.execute(
            text(
                "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
                f' FROM "{table}" AS t WHERE org_id = :org'
            ),
            {"org": org_id},
        ).one()
    return int(row[0]), str(row[1])


@contextmanager
def one_connection(url: str) -> Iterator[Database]:
    """The database through a single pooled connection, so that every transaction meets the same one."""
    database = open_postgres(url, pool_size=1, overflow=0)
    try:
        yield database
    finally:
        database.close()


def forged(database: Database, table: Table) -> dict[str, Any]:
    """A row of the other organisation under a key that is free, so that only tenancy can refuse it."""
    with database.read() as connection:
        row = dict(
            connection.execute(
                text(f'SELECT * FROM "{table.name}" WHERE org_id = :org LIMIT 1'), {"org": THEIRS}
            )
            .mappings()
            .one()
        )
    for column in table.columns:
        in_key = column.primary_key or column.name in ("seq", "number", "request_id", "code", "sku", "label")
        if column.name in ("org_id", "year") or not in_key:
            continue
        value = row[column.name]
        if isinstance(value, int) and not isinstance(value, bool):
            row[column.name] = value + 1000
        elif isinstance(value, str):
            row[column.name] = value + "-forged"
        elif isinstance(value, bytes):
            row[column.name] = value + b"-forged"
    return row


@contextmanager
def own_database(postgres_url: str, template: str) -> Iterator[str]:
    """The URL of a prepared database for a whole module of tests."""
    name = f"tenants_{secrets.token_hex(6)}"
    _administer(postgres_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield in_database(postgres_url, name)
    _administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


def open_owner(url: str) -> Database:
    """The database as its owner."""
    return open_postgres(url)


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))
