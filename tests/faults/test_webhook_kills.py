"""SIGKILL of what sends webhooks, in the middle of sending, again and again: every event arrives."""

import time
from collections import Counter
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from pos_app.office import webhooks
from pos_app.office.office import Office
from pos_app.store.engine.engine import Database
from tests.faults import hook_process
from tests.support import receiver as receivers
from tests.support.receiver import wait_for
from tests.support.worlds.sync_fixtures import Centre

SALES = 40
ROUNDS = 3


def _slowly(_: BaseHTTPRequestHandler) -> int:
    time.sleep(0.03)
    return 200


def test_whatever_is_killed_every_sale_is_told(central: Database, central_url: str, tmp_path: Path) -> None:
    centre = Centre(central)
    till = centre.till(tmp_path / "1")
    office = Office(central, centre.clock, centre.org_id, "OWNER")
    office.tells_this_machine = True
    try:
        with receivers.running() as receiver:
            receiver.answer = _slowly
            webhooks.add(office, "Shop", receiver.url, ["sales"])
            sold = {str(till.sell().document.document_id) for _ in range(SALES)}
            till.drain()
            for number in range(1, ROUNDS + 1):
                process = hook_process.start(central_url)
                wait_for(lambda number=number: len(receiver.found) >= number * SALES // 5, 60)  # type: ignore[misc]
                process.kill()
                process.wait()
            process = hook_process.start(central_url)
            try:
                wait_for(lambda: all(one.state == "done" for one in webhooks.page(office, 1, most=SALES)), 60)
            finally:
                process.kill()
                process.wait()
            counts = Counter(one.told["data"]["id"] for one in receiver.found)
            ids = {one.told["data"]["id"]: one.id for one in receiver.found}
            assert set(counts) == sold
            assert len(set(ids.values())) == SALES
            # What was under way when it was killed came twice, under its id, and nothing else did.
            assert sum(counts.values()) <= SALES + ROUNDS * 4
    finally:
        centre.close()
