"""Balances that were damaged past every lock: found, told, mended; against a real server and its commands."""

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.store import audit
from tests.unit.command_line import Server, bohari

PRODUCTS, CUSTOMERS, SALES = 50, 25, 60


class Listener:
    """Somebody who is told: takes alerts by HTTP."""

    def __init__(self) -> None:
        heard: list[dict[str, Any]] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on standard error."""

        self.heard = heard
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class World:
    """A centre that answers, a till whose sales reached it, and a listener."""

    def __init__(self, folder: Path) -> None:
        self.centre, self.till, self.listener = folder / "centre", folder / "till", Listener()
        bohari("init", "--org", "Depot Ltd", home=self.centre)
        settings.write(self.centre, reconcile_ms=20_000, alert_webhook=self.listener.url)
        self.server = Server(self.centre)
        self._write(folder)
        for what in ("products", "customers"):
            assert bohari("import", what, folder / f"{what}.csv", home=self.centre).code == 0
        code = bohari("enrol-code", "--json", home=self.centre).values["code"]
        assert bohari("enrol", "--server", self.server.url, "--code", code, home=self.till).code == 0
        assert bohari("import", "sales", folder / "sales.csv", home=self.till).code == 0
        assert bohari("syncd", "--once", home=self.till).code == 0

    @staticmethod
    def _write(folder: Path) -> None:
        products = [f"P{n},,Product {n},{100 + n},A,Goods,pc,MAIN" for n in range(PRODUCTS)]
        header = "sku,barcode,name,price,tax_code,category,unit,business"
        (folder / "products.csv").write_text("\n".join([header, *products, ""]))
        customers = [f"C{n},Customer {n},,500000" for n in range(CUSTOMERS)]
        (folder / "customers.csv").write_text("\n".join(["code,name,phone,credit_limit", *customers, ""]))
        sales = [
            f"{n},2026-01-05 09:{n % 60:02d},C{n % CUSTOMERS},P{(n + k) % PRODUCTS},,1,{100 + n}"
            for n in range(SALES)
            for k in range(3)
        ]
        header = "number,occurred_at,customer,sku,description,quantity,unit_price"
        (folder / "sales.csv").write_text("\n".join([header, *sales, ""]))

    def close(self) -> None:
        assert self.server.stop() == 0
        self.listener.close()

    def sql(self, *statements: str) -> int:
        """As a superuser of Postgres; gives the rows that were touched."""
        with bootstrap.central(self.centre) as centre, centre.database.engine.connect() as connection:
            touched = sum(connection.execute(text(statement)).rowcount for statement in statements)
            connection.commit()
        return touched

    def audited(self, action: str) -> list[audit.Entry]:
        with bootstrap.central(self.centre) as centre:
            org_id = centre.organisation().org_id
            with centre.database.read() as connection:
                return audit.read(connection, org_id, action=action, most=10_000)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("drift"))
    yield made
    made.close()


#: A hundred cached values: changed, deleted and invented, in every projection.
DAMAGE = (
    "UPDATE stock_level SET quantity = quantity + 1 WHERE product_id <= 30",
    "DELETE FROM stock_level WHERE product_id > 40",
    "UPDATE party_balance SET amount = amount - 777",
    "UPDATE account_balance SET base_amount = base_amount + 1 WHERE account_code = '1300'",
    "DELETE FROM document_total WHERE document_id IN (SELECT document_id FROM document_total LIMIT 10)",
    "UPDATE document_total SET total = 0 WHERE document_id IN"
    " (SELECT document_id FROM document_total ORDER BY document_id DESC LIMIT 12)",
    "INSERT INTO party_balance (org_id, party_role, party_id, currency, amount, base_amount)"
    " SELECT organisation_id, 'customer', 900 + n, 'KES', n, n FROM organisation, generate_series(1, 7) AS n",
    "INSERT INTO drawer_cash (org_id, drawer_id, currency, amount)"
    " SELECT organisation_id, 900 + n, 'KES', 5 FROM organisation, generate_series(1, 5) AS n",
)


def test_a_hundred_damaged_values_are_reported_mended_and_audited(world: World) -> None:
    """Show 2: exactly those, with before and after; a second run finds none."""
    assert bohari("recalculate", "--all", "--json", home=world.centre).values["drifted"] == []
    assert world.sql(*DAMAGE) == 100
    looked = bohari("recalculate", "--all", "--dry-run", "--json", home=world.centre)
    assert (looked.code, len(looked.values["drifted"]), looked.values["mended"]) == (1, 100, 0)

    done = bohari("recalculate", "--all", "--json", home=world.centre).values
    assert (len(done["drifted"]), done["mended"]) == (100, 100)
    assert {one["projection"] for one in done["drifted"]} == {
        "stock_level", "party_balance", "account_balance", "document_total", "drawer_cash"
    }  # fmt: skip
    for one in done["drifted"]:
        assert one["before"] != one["after"]
        invented = one["key"].get("party_id", 0) > 900 or one["projection"] == "drawer_cash"
        assert bool(one["documents"]) is not invented
    logged = world.audited("recalculate")
    assert len({entry.subject for entry in logged}) == len(logged) == 100
    assert all(json.loads(entry.before) != json.loads(entry.after) for entry in logged)

    again = bohari("recalculate", "--all", "--json", home=world.centre)
    assert (again.code, again.values["drifted"], again.values["mended"]) == (0, [], 0)
    assert bohari("verify", home=world.centre).code == 0
    assert len(world.audited("recalculate")) == 100


def _waited(holds: Callable[[], bool], timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "nobody noticed"
        time.sleep(0.5)


def test_complaint_12_balances_drift_and_somebody_notices(world: World) -> None:
    """NexoPOS#979, erpnext#32320: balances drifted for months and nothing said so."""
    world.listener.heard.clear()
    before = len(world.audited("drift"))
    assert world.sql("UPDATE party_balance SET amount = amount + 12345 WHERE party_id = 3") == 1
    # Nobody asks for anything.  The owner is told, by webhook, log, metrics, status and audit log.
    _waited(lambda: bool(world.listener.heard))
    told = world.listener.heard[0]
    assert (told["alert"], told["count"]) == ("drift found", 1)
    (found,) = told["discrepancies"]
    assert (found["projection"], found["key"]["party_id"]) == ("party_balance", 3)
    assert found["before"]["amount"] - found["after"]["amount"] == 12345
    assert found["documents"]
    assert len(world.audited("drift")) == before + 1

    status = bohari("status", "--json", home=world.centre)
    assert status.code == 1
    ((finding,), walks) = (status.values["reconciliation"][name] for name in ("findings", "walks"))
    assert finding["key"] == found["key"]
    assert walks["party_balance"]["passes"] > 0
    metrics = httpx.get(f"{world.server.url}/metrics")
    assert metrics.status_code == 200
    assert 'bohari_findings_open{org="' in metrics.text
    assert any(
        line.startswith("bohari_findings_open{") and line.endswith(" 1") for line in metrics.text.splitlines()
    )

    # What a person mends is found no more.
    mended = bohari("recalculate", "--kind", "customers", "--json", home=world.centre)
    assert mended.values["mended"] == 1
    assert bohari("status", "--json", home=world.centre).code == 0
