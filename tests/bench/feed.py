"""Prices and products to a new till, against one COPY out of the centre and one `executemany` in.

The limit moves the same rows of the same tables with the drivers alone: binary COPY of each table into
memory, then one statement for each table in one transaction of an encrypted file.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from pos_app import bootstrap
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.feed.intake import travelling
from pos_app.store.schema import schema
from pos_app.store.tables.master import MASTER
from sync.client.enrol import enrol
from tests.bench.ingest import _free_port
from tests.faults import sync_process
from tests.support.worlds.sync_fixtures import Centre

PRODUCTS: Final = 500_000
RULES: Final = 10_000
#: Where the products of the bench begin: the centre has some of its own.
FIRST: Final = 1_000
_BULK: Final = (
    "INSERT INTO product (org_id, product_id, sku, name, price, tax_code, category, unit, business_id)"
    " SELECT :org, :first + n, 'P' || n, 'Product number ' || n, 10000 + n % 90000, 'A', 'Retail', 'pc',"
    " :business FROM generate_series(0, :most - 1) AS n",
    "INSERT INTO product_barcode (org_id, barcode, product_id)"
    " SELECT :org, '2' || lpad(n::text, 9, '0'), :first + n FROM generate_series(0, :most - 1) AS n",
    "INSERT INTO price_list (org_id, price_list_id, code, name)"
    " SELECT :org, 1000 + n, 'L' || n, 'List ' || n FROM generate_series(0, 9) AS n",
    "INSERT INTO price_list_item (org_id, item_id, price_list_id, product_id, price)"
    " SELECT :org, 100000 + n, 1000 + n % 10, :first + n, 9000 + n FROM generate_series(0, :rules - 1) AS n",
)


def run(products: int = PRODUCTS, rules: int = RULES) -> dict[str, Any]:
    """How long a new till waits for its first sale and for everything, beside the limit; its memory."""
    with tempfile.TemporaryDirectory() as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            database = open_postgres(embedded.start())
            schema.prepare_central(database)
            centre = Centre(database)
            fill(centre, products, min(rules, products))
            limit_s = _limit(database, Path(folder) / "limit")
            fetched = _fetched(centre, embedded, Path(folder) / "till")
            centre.close()
            database.close()
        finally:
            embedded.stop()
    return {
        **fetched,
        "rules": min(rules, products),
        "sells_aim_s": 2.0,
        "limit_s": round(limit_s, 2),
        "ratio": round(fetched["all_s"] / limit_s, 2),
        "ratio_aim": 3.0,
        "memory_aim_mb": 150,
    }


def barcode(number: int) -> str:
    """The barcode of a product of the bench."""
    return f"2{number:09}"


def fill(centre: Centre, products: int, rules: int) -> None:
    """Put products with a barcode each, and prices of a list, straight into the centre's tables."""
    bound = {
        "org": centre.org_id,
        "business": centre.founded.business_id,
        "first": FIRST,
        "most": products,
        "rules": rules,
    }
    with centre.database.write() as connection:
        for statement in _BULK:
            connection.execute(text(statement), bound)
    with centre.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _fetched(centre: Centre, embedded: EmbeddedPostgres, home: Path) -> dict[str, Any]:
    port = _free_port()
    server = sync_process.start_server(embedded.data_dir, port)
    try:
        database = bootstrap.make_till_database(home)
        enrol(database, home / bootstrap.TERMINAL_KEY, f"http://127.0.0.1:{port}", centre.code())
        database.close()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.feed_till", str(home), barcode(0), "10000"],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        server.terminate()
        server.wait()
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _limit(database: Database, home: Path) -> float:
    """Seconds for the same rows by the drivers alone."""
    target = bootstrap.make_till_database(home)
    began = time.perf_counter()
    parts = []
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        for table in MASTER:
            names = ", ".join(travelling(table))
            with cursor.copy(f"COPY (SELECT {names} FROM {table.name}) TO STDOUT (FORMAT TEXT)") as copy:
                lines = b"".join(copy).decode().splitlines()
            rows = [[None if one == "\\N" else one for one in line.split("\t")] for line in lines]
            parts.append((table.name, names, rows))
    with target.write() as connection:
        raw: Any = connection.connection.dbapi_connection
        for name, names, rows in parts:
            marks = ", ".join("?" * len(names.split(", ")))
            raw.executemany(f"INSERT OR REPLACE INTO {name} ({names}) VALUES ({marks})", rows)
    took_s = time.perf_counter() - began
    target.close()
    return took_s
