"""Balances that were damaged past every lock: found, told, mended; against a real server and its commands."""

import contextlib
import http.server
import json
import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.store.documents import audit
from tests.support.worlds.command_line import COMMAND, Server, bohari, owners_environment

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
        self.log = folder / "server.log"
        bohari("init", "--org", "Depot Ltd", home=self.centre)
        settings.write(self.centre, reconcile_ms=20_000, verify_hour=-1, alert_webhook=self.listener.url)
        self.server = Server(self.centre, self.log)
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

    def logged(self) -> list[dict[str, Any]]:
        """The alerts in the server's log."""
        lines = self.log.read_text().splitlines()
        return [json.loads(line[line.index("{") :]) for line in lines if '"message": "drift"' in line]

    def metrics(self) -> dict[str, int]:
        """What Prometheus would read, without labels: there is one organisation; of the walks the sum."""
        said = httpx.get(f"{self.server.url}/metrics").raise_for_status().text
        found: dict[str, int] = {}
        for name, value in (line.split() for line in said.splitlines() if not line.startswith("#")):
            bare = name.partition("{")[0]
            if "ratio" not in bare:
                found[bare] = found.get(bare, 0) + int(value)
        return found

    def audited(self, action: str) -> list[audit.AuditRecord]:
        with bootstrap.central(self.centre) as centre:
            org_id = centre.organisation().org_id
            with centre.database.read() as connection:
                return audit.read(connection, org_id, action=action, most=10_000)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    # Nothing is verified by itself (`verify_hour`) and finds the damage too, before the test has mended it.
    made = World(tmp_path_factory.mktemp("drift"))
    yield made
    made.close()


#: A hundred cached values: changed, deleted and invented, in every projection.
DAMAGE = (
    "UPDATE stock_level SET quantity = quantity + 1 WHERE product_id <= 30",
    "DELETE FROM stock_level WHERE product_id > 40",
    "UPDATE party_balance SET amount = amount - 777 WHERE party_id < 900",
    "UPDATE account_balance SET base_amount = base_amount + 1 WHERE account_code = '1300'",
    "DELETE FROM document_total WHERE document_id IN (SELECT document_id FROM document_total LIMIT 10)",
    "UPDATE document_total SET total = 0 WHERE document_id IN"
    " (SELECT document_id FROM document_total ORDER BY document_id DESC LIMIT 12)",
    "INSERT INTO party_balance (org_id, party_role, party_id, currency, amount, base_amount)"
    " SELECT organisation_id, 'customer', 900 + n, 'KES', n, n FROM organisation, generate_series(1, 7) AS n"
    " ON CONFLICT (org_id, party_role, party_id, currency) DO UPDATE SET amount = excluded.amount",
    "INSERT INTO drawer_cash (org_id, drawer_id, currency, amount)"
    " SELECT organisation_id, 900 + n, 'KES', 5 FROM organisation, generate_series(1, 5) AS n"
    " ON CONFLICT (org_id, drawer_id, currency) DO UPDATE SET amount = excluded.amount",
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


def _waited(holds: Callable[[], bool], timeout_s: float = 200, every_s: float = 0.5) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "nobody noticed"
        time.sleep(every_s)


def test_a_second_damage_is_found_by_the_running_server_itself(world: World) -> None:
    """Show 2, its other half: nobody asks; log, webhook, metrics, status and audit log have all hundred."""
    found = "bohari_reconciliation_findings_total"
    world.listener.heard.clear()
    # A server that has just begun has not looked at anything yet.
    _waited(lambda: found in world.metrics())
    before, counted = len(world.audited("drift")), world.metrics()
    logged = len(world.logged())
    assert counted["bohari_findings_open"] == 0
    assert world.sql(*DAMAGE) == 100
    _waited(lambda: sum(told["count"] for told in world.listener.heard) == 100)
    _waited(lambda: world.metrics()["bohari_findings_open"] == 100)
    told = [each for message in world.listener.heard for each in message["discrepancies"]]
    assert {message["alert"] for message in world.listener.heard} == {"drift found"}
    assert len(told) == 100
    assert all(each["before"] != each["after"] and not each["mended"] for each in told)
    assert world.metrics()[found] - counted[found] == 100
    assert len(world.logged()) - logged == 100
    assert len(world.audited("drift")) - before == 100
    status = bohari("status", "--json", home=world.centre)
    assert status.code == 1
    listed = {json.dumps(each["key"], sort_keys=True) for each in status.values["reconciliation"]["findings"]}
    assert listed == {json.dumps(each["key"], sort_keys=True) for each in told}
    # A person mends what the server told of, and it is found no more.
    assert bohari("recalculate", "--all", "--json", home=world.centre).values["mended"] == 100
    assert bohari("status", "--json", home=world.centre).code == 0
    assert world.metrics()["bohari_findings_open"] == 0


#: Balances of customers that are none, each of them wrong, and as many as take seconds to mend.
INVENTED = 1500
_INVENT = (
    "INSERT INTO party_balance (org_id, party_role, party_id, currency, amount, base_amount)"
    " SELECT organisation_id, 'vendor', 5000 + n, 'KES', n, n FROM organisation,"
    f" generate_series(1, {INVENTED}) AS n"
)


def test_a_recalculation_killed_in_the_middle_is_finished_by_the_next_one(world: World) -> None:
    """SIGKILL: what was mended stays mended, the rest is mended by whoever comes next, nothing twice."""
    assert world.sql(_INVENT) == INVENTED
    before = len(world.audited("recalculate"))
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.recalculate_process", str(world.centre), "50"],
        stdout=subprocess.PIPE,
    )
    try:
        _waited(lambda: len(world.audited("recalculate")) - before > 120, every_s=0.02)
    finally:
        victim.kill()
        victim.wait()
        assert victim.stdout is not None
        assert victim.stdout.read() == b"", "the run had ended before it could be killed"
        victim.stdout.close()
    done = bohari("recalculate", "--all", "--json", home=world.centre)
    assert done.code == 0
    assert done.values["resumed"] is True
    assert 0 < done.values["mended"] < INVENTED - 120
    logged = world.audited("recalculate")[before:]
    assert len({entry.subject for entry in logged}) == len(logged) == INVENTED
    again = bohari("recalculate", "--all", "--json", home=world.centre)
    assert (again.code, again.values["drifted"], "resumed" in again.values) == (0, [], False)


def _read_screen(screen: int, shown: bytearray) -> None:
    # Linux says EIO when the last program has left the terminal.
    with contextlib.suppress(OSError):
        while part := os.read(screen, 65_536):
            shown += part


def test_progress_is_shown_to_a_person_and_to_no_program(world: World) -> None:
    screen, terminal = pty.openpty()
    shown = bytearray()
    # A screen takes some thousand bytes; whoever does not read lets the program wait.
    reader = threading.Thread(target=_read_screen, args=(screen, shown))
    reader.start()
    try:
        done = subprocess.run(
            [*COMMAND, "recalculate", "--all", "--json", "--home", str(world.centre)],
            stdout=subprocess.PIPE,
            stderr=terminal,
            env={**owners_environment(world.centre), "TERM": "xterm"},
            check=True,
        )
    finally:
        os.close(terminal)
        reader.join()
        os.close(screen)
    assert b"document_total" in shown
    assert json.loads(done.stdout)["drifted"] == []
    assert bohari("recalculate", "--all", "--json", home=world.centre).stderr == ""


def _damage_till(world: World, *statements: str) -> int:
    database = bootstrap.till_database(world.till)
    try:
        with database.write() as connection:
            return sum(connection.execute(text(statement)).rowcount for statement in statements)
    finally:
        database.close()


def test_the_same_command_on_a_till(world: World) -> None:
    damage = (
        "UPDATE party_balance SET amount = amount + 5 WHERE party_id <= 3",
        "DELETE FROM stock_level WHERE product_id <= 4",
        "UPDATE document_total SET total = total - 1 WHERE document_id IN"
        " (SELECT document_id FROM document_total LIMIT 6)",
    )
    assert _damage_till(world, *damage) == 13
    looked = bohari("recalculate", "--all", "--dry-run", "--json", home=world.till)
    assert (looked.code, len(looked.values["drifted"]), looked.values["mended"]) == (1, 13, 0)
    done = bohari("recalculate", "--all", "--json", home=world.till)
    assert (done.code, len(done.values["drifted"]), done.values["mended"]) == (0, 13, 13)
    assert all(each["before"] != each["after"] and each["documents"] for each in done.values["drifted"])
    again = bohari("recalculate", "--all", "--json", home=world.till)
    assert (again.code, again.values["drifted"]) == (0, [])
    entries = bohari("audit", "list", "--action", "recalculate", "--json", home=world.till).values["entries"]
    assert len(entries) == 13
    assert bohari("verify", home=world.till).code == 0


def test_a_tills_daemon_finds_damage_by_itself(world: World) -> None:
    settings.write(world.till, reconcile_ms=200_000, verify_hour=-1)
    # A newer balance from the centre takes a damaged one's place: none is on its way any more.
    assert bohari("syncd", "--once", home=world.till).code == 0
    assert _damage_till(world, "UPDATE stock_level SET quantity = quantity + 3 WHERE product_id = 7") == 1
    daemon = subprocess.Popen([*COMMAND, "syncd", "--home", str(world.till)])
    try:
        _waited(lambda: bohari("status", "--json", home=world.till).code == 1)
    finally:
        daemon.terminate()
        daemon.wait(timeout=120)
    assert '"what": "drift found"' in (world.till / "logs" / "syncd.log").read_text(encoding="utf-8")
    (finding,) = bohari("status", "--json", home=world.till).values["reconciliation"]["findings"]
    assert (finding["projection"], finding["key"]["product_id"]) == ("stock_level", 7)
    assert bohari("recalculate", "--kind", "stock", "--json", home=world.till).values["mended"] == 1
    assert bohari("status", "--json", home=world.till).code == 0


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
    assert world.logged()[-1]["key"] == found["key"]

    status = bohari("status", "--json", home=world.centre)
    assert status.code == 1
    ((finding,), walks) = (status.values["reconciliation"][name] for name in ("findings", "walks"))
    assert finding["key"] == found["key"]
    assert walks["party_balance"]["passes"] > 0
    assert world.metrics()["bohari_findings_open"] == 1

    # What a person mends is found no more.
    mended = bohari("recalculate", "--kind", "customers", "--json", home=world.centre)
    assert mended.values["mended"] == 1
    assert bohari("status", "--json", home=world.centre).code == 0
