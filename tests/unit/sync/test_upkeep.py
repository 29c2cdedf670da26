"""The upkeep beside other work: its budget, its metrics, its alerts; none of them may hurt anybody."""

import asyncio
import threading
import time
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.log import events
from pos_app.store.balances.drift import Drift
from pos_app.store.upkeep import upkeep_state
from pos_app.store.upkeep.reconciliation import Reconciliation
from pos_app.store.upkeep.traced_drift import TracedDrift
from sync.server import metrics
from sync.server.app import create_app
from sync.server.webhook import Webhook
from sync.upkeep import Upkeep
from tests.support.worlds.sync_fixtures import Centre


class _Work(Reconciliation):
    """Counts its turns; each takes a while, or fails."""

    def __init__(self, centre: Centre, *, takes_s: float = 0.0, fails: bool = False) -> None:
        super().__init__(centre.database, centre.clock, terminal_no=SERVER_TERMINAL_NO)
        self.budgets_ms: list[int] = []
        self._takes_s = takes_s
        self._fails = fails

    def turn(self, budget_ms: int) -> None:
        self.budgets_ms.append(budget_ms)
        time.sleep(self._takes_s)
        if self._fails:
            raise ZeroDivisionError


def _run(work: Reconciliation, budget_ms: int, for_s: float) -> None:
    stop = threading.Event()
    upkeep = Upkeep(work, budget_ms, turn_every_s=0.02)
    thread = threading.Thread(target=upkeep.run, args=(stop,))
    thread.start()
    time.sleep(for_s)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_long_turn_is_paid_for_by_a_long_wait(centre: Centre) -> None:
    # A tenth of the time: a turn of 50 ms and then half a second of nothing.
    work = _Work(centre, takes_s=0.05)
    _run(work, 6_000, 0.8)
    assert len(work.budgets_ms) in (1, 2)
    assert work.budgets_ms[0] == 2


def test_no_budget_no_turn(centre: Centre) -> None:
    work = _Work(centre)
    _run(work, 0, 0.2)
    assert work.budgets_ms == []


def test_a_fault_of_the_upkeep_ends_nothing(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    work = _Work(centre, fails=True)
    _run(work, 60_000, 0.2)
    assert len(work.budgets_ms) == 1
    assert [(record.getMessage(), record.exc_info is not None) for record in caplog.records] == [
        (events.UPKEEP_FAULT.name, True)
    ]


def _get(app: FastAPI, address: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
            return await client.get(metrics.PATH, headers=headers)

    return asyncio.run(ask())


def test_metrics_are_for_this_machine_or_for_who_has_the_token(centre: Centre, tmp_path: Path) -> None:
    centre.till(tmp_path / "till").sell(customer=1)
    centre.tills[0].drain()
    Reconciliation(centre.database, centre.clock, terminal_no=SERVER_TERMINAL_NO).turn(5_000)
    app = create_app(centre.database, centre.clock)
    said = _get(app, "127.0.0.1")
    assert said.status_code == 200
    assert said.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in said.text.splitlines():
        assert line.startswith("#") or line.rpartition(" ")[2].replace(".", "").lstrip("-").isdigit()
    label = f'{{org="{centre.org_id}",walk="party_balance"}}'
    assert f"bohari_reconciliation_passes_total{label} 1" in said.text
    assert f"bohari_reconciliation_coverage_ratio{label} 1.00" in said.text
    assert _get(app, "192.0.2.7").status_code == 404
    guarded = create_app(centre.database, centre.clock, metrics_token="secret")
    assert _get(guarded, "127.0.0.1").status_code == 404
    assert _get(guarded, "192.0.2.7", authorization="Bearer secret").status_code == 200
    with centre.database.for_org(centre.org_id).read() as connection:
        # The application may read how the upkeep stands, of its own organisation.
        assert upkeep_state.read(connection, centre.org_id).checked_at is not None
    with centre.database.for_org(centre.org_id + 1).read() as connection:
        assert upkeep_state.read(connection, centre.org_id).walks == []


def test_a_dead_webhook_delays_nobody(caplog: pytest.LogCaptureFixture) -> None:
    hook = Webhook("http://127.0.0.1:9/")
    found = [TracedDrift(Drift("stock_level", {"org_id": 1}, {"quantity": 1}, {"quantity": 2}))]
    began = time.perf_counter()
    for _ in range(200):
        hook("drift found", 1, found)
    assert time.perf_counter() - began < 2
    hook.close()
    named = {record.getMessage() for record in caplog.records}
    assert named == {events.DRIFT.name, events.ALERT_NOT_SENT.name}
