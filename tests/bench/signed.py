"""What signed answers cost: greeting, push and pull in the way of protocol 1 and in that of 2, in turns.

Both go to one server, over a kept connection each, in turns that change places, so that they meet the same
noise; what is compared is the time that nine of ten calls take longer than, which other programs' work does
not move.  A batch of a push is twenty sales, more than a till has waiting on any day with a line.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from pos_app.ledger import canonical
from pos_app.ledger.travel import Packet
from pos_app.store.documents import outbox
from pos_app.store.engine.embedded import EmbeddedPostgres
from pos_app.store.engine.engine import open_postgres
from pos_app.store.engine.terminal_key import load
from pos_app.store.feed import cursors
from pos_app.store.schema import schema
from sync.protocol import first_signature, signature, wire
from sync.protocol.messages import (
    HELLO_PATH,
    PULL_PATH,
    PUSH_PATH,
    HelloAnswer,
    HelloRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
)
from tests.bench.ingest import _free_port
from tests.faults import sync_process
from tests.support.worlds.sync_fixtures import Centre, Till, setting

CALLS: Final = 300
BATCHES: Final = 60
BATCH: Final = 20
AIM: Final = 1.05

Call = Callable[[str, msgspec.Struct, Any], Any]


def run(calls: int = CALLS, batches: int = BATCHES) -> dict[str, Any]:
    """Milliseconds of both ways, and their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        embedded = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            database = open_postgres(embedded.start())
            schema.prepare_central(database)
            centre = Centre(database)
            port = _free_port()
            server = sync_process.start_server(embedded.data_dir, port)
            try:
                return _measure(centre, Path(folder), f"http://127.0.0.1:{port}", calls, batches)
            finally:
                server.terminate()
                server.wait()
                centre.close()
                database.close()
        finally:
            embedded.stop()


def _measure(centre: Centre, folder: Path, url: str, calls: int, batches: int) -> dict[str, Any]:
    tills = [centre.till(folder / name, url) for name in ("before", "now")]
    for till in tills:
        till.drain()
    with centre.database.write() as connection:
        connection.exec_driver_sql("UPDATE terminal SET protocol = 1 WHERE terminal_no = 1")
    ways: list[Call] = [_as_before(tills[0], url), tills[1].transport.call]
    figures: dict[str, Any] = {}
    asked: dict[str, list[list[tuple[str, msgspec.Struct, Any]]]] = {
        "hello": [[(HELLO_PATH, _hello(till), HelloAnswer)] * calls for till in tills],
        "pull": [[(PULL_PATH, _pull(till), PullAnswer)] * calls for till in tills],
        "push": [[(PUSH_PATH, one, PushAnswer) for one in _pushes(till, batches)] for till in tills],
    }
    for name, (before, now) in asked.items():
        spent_ms: list[list[float]] = [[], []]
        for number, pair in enumerate(zip(before, now, strict=True)):
            turns = list(zip(ways, pair, spent_ms, strict=True))
            for way, words, times in turns if number % 2 else reversed(turns):
                start = time.perf_counter()
                way(*words)
                times.append((time.perf_counter() - start) * 1e3)
        quiet = [statistics.quantiles(times, n=10)[0] for times in spent_ms]
        figures[f"{name}_before_ms"], figures[f"{name}_signed_ms"] = (round(one, 2) for one in quiet)
        figures[f"{name}_ratio"] = round(quiet[1] / quiet[0], 3)
    return figures | {"ratio_aim": AIM}


def _as_before(till: Till, url: str) -> Call:
    """A till of the release before: it signs as it did, and believes what comes."""
    key = load(till.folder / "terminal.key")
    name = signature.terminal_id(till.who.org_id, till.who.terminal_no)
    client = httpx.Client(trust_env=False, timeout=60)

    def call(path: str, message: msgspec.Struct, answer_type: Any) -> Any:
        body = wire.pack(message)
        head = {"content-type": wire.MEDIA_TYPE} | first_signature.headers(key, name, "POST", path, body)
        parts = bytearray()
        with client.stream("POST", url + path, headers=head, content=body) as response:
            for part in response.iter_raw():
                parts += part
        return wire.unpack(bytes(parts), answer_type)

    return call


def _hello(till: Till) -> HelloRequest:
    with till.database.read() as connection:
        seq, last = outbox.last(connection, till.who)
    return HelloRequest(last_seq=seq, last_hash=last, acknowledged=seq)


def _pull(till: Till) -> PullRequest:
    with till.database.read() as connection:
        stands = cursors.read_all(connection)
    return PullRequest(epoch=setting(till.database, "epoch"), cursors=stands)


def _pushes(till: Till, batches: int) -> Sequence[PushRequest]:
    """Sales of this till in batches, ready to go."""
    who = till.who
    for _ in range(batches * BATCH):
        till.sell(customer=1)
    with till.database.read() as connection:
        packets: list[Packet] = outbox.read_after(connection, who, 0, most=batches * BATCH, most_bytes=10**9)
    before = canonical.genesis(who.org_id, who.terminal_no)
    found = []
    for start in range(0, len(packets), BATCH):
        part = tuple(packets[start : start + BATCH])
        found.append(PushRequest(after_seq=start, after_hash=before, packets=part))
        before = part[-1].hash
    return found
