"""A long history at a centre, made by Postgres itself: rows as ingest leaves them, documents without bytes.

The triggers are off meanwhile, and the projections are made from their own selects.
"""

from typing import Final, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import Index, text
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.schema import schema, seals_centre
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.store.tables.tables import PARTS, document
from tests.conftest import in_database

ORG: Final = 1
TERMINALS: Final = 20
ACCOUNTS: Final = 20
PARTIES: Final = 20_000
PRODUCTS: Final = 2_000
_LINES_A_DOCUMENT: Final = 8
#: One document in so many is an invoice, and those after it pay a part each.
_PARTS_OF_AN_INVOICE: Final = 10
_FIRST_YEAR: Final = 2024
_YEARS: Final = 3

#: Nothing is written twice: not for a crash, not for a copy elsewhere.
_HURRIED: Final[tuple[LiteralString, ...]] = (
    "fsync = off",
    "full_page_writes = off",
    "wal_level = minimal",
    "max_wal_senders = 0",
    "max_wal_size = '8GB'",
)

_PLACE: Final = "t * 4294967296 + s AS id, 2024 + (s * 3 - 1) / :each AS year"
_SERIES: Final = "generate_series(1, :each) AS s CROSS JOIN generate_series(1, :terminals) AS t"


def hurried(embedded: EmbeddedPostgres) -> str:
    """Start a Postgres that loses all it has with the power; gives its URL.  Only for what is thrown away.

    What is measured on it reads only, and reading costs the same.
    """
    with psycopg.connect(embedded.start(), autocommit=True) as connection:
        for setting in _HURRIED:
            connection.execute(sql.SQL("ALTER SYSTEM SET " + setting))
    embedded.stop()
    return embedded.start()


def make(url: str, name: str, lines: int) -> Database:
    """A database with so many journal lines of `TERMINALS` tills over three years."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database = open_postgres(in_database(url, name))
    schema.prepare_central(database)
    with database.write() as connection:
        for year in range(_FIRST_YEAR, _FIRST_YEAR + _YEARS):
            seals_centre.make_year(connection, year)
    _fill(database, max(_YEARS, lines // _LINES_A_DOCUMENT // TERMINALS))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return database


def _fill(database: Database, each: int) -> None:
    indexes = [index for table in (document, *PARTS) for index in table.indexes if _stands(index)]
    with database.write() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
        # Emptied in this transaction: nothing of it need be in the write-ahead log.
        names = ", ".join(table.name for table in (document, *PARTS))
        connection.exec_driver_sql(f"TRUNCATE {names} CASCADE")
        # An index made afterwards, sorted, takes a fraction of the time.
        for index in indexes:
            connection.execute(DropIndex(index))
        for table in PARTS:
            connection.execute(DropConstraint(table.primary_key))
        for statement in (_JOURNAL, _MOVES, _ITEMS, _OPEN, _COSTS, _DOCUMENTS, _TILLS, _ORGANISATION):
            connection.execute(text(statement), {"each": each, "terminals": TERMINALS})
        for projection in PROJECTIONS:
            columns = ", ".join((*projection.keys, *projection.values))
            connection.exec_driver_sql(f"INSERT INTO {projection.name} ({columns}) {projection.select()}")
        for table in PARTS:
            connection.execute(AddConstraint(table.primary_key))
        for index in indexes:
            connection.execute(CreateIndex(index))


def _stands(index: Index) -> bool:
    """Whether the centre has it; SQLAlchemy keeps the condition of `ddl_if` here only."""
    condition = index._ddl_if
    return condition is None or condition.dialect == "postgresql"


_JOURNAL: Final = f"""
INSERT INTO journal_line (org_id, document_id, line_no, year, business_id, account_code, currency, amount,
  base_amount, party_role, party_id, drawer_id)
SELECT {ORG}, id, l, year, 1, '4' || (100 + (s * 8 + l + t) % {ACCOUNTS}), 'KES', value, value,
  CASE WHEN l = 1 THEN 'customer' END, CASE WHEN l = 1 THEN 1 + (s * 7 + t * 13) % {PARTIES} END,
  CASE WHEN l IN (2, 3) THEN t END
FROM (SELECT s, t, l, {_PLACE}, (1 - 2 * (l % 2)) * (100 + s % 977) AS value
      FROM {_SERIES} CROSS JOIN generate_series(0, {_LINES_A_DOCUMENT - 1}) AS l) AS made
"""
_MOVES: Final = f"""
INSERT INTO stock_move (org_id, document_id, move_no, year, location_id, product_id, quantity)
SELECT {ORG}, id, l, year, t, 1 + (s * 5 + l) % {PRODUCTS}, -1000
FROM (SELECT s, t, l, {_PLACE} FROM {_SERIES} CROSS JOIN generate_series(0, 4) AS l) AS made
"""
_ITEMS: Final = f"""
INSERT INTO document_line (org_id, document_id, line_no, year, business_id, product_id, description, quantity,
  unit_price, discount, tax_code, tax_rate_bp, net, tax)
SELECT {ORG}, id, l, year, 1, 1 + (s * 5 + l) % {PRODUCTS}, 'Product', 1000, 348, 0, 'A', 1600, 300, 48
FROM (SELECT s, t, l, {_PLACE} FROM {_SERIES} CROSS JOIN generate_series(0, 4) AS l) AS made
"""
_OPEN: Final = f"""
INSERT INTO open_item (org_id, document_id, item_no, year, business_id, party_role, party_id, invoice_id,
  due_on, currency, amount, base_amount)
SELECT {ORG}, id, 0, year, 1, 'customer', 1 + (invoice * 7 + t * 13) % {PARTIES}, t * 4294967296 + invoice,
  20260131, 'KES', value, value
FROM (SELECT s, t, s - s % {_PARTS_OF_AN_INVOICE} AS invoice, {_PLACE},
        CASE s % {_PARTS_OF_AN_INVOICE} WHEN 0 THEN 10000 ELSE -1000 END AS value
      FROM {_SERIES} WHERE s >= {_PARTS_OF_AN_INVOICE}) AS made
"""
_COSTS: Final = f"""
INSERT INTO cost_line (org_id, document_id, cost_no, year, business_id, product_id, quantity, value)
SELECT {ORG}, id, l, year, 1, 1 + (s * 5 + l) % {PRODUCTS}, 4000 - 1000 * (s % 4), 80 * (4 - s % 4)
FROM (SELECT s, t, l, {_PLACE} FROM {_SERIES} CROSS JOIN generate_series(0, 1) AS l) AS made
"""
_DOCUMENTS: Final = f"""
INSERT INTO document (org_id, document_id, terminal_no, seq, kind, request_id, series, number, year,
  occurred_at, recorded_at, person_id, business_id, depot_id, currency, rate_micro, subtotal, tax_total,
  total, rounding, line_count, move_count, item_count, tender_count, open_count, cost_count, prev_hash, hash,
  posting_digest, body)
SELECT {ORG}, id, t, s, 'sale', to_hex(id), 'S', s, year,
  '2024-01-01Z'::timestamptz + s * interval '1 minute', '2024-01-01Z'::timestamptz + s * interval '1 minute',
  1, 1, 1, 'KES', 1000000, 1500, 240, 1740, 0, {_LINES_A_DOCUMENT}, 5, 5, 0, 0, 0, '', '', '', ''
FROM (SELECT s, t, {_PLACE} FROM {_SERIES}) AS made
"""
_TILLS: Final = f"""
INSERT INTO terminal (org_id, terminal_no, depot_id, drawer_id, public_key, last_seq, last_hash, enrolled_at)
SELECT {ORG}, t, 1, t, '', :each, '', now() FROM generate_series(1, :terminals) AS t
"""
_ORGANISATION: Final = f"""
INSERT INTO organisation (org_id, organisation_id, name, base_currency, time_zone, cash_step)
VALUES ({ORG}, {ORG}, 'Bench', 'KES', 'Africa/Nairobi', 100)
"""
