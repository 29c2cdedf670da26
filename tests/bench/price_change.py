"""A price change of many products on its way to sixteen tills that sell meanwhile.

Each till is a process with its daemon, all of them on this machine: what a depot's own computer does alone
shares its processor with fifteen others here.
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
from pos_app.store.engine.engine import open_postgres
from pos_app.store.schema import schema
from sync.client.enrol import enrol
from tests.bench import feed
from tests.bench.ingest import _free_port
from tests.faults import sync_process
from tests.support.worlds.sync_fixtures import Centre

PRODUCTS: Final = 100_000
TILLS: Final = 16
NEW_PRICE: Final = 4_242


def run(products: int = PRODUCTS, tills: int = TILLS) -> dict[str, Any]:
    """Seconds until the last till charges the new prices, and the slowest scan meanwhile in ms."""
    with tempfile.TemporaryDirectory() as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            database = open_postgres(embedded.start())
            schema.prepare_central(database)
            centre = Centre(database)
            feed.fill(centre, products, 1)
            found = _changed(centre, embedded, Path(folder), products, tills)
            centre.close()
            database.close()
        finally:
            embedded.stop()
    scans = sorted(took for one in found for took in one["scans_ms"])
    return {
        "products": products,
        "tills": tills,
        "last_till_s": max(one["all_s"] for one in found),
        "last_till_aim_s": 30.0,
        "scans": len(scans),
        "scan_p50_ms": scans[len(scans) // 2],
        "scan_p99_ms": scans[len(scans) * 99 // 100],
        "scan_most_ms": scans[-1],
        "scan_most_aim_ms": 50.0,
    }


def _changed(
    centre: Centre, embedded: EmbeddedPostgres, folder: Path, products: int, tills: int
) -> list[dict[str, Any]]:
    port = _free_port()
    server = sync_process.start_server(embedded.data_dir, port)
    running: list[subprocess.Popen[str]] = []
    try:
        for number in range(tills):
            running.append(_till(centre, folder / f"till{number}", port, products))
        for one in running:
            _line(one)
        with centre.database.write() as connection:
            connection.execute(
                text("UPDATE product SET price = :price WHERE product_id >= :first"),
                {"price": NEW_PRICE, "first": feed.FIRST},
            )
        now = time.time()
        for one in running:
            assert one.stdin is not None
            one.stdin.write(f"{now}\n")
            one.stdin.flush()
        return [json.loads(_line(one)) for one in running]
    finally:
        for one in running:
            one.kill()
            one.wait()
        server.terminate()
        server.wait()


def _till(centre: Centre, home: Path, port: int, products: int) -> "subprocess.Popen[str]":
    database = bootstrap.make_till_database(home)
    enrol(database, home / bootstrap.TERMINAL_KEY, f"http://127.0.0.1:{port}", centre.code())
    database.close()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.price_change_till", str(home), str(products), str(NEW_PRICE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a till ended early")
    return line
